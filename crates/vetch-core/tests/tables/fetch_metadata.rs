//! The table of requests and the `Sec-Fetch-*` headers that they carry.

use http::Method;
use serde::Deserialize;
use std::collections::BTreeMap;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::headers::HeaderList;
use vetch_core::infrastructure::requests::{Destination, Mode, Request};
use vetch_core::neighbours::fetch_metadata::append_fetch_metadata_headers;
use vetch_core::profile::InsecurePreflightMetadata;
use vetch_core::{AgentState, ExchangeKind, OutgoingRequest, Profile, Step, Timestamp, fetch};

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    origin: String,
    url_list: Vec<String>,
    mode: String,
    destination: String,
    user_activation: bool,
}

impl Input {
    fn request(&self) -> Request {
        let client = Environment::of_origin(&self.origin).expect("an origin");
        let mut request = cases::request(client, &self.url_list);
        request.mode = Mode::ALL
            .into_iter()
            .find_map(|(name, mode)| (name == self.mode).then_some(mode))
            .expect("a mode");
        request.destination = Destination::parse(&self.destination).expect("a destination");
        request.user_activation = self.user_activation;
        request
    }
}

#[test]
fn fetch_metadata() {
    let table = include_str!("../../../../fixtures/cases/fetch_metadata.json");
    cases::check(table, |input: &Input| {
        let mut headers = HeaderList::new();
        append_fetch_metadata_headers(&input.request(), &mut headers);
        let text = |(name, value): (&_, &_)| (format!("{name}"), format!("{value}"));
        headers.iter().map(text).collect::<BTreeMap<_, _>>()
    });
}

/// What goes out first for that request.
fn sent(request: Request, profile: Profile) -> OutgoingRequest {
    let agent = AgentState::new(profile);
    match fetch(request, &agent, Timestamp::from_millis(0)) {
        Step::Send(exchange) => exchange.request().clone(),
        Step::Done(_) => panic!("nothing was sent"),
    }
}

fn request_to(url: &str) -> Request {
    let client = Environment::of_origin("https://a.example").expect("an origin");
    cases::request(client, &[url.to_owned()])
}

#[test]
fn what_an_embedder_says_is_said_anew_and_not_twice() {
    let mut request = request_to("https://a.example/");
    request.header_list = [cases::header("Sec-Fetch-Site", "none")]
        .into_iter()
        .collect();
    let sent = sent(request, Profile::SPEC);
    assert_eq!(sent.kind, ExchangeKind::Request);
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
    ] {
        let values = sent.header_list.values_of(name).map(ToString::to_string);
        assert_eq!(values.collect::<Vec<_>>(), [value]);
    }
}

#[test]
fn a_preflight_has_its_mode_once_at_most() {
    use InsecurePreflightMetadata::{Mode, Nothing};
    for (choice, url, times) in [
        (Nothing, "http://b.example/", 0),
        (Mode, "http://b.example/", 1),
        (Nothing, "https://b.example/", 1),
        (Mode, "https://b.example/", 1),
    ] {
        let mut profile = Profile::SPEC;
        profile.insecure_preflight_metadata = choice;
        let mut request = request_to(url);
        request.method = Method::PUT;
        let sent = sent(request, profile);
        assert_eq!(sent.kind, ExchangeKind::Preflight);
        let modes = sent.header_list.values_of("sec-fetch-mode").count();
        assert_eq!(modes, times, "{choice:?} {url}");
    }
}
