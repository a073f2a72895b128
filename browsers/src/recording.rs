//! What one browser made of the scenarios: `fixtures/recordings/<browser>.jsonl`.
//!
//! The first line says who and when, each other line is one scenario. On the wire, names are in lower case and in the
//! order of arrival; gone is what any run changes (Host, Connection, Priority, `sec-ch-ua…`, the browser's own
//! User-Agent and Accept-Encoding); ports and hosts are roles again, the browser's own Accept-Language is `{usual}`, and
//! a multipart boundary is `{boundary}`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Trouble;
use crate::family::Named;
use crate::http1::RawRequest;
use crate::places::Places;
use crate::roles::Role;
use crate::scenario::Body;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// `chromium`, `firefox`, `webkit`
    pub browser: String,
    /// As the browser itself says.
    pub version: String,
    /// When: `YYYY-MM-DD`, or of the oldest and the latest record, `YYYY-MM-DD to YYYY-MM-DD`.
    pub date: String,
}

impl Header {
    /// Of a file that has older records too. All must be of one version, so that the line is true of each.
    fn beside(&mut self, older: &Self) -> Result<(), Trouble> {
        if self.version != older.version {
            return Err(Trouble::Browser(format!(
                "the recording is of {} {}, and this is {}: record all scenarios, not some",
                older.browser, older.version, self.version
            )));
        }
        let oldest = older.date.split(" to ").next().unwrap_or_default();
        if oldest != self.date {
            self.date = format!("{oldest} to {}", self.date);
        }
        Ok(())
    }
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// `family/name`
    pub scenario: String,
    /// One for each step.
    pub steps: Vec<StepRecord>,
}

/// What one step came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// What the page got: `{"response":{…}}`, `{"error":name}`, `{"invalid":name}`, `{"event":name}`, `{"timeout":true}`.
    pub outcome: Value,
    /// What reached the servers, in order.
    pub wire: Vec<WireRequest>,
}

/// A request as a server saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WireRequest {
    /// The method.
    pub method: String,
    /// With the role that it reached.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// When there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<Body>,
}

impl WireRequest {
    /// Whether it asks for permission only.
    pub fn is_preflight(&self) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        self.method == "OPTIONS" && names.any(|name| name == "access-control-request-method")
    }
}

/// A whole recording.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Who and when.
    pub header: Header,
    /// Sorted by name.
    pub records: Vec<Record>,
}

/// What a user agent says of itself in every request.
#[derive(Debug, Clone, Default)]
pub struct Usual {
    /// Its User-Agent.
    pub user_agent: String,
    /// Its Accept-Language, which is a setting and no rule.
    pub accept_language: String,
}

/// Where a browser's recording is kept.
pub fn path(browser: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fixtures/recordings/{browser}.jsonl"))
}

impl Recording {
    /// Reads a recording.
    pub fn read(file: &Path) -> Result<Self, Trouble> {
        let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
        let fault = |line: usize, error: &serde_json::Error| Trouble::Fixture {
            file: format!("{}:{line}", file.display()),
            message: error.to_string(),
        };
        let mut lines = text.lines().enumerate();
        let (_, first) = lines.next().unwrap_or_default();
        let header = serde_json::from_str(first).map_err(|error| fault(1, &error))?;
        let records = lines
            .map(|(at, line)| serde_json::from_str(line).map_err(|error| fault(at + 1, &error)))
            .collect::<Result<_, _>>()?;
        Ok(Self { header, records })
    }

    /// Writes it, sorted by name.
    pub fn write(&mut self, file: &Path) -> Result<(), Trouble> {
        self.records.sort_by(|a, b| a.scenario.cmp(&b.scenario));
        let mut lines = vec![to_line(&self.header)];
        lines.extend(self.records.iter().map(to_line));
        fs::write(file, lines.concat()).map_err(Trouble::io(file.display().to_string()))
    }

    /// Its records by scenario.
    pub fn by_name(&self) -> BTreeMap<&str, &Record> {
        self.records
            .iter()
            .map(|record| (record.scenario.as_str(), record))
            .collect()
    }

    /// Takes over what an earlier recording has of scenarios that there still are and that are not recorded again.
    pub fn keep(&mut self, earlier: Self, all: &[Named], again: &[Named]) -> Result<(), Trouble> {
        let names = |list: &[Named]| -> BTreeSet<String> {
            list.iter().map(|named| named.name.clone()).collect()
        };
        let (all, again) = (names(all), names(again));
        let kept = earlier
            .records
            .into_iter()
            .filter(|record| all.contains(&record.scenario) && !again.contains(&record.scenario));
        self.records = kept.collect();
        if self.records.is_empty() {
            return Ok(());
        }
        self.header.beside(&earlier.header)
    }

    /// Replaces the records of the same name.
    pub fn merge(&mut self, fresh: Vec<Record>) {
        self.records
            .retain(|old| !fresh.iter().any(|new| new.scenario == old.scenario));
        self.records.extend(fresh);
    }
}

fn to_line(value: &impl Serialize) -> String {
    let line = serde_json::to_string(value).unwrap_or_default();
    format!("{line}\n")
}

