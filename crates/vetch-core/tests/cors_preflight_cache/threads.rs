//! Threads that share a cache.

use vetch_core::fetching::cors_preflight_cache::{
    PreflightAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::CredentialsMode;
use vetch_core::time::Timestamp;

use crate::rows::RequestRow;

#[test]
fn threads_share_it_and_the_counts_add_up() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 4_000;
    let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(1_024));
    let requests: Vec<_> = (0..2_000)
        .map(|number| {
            let url = format!("https://api.example/{number}");
            RequestRow {
                url,
                ..RequestRow::default()
            }
            .request()
        })
        .collect();
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
