//! The atomics of the CORS-preflight cache.
//! In: nothing. Out: the standard library's.
//! Differs: nothing. From one place, so that `tests/snapshots.rs` can put those of a model in their stead.

pub(super) use std::sync::atomic::{
    AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};
