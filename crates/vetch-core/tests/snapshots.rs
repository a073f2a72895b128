//! The preflight cache's reads without a lock, in every order of the threads that the memory model allows.
//!
//! It is the very file that the cache has, with loom's atomics in the place of the standard library's.

/// What the file takes from `super`.
mod atomics {
    pub(super) use loom::sync::atomic::{AtomicU64, Ordering, fence};
}

#[path = "../src/fetching/cors_preflight_cache/snapshots.rs"]
mod snapshots;

use std::panic::AssertUnwindSafe;

use loom::sync::{Arc, Mutex};
use loom::thread;

use atomics::{AtomicU64, Ordering};
use snapshots::Snapshots;

/// Two words that are always changed together.
type Pair = [AtomicU64; 2];

fn pair() -> Arc<Snapshots<Pair>> {
    Arc::new(Snapshots::new([AtomicU64::new(0), AtomicU64::new(0)]))
}

fn read(pair: &Pair) -> [u64; 2] {
    pair.each_ref().map(|word| word.load(Ordering::Relaxed))
}

fn set(pair: &Pair, to: u64) {
    for word in pair {
        word.store(to, Ordering::Relaxed);
    }
}

/// The reader is the thread that did not make the words, as loom shows the other one only new ones.
#[test]
fn what_is_read_is_of_one_moment() {
    loom::model(|| {
        let shared = pair();
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                if let Some([first, second]) = shared.read(read) {
                    assert_eq!(first, second);
                }
            }
        });
        shared.change(|pair| set(pair, 1));
        reader.join().unwrap();
        assert_eq!(shared.read(read), Some([1, 1]));
    });
}

#[test]
fn what_two_threads_change_under_a_lock_is_read_whole() {
    loom::model(|| {
        let shared = Arc::new((Mutex::new(()), pair()));
        let change = {
            let shared = Arc::clone(&shared);
            move |to| {
                let _lock = shared.0.lock().unwrap();
                shared.1.change(|pair| set(pair, to));
            }
        };
        let other = thread::spawn({
            let change = change.clone();
            move || change(1)
        });
        change(2);
        if let Some([first, second]) = shared.1.read(read) {
            assert_eq!(first, second);
            assert_ne!(first, 0, "its own change, or one after it, is seen");
        }
        other.join().unwrap();
        assert!(shared.1.read(read).is_some());
    });
}

#[test]
fn a_change_that_has_ended_is_seen_by_whoever_heard_of_it() {
    loom::model(|| {
        let shared = pair();
        let ended = Arc::new(AtomicU64::new(0));
        let writer = thread::spawn({
            let (shared, ended) = (Arc::clone(&shared), Arc::clone(&ended));
            move || {
                shared.change(|pair| set(pair, 1));
                ended.store(1, Ordering::Release);
            }
        });
        if ended.load(Ordering::Acquire) == 1 {
            assert_eq!(shared.read(read), Some([1, 1]));
        }
        writer.join().unwrap();
    });
}

#[test]
fn a_reader_that_overlaps_a_change_falls_back() {
    loom::model(|| {
        let shared = pair();
        shared.change(|pair| {
            set(pair, 1);
            assert_eq!(shared.read(read), None, "it began after the change did");
        });
        let overlapped = shared.read(|pair| {
            let found = read(pair);
            shared.change(|pair| set(pair, 2));
            found
        });
        assert_eq!(overlapped, None, "it began before the change did");
        assert_eq!(read(shared.unchanging()), [2, 2]);
    });
}

#[test]
fn after_a_change_that_panicked_readers_fall_back_until_another_has_ended() {
    loom::model(|| {
        let shared = pair();
        let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
            shared.change(|pair| {
                pair[0].store(1, Ordering::Relaxed);
                std::panic::resume_unwind(Box::new(()));
            });
        }));
        assert!(panicked.is_err());
        assert_eq!(shared.read(read), None);
        shared.change(|pair| set(pair, 2));
        assert_eq!(shared.read(read), Some([2, 2]));
    });
}
