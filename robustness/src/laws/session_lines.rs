//! Lines of a session: each has one answer, which is one line of JSON with the line's own id.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use vetch::UserAgent;
use vetch::transport::{Sending, Transport, WireRequest};
use vetch::vetch_core::TransportFailure;
use vetch_cli::OfflineSession;

/// The bytes are a session's input.
pub fn hold(bytes: &[u8]) {
    // Making a user agent takes longer than a session of a few lines; cookies and clock are as the input before left them.
    thread_local!(static SESSION: OnceCell<OfflineSession> = const { OnceCell::new() });
    let answers = SESSION.with(|session| {
        session
            .get_or_init(session_without_a_network)
            .answers(bytes)
    });
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    assert_eq!(answers.len(), lines.clone().count());
    for (line, answer) in lines.zip(answers) {
        if let Some(answer) = answer {
            check(line, &answer);
        }
    }
}

fn check(line: &[u8], answer: &str) {
    let body = answer.strip_suffix('\n').expect("a line");
    assert!(!body.contains('\n'));
    // Members as they are written: an id may be a number that is too large for any type.
    let answer: Members = serde_json::from_str(body).expect("an object");
    if let Ok(asked) = serde_json::from_slice::<Members>(line) {
        let id = asked.get("id").map_or("null", |id| id.get());
        assert_eq!(answer["id"].get(), id);
    }
    let invalid = answer.get("invalid");
    assert_ne!(invalid.is_some(), answer.contains_key("ok"), "{body}");
    if let Some(invalid) = invalid {
        let invalid: Value = serde_json::from_str(invalid.get()).expect("JSON");
        assert!(invalid["field"].is_string() && invalid["message"].is_string());
    }
}

type Members = BTreeMap<String, Box<RawValue>>;

fn session_without_a_network() -> OfflineSession {
    let ua = UserAgent::builder().transport(NoNetwork).build();
    OfflineSession::new(ua.expect("a user agent"))
}

#[derive(Debug)]
struct NoNetwork;

impl Transport for NoNetwork {
    fn send(&self, _request: WireRequest) -> Sending<'_> {
        let detail = "there is no network".to_owned();
        Box::pin(async { Err(TransportFailure::Other { detail }) })
    }
}
