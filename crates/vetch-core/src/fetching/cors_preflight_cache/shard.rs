//! One shard of the CORS-preflight cache: lines that are read without a lock, and what only its holder touches.
//! In: questions and answers. Out: whether the kept entries allow what is asked.
//! Differs: nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::apart::Apart;
use super::entries::{CredentialsFlag, Entries, PreflightAnswer};
use super::exported_entries::{ExportedEntry, export};
use super::inline_entries::InlineEntries;
use super::keys::{CacheKey, Owner};
use super::matches::{Asked, CacheAnswer};
use super::packed_entries::{Grant, PackedEntries};
use super::slots::{Admission, Newcomer, Slots};
use super::snapshots::Snapshots;
use super::table::Table;
use crate::time::Timestamp;

/// Keys with their entries, on cache lines of their own.
pub(super) struct Shard {
    /// What a look-up reads.
    table: Apart<Snapshots<Table>>,
    /// Who changes the table holds this lock, and so does who reads or changes anything else.
    keys: Apart<Mutex<Keys>>,
}

/// What a shard keeps of its keys beside their lines, and what was done with them under the lock.
struct Keys {
    statistics: PreflightCacheStatistics,
    slots: Slots,
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

/// What a look without the lock finds.
pub(super) enum Look {
    /// All that was asked is allowed.
    AllIsAllowed,
    /// The key is not kept.
    NothingIsKept,
    /// Neither is certain.
    Unclear,
}

/// An answer that is to be kept.
pub(super) struct Arrival<'a> {
    pub(super) answer: &'a PreflightAnswer<'a>,
    pub(super) credentials: CredentialsFlag,
    pub(super) now: Timestamp,
    /// What becomes of the entries there are.
    pub(super) earlier: Earlier,
}

/// The entries of a key that an answer finds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// The Standard refreshes them.
    Refreshed,
    /// They are removed first.
    Removed,
}

impl Shard {
    pub(super) fn new(capacity: usize, keeps_texts: bool) -> Self {
        let slots = Slots::new(capacity, keeps_texts);
        let table = Table::new(slots.capacity());
        let statistics = PreflightCacheStatistics::default();
        Self {
            table: Apart(Snapshots::new(table)),
            keys: Apart(Mutex::new(Keys { statistics, slots })),
        }
    }

    /// What is certain without the lock. If nothing is, [`answers`](Self::answers) tells: a key of the shard is being
    /// changed, or the line does not show that everything is allowed.
    ///
    /// Mostly common tokens are asked for that came on the same terms: two words. So it comes to few instructions, and the
    /// processor begins with the next look-up while this one waits for memory.
    #[inline]
    pub(super) fn look(&self, key: &CacheKey, asked: &Asked<'_, '_>) -> Look {
        let Some(tokens) = asked.question.common_tokens() else {
            return self.look_in_full(key, asked);
        };
        let found = self.table.0.read(|table| {
            let line = table.find(key)?;
            Some((line, line.first_entry_words()))
        });
        match found {
            Some(Some((line, words))) if asked.is_allowed_by(Grant::of_words(words), tokens) => {
                line.mark_as_used();
                Look::AllIsAllowed
            }
            Some(Some(_)) => self.look_in_full(key, asked),
            Some(None) => Look::NothingIsKept,
            None => Look::Unclear,
        }
    }

    /// The same, of all the words that a line has for entries: those of tokens that are spelt out, and of other terms.
    #[inline(never)]
    fn look_in_full(&self, key: &CacheKey, asked: &Asked<'_, '_>) -> Look {
        let found = self.table.0.read(|table| {
            let line = table.find(key)?;
            Some((line, line.entries()))
        });
        match found {
            Some(Some((line, words)))
                if asked.is_allowed(InlineEntries::of_words(words).read()) =>
            {
                line.mark_as_used();
                Look::AllIsAllowed
            }
            Some(None) => Look::NothingIsKept,
            Some(Some(_)) | None => Look::Unclear,
        }
    }

    /// Which parts of the question no entry matches.
    #[inline(never)]
    pub(super) fn answers<'a>(&self, key: &CacheKey, asked: &Asked<'a, '_>) -> CacheAnswer<'a> {
        let mut keys = self.lock();
        let table = self.table.0.unchanging();
        let Some(line) = table.find(key) else {
            keys.statistics.misses += 1;
            return asked.question.missed();
        };
        line.mark_as_used();
        let entries = keys.slots.entries(line);
        let answer = asked.answer(entries.read());
        let are_live = entries.read().are_live(asked.now);
        if answer.is_hit() {
            keys.statistics.hits += 1;
            return answer;
        }
        keys.statistics.misses += 1;
        if !are_live {
            self.table.0.change(|table| keys.slots.remove(table, key));
        }
        answer
    }

    /// Refresh or create entries; who keeps the key, and its URL, are asked for only when it is new.
    pub(super) fn store(
        &self,
        key: &CacheKey,
        arrival: &Arrival<'_>,
        keeper: impl FnOnce() -> (Owner, Option<Box<str>>),
    ) {
        let mut keys = self.lock();
        self.table.0.change(|table| {
            if arrival.earlier == Earlier::Removed {
                keys.slots.remove(table, key);
            }
            keys.store(table, key, arrival, keeper);
        });
    }

    pub(super) fn remove(&self, key: &CacheKey) {
        let mut keys = self.lock();
        self.table.0.change(|table| keys.slots.remove(table, key));
    }

    pub(super) fn remove_expired(&self, now: Timestamp) {
        let mut keys = self.lock();
        let remove_expired = |table| keys.slots.remove_expired(table, now);
        self.table.0.change(remove_expired);
    }

    pub(super) fn clear(&self) {
        let mut keys = self.lock();
        self.table.0.change(|table| keys.slots.clear(table));
    }

    pub(super) fn len(&self) -> usize {
        self.lock().slots.len()
    }

    /// What was done under the lock.
    pub(super) fn statistics(&self) -> PreflightCacheStatistics {
        self.lock().statistics
    }

    /// The entries that can match at `now`, in no order.
    pub(super) fn export(&self, now: Timestamp) -> Vec<ExportedEntry> {
        let keys = self.lock();
        export(keys.slots.iter(self.table.0.unchanging()), now).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Keys> {
        // Every state that a panic could leave behind is one that the cache may be in.
        self.keys.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn store(
        &mut self,
        table: &Table,
        key: &CacheKey,
        arrival: &Arrival<'_>,
        keeper: impl FnOnce() -> (Owner, Option<Box<str>>),
    ) {
        let now = arrival.now;
        let line = table.find(key);
        let kept = line.map(|line| self.slots.entries(line));
        let packed = kept
            .as_ref()
            .map_or(PackedEntries::new(&[]), |kept| kept.read());
        let mut entries = Entries::live(packed, arrival.answer, now);
        let created = entries.store(arrival.answer, arrival.credentials, now);
        let packed = entries.pack();
        if let Some(line) = line {
            line.mark_as_used();
            self.slots.set_entries(line, packed);
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
        let admission = self.slots.insert(table, newcomer, now);
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
