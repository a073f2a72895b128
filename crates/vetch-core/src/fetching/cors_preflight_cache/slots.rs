//! What a shard keeps of its keys beside their lines, and which of them makes room.
//! In: keys, their entries and owners. Out: the line of a key, and which key goes when all slots are taken.
//! Differs: the Standard has no bound.
//!
//! The lines are where the table has put them, and what readers see of a key is there. Here are the keys in the order in
//! which a clock's hand passes them: when room is needed it goes round, takes from their lines the marks of use, and
//! stops at a key that was not used since it passed last: CLOCK. That is the least recently used key to within one round
//! of the hand. A list in the order of use (as `lru` keeps) has three neighbours to rewrite on each hit, all of them cache
//! misses in a large cache, and readers could not write them without a lock.

use slab::Slab;

use super::inline_entries::InlineEntries;
use super::keys::{CacheKey, Owner};
use super::line::{Content, EntryWords, Line};
use super::packed_entries::{PackedEntries, pack};
use super::shares::{OriginNumber, OriginText, Shares};
use super::table::{Place, Table};
use crate::time::Timestamp;

/// Keys of a bounded number. Each function gets the table where their lines are, and is called under the shard's lock;
/// those that change something, by [`Snapshots::change`](super::snapshots::Snapshots::change).
pub(super) struct Slots {
    /// A key's number here is the rank that its line tells.
    kept: Vec<Slot>,
    /// The URL of each slot, where they are kept.
    urls: Option<Vec<Option<Box<str>>>>,
    /// Entries that are too long for their lines, which tell their numbers.
    long_entries: Slab<Box<[u8]>>,
    shares: Shares,
    /// The slot that is looked at next when room is needed.
    hand: usize,
    capacity: usize,
}

struct Slot {
    place: Place,
    origin: OriginNumber,
}

/// What a key comes with when it is kept for the first time.
pub(super) struct Newcomer {
    pub(super) key: CacheKey,
    pub(super) entries: Vec<u8>,
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

/// A key that is kept, to look at.
pub(super) struct KeptKey<'a> {
    pub(super) key: CacheKey,
    pub(super) entries: Entries<'a>,
    /// Owner and URL, where they are kept.
    pub(super) text: Option<(&'a OriginText, &'a str)>,
}

/// The packed entries of a line, wherever they are.
pub(super) enum Entries<'a> {
    Inline(InlineEntries),
    Long(&'a [u8]),
}

/// No more, so that lines and slots have 32-bit numbers.
const MOST_KEYS: usize = (u32::MAX / 2) as usize;

impl Slots {
    /// Room for that many keys, which is taken only as they come.
    pub(super) fn new(capacity: usize, keeps_texts: bool) -> Self {
        Self {
            kept: Vec::new(),
            urls: keeps_texts.then(Vec::new),
            long_entries: Slab::new(),
            shares: Shares::default(),
            hand: 0,
            capacity: capacity.min(MOST_KEYS),
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The entries that a line tells.
    pub(super) fn entries(&self, line: &Line) -> Entries<'_> {
        let words = line.entries();
        let number = InlineEntries::number_elsewhere(words);
        match number.and_then(|number| self.long_entries.get(number)) {
            Some(bytes) => Entries::Long(bytes),
            None => Entries::Inline(InlineEntries::of_words(words)),
        }
    }

    /// Keep other entries for a key.
    pub(super) fn set_entries(&mut self, line: &Line, packed: Vec<u8>) {
        self.forget_entries(line);
        line.set_entries(self.place_entries(packed));
    }

    /// Keep a key that is not kept yet.
    pub(super) fn insert(
        &mut self,
        table: &Table,
        newcomer: Newcomer,
        now: Timestamp,
    ) -> Admission {
        if self.kept.len() < self.capacity {
            let pushed = self.push(table, newcomer);
            return pushed.map_or(Admission::Refused, |()| Admission::Kept);
        }
        let next = self.next_to_go(table, now);
        let replaced = next.and_then(|rank| self.replace(table, rank, newcomer));
        replaced.map_or(Admission::Refused, |()| Admission::KeptForAnother)
    }

    /// Remove a key, if it is kept; the last slot takes the place of its slot.
    pub(super) fn remove(&mut self, table: &Table, key: &CacheKey) {
        if let Some(line) = table.find(key) {
            self.remove_slot(table, line.rank() as usize);
        }
    }

    /// Remove expired entries, and keys without entries.
    pub(super) fn remove_expired(&mut self, table: &Table, now: Timestamp) {
        // From the last to the first, as a slot that is vacated is filled with the last.
        for rank in (0..self.kept.len()).rev() {
            let line = self.line(table, rank);
            match line.map(|line| (line, self.entries(line))) {
                Some((line, entries)) if entries.read().are_live(now) => {
                    if !entries.read().are_all_live(now) {
                        let left = pack(entries.read().live(now).collect());
                        self.set_entries(line, left);
                    }
                }
                _ => self.remove_slot(table, rank),
            }
        }
    }

    pub(super) fn clear(&mut self, table: &Table) {
        table.clear();
        *self = Self::new(self.capacity, self.urls.is_some());
    }

    /// Each key with its entries, and the texts of its owner and URL where they are kept.
    pub(super) fn iter<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = KeptKey<'a>> {
        self.kept.iter().enumerate().filter_map(|(rank, slot)| {
            let line = table.line(slot.place)?;
            let url = self.urls.as_ref().and_then(|urls| urls.get(rank));
            let url = url.and_then(Option::as_deref);
            Some(KeptKey {
                key: CacheKey::of_words(line.key()),
                entries: self.entries(line),
                text: self.shares.text(slot.origin).zip(url),
            })
        })
    }

