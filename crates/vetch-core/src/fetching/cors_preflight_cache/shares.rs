//! Fair shares of the CORS-preflight cache: whose keys may make room for others.
//! In: who keeps each key. Out: whether its owner keeps no less than an equal share.
//! Differs: the Standard has no bound, and so nobody who is evicted.
//!
//! Without them a page that fetches unique URLs would evict all that other sites have learnt. A key makes room only if
//! its partition keeps at least an equal share of the keys among the partitions there are, and its origin an equal
//! share of these among the partition's origins. The partition comes first because an origin is made at will, as a
//! subdomain or as a frame, while the site in the address bar is not.
//!
//! Somebody always keeps an equal share or more, so there is always a key that may go; and a single page has the whole
//! cache until others come.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use slab::Slab;

use super::keys::{KeyedHash, OwnBits, Owner};
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::network_partition_keys::NetworkPartitionKey;

/// Who keeps how many keys.
#[derive(Default)]
pub(super) struct Shares {
    keys: usize,
    partitions: Numbered<Partition>,
    origins: Numbered<Origin>,
}

/// An origin in a partition, as long as it keeps a key.
#[derive(Clone, Copy)]
pub(super) struct OriginNumber(u32);

struct Partition {
    hash: KeyedHash,
    keys: usize,
    origins: usize,
}

struct Origin {
    hash: KeyedHash,
    keys: usize,
    /// The number of its partition.
    partition: usize,
    text: Option<OriginText>,
}

/// What an export says of the owner of a key.
#[derive(Clone)]
pub(super) struct OriginText {
    pub(super) network_partition_key: NetworkPartitionKey,
    pub(super) origin: HeaderValue,
}

/// Things that are found by hash and by number.
struct Numbered<T> {
    numbers: HashMap<KeyedHash, usize, BuildHasherDefault<OwnBits>>,
    things: Slab<T>,
}

impl Shares {
    /// Whether a key of that owner may make room for another.
    pub(super) fn may_give(&self, origin: OriginNumber) -> bool {
        let partition_of = |origin: &Origin| self.partitions.things.get(origin.partition);
        let owner = self.origin(origin);
        let owner = owner.and_then(|origin| Some((origin, partition_of(origin)?)));
        owner.is_none_or(|(origin, partition)| {
            partition.keys * self.partitions.things.len() >= self.keys
                && origin.keys * partition.origins >= partition.keys
        })
    }

    /// The owner keeps one key more; nothing when there are too many owners to number, and the key is not kept.
    pub(super) fn join(&mut self, owner: Owner, keeps_text: bool) -> Option<OriginNumber> {
        let (origin, is_new) = match self.origins.numbers.get(&owner.origin) {
            Some(number) => (*number, false),
            None => (self.origins.things.vacant_key(), true),
        };
        let number = OriginNumber(u32::try_from(origin).ok()?);
        if is_new {
            let partition = self.partitions.number(owner.partition, Partition::new);
            if let Some(partition) = self.partitions.things.get_mut(partition) {
                partition.origins += 1;
            }
            self.origins.number(owner.origin, |hash| Origin {
                hash,
                keys: 0,
                partition,
                text: keeps_text.then_some(OriginText {
                    network_partition_key: owner.network_partition_key,
                    origin: owner.origin_text,
                }),
            });
        }
        self.keys += 1;
        let origin = self.origins.things.get_mut(origin)?;
        origin.keys += 1;
        let partition = self.partitions.things.get_mut(origin.partition)?;
        partition.keys += 1;
        Some(number)
    }

    /// The owner keeps one key less; nothing for an owner that is not here.
    pub(super) fn leave(&mut self, OriginNumber(number): OriginNumber) -> Option<()> {
        let number = number as usize;
        let origin = self.origins.things.get_mut(number)?;
        let partition = self.partitions.things.get_mut(origin.partition)?;
        self.keys -= 1;
        origin.keys -= 1;
        partition.keys -= 1;
        let (is_last_of_origin, is_last_of_partition) = (origin.keys == 0, partition.keys == 0);
        partition.origins -= usize::from(is_last_of_origin);
        let (origin_hash, partition_number) = (origin.hash, origin.partition);
        let partition_hash = partition.hash;
        if is_last_of_origin {
            self.origins.remove(number, origin_hash);
        }
        if is_last_of_partition {
            self.partitions.remove(partition_number, partition_hash);
        }
        Some(())
    }

    /// The owner's texts, where they are kept.
    pub(super) fn text(&self, origin: OriginNumber) -> Option<&OriginText> {
        self.origin(origin)?.text.as_ref()
    }

    fn origin(&self, OriginNumber(number): OriginNumber) -> Option<&Origin> {
        self.origins.things.get(number as usize)
    }
}

impl Partition {
    fn new(hash: KeyedHash) -> Self {
        Self {
            hash,
            keys: 0,
            origins: 0,
        }
    }
}

impl<T> Numbered<T> {
    /// The number of the thing of that hash, which is made where there is none.
    fn number(&mut self, hash: KeyedHash, new: impl FnOnce(KeyedHash) -> T) -> usize {
        let things = &mut self.things;
        *self
            .numbers
            .entry(hash)
            .or_insert_with(|| things.insert(new(hash)))
    }

    fn remove(&mut self, number: usize, hash: KeyedHash) {
        self.numbers.remove(&hash);
        self.things.try_remove(number);
    }
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::default(),
            things: Slab::new(),
        }
    }
}
