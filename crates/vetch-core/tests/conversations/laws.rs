//! Laws that hold for every conversation, whatever is asked and whatever is answered.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use url::Url;
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::network_error::TransportFailure;
use vetch_core::{
    AgentState, Body, Credentials, Exchange, ExchangeKind, HeaderList, IncomingResponse, Method,
    Outcome, OutgoingRequest, Profile, Request, Status, Step, Timestamp, fetch,
};

use crate::arbitrary::{
    Answer, Lines, PAGE, answer, cors_request, line, preflight_answer, request, target,
};
use crate::case_counts::at_least;
use crate::telling;

/// 21 hops, each with a preflight.
const MOST_EXCHANGES: usize = 21 * 2;

proptest! {
    #![proptest_config(at_least(2_000))]

    /// Nothing panics, nothing goes on for ever, and no credential is on a preflight.
    #[test]
    fn every_conversation_ends(request in request(), answers in vec(answer(), 1..6)) {
        for profile in Profile::ALL {
            let agent = AgentState::new(profile);
            let mut heads = answers.iter().cycle();
            let (sent, _) = run(request.clone(), &agent, |_| heads.next().cloned());
            prop_assert!(sent.len() <= MOST_EXCHANGES, "{} exchanges", sent.len());
            for outgoing in sent.iter().filter(|sent| sent.kind == ExchangeKind::Preflight) {
                prop_assert_eq!(outgoing.credentials, Credentials::Omit);
                prop_assert_eq!(&outgoing.method, Method::OPTIONS);
                prop_assert_eq!(outgoing.body, Body::None);
                prop_assert!(!outgoing.header_list.contains("authorization"));
                prop_assert!(!outgoing.header_list.contains("cookie"));
            }
        }
    }

    /// A server that allows everything and redirects for ever is left after 20 redirects.
    #[test]
    fn the_longest_conversation_ends(
        request in cors_request("https://b.example/1"),
        targets in vec(target(), 1..5),
    ) {
        let agent = AgentState::new(Profile::SPEC);
        let mut targets = targets.iter().cycle();
        let (sent, outcome) = run(request, &agent, |outgoing| Some(redirect_to(outgoing, targets.next()?)));
        let hops = sent.iter().filter(|sent| sent.kind == ExchangeKind::Request).count();
        prop_assert_eq!(hops, 21);
        prop_assert!(sent.len() <= MOST_EXCHANGES, "{} exchanges", sent.len());
        prop_assert_eq!(outcome.verdict.expect_err("too many redirects").code(), "too-many-redirects");
    }

    /// `Origin` of a cors exchange is the page's origin, or `null` as soon as a hop has led astray.
    #[test]
    fn origin_is_the_byte_serialised_one(
        request in cors_request("https://b.example/1"),
        first in target(),
        targets in vec(target(), 1..6),
    ) {
        let mut request = request;
        request.url_list = vetch_core::infrastructure::requests::UrlList::new(first.parse().expect("a URL"));
        let agent = AgentState::new(Profile::SPEC);
        let mut left = targets.iter();
        let (sent, _) = run(request, &agent, |outgoing| match left.clone().next() {
            Some(_) if outgoing.kind == ExchangeKind::Preflight => Some(redirect_to(outgoing, "")),
            Some(target) => { left.next(); Some(redirect_to(outgoing, target)) }
            None => None,
        });
        let mut urls = Vec::new();
        for outgoing in &sent {
            let is_next_hop = sent_at_new_hop(outgoing, &urls, &sent);
            if is_next_hop { urls.push(outgoing.url.as_ref().clone()); }
            let values: Vec<String> = outgoing.header_list.values_of("origin").map(ToString::to_string).collect();
            let is_cors = urls.iter().any(|url| origin(url) != PAGE);
            if is_cors {
                prop_assert_eq!(values, [expected_origin(&urls)], "{:?}", urls);
            } else if matches!(outgoing.method, Method::GET | Method::HEAD) {
                prop_assert!(values.is_empty());
            } else {
                prop_assert_eq!(values, [PAGE]);
            }
        }
    }

    /// The order of header lines with different names does not matter.
    #[test]
    fn the_order_of_an_answers_headers_does_not_matter(
        request in request(),
        answers in vec(answer(), 1..5).prop_flat_map(|answers| {
            let shuffled: Vec<_> = answers.iter().map(shuffled).collect();
            (Just(answers), shuffled)
        }),
    ) {
        let (ordered, shuffled) = answers;
        prop_assert_eq!(told(request.clone(), &ordered), told(request, &shuffled));
    }
}

/// What the cache lets pass, a preflight with the cached answer lets pass.
#[test]
fn the_cache_never_grants_more_than_its_answer() {
    let requests = vec(cors_request("https://b.example/1"), 12);
    let strategy = (requests, preflight_answer(), 0_u64..12_000);
    let hits = Cell::new(0);
    let law = |(requests, answer, millis): (Vec<Request>, Answer, u64)| {
        let later = Timestamp::from_millis(millis);
        for teacher in &requests {
            let agent = AgentState::new(Profile::SPEC);
            let (_, outcome) = run(teacher.clone(), &agent, |outgoing| {
                Some(match outgoing.kind {
                    ExchangeKind::Preflight => answer.clone(),
                    ExchangeKind::Request => welcome(outgoing),
                })
            });
            if outcome.verdict.is_err() {
                continue;
            }
            for pupil in requests
                .iter()
                .filter(|pupil| needs_preflight(pupil, &Profile::SPEC))
            {
                if first_kind(pupil, &agent, later) == ExchangeKind::Request {
                    hits.set(hits.get() + 1);
                    prop_assert!(is_let_pass(pupil, &answer), "by {teacher:?}: {pupil:?}");
                }
            }
        }
        Ok(())
    };
    let mut runner = TestRunner::new(at_least(1_000));
    runner.run(&strategy, law).expect("the law holds");
    assert!(hits.get() > 300, "only {} cache hits", hits.get());
}

