//! One shard of the CORS-preflight cache: keys behind a lock, and what was done with them.
//! In: questions and answers. Out: whether the kept entries allow what is asked.
//! Differs: nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::entries::{CredentialsFlag, Entries, PreflightAnswer};
use super::keys::{CacheKey, Owner};
use super::matches::{Asked, CacheAnswer};
use super::packed_entries::PackedEntries;
use super::slots::{Admission, Newcomer, Slots};
use crate::time::Timestamp;

/// Keys with their entries behind a lock, on cache lines of their own.
#[repr(align(128))]
pub(super) struct Shard(Mutex<Keys>);

/// The keys of a shard.
///
/// In this order, what a hit writes is one cache line with the lock, which threads hand to each other; the line after it
/// they only read.
#[repr(C)]
pub(super) struct Keys {
    pub(super) statistics: PreflightCacheStatistics,
    pub(super) slots: Slots,
}

/// What a cache did since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PreflightCacheStatistics {
    /// Questions answered from the cache. A question that asks nothing is not counted.
    pub hits: u64,
    /// Questions that need a preflight.
    pub misses: u64,
    /// Entries created; a refresh creates none.
    pub insertions: u64,
    /// Keys that made room for others, with all their entries.
    pub evictions: u64,
}

/// An answer that is to be kept.
pub(super) struct Arrival<'a> {
    pub(super) answer: &'a PreflightAnswer<'a>,
    pub(super) credentials: CredentialsFlag,
    pub(super) now: Timestamp,
}

impl Shard {
    pub(super) fn new(slots: Slots) -> Self {
        Self(Mutex::new(Keys {
            statistics: PreflightCacheStatistics::default(),
            slots,
        }))
    }

    #[inline]
    pub(super) fn lock(&self) -> MutexGuard<'_, Keys> {
        // Every state that a panic could leave behind is one that the cache may be in.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    pub(super) fn answers(&mut self, key: &CacheKey, asked: Asked<'_>) -> CacheAnswer {
        let Some(slot) = self.slots.use_key(key) else {
            self.statistics.misses += 1;
            return asked.answer(&PackedEntries::default());
        };
        let answer = asked.answer(&slot.entries);
        if answer.is_hit() {
            self.statistics.hits += 1;
            return answer;
        }
        self.statistics.misses += 1;
        if !slot.entries.are_live(asked.now) {
            self.slots.remove(key);
        }
        answer
    }

    /// Refresh or create entries; who keeps the key, and its URL, are asked for only when it is new.
    pub(super) fn store(
        &mut self,
        key: &CacheKey,
        arrival: &Arrival<'_>,
        keeper: impl FnOnce() -> (Owner, Option<Box<str>>),
    ) {
        let now = arrival.now;
        let kept = self.slots.use_key(key).map(|slot| &mut slot.entries);
        let mut entries = Entries::live(kept.as_deref(), now);
        let created = entries.store(arrival.answer, arrival.credentials, now);
        let packed = entries.pack();
        if let Some(kept) = kept {
            *kept = packed;
            self.statistics.insertions += created;
            return;
        }
        if created == 0 {
            return;
        }
        let (owner, url) = keeper();
        let newcomer = Newcomer {
            key: *key,
            entries: packed,
            owner,
            url,
        };
        let admission = self.slots.insert(newcomer, now);
        self.statistics.insertions += match admission {
            Admission::Kept | Admission::KeptForAnother => created,
            Admission::Refused => 0,
        };
        self.statistics.evictions += u64::from(matches!(admission, Admission::KeptForAnother));
    }
}

impl PreflightCacheStatistics {
    /// Those of another shard on top.
    #[must_use]
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            insertions: self.insertions + other.insertions,
            evictions: self.evictions + other.evictions,
        }
    }
}
