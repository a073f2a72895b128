//! What differs between two records of the same scenario.
//! In: a browser's record and vetch's. Out: sentences, none when they agree.
//!
//! A preflight's method is told as `PREFLIGHT`, as in a scenario's answers.
//!
//! Not compared: names of errors (a browser's say nothing), XMLHttpRequest's events (vetch has none), the order of
//! header lines on the wire (Chromium's changes from run to run).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::recording::{Record, StepRecord, WireRequest};

/// Everything that differs, in the order of the steps.
pub fn differences(browser: &Record, vetch: &Record) -> Vec<String> {
    let mut found = Vec::new();
    for (at, (theirs, ours)) in browser.steps.iter().zip(&vetch.steps).enumerate() {
        let step = at + 1;
        found.extend(
            outcome(theirs, ours)
                .into_iter()
                .map(|text| format!("step {step}: {text}")),
        );
        found.extend(
            wire(&theirs.wire, &ours.wire)
                .into_iter()
                .map(|text| format!("step {step}: {text}")),
        );
    }
    found
}

fn outcome(theirs: &StepRecord, ours: &StepRecord) -> Vec<String> {
    let (theirs, ours) = (&theirs.outcome, &ours.outcome);
    let kinds = (kind(theirs), kind(ours));
    match kinds {
        ("response", "response") => members(&theirs["response"], &ours["response"]),
        // A session reads the body before it answers.
        ("response", "error") if theirs["response"]["body"]["error"].is_string() => Vec::new(),
        ("event", "response") if theirs["event"] != "error" => Vec::new(),
        ("event", "error") if theirs["event"] == "error" => Vec::new(),
        // A beacon's answer is never seen.
        ("sent", "response" | "error") if theirs["sent"] == true => Vec::new(),
        // The body is too long; not that vetch does not know beacons.
        ("sent", "invalid") if theirs["sent"] == false && ours["invalid"] != "initiator" => {
            Vec::new()
        }
        // What the bindings do not take is refused before any fetch, by an exception or by a promise.
        ("error", "invalid") if theirs["error"] == "NotSupportedError" => Vec::new(),
        (a, b) if a == b => Vec::new(),
        _ => vec![format!("outcome: browser {theirs}, vetch {ours}")],
    }
}

fn kind(outcome: &Value) -> &'static str {
    const KINDS: [&str; 7] = [
        "response", "error", "invalid", "event", "sent", "timeout", "broken",
    ];
    KINDS
        .into_iter()
        .find(|kind| outcome.get(kind).is_some())
        .unwrap_or("?")
}

/// The members that the browser's API has; XMLHttpRequest's has no type, for one.
fn members(theirs: &Value, ours: &Value) -> Vec<String> {
    let Some(theirs) = theirs.as_object() else {
        return Vec::new();
    };
    theirs
        .iter()
        .filter(
            |(name, value)| match (name.as_str(), ours.get(name.as_str())) {
                ("headers", Some(ours)) => lower_case_names(ours) != lower_case_names(value),
                (_, ours) => ours != Some(*value),
            },
        )
        .map(|(name, value)| format!("{name}: browser {value}, vetch {}", ours[name.as_str()]))
        .collect()
}

/// Header names are the same in any case.
fn lower_case_names(headers: &Value) -> Value {
    let pairs = headers.as_array().into_iter().flatten();
    pairs
        .map(|pair| {
            let name = pair[0].as_str().unwrap_or_default();
            json!([name.to_ascii_lowercase(), pair[1]])
        })
        .collect()
}

fn wire(theirs: &[WireRequest], ours: &[WireRequest]) -> Vec<String> {
    let line = |request: &WireRequest| {
        let method = if request.is_preflight() {
            "PREFLIGHT"
        } else {
            &request.method
        };
        format!("{method} {}", request.url)
    };
    let lines = |requests: &[WireRequest]| requests.iter().map(line).collect::<Vec<_>>().join(", ");
    if lines(theirs) != lines(ours) {
        return vec![format!(
            "wire: browser [{}], vetch [{}]",
            lines(theirs),
            lines(ours)
        )];
    }
    let pairs = theirs.iter().zip(ours);
    pairs
        .flat_map(|(theirs, ours)| request(&line(theirs), theirs, ours))
        .collect()
}

fn request(line: &str, theirs: &WireRequest, ours: &WireRequest) -> Vec<String> {
    let names: BTreeSet<&str> = [theirs, ours]
        .iter()
        .flat_map(|request| &request.headers)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut found: Vec<String> = names
        .into_iter()
        .filter_map(|name| header(name, theirs, ours))
        .map(|difference| format!("{line}: {difference}"))
        .collect();
    if theirs.body != ours.body {
        found.push(format!(
            "{line}: body: browser {:?}, vetch {:?}",
            theirs.body, ours.body
        ));
    }
    found
}

/// How the lines of one name differ.
fn header(name: &str, theirs: &WireRequest, ours: &WireRequest) -> Option<String> {
    let values = |request: &WireRequest| {
        let values = request.headers.iter().filter(|(other, _)| other == name);
        values.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let (theirs, ours) = (values(theirs), values(ours));
    let all = |values: &[String]| values.join("` and `");
    match (theirs.is_empty(), ours.is_empty()) {
        _ if theirs == ours => None,
        (true, _) => Some(format!("only vetch sends `{name}: {}`", all(&ours))),
        (_, true) => Some(format!("only the browser sends `{name}: {}`", all(&theirs))),
        _ => Some(format!(
            "{name}: browser `{}`, vetch `{}`",
            all(&theirs),
            all(&ours)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(headers: &Value, status: u16) -> Record {
        serde_json::from_value(json!({ "scenario": "s", "steps": [{
            "outcome": { "response": { "status": status } },
            "wire": [{ "method": "GET", "url": "{cross}/a", "headers": headers }],
        }]}))
        .expect("a record")
    }

    #[test]
    fn header_order_does_not_matter_but_all_else_does() {
        let a = record(&json!([["x", "1"], ["y", "2"]]), 200);
        let b = record(&json!([["y", "2"], ["x", "1"]]), 200);
        assert!(differences(&a, &b).is_empty());
        let c = record(&json!([["y", "2"]]), 201);
        assert_eq!(
            differences(&a, &c),
            [
                "step 1: status: browser 200, vetch 201",
                "step 1: GET {cross}/a: only the browser sends `x: 1`",
            ]
        );
    }
}