fn first_kind(request: &Request, agent: &AgentState, now: Timestamp) -> ExchangeKind {
    match fetch(request.clone(), agent, now) {
        Step::Send(exchange) => exchange.request().kind,
        Step::Done(_) => unreachable!("a cors request is sent"),
    }
}

/// Whether a live preflight with that answer lets the request pass.
fn is_let_pass(request: &Request, answer: &Answer) -> bool {
    let agent = AgentState::new(Profile::SPEC);
    let now = Timestamp::from_millis(0);
    let Step::Send(preflight) = fetch(request.clone(), &agent, now) else {
        return false;
    };
    assert_eq!(preflight.request().kind, ExchangeKind::Preflight);
    matches!(preflight.receive(head(answer), &agent, now), Step::Send(_))
}

/// Take a request to its end; an answer that is not given is a broken connection.
fn run(
    request: Request,
    agent: &AgentState,
    mut answer: impl FnMut(&OutgoingRequest) -> Option<Answer>,
) -> (Vec<OutgoingRequest>, Outcome) {
    let now = Timestamp::from_millis(0);
    let mut sent = Vec::new();
    let mut step = fetch(request, agent, now);
    loop {
        step = match step {
            Step::Done(outcome) => return (sent, outcome),
            Step::Send(exchange) => {
                sent.push(exchange.request().clone());
                assert!(sent.len() <= MOST_EXCHANGES, "it goes on for ever");
                match answer(exchange.request()) {
                    Some(answer) => exchange.receive(head(&answer), agent, now),
                    None => broken(exchange, agent),
                }
            }
        };
    }
}

fn broken(exchange: Exchange, agent: &AgentState) -> Step {
    let detail = "reset".to_owned();
    exchange.fail(TransportFailure::Closed { detail }, agent)
}

fn head(answer: &Answer) -> IncomingResponse {
    let lines: HeaderList = answer.lines.iter().cloned().collect();
    IncomingResponse::new(answer.status, "", lines)
}

/// Headers that allow the request whatever it is.
fn welcome(outgoing: &OutgoingRequest) -> Answer {
    let origin = outgoing.header_list.get("origin");
    let asked = outgoing.header_list.get("access-control-request-headers");
    let method = outgoing.header_list.get("access-control-request-method");
    let text = |value: Option<std::borrow::Cow<'_, vetch_core::HeaderValue>>| {
        value.map_or_else(|| "*".to_owned(), |value| value.to_string())
    };
    Answer {
        status: Status::OK,
        lines: vec![
            line("access-control-allow-origin", text(origin)),
            line("access-control-allow-credentials", "true"),
            line("access-control-allow-methods", text(method)),
            line("access-control-allow-headers", text(asked)),
        ],
    }
}

/// The same, and on to the target unless it is a preflight.
fn redirect_to(outgoing: &OutgoingRequest, target: &str) -> Answer {
    let mut answer = welcome(outgoing);
    if outgoing.kind == ExchangeKind::Request {
        answer.status = Status::new(307).expect("a status");
        answer.lines.push(line("location", target));
    }
    answer
}

/// The lines in an order in which those of one name stay as they are among themselves.
fn shuffled(answer: &Answer) -> impl Strategy<Value = Answer> + use<> {
    let mut groups: Vec<Lines> = Vec::new();
    for line in &answer.lines {
        match groups.iter_mut().find(|group| group[0].0 == line.0) {
            Some(group) => group.push(line.clone()),
            None => groups.push(vec![line.clone()]),
        }
    }
    let status = answer.status;
    Just(groups).prop_shuffle().prop_map(move |groups| Answer {
        status,
        lines: groups.into_iter().flatten().collect(),
    })
}

/// Everything that was sent and what came of it, the headers that the page sees in the order of their names.
fn told(request: Request, answers: &[Answer]) -> Vec<String> {
    let mut agent = AgentState::new(Profile::SPEC);
    agent.record = vetch_core::trace::Record::Everything;
    let mut answers = answers.iter().cycle();
    let (sent, outcome) = run(request, &agent, |_| answers.next().cloned());
    let mut lines: Vec<String> = sent
        .iter()
        .flat_map(|outgoing| telling::request(outgoing, &agent))
        .collect();
    let mut end = telling::outcome(&outcome, &[]);
    end[1..].sort_by(|a, b| a.split(':').next().cmp(&b.split(':').next()));
    lines.extend(end);
    lines
}

/// Whether this exchange is the first of its hop: a preflight, or a request without one just before it.
fn sent_at_new_hop(outgoing: &OutgoingRequest, urls: &[Url], sent: &[OutgoingRequest]) -> bool {
    let position = sent.iter().position(|other| std::ptr::eq(other, outgoing));
    let before = position.and_then(|position| position.checked_sub(1));
    let follows_its_preflight = outgoing.kind == ExchangeKind::Request
        && before.is_some_and(|before| sent[before].kind == ExchangeKind::Preflight);
    !(follows_its_preflight && urls.last() == Some(&outgoing.url))
}

/// The page's origin, or `null` when a URL left an origin that was not the page's for another.
fn expected_origin(urls: &[Url]) -> &'static str {
    let astray = urls
        .windows(2)
        .any(|hop| origin(&hop[0]) != PAGE && origin(&hop[0]) != origin(&hop[1]));
    if astray { "null" } else { PAGE }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
