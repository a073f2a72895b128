//! One key with its entries, as look-ups read them without a lock.
//! In: the words of a key and of its entries. Out: the same, in one cache line.
//! Differs: nothing.
//!
//! A look-up in a large cache pays for each piece of memory that it touches, so all that a hit reads or writes of a key is
//! here. Not even the order of use is elsewhere: a hit sets a mark, if it is not set yet, and the hand of a clock takes
//! it away.

use super::atomics::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// The words of a [`CacheKey`](super::CacheKey).
pub(super) type KeyWords = [u64; 2];

/// The words of [`InlineEntries`](super::inline_entries::InlineEntries).
pub(super) type EntryWords = [u64; 5];

/// The memory of one key; a cache line of the processor's.
#[derive(Default)]
#[repr(align(64))]
pub(super) struct Line {
    key: [AtomicU64; 2],
    entries: [AtomicU64; 5],
    /// The key's number in the order of the clock, for who holds the lock.
    rank: AtomicU32,
    /// Whether it was asked for or refreshed since the hand passed. Readers set it at any time, so that it may come to a
    /// key that has just taken another's place, which is then kept a round longer.
    is_used: AtomicBool,
}

const _: () = assert!(size_of::<Line>() == 64);

/// What a line says, apart from it.
#[derive(Clone, Copy, Default)]
pub(super) struct Content {
    pub(super) key: KeyWords,
    pub(super) entries: EntryWords,
    pub(super) rank: u32,
    pub(super) is_used: bool,
}

impl Line {
    #[inline]
    pub(super) fn key(&self) -> KeyWords {
        self.key.each_ref().map(load)
    }

    /// The words of the first grant, which are all that most hits need.
    #[inline]
    pub(super) fn first_entry_words(&self) -> [u64; 2] {
        let [first, second, ..] = &self.entries;
        [load(first), load(second)]
    }

    #[inline]
    pub(super) fn entries(&self) -> EntryWords {
        self.entries.each_ref().map(load)
    }

    /// It is no key's any more, and grants nothing, as before its first: no key's words are zeros, but for one of 2^128.
    pub(super) fn vacate(&self) {
        self.set(Content::default());
    }

    pub(super) fn rank(&self) -> u32 {
        self.rank.load(Ordering::Relaxed)
    }

    /// A mark that is there is not written again, so that threads can share the line.
    #[inline]
    pub(super) fn mark_as_used(&self) {
        if !self.is_used.load(Ordering::Relaxed) {
            self.is_used.store(true, Ordering::Relaxed);
        }
    }

    /// Whether there was a mark.
    pub(super) fn take_mark(&self) -> bool {
        let was_used = self.is_used.load(Ordering::Relaxed);
        self.is_used.store(false, Ordering::Relaxed);
        was_used
    }

    pub(super) fn set_entries(&self, entries: EntryWords) {
        store(&self.entries, entries);
    }

    pub(super) fn set_rank(&self, rank: u32) {
        self.rank.store(rank, Ordering::Relaxed);
    }

    pub(super) fn content(&self) -> Content {
        Content {
            key: self.key(),
            entries: self.entries(),
            rank: self.rank(),
            is_used: self.is_used.load(Ordering::Relaxed),
        }
    }

    pub(super) fn set(&self, content: Content) {
        store(&self.key, content.key);
        store(&self.entries, content.entries);
        self.set_rank(content.rank);
        self.is_used.store(content.is_used, Ordering::Relaxed);
    }
}

#[inline]
fn load(word: &AtomicU64) -> u64 {
    word.load(Ordering::Relaxed)
}

fn store<const WORDS: usize>(to: &[AtomicU64; WORDS], words: [u64; WORDS]) {
    for (to, word) in to.iter().zip(words) {
        to.store(word, Ordering::Relaxed);
    }
}
