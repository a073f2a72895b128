//! Runs a transcript through the machine: its preface makes the request, its requests must be the machine's, its
//! responses are the answers.

use vetch_core::fetch_api::request_class::{Constructed, construct};
use vetch_core::fetch_api::xhr::send;
use vetch_core::network_error::TransportFailure;
use vetch_core::trace::Record;
use vetch_core::{
    AgentState, Body, Credentials, HeaderList, HeaderName, HeaderValue, IncomingResponse, Outcome,
    OutgoingRequest, Status, Step, Timestamp, fetch,
};

use crate::preface::{self, Wish};
use crate::transcript::{Message, Payload, Request, Response, Transcript};

/// Lines of a request that are the client's.
const OF_THE_CLIENT: [&str; 3] = ["host", "connection", "cookie"];

/// How it ends. Each exchange is shown as it goes by, with the status that came back.
pub(crate) fn replay(
    transcript: &Transcript,
    mut show: impl FnMut(&OutgoingRequest, Option<u16>),
) -> Outcome {
    let mut agent = AgentState::new(preface::profile(transcript));
    agent.record = Record::Everything;
    let now = Timestamp::from_millis(0);
    let constructed = constructed(transcript);
    let mut messages = transcript.messages.iter().peekable();
    let mut step = fetch(constructed.request, &agent, now);
    loop {
        step = match step {
            Step::Done(mut outcome) => {
                assert!(messages.next().is_none(), "the transcript goes on");
                outcome.trace.prepend_remarks(constructed.remarks);
                return outcome;
            }
            Step::Send(exchange) => {
                let outgoing = exchange.request();
                let Some(Message::Request(request)) = messages.next() else {
                    panic!("the transcript has no request for {outgoing:?}");
                };
                compare(request, outgoing);
                let is_response = |message: &&Message| matches!(message, Message::Response(_));
                if let Some(Message::Response(response)) = messages.next_if(is_response) {
                    show(outgoing, Some(response.status));
                    exchange.receive(head(response), &agent, now)
                } else {
                    show(outgoing, None);
                    let detail = "no answer came".to_owned();
                    exchange.fail(TransportFailure::Closed { detail }, &agent)
                }
            }
        };
    }
}

fn constructed(transcript: &Transcript) -> Constructed {
    let page = preface::page(transcript).into();
    let constructed = match preface::wish(transcript) {
        Wish::Fetch { url, init } => construct(&url, init, &page),
        Wish::Xhr { url, init } => send(&url, init, &page),
    };
    constructed.unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn compare(transcript: &Request, machine: &OutgoingRequest) {
    let url = &machine.url;
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    assert_eq!(transcript.method, machine.method.as_str());
    assert_eq!(transcript.target, target);
    assert_eq!(transcript.get("host"), Some(host.as_str()));
    let lines: Vec<(String, String)> = machine
        .header_list
        .iter()
        .map(|(name, value)| (name.to_string(), without_version(name, value)))
        .collect();
    let expected: Vec<(String, String)> = transcript
        .lines
        .iter()
        .filter(|(name, _)| !OF_THE_CLIENT.contains(&name.as_str()))
        .cloned()
        .collect();
    assert_eq!(lines, expected, "{} {}", machine.method, machine.url);
    if transcript.get("cookie").is_some() {
        assert_eq!(machine.credentials, Credentials::Include);
    }
    let length = match &transcript.body {
        Payload::Bytes(bytes) if !bytes.is_empty() => Some(bytes.len() as u64),
        Payload::None | Payload::Bytes(_) => None,
        Payload::Marked => panic!("a request's bytes matter"),
    };
    let expected = length.map_or(Body::None, |length| Body::Replayable { length });
    assert_eq!(machine.body, expected);
}

fn without_version(name: &HeaderName, value: &HeaderValue) -> String {
    let value = value.to_string();
    match value.split_once('/') {
        Some((product, _)) if *name == "user-agent" => product.to_owned(),
        _ => value,
    }
}

fn head(response: &Response) -> IncomingResponse {
    let status = Status::new(response.status).expect("a status");
    let line = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_byte_string(value).expect("a header value");
        (name, value)
    };
    let headers: HeaderList = response.lines.iter().map(line).collect();
    IncomingResponse::new(status, response.reason.clone(), headers)
}
