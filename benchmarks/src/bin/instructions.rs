//! One piece of work, a number of times, for a tool that counts the instructions of `measured`: the difference of two
//! runs is exact.
//!
//! `cargo xtask bench instructions` runs it under callgrind and compares with `xtask/bench-limits.toml`. By hand:
//! `cargo run --release -p vetch-benchmarks --bin instructions machine-get 1000`; without arguments it lists the work.

use std::hint::black_box;
use std::sync::Arc;

use vetch_benchmarks::work::{URL, answer, get, head, page, post_with_six_headers, put, run};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::{AgentState, IncomingResponse, Profile, Request, Timestamp};

/// By name, each to be done so many times.
type Work = (&'static str, fn(usize));

const WORK: [Work; 9] = [
    ("url-parse", url_parse),
    ("preflight-decision-post", preflight_decision_post),
    ("preflight-decision-put", preflight_decision_put),
    ("cors-check", check),
    ("preflight-cache-key", preflight_cache_key),
    ("preflight-cache-hit", preflight_cache_hit),
    ("machine-get", machine_get),
    ("machine-cached-put", machine_cached_put),
    ("machine-put", machine_put),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words {
        [] => WORK.iter().for_each(|(name, _)| println!("{name}")),
        [name, times] => {
            let work = WORK.iter().find(|(known, _)| *known == name);
            let (_, work) = work.expect("the name of a piece of work");
            work(times.parse().expect("a number of times"));
        }
        _ => panic!("usage: instructions [WORK TIMES]"),
    }
}

/// All that is counted happens in here, and nothing else does: `cargo xtask bench` tells callgrind this name.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// What the others are held against.
fn url_parse(times: usize) {
    measured(|| {
        for _ in 0..times {
            let _ = black_box(url::Url::parse(black_box(URL)));
        }
    });
}

fn preflight_decision_post(times: usize) {
    let post = post_with_six_headers(&page());
    measured(|| {
        for _ in 0..times {
            black_box(needs_preflight(black_box(&post), &Profile::SPEC));
        }
    });
}

fn preflight_decision_put(times: usize) {
    let put = put(&page());
    measured(|| {
        for _ in 0..times {
            black_box(needs_preflight(black_box(&put), &Profile::SPEC));
        }
    });
}

fn check(times: usize) {
    let (post, answer) = (post_with_six_headers(&page()), answer());
    measured(|| {
        for _ in 0..times {
            let _ = black_box(cors_check(black_box(&post), black_box(&answer)));
        }
    });
}

fn preflight_cache_key(times: usize) {
    let (agent, put) = (agent(), put(&page()));
    measured(|| {
        for _ in 0..times {
            black_box(agent.preflight_cache.key(black_box(&put)));
        }
    });
}

fn preflight_cache_hit(times: usize) {
    use vetch_core::fetching::cors_preflight_cache::{CacheAnswer, Question};
    let (agent, put) = (agent(), put(&page()));
    run(&agent, put.clone(), [head(), head()]);
    let key = agent.preflight_cache.key(&put);
    let question = Question {
        method_needed: Some(&put.method),
        unsafe_names: &[],
        credentials_mode: put.credentials_mode,
    };
    measured(|| {
        for _ in 0..times {
            let now = Timestamp::from_millis(0);
            let answer = agent
                .preflight_cache
                .answers(black_box(&key), &question, now);
            assert!(matches!(answer, CacheAnswer::Hit));
        }
    });
}

fn machine_get(times: usize) {
    let (agent, page, head) = (agent(), page(), head());
    for _ in 0..times {
        machine(&agent, get(&page), [head.clone()]);
    }
}

fn machine_cached_put(times: usize) {
    let (agent, page, head) = (agent(), page(), head());
    run(&agent, put(&page), [head.clone(), head.clone()]);
    for _ in 0..times {
        machine(&agent, put(&page), [head.clone()]);
    }
}

fn machine_put(times: usize) {
    let (agent, page, head) = (agent(), page(), head());
    let key = agent.preflight_cache.key(&put(&page));
    for _ in 0..times {
        agent.preflight_cache.clear(&key);
        machine(&agent, put(&page), [head.clone(), head.clone()]);
    }
}

/// The request and the heads are a driver's, which makes them before and keeps their URL and header list longer.
fn machine<const HEADS: usize>(
    agent: &AgentState,
    request: Request,
    heads: [IncomingResponse; HEADS],
) {
    let _url = Arc::clone(request.current_url());
    measured(|| run(agent, request, heads));
}

/// One that records nothing, as an embedder has it who counts instructions.
fn agent() -> AgentState {
    let mut agent = AgentState::new(Profile::SPEC);
    agent.record = vetch_core::trace::Record::Nothing;
    agent
}
