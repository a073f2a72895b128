//! The decisions of one fetch without any IO, beside `Url::parse` of the same request's URL as the anchor.
//!
//! `cargo bench -p vetch-core --bench decision`

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use vetch_core::fetch_api::request_class::{InitBody, RequestInit, construct};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::{
    AgentState, Body, Environment, HeaderList, HeaderName, HeaderValue, IncomingResponse, Profile,
    Request, Status, Step, Timestamp,
};

const URL: &str = "https://api.example.org/v1/accounts/4711/items?page=2&per_page=100&q=a";

fn request(method: &str, headers: &[(&str, &str)]) -> Request {
    let page = Arc::new(Environment::of_origin("https://app.example.com").unwrap());
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
    construct(URL, init, &page).unwrap().request
}

fn post_with_six_headers() -> Request {
    request(
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

/// Twelve headers, as a server that allows the request sends them.
fn answer() -> HeaderList {
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

/// Drives the machine to its end, each request answered alike; gives the number of requests.
fn run(agent: &AgentState, request: Request, head: &IncomingResponse) -> usize {
    let now = Timestamp::from_millis(0);
    let mut step = vetch_core::fetch(request, agent, now);
    let mut sent = 0;
    loop {
        match step {
            Step::Done(outcome) => {
                assert!(outcome.verdict.is_ok());
                return sent;
            }
            Step::Send(exchange) => {
                sent += 1;
                step = exchange.receive(head.clone(), agent, now);
            }
        }
    }
}

fn benchmarks(criterion: &mut Criterion) {
    let post = post_with_six_headers();
    let put = request(
        "PUT",
        &[("X-Token", "1"), ("Content-Type", "application/json")],
    );
    let answer = answer();
    let head = IncomingResponse::new(Status::OK, "OK", answer.clone());

    criterion.bench_function("anchor: Url::parse", |bencher| {
        bencher.iter(|| url::Url::parse(black_box(URL)));
    });
    criterion.bench_function("needs_preflight: POST, 6 headers", |bencher| {
        bencher.iter(|| needs_preflight(black_box(&post), &Profile::SPEC));
    });
    criterion.bench_function("needs_preflight: PUT", |bencher| {
        bencher.iter(|| needs_preflight(black_box(&put), &Profile::SPEC));
    });
    criterion.bench_function("cors_check: 12 headers", |bencher| {
        bencher.iter(|| cors_check(black_box(&post), black_box(&answer)));
    });

    let cached = AgentState::new(Profile::SPEC);
    assert_eq!(run(&cached, put.clone(), &head), 2);
    criterion.bench_function("machine: PUT, preflight cached", |bencher| {
        bencher.iter_batched(
            || put.clone(),
            |put| assert_eq!(run(&cached, put, &head), 1),
            BatchSize::SmallInput,
        );
    });
    let fresh = AgentState::new(Profile::SPEC);
    criterion.bench_function("machine: PUT with preflight", |bencher| {
        bencher.iter_batched(
            || {
                fresh.preflight_cache.clear_all();
                put.clone()
            },
            |put| assert_eq!(run(&fresh, put, &head), 2),
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