/// A request that arrived, in the recording's words.
pub fn wire(
    request: &RawRequest,
    reached: Role,
    usual: &Usual,
    fill: (&Places, usize),
) -> WireRequest {
    let (places, run) = fill;
    let boundary = boundary(request);
    let normal = |text: &str| match &boundary {
        Some(boundary) => places.normalise(run, text).replace(boundary, "{boundary}"),
        None => places.normalise(run, text),
    };
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, value)| !is_volatile(name, value, usual))
        .map(|(name, value)| match (&*name, &boundary) {
            ("accept-language", _) if *value == usual.accept_language => (name, "{usual}".into()),
            ("content-length", Some(_)) => (name, "{length}".into()),
            _ => (name, normal(value)),
        })
        .collect();
    let url = places.origin(reached) + &request.target;
    WireRequest {
        method: request.method.clone(),
        url: normal(&url),
        headers,
        body: (!request.body.is_empty()).then(|| body(&request.body, normal)),
    }
}

fn body(bytes: &[u8], normal: impl Fn(&str) -> String) -> Body {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Body::Base64(STANDARD.encode(bytes));
    };
    match text.chars().next() {
        Some(first) if text.len() > 1024 && text.chars().all(|c| c == first) => {
            Body::Repeat(first, text.chars().count())
        }
        _ => Body::Text(normal(text)),
    }
}

fn is_volatile(name: &str, value: &str, usual: &Usual) -> bool {
    match name {
        "host" | "connection" | "priority" | "dnt" | "sec-gpc" => true,
        "user-agent" => value == usual.user_agent,
        "accept-encoding" => value.starts_with("gzip, deflate"),
        _ => name.starts_with("sec-ch-ua"),
    }
}

/// What a browser chose to separate the parts of a form. A script may have said another type.
fn boundary(request: &RawRequest) -> Option<String> {
    let value = request.header("content-type");
    let said = value.and_then(|value| value.strip_prefix("multipart/form-data; boundary="));
    said.map(str::to_owned).or_else(|| {
        let body = std::str::from_utf8(&request.body).ok()?;
        let (first, rest) = body.strip_prefix("--")?.split_once("\r\n")?;
        let is_form = rest.starts_with("Content-Disposition: form-data;");
        is_form.then(|| first.to_owned())
    })
}

/// What a page got, normalised. A page that fetched itself got `{page}`, whatever its script is today.
pub fn outcome(value: &Value, fill: (&Places, usize)) -> Value {
    let mut outcome = normalise(value, fill);
    let body = outcome["response"]["body"]["text"].as_str();
    if !body.is_some_and(|body| body.starts_with(PAGE_START)) {
        return outcome;
    }
    outcome["response"]["body"]["text"] = "{page}".into();
    let headers = outcome["response"]["headers"].as_array_mut();
    for header in headers.into_iter().flatten() {
        if header[0] == "content-length" {
            header[1] = "{length}".into();
        }
    }
    outcome
}

/// How a scenario's page begins.
const PAGE_START: &str = "<!doctype html><meta charset=utf-8><title>vetch</title>";

/// Strings anywhere in a value, normalised.
fn normalise(value: &Value, fill: (&Places, usize)) -> Value {
    match value {
        Value::String(text) => fill.0.normalise(fill.1, text).into(),
        Value::Array(items) => items.iter().map(|item| normalise(item, fill)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), normalise(member, fill)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Today, in UTC.
pub fn today() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    civil_date(since.as_secs() / 86_400)
}

/// A day counted from 1970-01-01, by walking the years and months.
fn civil_date(mut days: u64) -> String {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_recording_tells_the_truth_of_all_its_records() {
        let at = |version: &str, date: &str, names: &[&str]| Recording {
            header: Header {
                browser: "webkit".into(),
                version: version.into(),
                date: date.into(),
            },
            records: names
                .iter()
                .map(|name| Record {
                    scenario: (*name).into(),
                    steps: Vec::new(),
                })
                .collect(),
        };
        let named = |names: &[&str]| -> Vec<Named> {
            let text = |name: &&str| format!(r#"{{"name":"{name}","steps":[]}}"#);
            let list = names.iter().map(text).collect::<Vec<_>>().join(",");
            crate::family::parse("f", &format!("[{list}]")).expect("scenarios")
        };
        let all = named(&["a", "b"]);
        let earlier = || at("1", "2026-01-01 to 2026-01-02", &["f/a", "f/b", "f/gone"]);

        let mut some = at("1", "2026-01-03", &[]);
        some.keep(earlier(), &all, &named(&["b"]))
            .expect("the same version");
        assert_eq!(some.header.date, "2026-01-01 to 2026-01-03");
        assert_eq!(some.by_name().into_keys().collect::<Vec<_>>(), ["f/a"]);

        let mut other = at("2", "2026-01-03", &[]);
        assert!(other.keep(earlier(), &all, &named(&["b"])).is_err());
        other.keep(earlier(), &all, &all).expect("nothing is kept");
        assert_eq!(
            (other.header.date.as_str(), other.records.len()),
            ("2026-01-03", 0)
        );
    }

    #[test]
    fn days_have_dates() {
        assert_eq!(civil_date(0), "1970-01-01");
        assert_eq!(civil_date(19_782), "2024-02-29");
        assert_eq!(civil_date(20_089), "2025-01-01");
    }
}
