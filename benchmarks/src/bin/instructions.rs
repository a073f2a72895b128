//! One piece of work, a number of times, for a tool that counts instructions: the difference of two runs is exact.
//!
//! `cargo xtask bench instructions` runs it under callgrind and compares with `xtask/bench-limits.toml`. By hand:
//! `cargo run --release -p vetch-benchmarks --bin instructions machine-get 1000`; without arguments it lists the work.

use std::hint::black_box;

use vetch_benchmarks::work::{URL, answer, get, head, post_with_six_headers, put, run};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::{AgentState, Profile, Timestamp};

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

/// What the others are held against.
fn url_parse(times: usize) {
    for _ in 0..times {
        let _ = black_box(url::Url::parse(black_box(URL)));
    }
}

fn preflight_decision_post(times: usize) {
    let post = post_with_six_headers();
    for _ in 0..times {
        black_box(needs_preflight(black_box(&post), &Profile::SPEC));
    }
}

fn preflight_decision_put(times: usize) {
    let put = put();
    for _ in 0..times {
        black_box(needs_preflight(black_box(&put), &Profile::SPEC));
    }
}

fn check(times: usize) {
    let (post, answer) = (post_with_six_headers(), answer());
    for _ in 0..times {
        let _ = black_box(cors_check(black_box(&post), black_box(&answer)));
    }
}

fn preflight_cache_key(times: usize) {
    let (agent, put) = (agent(), put());
    for _ in 0..times {
        black_box(agent.preflight_cache.key(black_box(&put)));
    }
}

fn preflight_cache_hit(times: usize) {
    use vetch_core::fetching::cors_preflight_cache::{CacheAnswer, Question};
    let (agent, put) = (agent(), put());
    run(&agent, put.clone(), &head());
    let key = agent.preflight_cache.key(&put);
    let question = Question {
        method_needed: Some(&put.method),
        unsafe_names: &[],
        credentials_mode: put.credentials_mode,
    };
    for _ in 0..times {
        let now = Timestamp::from_millis(0);
        let answer = agent
            .preflight_cache
            .answers(black_box(&key), &question, now);
        assert!(matches!(answer, CacheAnswer::Hit));
    }
}

/// Each of these includes the making of a copy of the request and of the head.
fn machine_get(times: usize) {
    let (agent, get, head) = (agent(), get(), head());
    for _ in 0..times {
        assert_eq!(run(&agent, black_box(&get).clone(), &head), 1);
    }
}

fn machine_cached_put(times: usize) {
    let (agent, put, head) = (agent(), put(), head());
    run(&agent, put.clone(), &head);
    for _ in 0..times {
        assert_eq!(run(&agent, black_box(&put).clone(), &head), 1);
    }
}

fn machine_put(times: usize) {
    let (agent, put, head) = (agent(), put(), head());
    let key = agent.preflight_cache.key(&put);
    for _ in 0..times {
        agent.preflight_cache.clear(&key);
        assert_eq!(run(&agent, black_box(&put).clone(), &head), 2);
    }
}

/// One that records nothing, as an embedder has it who counts instructions.
fn agent() -> AgentState {
    let mut agent = AgentState::new(Profile::SPEC);
    agent.record = vetch_core::trace::Record::Nothing;
    agent
}
