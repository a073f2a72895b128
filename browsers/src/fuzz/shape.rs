//! What kind of difference a sentence of [`crate::difference`] tells of: without step, URLs and most values, so that one
//! cause gives one shape, and a smaller scenario can be seen to differ in the same way.

use serde_json::{Deserializer, Value};

/// The shape of a difference.
pub fn shape(difference: &str) -> String {
    let text = match difference.split_once(": ") {
        Some((step, rest)) if step.starts_with("step ") => rest,
        _ => difference,
    };
    if let Some(lists) = text.strip_prefix("wire: browser [")
        && let Some((theirs, ours)) = lists.split_once("], vetch [")
    {
        let ours = ours.trim_end_matches(']');
        return format!(
            "wire: browser [{}], vetch [{}]",
            methods(theirs),
            methods(ours)
        );
    }
    if let Some(shape) = header_line(text) {
        return shape;
    }
    match text.split_once(": browser ") {
        Some(("outcome", values)) => outcome(values),
        Some(("headers", values)) => headers(values),
        Some((member, _)) => member.rsplit(": ").next().unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

/// `PUT {cross}/a: only vetch sends `x: 1``, or `PUT {cross}/a: x: browser `1`, vetch `2``
fn header_line(text: &str) -> Option<String> {
    let (request, rest) = text.split_once(": ")?;
    let kind = match request.split_once(' ')?.0 {
        preflight @ "PREFLIGHT" => preflight,
        _ => "request",
    };
    if let Some((sender, header)) = rest.split_once(" sends `") {
        let name = header.split(':').next()?;
        return Some(format!("{kind}: {sender} sends {name}"));
    }
    let (name, _) = rest.split_once(": browser `")?;
    Some(format!("{kind}: {name}"))
}

fn methods(requests: &str) -> String {
    let words = requests
        .split(", ")
        .filter_map(|request| request.split(' ').next());
    words.collect::<Vec<_>>().join(" ")
}

fn outcome(values: &str) -> String {
    let (theirs, ours) = both(values);
    let kind = |value: &Value| {
        let members = value.as_object().and_then(|members| members.keys().next());
        members.cloned().unwrap_or_default()
    };
    let error = ours["error"].as_str().unwrap_or_default();
    let kinds = format!(
        "outcome: browser {}, vetch {} {error}",
        kind(&theirs),
        kind(&ours)
    );
    kinds.trim_end().to_owned()
}

/// The names that differ.
fn headers(values: &str) -> String {
    let (theirs, ours) = both(values);
    let lines = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (theirs, ours) = (lines(&theirs), lines(&ours));
    let mut names: Vec<String> = [(&theirs, &ours), (&ours, &theirs)]
        .into_iter()
        .flat_map(|(here, there)| here.iter().filter(|line| !there.contains(line)))
        .filter_map(|line| line[0].as_str().map(String::from))
        .collect();
    names.sort();
    names.dedup();
    format!("headers: {}", names.join(" "))
}

/// `{…}, vetch {…}`
fn both(text: &str) -> (Value, Value) {
    let first = |text: &str| -> (Value, usize) {
        let mut values = Deserializer::from_str(text).into_iter::<Value>();
        let value = values.next().and_then(Result::ok).unwrap_or_default();
        (value, values.byte_offset())
    };
    let (theirs, end) = first(text);
    let ours = text
        .get(end..)
        .and_then(|rest| rest.strip_prefix(", vetch "));
    (theirs, ours.map(|ours| first(ours).0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_left_out() {
        for (difference, expected) in [
            (
                "step 2: PREFLIGHT {cross}/a: only vetch sends `accept: a: only x`",
                "PREFLIGHT: only vetch sends accept",
            ),
            (
                "step 2: PUT {cross}/a: x-a: browser `1`, vetch `2`",
                "request: x-a",
            ),
            (
                "step 1: wire: browser [PREFLIGHT {cross}/a, PUT {cross}/a], vetch []",
                "wire: browser [PREFLIGHT PUT], vetch []",
            ),
            (
                r#"step 1: outcome: browser {"response":{"x":", vetch "}}, vetch {"error":"code","message":"m"}"#,
                "outcome: browser response, vetch error code",
            ),
            (
                r#"step 1: headers: browser [["a","1"],["b","2"]], vetch [["b","2"]]"#,
                "headers: a",
            ),
            ("step 1: status: browser 200, vetch 201", "status"),
        ] {
            assert_eq!(shape(difference), expected);
        }
    }
}
