//! The decisions of one fetch without any IO, beside `Url::parse` of the same request's URL as the anchor.
//!
//! `cargo bench -p vetch-benchmarks`

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use vetch_benchmarks::work::{URL, answer, head, page, post_with_six_headers, put, run};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::{AgentState, Profile};

fn benchmarks(criterion: &mut Criterion) {
    let page = page();
    let (post, asking) = (post_with_six_headers(&page), put(&page));
    let (answer, head) = (answer(), head());

    criterion.bench_function("anchor: Url::parse", |bencher| {
        bencher.iter(|| url::Url::parse(black_box(URL)));
    });
    criterion.bench_function("needs_preflight: POST, 6 headers", |bencher| {
        bencher.iter(|| needs_preflight(black_box(&post), &Profile::SPEC));
    });
    criterion.bench_function("needs_preflight: PUT", |bencher| {
        bencher.iter(|| needs_preflight(black_box(&asking), &Profile::SPEC));
    });
    criterion.bench_function("cors_check: 12 headers", |bencher| {
        bencher.iter(|| cors_check(black_box(&post), black_box(&answer)));
    });

    let cached = AgentState::new(Profile::SPEC);
    run(&cached, put(&page), [head.clone(), head.clone()]);
    criterion.bench_function("machine: PUT, preflight cached", |bencher| {
        bencher.iter_batched(
            || (put(&page), [head.clone()]),
            |(put, heads)| run(&cached, put, heads),
            BatchSize::SmallInput,
        );
    });
    let fresh = AgentState::new(Profile::SPEC);
    criterion.bench_function("machine: PUT with preflight", |bencher| {
        bencher.iter_batched(
            || {
                fresh.preflight_cache.clear_all();
                (put(&page), [head.clone(), head.clone()])
            },
            |(put, heads)| run(&fresh, put, heads),
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
