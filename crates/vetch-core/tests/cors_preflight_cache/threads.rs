//! Threads that share a cache.

use std::sync::atomic::{AtomicBool, Ordering};

use vetch_core::fetching::cors_preflight_cache::{
    PreflightAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::{CredentialsMode, Request};
use vetch_core::time::Timestamp;

use crate::rows::RequestRow;

const NOW: Timestamp = Timestamp::from_millis(0);

/// The one number where Miri runs, which takes its time, the other elsewhere.
const fn slowly(miri: usize, elsewhere: usize) -> usize {
    if cfg!(miri) { miri } else { elsewhere }
}

fn request(number: usize) -> Request {
    let row = RequestRow {
        url: format!("https://api.example/{number}"),
        ..RequestRow::default()
    };
    row.request()
}

#[test]
fn threads_share_it_and_the_counts_add_up() {
    const THREADS: usize = 8;
    const ROUNDS: usize = slowly(40, 4_000);
    let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(1_024));
    let requests: Vec<_> = (0..slowly(30, 2_000)).map(request).collect();
    let put = [Method::PUT];
    let seen: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (cache, requests, put) = (&cache, &requests, &put);
                scope.spawn(move || {
                    let (mut hits, mut misses) = (0, 0);
                    for round in 0..ROUNDS {
                        let request = &requests[(round * 7 + thread * 31) % requests.len()];
                        let key = cache.key(request);
                        let question = Question {
                            method_needed: Some(&put[0]),
                            unsafe_names: &[],
                            credentials_mode: CredentialsMode::SameOrigin,
                        };
                        let now = Timestamp::from_millis(u64::try_from(round).unwrap());
                        if cache.answers(&key, &question, now).is_hit() {
                            hits += 1;
                        } else {
                            misses += 1;
                            let answer = PreflightAnswer {
                                methods: put,
                                header_names: &[],
                                max_age: 1,
                            };
                            cache.store(&key, request, &answer, now);
                        }
                        match round % 500 {
                            17 => cache.clear(&key),
                            99 => cache.remove_expired(now),
                            250 => drop(cache.export(now)),
                            _ => {}
                        }
                    }
                    (hits, misses)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    let statistics = cache.statistics();
    assert_eq!(
        statistics.hits,
        seen.iter().map(|(hits, _)| hits).sum::<u64>()
    );
    assert_eq!(
        statistics.misses,
        seen.iter().map(|(_, misses)| misses).sum::<u64>()
    );
    assert_eq!(
        statistics.hits + statistics.misses,
        u64::try_from(THREADS * ROUNDS).unwrap()
    );
    assert!(statistics.insertions <= statistics.misses);
    assert!(cache.len() <= 1_024);
}

/// A miss may be told without a lock, so one that is none would cost a preflight and nobody would know.
#[test]
fn what_was_stored_before_is_found_while_others_are_stored() {
    const KEYS: usize = slowly(150, 8_000);
    let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(2 * KEYS));
    let answer = PreflightAnswer {
        methods: &[Method::PUT],
        header_names: &[],
        max_age: 10,
    };
    let store = |request: &Request| cache.store(&cache.key(request), request, &answer, NOW);
    let question = Question {
        method_needed: Some(&Method::PUT),
        unsafe_names: &[],
        credentials_mode: CredentialsMode::SameOrigin,
    };
    let requests: Vec<_> = (0..KEYS).map(request).collect();
    let (before, others) = requests.split_at(100);
    before.iter().for_each(store);
    let keys: Vec<_> = before.iter().map(|request| cache.key(request)).collect();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let look_up = || {
            while !is_over.load(Ordering::Relaxed) {
                let hits = |key| cache.answers(key, &question, NOW).is_hit();
                assert!(keys.iter().all(hits));
            }
        };
        scope.spawn(look_up);
        scope.spawn(look_up);
        others.iter().for_each(store);
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(cache.len(), KEYS);
    assert_eq!(cache.statistics().misses, 0);
}

#[test]
fn no_hit_is_lost_however_many_threads_count() {
    const THREADS: usize = 40;
    const ROUNDS: usize = slowly(5, 500);
    let cache = PreflightCache::new(PreflightCacheConfig::default());
    let request = request(0);
    let key = cache.key(&request);
    let answer = PreflightAnswer {
        methods: &[Method::PUT],
        header_names: &[],
        max_age: 10,
    };
    cache.store(&key, &request, &answer, NOW);
    let all_have_begun = std::sync::Barrier::new(THREADS);
    for earlier_runs in [0, 1] {
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let question = Question {
                        method_needed: Some(&Method::PUT),
                        unsafe_names: &[],
                        credentials_mode: CredentialsMode::SameOrigin,
                    };
                    for round in 0..ROUNDS {
                        assert!(cache.answers(&key, &question, NOW).is_hit());
                        if round == 0 {
                            all_have_begun.wait();
                        }
                    }
                });
            }
        });
        let hits = (earlier_runs + 1) * THREADS * ROUNDS;
        assert_eq!(cache.statistics().hits, u64::try_from(hits).unwrap());
    }
}

/// A cache that is too small, so that lines change hands all the time; each key's answers allow one method only.
#[test]
fn beside_changes_a_look_up_finds_what_its_own_key_allows_or_nothing() {
    const THREADS: usize = 4;
    const ROUNDS: usize = slowly(150, 20_000);
    let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(24));
    let requests: Vec<_> = (0..64).map(request).collect();
    let methods = [Method::PUT, Method::DELETE];
    let hits: usize = std::thread::scope(|scope| {
        let worker = |thread: usize| {
            let (cache, requests, methods) = (&cache, &requests, &methods);
            move || {
                let mut hits = 0;
                for round in 0..ROUNDS {
                    let number = (round * 13 + thread * 29) % requests.len();
                    // The last keys are one thread's each.
                    let is_own = number >= requests.len() - THREADS;
                    if is_own && number % THREADS != thread {
                        continue;
                    }
                    let request = &requests[number];
                    let key = cache.key(request);
                    let is_hit = |method: &Method| {
                        let question = Question {
                            method_needed: Some(method),
                            unsafe_names: &[],
                            credentials_mode: CredentialsMode::SameOrigin,
                        };
                        cache.answers(&key, &question, NOW).is_hit()
                    };
                    assert!(!is_hit(&methods[(number + 1) % 2]), "of another key");
                    hits += usize::from(is_hit(&methods[number % 2]));
                    let answer = PreflightAnswer {
                        methods: &methods[number % 2..=number % 2],
                        header_names: &[],
                        max_age: 10,
                    };
                    cache.store(&key, request, &answer, NOW);
                    if is_own {
                        cache.clear(&key);
                        assert!(!is_hit(&methods[number % 2]), "it was cleared before");
                    }
                }
                hits
            }
        };
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(worker(thread)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    });
    // So few rounds as Miri has may all miss.
    assert!(hits > 0 || cfg!(miri));
}
