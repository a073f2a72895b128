//! Every transcript of `fixtures/exchanges`, from sockets: the requests are the transcript's, byte for byte and in its
//! order, and the end is the one that the machine comes to without any socket.
//!
//! The files write header names as guides do; on the wire they are in lower case.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Mutex;

use vetch::{Body, FetchError, Page, Response};
use vetch_core::Credentials;
use vetch_core::fetch_api::request_class::InitBody;
use vetch_tests::{Answer, Internet, Seen};
use vetch_transcripts::preface::{self, Wish};
use vetch_transcripts::replay::replay;
use vetch_transcripts::transcript::{Message, Payload, Request, Transcript};

use crate::verdict::Verdict;
use crate::wire_bytes;

/// Every host has it unless the transcript says otherwise, so that a cookie shows wherever one may go along.
const COOKIE: &str = "everywhere=1";

#[tokio::test]
async fn each_goes_over_sockets_as_through_the_machine() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/exchanges");
    let mut count = 0;
    for entry in folder.read_dir().expect("the folder of transcripts") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "http")
        {
            let bytes = std::fs::read(&path).expect("a transcript");
            println!("{}", path.display());
            run(&Transcript::parse(&bytes).expect("a transcript")).await;
            count += 1;
        }
    }
    assert!(count > 20, "only {count} transcripts");
}

async fn run(transcript: &Transcript) {
    let requests = requests(transcript);
    let mut credentials = Vec::new();
    let outcome = replay(transcript, |request, _| {
        credentials.push(request.credentials);
    });
    let outcome = outcome.unwrap_or_else(|fault| panic!("{fault}"));
    let internet = internet(&requests, wire_bytes::answers(transcript)).await;
    let profile = preface::profile(transcript).expect("a profile");
    let builder = internet.builder().profile(profile);
    let builder = builder.root_certificate_pem(internet.authority().pem().as_bytes());
    let ua = builder.build().expect("a user agent");
    for host in hosts(&requests) {
        let set = ua.set_cookie(&format!("https://{host}/"), cookie_at(&requests, host));
        set.expect("a cookie");
    }
    let page = ua.page_in(preface::page(transcript).expect("a page"));
    let mut result = send(&page, transcript, body_of(&requests)).await;
    assert_eq!(Verdict::of_client(&result), Verdict::of_machine(&outcome));

    let seen = internet.seen();
    assert_eq!(seen.len(), requests.len(), "{:?}", internet.asked());
    for ((seen, request), credentials) in seen.iter().zip(&requests).zip(credentials) {
        let cookie = match credentials {
            Credentials::Include => Some(cookie_at(&requests, host(request))),
            Credentials::Omit => None,
        };
        compare(seen, request, cookie);
    }
    if let Ok(response) = &mut result {
        response.bytes().await.expect("a body that fits its head");
    }
}

fn compare(seen: &Seen, request: &Request, cookie: Option<&str>) {
    let line = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    assert!(seen.head.starts_with(&line), "{} is not {line}", seen.head);
    let is_of_the_client = |name: &str| ["host", "connection", "cookie"].contains(&name);
    let expected: Vec<String> = request
        .lines
        .iter()
        .filter(|(name, _)| !is_of_the_client(name))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    // The transcripts have names in lower case, as a header list keeps them.
    let lines = seen.lines();
    let lines = lines.map(|(name, value)| (name.to_ascii_lowercase(), value));
    let sent: Vec<String> = lines
        .filter(|(name, _)| !is_of_the_client(name))
        .map(|(name, value)| match &*name {
            "user-agent" => {
                let (product, _) = value.split_once('/').expect("a product and its version");
                format!("user-agent: {product}")
            }
            _ => format!("{name}: {value}"),
        })
        .collect();
    assert_eq!(sent, expected);
    assert_eq!(seen.header("host"), Some(host(request)));
    assert_eq!(seen.header("connection"), None);
    assert_eq!(seen.header("cookie"), cookie);
    match &request.body {
        Payload::Bytes(bytes) => assert_eq!(seen.body, *bytes),
        _ => assert_eq!(seen.body, b""),
    }
}

/// Every host of the transcript, plain and TLS, answering in the transcript's order.
async fn internet(requests: &[&Request], answers: Vec<Answer>) -> Internet {
    let hosts = hosts(requests);
    let origins: Vec<String> = ["http", "https"]
        .iter()
        .flat_map(|scheme| hosts.iter().map(move |host| format!("{scheme}://{host}")))
        .collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let answers = Mutex::new(VecDeque::from(answers));
    Internet::start(&origins, move |_| {
        let next = answers.lock().expect("a lock").pop_front();
        // What the transcript does not have is told when the requests are counted.
        next.unwrap_or(Answer::Nothing)
    })
    .await
}

async fn send(
    page: &Page,
    transcript: &Transcript,
    bytes: Option<&[u8]>,
) -> Result<Response, FetchError> {
    match preface::wish(transcript).expect("a wish") {
        Wish::Fetch { url, mut init } => {
            let body = init.body.take().map(|init| body(init, bytes));
            let fetch = page.fetch(url).init(init);
            fetch.body(body.unwrap_or_default()).send().await
        }
        Wish::Xhr { url, init } => {
            let mut xhr = page
                .xhr(init.method, url)
                .with_credentials(init.with_credentials)
                .upload_listeners(init.upload_listeners);
            for (name, value) in init.headers {
                xhr = xhr.header(name, value);
            }
            if let Some(given) = init.body {
                xhr = xhr.body(body(given.init, bytes));
            }
            xhr.send().await
        }
    }
}

/// The body that the preface tells of; its bytes are those on the wire, if it comes to that.
fn body(init: InitBody, on_the_wire: Option<&[u8]>) -> Body {
    let vetch_core::Body::Replayable { length } = init.body else {
        panic!("a transcript has no streams");
    };
    let length = usize::try_from(length).expect("a short body");
    let bytes = on_the_wire.map_or_else(|| vec![b'x'; length], <[u8]>::to_vec);
    match init.content_type {
        None => Body::bytes(bytes),
        Some(implied) => {
            let text = String::from_utf8(bytes).expect("text");
            Body::text(text).with_content_type(implied)
        }
    }
}

fn requests(transcript: &Transcript) -> Vec<&Request> {
    let requests = transcript
        .messages
        .iter()
        .filter_map(|message| match message {
            Message::Request(request) => Some(request),
            Message::Response(_) => None,
        });
    requests.collect()
}

fn host(request: &Request) -> &str {
    request.get("host").expect("one line").expect("a host")
}

fn hosts<'a>(requests: &[&'a Request]) -> BTreeSet<&'a str> {
    requests.iter().map(|request| host(request)).collect()
}

fn cookie_at<'a>(requests: &[&'a Request], wanted: &str) -> &'a str {
    let mut there = requests.iter().filter(|request| host(request) == wanted);
    let named = there.find_map(|request| request.get("cookie").expect("one line"));
    named.unwrap_or(COOKIE)
}

/// The body that goes over the wire, if one does.
fn body_of<'a>(requests: &[&'a Request]) -> Option<&'a [u8]> {
    requests.iter().find_map(|request| match &request.body {
        Payload::Bytes(bytes) if !bytes.is_empty() => Some(bytes.as_slice()),
        _ => None,
    })
}
