//! What promises to allocate nothing allocates nothing.

use std::sync::Arc;

use allocation_counter::measure;
use vetch_core::fetch_api::request_class::{InitBody, RequestInit, construct};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::cors_preflight_cache::{PreflightAnswer, Question};
use vetch_core::fetching::main_fetch::{classify, needs_preflight};
use vetch_core::infrastructure::requests::UrlList;
use vetch_core::trace::Classification;
use vetch_core::{
    AgentState, Body, CredentialsMode, Environment, HeaderList, HeaderName, HeaderValue, Method,
    Profile, Request, Timestamp,
};

fn request(method: &str, headers: &[(&str, &str)], credentials: CredentialsMode) -> Request {
    let page = Arc::new(Environment::of_origin("https://app.example").unwrap());
    let init = RequestInit {
        method: Some(method.to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: (method == "POST").then_some(InitBody {
            body: Body::Replayable { length: 5 },
            content_type: None,
        }),
        credentials: Some(credentials),
        ..RequestInit::default()
    };
    construct("https://api.example/items/7?verbose=1", init, &page)
        .unwrap()
        .request
}

fn post_with_six_headers() -> Request {
    let headers = [
        ("Accept", "application/json, text/plain, */*"),
        ("Accept-Language", "en-US,en;q=0.9"),
        ("Content-Language", "en"),
        (
            "Content-Type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ),
        ("Range", "bytes=0-1023"),
        ("Accept", "text/html"),
    ];
    request("POST", &headers, CredentialsMode::Include)
}

fn assert_none(allocations: &allocation_counter::AllocationInfo) {
    assert_eq!(allocations.count_total, 0, "{allocations:?}");
}

#[test]
fn the_preflight_decision_allocates_nothing() {
    let request = post_with_six_headers();
    let mut needs = true;
    assert_none(&measure(|| {
        needs = needs_preflight(&request, &Profile::SPEC);
    }));
    assert!(!needs);
    let mut classification = None;
    assert_none(&measure(|| {
        classification = classify(&request, &Profile::SPEC).ok();
    }));
    assert_eq!(classification, Some(Classification::Cors));
}

#[test]
fn a_cors_check_that_passes_allocates_nothing() {
    let request = post_with_six_headers();
    let response = HeaderList::from_iter([
        (
            HeaderName::from_static("vary"),
            HeaderValue::from_static("Origin"),
        ),
        (
            HeaderName::from_static("access-control-allow-origin"),
            HeaderValue::from_static("https://app.example"),
        ),
        (
            HeaderName::from_static("access-control-allow-credentials"),
            HeaderValue::from_static("true"),
        ),
    ]);
    let mut passed = false;
    assert_none(&measure(|| {
        passed = cors_check(&request, &response).is_ok();
    }));
    assert!(passed);
}

#[test]
fn a_preflight_cache_hit_allocates_nothing() {
    let agent = AgentState::new(Profile::SPEC);
    let request = request("PUT", &[("X-Token", "1")], CredentialsMode::SameOrigin);
    let names = [HeaderName::from_static("x-token")];
    let now = Timestamp::from_millis(0);
    let answer = PreflightAnswer {
        methods: &[Method::PUT],
        header_names: &names,
        max_age: 600,
    };
    let cache = &agent.preflight_cache;
    cache.store(&cache.key(&request), &request, &answer, now);
    let question = Question {
        method_needed: Some(&Method::PUT),
        unsafe_names: &names,
        credentials_mode: request.credentials_mode,
    };
    let mut hit = false;
    assert_none(&measure(|| {
        hit = cache.answers(&cache.key(&request), &question, now).is_hit();
    }));
    assert!(hit);
}

#[test]
fn a_hit_in_a_full_preflight_cache_allocates_nothing_however_many_entries_its_key_has() {
    let agent = AgentState::new(Profile::SPEC);
    let cache = &agent.preflight_cache;
    let now = Timestamp::from_millis(0);
    let spelt_out: Vec<_> = (0..200).map(|number| format!("x-shop-{number}")).collect();
    let names: Vec<_> = spelt_out
        .iter()
        .map(|name| HeaderName::from_bytes(name.as_bytes()).unwrap())
        .collect();
    let mut request = request("PUT", &[], CredentialsMode::Include);
    let mut key = cache.key(&request);
    for number in 0..12_000_u32 {
        let url = format!("https://api.example/items/{number}");
        request.url_list = UrlList::new(url.parse().unwrap());
        key = cache.key(&request);
        let header_names = if number % 100 == 99 { &names[..] } else { &[] };
        let answer = PreflightAnswer {
            methods: &[Method::PUT],
            header_names,
            max_age: 600 + number,
        };
        cache.store(&key, &request, &answer, now);
    }
    assert!(cache.statistics().evictions > 0, "it is full");
    let question = Question {
        method_needed: Some(&Method::PUT),
        unsafe_names: &names,
        credentials_mode: CredentialsMode::Include,
    };
    let mut hit = false;
    assert_none(&measure(|| {
        hit = cache.answers(&key, &question, now).is_hit();
    }));
    assert!(hit);
}
