//! Keys of the CORS-preflight cache · fetch.spec.whatwg.org/#concept-cache
//! In: a request. Out: what every entry of that partition, origin and URL is found under, and who keeps them.
//! Differs: the three parts are kept as one keyed 128-bit hash; their texts only for inspection.

use std::hash::{Hash, Hasher};

use siphasher::sip128::{Hasher128, SipHasher13};

use super::line::KeyWords;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::network_partition_keys::NetworkPartitionKey;
use crate::infrastructure::requests::Request;

/// A URL longer than this many bytes is not kept for inspection; its entries are cached all the same.
pub const KEPT_URL_LIMIT: usize = 2_048;

/// Network partition key, byte-serialised origin and URL of a request, hashed with the cache's seed.
///
/// The URL counts with its fragment, since the Standard compares whole URLs.
/// A key means nothing to a cache with another seed.
///
/// fetch.spec.whatwg.org/#concept-cache-match
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CacheKey(KeyedHash);

impl CacheKey {
    /// Nothing is allocated, whether a redirect tainted the origin or not.
    pub(super) fn of(request: &Request, hasher: SipHasher13) -> Self {
        let partition = request.network_partition_key().as_str().as_bytes();
        let origin = request.byte_serialized_origin();
        let url = request.current_url().as_str().as_bytes();
        let owner = Parts::of_owner(hasher, partition, origin.as_bytes());
        Self(owner.with(url).hash())
    }

    /// A number that the place in a shard's table does not depend on.
    pub(super) fn shard_number(self) -> usize {
        let [first, ..] = self.0.rest.to_le_bytes();
        usize::from(first)
    }

    /// What a shard's table keeps of it, which is all of it; by the first it finds its place.
    pub(super) fn words(self) -> KeyWords {
        [self.0.place, self.0.rest]
    }

    /// The key of those words.
    pub(super) fn of_words([place, rest]: KeyWords) -> Self {
        Self(KeyedHash { place, rest })
    }
}

/// Who keeps a key: its partition, and its origin in that partition.
pub(super) struct Owner {
    pub(super) partition: KeyedHash,
    pub(super) origin: KeyedHash,
    pub(super) network_partition_key: NetworkPartitionKey,
    pub(super) origin_text: HeaderValue,
}

impl Owner {
    pub(super) fn of(request: &Request, hasher: SipHasher13) -> Self {
        let network_partition_key = request.network_partition_key().clone();
        let origin_text = request.byte_serialized_origin().clone();
        let partition = network_partition_key.as_str().as_bytes();
        Self {
            partition: Parts(hasher).with(partition).hash(),
            origin: Parts::of_owner(hasher, partition, origin_text.as_bytes()).hash(),
            network_partition_key,
            origin_text,
        }
    }
}

/// A 128-bit hash with the cache's seed: nobody without the seed finds two texts that have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyedHash {
    place: u64,
    rest: u64,
}

/// What is hashed, one part after the other.
#[derive(Clone, Copy)]
struct Parts(SipHasher13);

impl Parts {
    /// Of these two the lengths go first, so that no others of less than 4 GiB spell the same bytes with their parts cut
    /// elsewhere, whatever comes behind them.
    #[inline]
    fn of_owner(hasher: SipHasher13, partition: &[u8], origin: &[u8]) -> Self {
        let lengths = (partition.len() as u64).rotate_left(32) ^ origin.len() as u64;
        let mut parts = Self(hasher);
        parts.0.write_u64(lengths);
        parts.with(partition).with(origin)
    }

    #[inline]
    fn with(mut self, part: &[u8]) -> Self {
        self.0.write(part);
        self
    }

    fn hash(self) -> KeyedHash {
        let hash = self.0.finish128();
        KeyedHash {
            place: hash.h1,
            rest: hash.h2,
        }
    }
}

impl Hash for KeyedHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.place);
    }
}

/// Gives a [`KeyedHash`] its own bits.
#[derive(Default)]
pub(super) struct OwnBits(u64);

impl Hasher for OwnBits {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, place: u64) {
        self.0 = place;
    }

    fn write(&mut self, bytes: &[u8]) {
        // No keyed hash gets here; any other key would still be spread.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}

/// The texts of a key, for inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyText {
    /// The network partition key.
    pub network_partition_key: NetworkPartitionKey,
    /// The byte-serialised origin.
    pub origin: HeaderValue,
    /// The URL with its fragment.
    pub url: Box<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_keyed_hash_is_spread_too() {
        let finish = |bytes: &[u8]| {
            let mut bits = OwnBits::default();
            bits.write(bytes);
            bits.finish()
        };
        assert_ne!(finish(b"ab"), finish(b"ba"));
    }
}
