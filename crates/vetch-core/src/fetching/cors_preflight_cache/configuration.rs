//! How a CORS-preflight cache is made.
//! In: its bound, its seed and whether it shows its keys. Out: the configuration.
//! Differs: the Standard's cache has no bound.

/// How a [`PreflightCache`](super::PreflightCache) is made.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct PreflightCacheConfig {
    /// How many keys are kept at most; each is one partition, origin and URL. 10 000 unless told. Zero keeps nothing.
    ///
    /// Full of ordinary answers, 10 000 keys take one or two megabytes. A key takes 11 KiB at most, so that servers that
    /// answer as long as they may to URLs of 2 048 bytes can make it 110 megabytes; [`Inspection::Discard`]
    /// takes a fifth of it away.
    ///
    /// From [`SHARDED_FROM`] on, each shard keeps its part of them, and evicts when that part is full.
    pub capacity: usize,
    /// Secret of the hash under which keys are kept. Without it a page cannot make URLs that collide.
    ///
    /// The default is a fixed seed, for tests: an agent that meets foreign pages gives a random one.
    pub seed: [u8; 16],
    /// Whether the texts of keys are kept.
    pub inspection: Inspection,
}

/// Whether partition, origin and URL are kept as text for [`PreflightCache::export`](super::PreflightCache::export).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Inspection {
    /// They are.
    #[default]
    Keep,
    /// Only their hash is.
    Discard,
}

/// The capacity from which on the keys are spread over [`SHARDS`] locks.
pub const SHARDED_FROM: usize = 1_024;

/// How many locks, for all but hits, a cache of [`SHARDED_FROM`] keys or more has.
pub const SHARDS: usize = 16;

impl PreflightCacheConfig {
    /// Keep at most that many keys.
    #[must_use]
    pub fn with_capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Hash keys with that secret.
    #[must_use]
    pub fn with_seed(mut self, seed: [u8; 16]) -> Self {
        self.seed = seed;
        self
    }

    /// Keep or discard the texts of keys.
    #[must_use]
    pub fn with_inspection(mut self, inspection: Inspection) -> Self {
        self.inspection = inspection;
        self
    }

    /// The capacity of each shard.
    pub(super) fn shard_capacities(&self) -> impl Iterator<Item = usize> {
        let capacity = self.capacity;
        let shards = if capacity < SHARDED_FROM { 1 } else { SHARDS };
        (0..shards).map(move |shard| capacity / shards + usize::from(shard < capacity % shards))
    }
}

impl Default for PreflightCacheConfig {
    fn default() -> Self {
        Self {
            capacity: 10_000,
            seed: *b"vetch test seed.",
            inspection: Inspection::Keep,
        }
    }
}

impl std::fmt::Debug for PreflightCacheConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreflightCacheConfig")
            .field("capacity", &self.capacity)
            .field("seed", &format_args!("(hidden)"))
            .field("inspection", &self.inspection)
            .finish()
    }
}
