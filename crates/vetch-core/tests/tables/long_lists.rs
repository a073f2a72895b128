//! Lists as long as a hostile page and its server can make them: each answer takes a moment, not minutes, and little
//! memory. A quadratic step makes these tests the slowest of all by far.

use std::fmt::Write as _;
use std::sync::Arc;

use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::infrastructure::mime_type_blocking::should_be_blocked_due_to_mime_type;
use vetch_core::infrastructure::requests::Destination;
use vetch_core::{
    AgentState, Environment, Exchange, HeaderList, HeaderName, HeaderValue, IncomingResponse,
    Outcome, Profile, Reason, Status, Step, Timestamp, fetch,
};

const HEADERS: usize = 10_000;
const TOKENS: usize = 100_000;
const NOW: Timestamp = Timestamp::from_millis(0);

fn names(prefix: &str, count: usize) -> String {
    (0..count).fold(String::new(), |mut names, number| {
        let comma = if number == 0 { "" } else { "," };
        write!(names, "{comma}{prefix}-{number:05}").expect("a String takes all");
        names
    })
}

fn sent(headers: usize, agent: &AgentState) -> Exchange {
    let page = Environment::of_origin("https://a.example").expect("an origin");
    let names = names("x-a", headers);
    let init = RequestInit {
        headers: names
            .split_terminator(',')
            .map(|name| (name.to_owned(), "1".to_owned()))
            .collect(),
        ..RequestInit::default()
    };
    let constructed = construct("https://b.example/", init, &page.into()).expect("a request");
    match fetch(constructed.request, agent, NOW) {
        Step::Send(exchange) => exchange,
        Step::Done(_) => panic!("nothing was sent"),
    }
}

fn answered(exchange: Exchange, headers: HeaderList, agent: &AgentState) -> Outcome {
    let head = IncomingResponse::new(Status::OK, "OK", headers);
    match exchange.receive(head, agent, NOW) {
        Step::Done(outcome) => outcome,
        Step::Send(_) => panic!("something more was sent"),
    }
}

fn header(name: &str, value: impl Into<String>) -> (HeaderName, HeaderValue) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
    let value = HeaderValue::normalize(value.into()).expect("a value");
    (name, value)
}

fn custom_headers() -> HeaderList {
    names("x-b", HEADERS)
        .split(',')
        .map(|name| header(name, "1"))
        .collect()
}

#[test]
fn many_headers_are_exposed_by_name_or_by_wildcard() {
    let agent = AgentState::new(Profile::SPEC);
    for (list, visible) in [
        ("*".to_owned(), HEADERS + 2),
        (names("x-b", TOKENS), HEADERS),
    ] {
        let mut headers = custom_headers();
        headers.extend_from(&HeaderList::from_iter([
            header("access-control-allow-origin", "*"),
            header("access-control-expose-headers", list),
        ]));
        let outcome = answered(sent(0, &agent), headers, &agent);
        let response = outcome.verdict.expect("passes");
        assert_eq!(response.header_list().len(), visible);
        assert_eq!(
            response.header_list().to_list().sort_and_combine().len(),
            visible
        );
    }
}

#[test]
fn many_headers_that_are_not_allowed_share_the_text_of_the_list() {
    let agent = AgentState::new(Profile::SPEC);
    let headers = HeaderList::from_iter([
        header("access-control-allow-origin", "*"),
        header("access-control-allow-headers", names("x-b", TOKENS)),
    ]);
    let outcome = answered(sent(HEADERS, &agent), headers, &agent);
    let error = outcome.verdict.expect_err("is refused");
    let lists: Vec<_> = error
        .reasons()
        .filter_map(|reason| match reason {
            Reason::HeaderDisallowed { allowed, .. } => allowed.as_ref(),
            _ => None,
        })
        .collect();
    assert_eq!(lists.len(), HEADERS);
    let first = lists.first().expect("there is one");
    assert!(lists.iter().all(|list| Arc::ptr_eq(list, first)));
}

#[test]
fn many_parameters_do_not_hide_what_a_script_is() {
    let parameters = names("x", TOKENS).replace(',', "=1;");
    let content_type = header("content-type", format!("image/png;{parameters}=1"));
    let headers = HeaderList::from_iter([content_type]);
    let script = Destination::Named("script");
    let block = should_be_blocked_due_to_mime_type(script, &headers).expect_err("is blocked");
    assert_eq!(block.mime_type, "image/png");
}
