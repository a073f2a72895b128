//! Two threads on one cache, beside two threads on one `lru` cache behind one mutex.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use vetch_core::fetching::cors_preflight_cache::{PreflightCache, PreflightCacheConfig};

use crate::contents::{Allowed, NOW, fill};
use crate::peers::LockedLru;
use crate::undisturbed::undisturbed;
use crate::{median, number, tell};

const ROUNDS: usize = 501;

/// Look-ups of one thread in one round.
const LOOK_UPS: usize = 1_000;

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
    for round in 0..ROUNDS {
        for (number, rates) in rates.iter_mut().enumerate() {
            rates.extend(match number {
                0 => rate(1, part(&lru_keys, round), ask_lru),
                1 => rate(1, part(&cache_keys, round), ask_cache),
                2 => rate(2, part(&lru_keys, round), ask_lru),
                _ => rate(2, part(&cache_keys, round), ask_cache),
            });
        }
    }
    let undisturbed = rates.iter().map(Vec::len).min().unwrap_or_default();
    let [lru_alone, cache_alone, lru, cache] = rates.map(|rates| median(&rates));
    let ratio = cache / lru;
    println!("{keys} keys, million look-ups a second, of at least {undisturbed} rounds");
    println!("  one thread: lru behind a mutex {lru_alone:.1}, cache {cache_alone:.1}");
    println!("  two threads: lru behind a mutex {lru:.1}, cache {cache:.1}");
    let said = format!("{ratio:.1} times");
    let promise = format!("two threads at {keys} keys at least 4 times lru behind a mutex");
    tell(&promise, &said, ratio >= 4.0);
}

/// The keys of a round, other ones in each until all have had their turn, and whether they are met warm, as those of a
/// cache that fits into the processor's are.
fn part<T>(keys: &[T], round: usize) -> (&[T], bool) {
    let mut parts = keys.chunks_exact(2 * LOOK_UPS);
    let count = parts.len();
    let part = parts.nth(round % count).expect("there are keys");
    (part, keys.len() <= 10_000)
}

/// Million look-ups a second of all threads together; nothing if one of them was disturbed.
fn rate<T: Sync>(
    threads: usize,
    (keys, is_warm): (&[T], bool),
    look_up: impl Fn(&T) -> bool + Sync,
) -> Option<f64> {
    let waiting = AtomicUsize::new(threads);
    let (waiting, look_up) = (&waiting, &look_up);
    let spans: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let start = keys.len() / threads * thread;
                let own = keys.get(start..start + LOOK_UPS).expect("there are keys");
                scope.spawn(move || {
                    undisturbed(|| {
                        if is_warm {
                            for key in own {
                                look_up(key);
                            }
                        }
                        // Not a barrier, which would put the threads to sleep and wake them one after the other.
                        waiting.fetch_sub(1, Ordering::AcqRel);
                        while waiting.load(Ordering::Acquire) > 0 {
                            std::hint::spin_loop();
                        }
                        let start = Instant::now();
                        let hits = own.iter().filter(|key| look_up(key)).count();
                        let end = Instant::now();
                        assert_eq!(hits, LOOK_UPS, "every look-up hits");
                        (start, end)
                    })
                })
            })
            .collect();
        let join =
            |worker: ScopedJoinHandle<'_, _>| worker.join().expect("a thread that looked up");
        workers.into_iter().filter_map(join).collect()
    });
    if spans.len() < threads {
        return None;
    }
    let start = spans.iter().map(|(start, _)| *start).min()?;
    let end = spans.iter().map(|(_, end)| *end).max()?;
    Some(number(threads * LOOK_UPS) / (end - start).as_secs_f64() / 1e6)
}
