//! The keys of one shard in slots of one cache line each.
//! In: keys, their entries and owners. Out: the slot of a key, and which key makes room when all are taken.
//! Differs: the Standard has no bound.
//!
//! An index says which slot; everything that a hit reads or writes of a key is in that slot, which
//! is a cache line. Not even the order of use is elsewhere. A list of it (as `lru` keeps) has three neighbours to
//! rewrite on each hit, all of them cache misses in a large cache. Here a hit sets a mark in its own slot, and when room is
//! needed a hand goes round the slots, takes marks away, and stops at a key that was not used since the hand passed it
//! last: CLOCK. That is the least recently used key to within one round of the hand.

use super::index::{Index, VACANT};
use super::keys::{CacheKey, Owner};
use super::packed_entries::PackedEntries;
use super::shares::{OriginNumber, OriginText, Shares};
use crate::time::Timestamp;

/// Keys with their entries, of a bounded number; what a look-up reads comes first.
#[repr(C)]
pub(super) struct Slots {
    /// Which slot a key has.
    index: Index,
    kept: Vec<Slot>,
    /// The URL of each slot, where they are kept; a look-up does not touch them.
    urls: Option<Vec<Option<Box<str>>>>,
    shares: Shares,
    /// The slot that is looked at next when room is needed.
    hand: usize,
    capacity: usize,
}

/// All that a look-up needs of one key.
#[repr(align(64))]
pub(super) struct Slot {
    pub(super) key: CacheKey,
    pub(super) entries: PackedEntries,
    origin: OriginNumber,
    /// Whether it was asked for or refreshed since the hand passed.
    is_used: bool,
}

const _: () = assert!(size_of::<Slot>() == 64);

/// What a key comes with when it is kept for the first time.
pub(super) struct Newcomer {
    pub(super) key: CacheKey,
    pub(super) entries: PackedEntries,
    pub(super) owner: Owner,
    /// Nothing when it is too long, or no texts are kept.
    pub(super) url: Option<Box<str>>,
}

/// What became of a newcomer.
pub(super) enum Admission {
    /// There was room.
    Kept,
    /// There is room, since another key went.
    KeptForAnother,
    /// There is none.
    Refused,
}

