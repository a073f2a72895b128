//! Runs a transcript through the machine: its preface makes the request, its requests must be the machine's, its
//! responses are the answers.

use std::sync::Arc;

use vetch_core::fetch_api::request_class::{Constructed, InitBody, RequestInit, construct};
use vetch_core::fetch_api::xhr::{
    UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText, send,
};
use vetch_core::network_error::TransportFailure;
use vetch_core::trace::Record;
use vetch_core::{
    AgentState, Body, Credentials, CredentialsMode, Destination, Environment, HeaderName,
    HeaderValue, IncomingResponse, Mode, Origin, OutgoingRequest, Profile, RedirectMode, Status,
    Step, Timestamp, fetch,
};

use crate::story::Story;
use crate::transcript::{Message, Request, Response, Transcript};

/// Lines of a request that are the client's.
const OF_THE_CLIENT: [&str; 3] = ["host", "connection", "cookie"];

/// What happened, told.
pub(crate) fn replay(transcript: &Transcript) -> String {
    let profile = transcript.get("profile").unwrap_or("spec");
    let mut agent = AgentState::new(Profile::by_name(profile).expect("a profile"));
    agent.record = Record::Everything;
    let now = Timestamp::from_millis(0);
    let constructed = constructed(transcript);
    let mut story = Story::new(transcript.get("about").expect("a sentence"));
    let mut messages = transcript.messages.iter().peekable();
    let mut step = fetch(constructed.request, &agent, now);
    loop {
        step = match step {
            Step::Done(outcome) => {
                assert!(messages.next().is_none(), "the transcript goes on");
                return story.end(&outcome, &constructed.remarks);
            }
            Step::Send(exchange) => {
                let outgoing = exchange.request();
                let Some(Message::Request(request)) = messages.next() else {
                    panic!("the transcript has no request for {outgoing:?}");
                };
                compare(request, outgoing);
                let is_response = |message: &&Message| matches!(message, Message::Response(_));
                if let Some(Message::Response(response)) = messages.next_if(is_response) {
                    story.exchange(outgoing, Some(response.status));
                    exchange.receive(head(response), &agent, now)
                } else {
                    story.exchange(outgoing, None);
                    let detail = "no answer came".to_owned();
                    exchange.fail(TransportFailure::Closed { detail }, &agent)
                }
            }
        };
    }
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
    let length = match machine.body {
        Body::None => None,
        Body::Replayable { length } => usize::try_from(length).ok(),
        Body::Stream => panic!("a transcript has no streams"),
    };
    assert_eq!(transcript.body.filter(|length| *length > 0), length);
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
    let headers = response.lines.iter().map(line).collect();
    IncomingResponse::new(status, response.reason.clone(), headers)
}

fn constructed(transcript: &Transcript) -> Constructed {
    let page = page(transcript);
    let request = transcript.get("request").expect("a request");
    let (method, url) = request.split_once(' ').expect("a method and a URL");
    let headers = transcript
        .all("header")
        .map(|header| header.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = transcript.get("body").map(body);
    let credentials = transcript
        .get("credentials")
        .map(|name| named(&CredentialsMode::ALL, name));
    let constructed = if transcript.get("api") == Some("XMLHttpRequest") {
        let init = XhrInit {
            method: method.to_owned(),
            headers,
            body: body.map(|init| XhrBody {
                init,
                text: XhrText::Text,
            }),
            with_credentials: match credentials {
                Some(CredentialsMode::Include) => WithCredentials::Yes,
                _ => WithCredentials::No,
            },
            upload_listeners: match transcript.get("upload-listeners") {
                Some(_) => UploadListeners::Registered,
                None => UploadListeners::None,
            },
        };
        send(url, init, &page)
    } else {
        let init = RequestInit {
            method: Some(method.to_owned()),
            headers,
            body,
            credentials,
            mode: transcript.get("mode").map(|name| named(&Mode::ALL, name)),
            redirect: transcript
                .get("redirect")
                .map(|name| named(&RedirectMode::ALL, name)),
            destination: Destination::parse(transcript.get("destination").unwrap_or_default())
                .expect("a destination"),
            ..RequestInit::default()
        };
        construct(url, init, &page)
    };
    constructed.unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn page(transcript: &Transcript) -> Arc<Environment> {
    let url = transcript.get("page").expect("a page").parse();
    let url = url.expect("a URL");
    let page = match transcript.get("origin") {
        None => Environment::of_page(url),
        Some(origin) => Environment::with_origin(url, Origin::parse(origin).expect("an origin")),
    };
    page.into()
}

fn body(text: &str) -> InitBody {
    let (length, content_type) = match text.split_once(' ') {
        Some((length, content_type)) => (length, Some(content_type.to_owned())),
        None => (text, None),
    };
    let length = length.parse().expect("a length");
    InitBody {
        body: Body::Replayable { length },
        content_type,
    }
}

fn named<T: Copy>(all: &[(&'static str, T)], wanted: &str) -> T {
    let found = all.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is no name")).1
}
