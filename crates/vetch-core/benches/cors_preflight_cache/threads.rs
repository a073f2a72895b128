//! Two threads on one cache, beside two threads on one `lru` cache behind one mutex.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

use vetch_core::fetching::cors_preflight_cache::{PreflightCache, PreflightCacheConfig};

use crate::contents::{Allowed, NOW, fill};
use crate::peers::LockedLru;
use crate::{median, median_ratio, number, tell};

const ROUNDS: usize = 101;

/// Look-ups of one thread in one round.
const LOOK_UPS: usize = 20_000;

pub(crate) fn measure() {
    for keys in [10_000, 1_000_000] {
        compare(keys);
    }
}

fn compare(keys: usize) {
    let allowed = Allowed::new(&["content-type", "x-requested-with"]);
    let question = allowed.question();
    let config = PreflightCacheConfig::default().with_capacity(keys * 2);
    let cache = PreflightCache::new(config);
    let cache_keys = fill(&cache, keys, &allowed);
    let (lru, lru_keys) = LockedLru::filled(keys, &allowed.answer());
    let ask_cache = |key: &_| black_box(cache.answers(key, &question, NOW).is_hit());
    let ask_lru = |key: &u128| black_box(lru.answers(*key, &question));
    let mut rates = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (number, rates) in rates.iter_mut().enumerate() {
            rates.push(match number {
                0 => rate(1, &lru_keys, ask_lru),
                1 => rate(1, &cache_keys, ask_cache),
                2 => rate(2, &lru_keys, ask_lru),
                _ => rate(2, &cache_keys, ask_cache),
            });
        }
    }
    let [lru_alone, cache_alone, lru, cache] = rates;
    let ratio = median_ratio(&cache, &lru);
    let [lru_alone, cache_alone, lru, cache] = [lru_alone, cache_alone, lru, cache].map(median);
    println!(
        "{keys} keys, million look-ups a second: one thread: lru behind a mutex {lru_alone:.1}, cache {cache_alone:.1}; two: {lru:.1}, {cache:.1}"
    );
    let said = format!("{ratio:.1} times");
    let promise = format!("two threads at {keys} keys at least 4 times lru behind a mutex");
    tell(&promise, &said, ratio >= 4.0);
}

/// Million look-ups a second of all threads together.
fn rate<T: Sync>(threads: usize, keys: &[T], look_up: impl Fn(&T) -> bool + Sync) -> f64 {
    let barrier = Barrier::new(threads + 1);
    let (barrier, look_up) = (&barrier, &look_up);
    let elapsed = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let start = keys.len() / threads * thread;
                scope.spawn(move || {
                    barrier.wait();
                    let own = keys.iter().cycle().skip(start).take(LOOK_UPS);
                    let hits = own.filter(|key| look_up(key)).count();
                    assert_eq!(hits, LOOK_UPS, "every look-up hits");
                })
            })
            .collect();
        barrier.wait();
        let start = Instant::now();
        for worker in workers {
            worker.join().expect("a thread that looked up");
        }
        start.elapsed()
    });
    number(threads * LOOK_UPS) / elapsed.as_secs_f64() / 1e6
}
