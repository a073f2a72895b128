//! Which answer a request gets: the script of a scenario, hit by hit, or the friendly default.
//! In: a scenario and what was hit before. Out: an answer and its bytes.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::http1::{RawRequest, reason, write_head};
use crate::places::Places;
use crate::scenario::{Answer, Answers, Body, Scenario};

/// How often each key was asked for; a step's own keys count from its start.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    scenario: HashMap<String, usize>,
    step: HashMap<String, usize>,
}

impl Hits {
    /// A new step begins.
    pub fn next_step(&mut self) {
        self.step.clear();
    }
}

/// What the servers say to a request for `path` (inside the scenario's folder, with its query).
pub fn answer(
    scenario: &Scenario,
    step: usize,
    hits: &mut Hits,
    request: &RawRequest,
    path: &str,
) -> Answer {
    let empty = Answers::new();
    let steps_own = scenario
        .steps
        .get(step)
        .map_or(&empty, |step| &step.answers);
    let keys = keys(request, path);
    pick(steps_own, &mut hits.step, &keys)
        .or_else(|| pick(&scenario.answers, &mut hits.scenario, &keys))
        .unwrap_or_else(|| friendly(request))
}

fn keys(request: &RawRequest, path: &str) -> Vec<String> {
    let method = if request.is_preflight() {
        "PREFLIGHT"
    } else {
        &request.method
    };
    let bare = path.split('?').next().unwrap_or_default();
    let mut keys = Vec::new();
    for method in [method, "*"] {
        for path in [path, bare] {
            keys.push(format!("{method} {path}"));
        }
    }
    if request.is_preflight() {
        // `*` is any method of an actual request.
        keys.truncate(2);
    }
    keys
}

fn pick(answers: &Answers, hits: &mut HashMap<String, usize>, keys: &[String]) -> Option<Answer> {
    let (key, list) = keys.iter().find_map(|key| answers.get_key_value(key))?;
    let hit = hits.entry(key.clone()).or_default();
    let answer = list.get(*hit).or_else(|| list.last()).cloned();
    *hit += 1;
    answer
}

fn friendly(request: &RawRequest) -> Answer {
    let preflight = request.is_preflight();
    Answer {
        status: if preflight { 204 } else { 200 },
        status_text: None,
        headers: if preflight {
            Vec::new()
        } else {
            vec![("Content-Type".into(), "text/plain".into())]
        },
        body: (!preflight).then(|| Body::Text("ok".into())),
        allow: true,
        hang_up: false,
        interim: Vec::new(),
        delay_ms: None,
    }
}

/// The bytes of an answer to this request.
pub fn bytes(answer: &Answer, request: &RawRequest, fill: (&Places, usize)) -> Vec<u8> {
    let (places, run) = fill;
    let write = |text: &str| echo(&places.fill(run, text), request);
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), write(value)))
        .collect();
    if answer.allow {
        headers.extend(allow_all(request));
    }
    let body = body_bytes(answer.body.as_ref());
    let unframed = !headers.iter().any(|(name, _)| is_framing(name));
    if unframed && answer.status >= 200 && !matches!(answer.status, 204 | 304) {
        headers.push(("Content-Length".into(), body.len().to_string()));
    }
    let phrase = answer
        .status_text
        .as_deref()
        .unwrap_or_else(|| reason(answer.status));
    let mut bytes = Vec::new();
    for interim in &answer.interim {
        let phrase = reason(interim.status);
        bytes.extend(write_head(interim.status, phrase, &interim.headers));
    }
    bytes.extend(write_head(answer.status, phrase, &headers));
    if request.method != "HEAD" {
        bytes.extend(body);
    }
    bytes
}

fn is_framing(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding")
}

fn allow_all(request: &RawRequest) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut echo = |answer: &str, question: &str| {
        if let Some(value) = request.header(question) {
            headers.push((answer.to_owned(), value.to_owned()));
        }
    };
    echo("Access-Control-Allow-Origin", "origin");
    if request.is_preflight() {
        echo(
            "Access-Control-Allow-Methods",
            "access-control-request-method",
        );
        echo(
            "Access-Control-Allow-Headers",
            "access-control-request-headers",
        );
    }
    headers.push(("Access-Control-Allow-Credentials".into(), "true".into()));
    headers
}

fn echo(text: &str, request: &RawRequest) -> String {
    let header = |name| request.header(name).unwrap_or_default();
    text.replace("{origin}", header("origin"))
        .replace("{acrm}", header("access-control-request-method"))
        .replace("{acrh}", header("access-control-request-headers"))
}

fn body_bytes(body: Option<&Body>) -> Vec<u8> {
    match body {
        Some(Body::Text(text)) => text.clone().into_bytes(),
        Some(Body::Base64(text)) => STANDARD.decode(text).unwrap_or_default(),
        Some(Body::Repeat(character, times)) => character.to_string().repeat(*times).into_bytes(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(method: &str) -> RawRequest {
        RawRequest {
            method: method.into(),
            headers: vec![("Origin".into(), "http://a".into())],
            ..RawRequest::default()
        }
    }

    #[test]
    fn answers_are_used_up_and_the_last_repeats() {
        let scenario: Scenario = serde_json::from_value(json!({
            "name": "n", "steps": [],
            "answers": { "GET /a": [{ "status": 201 }, { "status": 202 }], "* /a": [{ "status": 203 }] },
        }))
        .expect("a scenario");
        let mut hits = Hits::default();
        let mut status = |method| answer(&scenario, 0, &mut hits, &request(method), "/a?q").status;
        assert_eq!(
            [status("GET"), status("GET"), status("GET"), status("PUT")],
            [201, 202, 202, 203]
        );
    }

    #[test]
    fn an_answer_is_written_as_told() {
        let answer: Answer = serde_json::from_value(json!({
            "status": 299, "statusText": "Odd", "headers": [["A", "{origin}"], ["a", ""]], "body": { "text": "hi" },
        }))
        .expect("an answer");
        let written = bytes(&answer, &request("GET"), (&Places::default(), 0));
        assert_eq!(
            written,
            b"HTTP/1.1 299 Odd\r\nA: http://a\r\na: \r\nContent-Length: 2\r\n\r\nhi"
        );
    }

    #[test]
    fn interim_answers_come_first() {
        let answer: Answer = serde_json::from_value(json!({
            "status": 204, "interim": [{ "status": 103, "headers": [["Link", "x"]] }, { "status": 102 }],
        }))
        .expect("an answer");
        let written = bytes(&answer, &request("GET"), (&Places::default(), 0));
        assert_eq!(
            written,
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
        );
    }
}