    /// The hand goes on to the next slot whose key may go: one that has expired, or one that was not used since the hand
    /// passed and whose owner keeps no less than an equal share.
    ///
    /// Two rounds find one, as the first takes all marks away and some owner always has an equal share. What a round
    /// passes over it need not pass again before as many others went, so a hand moves few slots a key on average. Should
    /// readers set marks as fast as it takes them away, the newcomer is refused.
    fn next_to_go(&mut self, table: &Table, now: Timestamp) -> Option<usize> {
        for _ in 0..2 * self.kept.len() {
            let rank = self.hand % self.kept.len();
            self.hand = rank + 1;
            let line = self.line(table, rank)?;
            if !self.entries(line).read().are_live(now) {
                return Some(rank);
            }
            let was_used = line.take_mark();
            if !was_used && self.shares.may_give(self.kept.get(rank)?.origin) {
                return Some(rank);
            }
        }
        None
    }

    fn push(&mut self, table: &Table, newcomer: Newcomer) -> Option<()> {
        table.reserve(self.kept.len(), |rank, place| {
            if let Some(slot) = self.kept.get_mut(rank as usize) {
                slot.place = place;
            }
        });
        self.reserve();
        let rank = self.kept.len();
        let (slot, url) = self.admit(table, rank, newcomer)?;
        self.kept.push(slot);
        if let Some(urls) = &mut self.urls {
            urls.push(url);
        }
        Some(())
    }

    /// Room for one slot more, and by halves of what there is, so that no more than a third is ever empty.
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

    fn replace(&mut self, table: &Table, rank: usize, newcomer: Newcomer) -> Option<()> {
        let (slot, url) = self.admit(table, rank, newcomer)?;
        let gone = std::mem::replace(self.kept.get_mut(rank)?, slot);
        self.forget(table, &gone);
        if let Some(old) = self.urls.as_mut().and_then(|urls| urls.get_mut(rank)) {
            *old = url;
        }
        Some(())
    }

    /// The newcomer gets a line, and its owner keeps one key more; nothing if that cannot be.
    fn admit(
        &mut self,
        table: &Table,
        rank: usize,
        newcomer: Newcomer,
    ) -> Option<(Slot, Option<Box<str>>)> {
        let origin = self.shares.join(newcomer.owner, self.urls.is_some())?;
        let place = table.insert(Content {
            key: newcomer.key.words(),
            entries: self.place_entries(newcomer.entries),
            rank: u32::try_from(rank).ok()?,
            is_used: false,
        })?;
        Some((Slot { place, origin }, newcomer.url))
    }

    fn remove_slot(&mut self, table: &Table, rank: usize) {
        if rank < self.kept.len() {
            let gone = self.kept.swap_remove(rank);
            self.forget(table, &gone);
            if let (Some(line), Ok(rank)) = (self.line(table, rank), u32::try_from(rank)) {
                line.set_rank(rank);
            }
            if let Some(urls) = &mut self.urls {
                urls.swap_remove(rank);
            }
        }
    }

    /// The line of a slot that has gone, and its owner's share, are others' to take.
    fn forget(&mut self, table: &Table, gone: &Slot) {
        if let Some(line) = table.line(gone.place) {
            self.forget_entries(line);
        }
        table.remove(gone.place);
        self.shares.leave(gone.origin);
    }

    fn forget_entries(&mut self, line: &Line) {
        if let Some(number) = InlineEntries::number_elsewhere(line.entries()) {
            self.long_entries.try_remove(number);
        }
    }

    /// What a line tells of these entries, which are put elsewhere if they are too long.
    fn place_entries(&mut self, packed: Vec<u8>) -> EntryWords {
        match InlineEntries::of(&packed) {
            Some(inline) => inline.words(),
            None => InlineEntries::elsewhere(self.long_entries.insert(packed.into())),
        }
    }

    fn line<'a>(&self, table: &'a Table, rank: usize) -> Option<&'a Line> {
        table.line(self.kept.get(rank)?.place)
    }
}

impl Entries<'_> {
    pub(super) fn read(&self) -> PackedEntries<'_> {
        match self {
            Self::Inline(inline) => inline.read(),
            Self::Long(bytes) => PackedEntries::new(bytes),
        }
    }
}
