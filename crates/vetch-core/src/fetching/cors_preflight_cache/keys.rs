//! Keys of the CORS-preflight cache · fetch.spec.whatwg.org/#concept-cache
//! In: a request. Out: what every entry of that partition, origin and URL is found under.
//! Differs: the three parts are kept as one keyed 128-bit hash; their texts only for inspection.

use std::hash::{Hash, Hasher};

use siphasher::sip128::{Hasher128, SipHasher13};

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
pub struct CacheKey {
    place: u64,
    rest: u64,
}

impl CacheKey {
    /// Nothing is allocated, whether a redirect tainted the origin or not.
    pub(super) fn of(request: &Request, mut hasher: SipHasher13) -> Self {
        let origin = request.byte_serialized_origin();
        let parts = [
            request.network_partition_key().as_str().as_bytes(),
            origin.as_bytes(),
            request.current_url().as_str().as_bytes(),
        ];
        for part in parts {
            // The length goes first, so that no two requests spell the same bytes with their parts cut elsewhere.
            hasher.write_u64(part.len() as u64);
            hasher.write(part);
        }
        let hash = hasher.finish128();
        Self {
            place: hash.h1,
            rest: hash.h2,
        }
    }

    /// A number that the place in a shard's map does not depend on.
    pub(super) fn shard_number(self) -> usize {
        let [first, ..] = self.rest.to_le_bytes();
        usize::from(first)
    }
}

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.place);
    }
}

/// Gives a [`CacheKey`] its own bits: they are a keyed hash already.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, place: u64) {
        self.0 = place;
    }

    fn write(&mut self, bytes: &[u8]) {
        // No key gets here; any other would still be spread.
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

impl KeyText {
    /// Nothing when the URL is longer than [`KEPT_URL_LIMIT`].
    pub(super) fn of(request: &Request) -> Option<Self> {
        let url = request.current_url().as_str();
        (url.len() <= KEPT_URL_LIMIT).then(|| Self {
            network_partition_key: request.network_partition_key().clone(),
            origin: request.byte_serialized_origin(),
            url: url.into(),
        })
    }
}