impl Slots {
    /// Room for that many keys, which is taken only as they come.
    pub(super) fn new(capacity: usize, keeps_texts: bool) -> Self {
        Self {
            index: Index::default(),
            kept: Vec::new(),
            urls: keeps_texts.then(Vec::new),
            shares: Shares::default(),
            hand: 0,
            capacity: capacity.min(VACANT as usize),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The slot of a key, which is marked as used.
    #[inline]
    pub(super) fn use_key(&mut self, key: &CacheKey) -> Option<&mut Slot> {
        let number = self.index.find(key.place(), is_of(key, &self.kept))?;
        let slot = self.kept.get_mut(number as usize)?;
        // A mark that is there is not written again, so that threads can share the line.
        if !slot.is_used {
            slot.is_used = true;
        }
        Some(slot)
    }

    /// Keep a key that is not kept yet.
    pub(super) fn insert(&mut self, newcomer: Newcomer, now: Timestamp) -> Admission {
        if self.kept.len() < self.capacity {
            self.reserve();
            let pushed = self.push(newcomer);
            return pushed.map_or(Admission::Refused, |()| Admission::Kept);
        }
        let next = self.next_to_go(now);
        let replaced = next.and_then(|number| self.replace(number, newcomer));
        replaced.map_or(Admission::Refused, |()| Admission::KeptForAnother)
    }

    /// Remove a key, if it is kept; the last slot takes the place of its slot.
    pub(super) fn remove(&mut self, key: &CacheKey) {
        let Some(listed) = self.unlist(key) else {
            return;
        };
        let number = listed as usize;
        let last = self.kept.last().map(|slot| slot.key);
        let moved = last.filter(|last| last != key);
        if let Some(moved) = &moved {
            self.unlist(moved);
        }
        let gone = self.kept.swap_remove(number);
        if let Some(moved) = moved {
            self.index.insert(moved.place(), listed);
        }
        self.shares.leave(gone.origin);
        if let Some(urls) = &mut self.urls {
            urls.swap_remove(number);
        }
    }

    /// Remove expired entries, and keys without entries.
    pub(super) fn remove_expired(&mut self, now: Timestamp) {
        // From the last to the first, as a slot that is vacated is filled with the last.
        for number in (0..self.kept.len()).rev() {
            let expired = self.kept.get_mut(number).and_then(|slot| {
                slot.entries.remove_expired(now);
                (!slot.entries.are_live(now)).then_some(slot.key)
            });
            if let Some(key) = expired {
                self.remove(&key);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.capacity, self.urls.is_some());
    }

    /// Each key with its entries, and the texts of its owner and URL where they are kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Slot, Option<(&OriginText, &str)>)> {
        self.kept.iter().enumerate().map(|(number, slot)| {
            let url = self.urls.as_ref().and_then(|urls| urls.get(number));
            let url = url.and_then(Option::as_deref);
            (slot, self.shares.text(slot.origin).zip(url))
        })
    }

    /// The hand goes on to the next slot whose key may go: one that has expired, or one that was not used since the hand
    /// passed and whose owner keeps no less than an equal share.
    ///
    /// Two rounds find one, as the first takes all marks away and some owner always has an equal share. What a round
    /// passes over it need not pass again before as many others went, so a hand moves few slots a key on average.
    fn next_to_go(&mut self, now: Timestamp) -> Option<usize> {
        for _ in 0..2 * self.kept.len() {
            let number = self.hand % self.kept.len();
            self.hand = number + 1;
            let slot = self.kept.get_mut(number)?;
            if !slot.entries.are_live(now) {
                return Some(number);
            }
            let was_used = std::mem::take(&mut slot.is_used);
            if !was_used && self.shares.may_give(slot.origin) {
                return Some(number);
            }
        }
        None
    }

    /// Room for one more, and by halves of what there is, so that no more than a third is ever empty.
    fn reserve(&mut self) {
        if self.kept.len() < self.kept.capacity() {
            return;
        }
        let more = (self.kept.len() / 2).max(4);
        let more = more.min(self.capacity - self.kept.len());
        self.kept.reserve_exact(more);
        if let Some(urls) = &mut self.urls {
            urls.reserve_exact(more);
        }
    }

    fn push(&mut self, newcomer: Newcomer) -> Option<()> {
        let number = u32::try_from(self.kept.len()).ok()?;
        let (slot, url) = self.admit(newcomer)?;
        let key = slot.key;
        self.kept.push(slot);
        if let Some(urls) = &mut self.urls {
            urls.push(url);
        }
        self.index.insert(key.place(), number);
        Some(())
    }

    fn replace(&mut self, number: usize, newcomer: Newcomer) -> Option<()> {
        let (slot, url) = self.admit(newcomer)?;
        let key = slot.key;
        let gone = self.kept.get(number)?.key;
        let listed = self.unlist(&gone)?;
        let gone = std::mem::replace(self.kept.get_mut(number)?, slot);
        self.shares.leave(gone.origin);
        if let Some(old) = self.urls.as_mut().and_then(|urls| urls.get_mut(number)) {
            *old = url;
        }
        self.index.insert(key.place(), listed);
        Some(())
    }

    /// The newcomer's owner keeps one key more; nothing if it cannot.
    fn admit(&mut self, newcomer: Newcomer) -> Option<(Slot, Option<Box<str>>)> {
        let origin = self.shares.join(newcomer.owner, self.urls.is_some())?;
        let slot = Slot {
            key: newcomer.key,
            entries: newcomer.entries,
            origin,
            is_used: false,
        };
        Some((slot, newcomer.url))
    }

    /// The index forgets the key, and says which slot it had.
    fn unlist(&mut self, key: &CacheKey) -> Option<u32> {
        self.index.remove(key.place(), is_of(key, &self.kept))
    }
}

/// Whether a slot's number is that of the key.
#[inline]
fn is_of<'a>(key: &'a CacheKey, slots: &'a [Slot]) -> impl Fn(u32) -> bool + 'a {
    |number| {
        slots
            .get(number as usize)
            .is_some_and(|slot| slot.key == *key)
    }
}
