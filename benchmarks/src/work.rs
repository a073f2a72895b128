//! What is measured.

use std::sync::Arc;

use vetch_core::fetch_api::request_class::{InitBody, RequestInit, construct};
use vetch_core::{
    AgentState, Body, Environment, HeaderList, HeaderName, HeaderValue, IncomingResponse, Request,
    Status, Step, Timestamp,
};

/// What is requested; parsing it is the anchor.
pub const URL: &str = "https://api.example.org/v1/accounts/4711/items?page=2&per_page=100&q=a";

/// The page that asks; its requests share it.
///
/// # Panics
///
/// Never: the origin is valid.
pub fn page() -> Arc<Environment> {
    Arc::new(Environment::of_origin("https://app.example.com").unwrap())
}

fn request(page: &Arc<Environment>, method: &str, headers: &[(&str, &str)]) -> Request {
    let init = RequestInit {
        method: Some(method.to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Some(InitBody {
            body: Body::Replayable { length: 17 },
            content_type: None,
        }),
        ..RequestInit::default()
    };
    construct(URL, init, page).unwrap().request
}

/// A simple cross-origin GET.
///
/// # Panics
///
/// Never: the URL is valid.
pub fn get(page: &Arc<Environment>) -> Request {
    construct(URL, RequestInit::default(), page)
        .unwrap()
        .request
}

/// Asks first for its method and for both of its headers.
pub fn put(page: &Arc<Environment>) -> Request {
    request(
        page,
        "PUT",
        &[("X-Token", "1"), ("Content-Type", "application/json")],
    )
}

/// All five safelisted names, one of them twice.
pub fn post_with_six_headers(page: &Arc<Environment>) -> Request {
    request(
        page,
        "POST",
        &[
            ("Accept", "application/json, text/plain, */*"),
            ("Accept-Language", "en-US,en;q=0.9"),
            ("Content-Language", "en"),
            (
                "Content-Type",
                "application/x-www-form-urlencoded; charset=UTF-8",
            ),
            ("Range", "bytes=0-1023"),
            ("Accept", "text/html"),
        ],
    )
}

/// A 200 with [`answer`]'s headers.
pub fn head() -> IncomingResponse {
    IncomingResponse::new(Status::OK, "OK", answer())
}

/// Twelve headers, as a server that allows the request sends them.
pub fn answer() -> HeaderList {
    [
        ("date", "Mon, 23 Nov 2026 10:00:00 GMT"),
        ("server", "nginx"),
        ("content-type", "application/json"),
        ("content-length", "17"),
        ("vary", "Origin"),
        ("cache-control", "no-store"),
        ("etag", "\"4711\""),
        ("x-request-id", "0b1c2d3e"),
        ("access-control-allow-origin", "https://app.example.com"),
        ("access-control-allow-methods", "PUT, DELETE"),
        ("access-control-allow-headers", "x-token, content-type"),
        ("access-control-max-age", "600"),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    })
    .collect()
}

/// Drives the machine to its end, its requests answered with these heads, which all must be used. What came of it is
/// dropped: memory that the machine takes, it gives back.
///
/// # Panics
///
/// When the heads are too few or too many, or do not let the page read the response.
pub fn run<const HEADS: usize>(
    agent: &AgentState,
    request: Request,
    heads: [IncomingResponse; HEADS],
) {
    let now = Timestamp::from_millis(0);
    let mut heads = heads.into_iter();
    let mut step = vetch_core::fetch(request, agent, now);
    loop {
        match step {
            Step::Done(outcome) => {
                assert!(outcome.verdict.is_ok());
                assert!(heads.next().is_none());
                return;
            }
            Step::Send(exchange) => {
                let head = heads.next().expect("a head for each request");
                step = exchange.receive(head, agent, now);
            }
        }
    }
}
