//! CORS-preflight cache · fetch.spec.whatwg.org/#cors-preflight-cache
//! In: requests, what preflight answers allow, and the time. Out: whether a request may go without a preflight.
//! Differs: a `*` from a credentialed preflight is literal; a refresh touches its own entry only and restarts its age; keys and entries are bounded.
//!
//! The cache never allows more than one of the answers stored in it would allow now. It may always allow less:
//! whatever is not kept costs a preflight and nothing else.
//!
//! It is shared by reference between threads. A look-up takes one lock of one shard, reads the few entries of one
//! key and allocates nothing when it hits, however full the cache is.

mod entries;
mod keys;

pub use entries::{
    CacheAnswer, CredentialsFlag, EntryToken, HEADER_NAMES_PER_KEY, METHODS_PER_KEY,
    PreflightAnswer, Question, TOKEN_LIMIT,
};
pub use keys::{CacheKey, KEPT_URL_LIMIT, KeyText};

use std::hash::BuildHasherDefault;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use siphasher::sip128::SipHasher13;

use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::requests::{CacheMode, RedirectTaint, Request};
use crate::profile::{
    CacheClearing, CacheModesPast, CacheRefresh, CachedHead, CachedWildcards, DeniedAnswers,
    NullOrigins, PreflightCacheRules,
};
use crate::time::Timestamp;
use entries::{Asked, Entries};
use keys::KeyHasher;

/// A user agent's CORS-preflight cache.
///
/// fetch.spec.whatwg.org/#concept-cache
pub struct PreflightCache {
    /// Never empty; each has its own lock.
    shards: Box<[Shard]>,
    /// Carries the seed; copied for each key.
    hasher: SipHasher13,
    inspection: Inspection,
    rules: PreflightCacheRules,
}

/// How a [`PreflightCache`] is made.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct PreflightCacheConfig {
    /// How many keys are kept at most; each is one partition, origin and URL. 10 000 unless told, which is a few
    /// megabytes when full. Zero keeps nothing.
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

/// Whether partition, origin and URL are kept as text for [`PreflightCache::export`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Inspection {
    /// They are.
    #[default]
    Keep,
    /// Only their hash is.
    Discard,
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

/// One entry, for inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportedEntry {
    /// The key; entries of one request have the same.
    pub key: CacheKey,
    /// The key's texts, where they are kept.
    pub text: Option<KeyText>,
    /// The method or header name, `*` included.
    pub token: EntryToken,
    /// The entry's credentials.
    pub credentials: CredentialsFlag,
    /// What is left of its max-age, rounded up to seconds.
    pub remaining_seconds: u64,
}

/// What failed, of a request that needed a preflight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failed {
    /// The preflight.
    Preflight,
    /// The request after it, or after a hit.
    Request,
}

/// The capacity from which on the keys are spread over [`SHARDS`] locks.
pub const SHARDED_FROM: usize = 1_024;

/// How many locks a cache of [`SHARDED_FROM`] keys or more has.
pub const SHARDS: usize = 16;

/// Keys with their entries behind a lock, on cache lines of their own.
#[repr(align(128))]
struct Shard(Mutex<Keys>);

struct Keys {
    /// Bounded here rather than by `LruCache`, which would allocate its whole capacity at once.
    kept: LruCache<CacheKey, Kept, BuildHasherDefault<KeyHasher>>,
    capacity: usize,
    statistics: PreflightCacheStatistics,
}

struct Kept {
    entries: Entries,
    text: Option<Box<KeyText>>,
}

impl PreflightCache {
    /// An empty cache that follows the Standard.
    pub fn new(config: PreflightCacheConfig) -> Self {
        Self::with_rules(config, PreflightCacheRules::SPEC)
    }

    /// An empty cache that departs from the Standard by those rules.
    pub fn with_rules(config: PreflightCacheConfig, rules: PreflightCacheRules) -> Self {
        let shards = if config.capacity < SHARDED_FROM {
            1
        } else {
            SHARDS
        };
        let capacity =
            |shard| config.capacity / shards + usize::from(shard < config.capacity % shards);
        Self {
            shards: (0..shards)
                .map(|shard| Shard(Mutex::new(Keys::new(capacity(shard)))))
                .collect(),
            hasher: SipHasher13::new_with_key(&config.seed),
            inspection: config.inspection,
            rules,
        }
    }

    /// What a request's entries are found under; made once per request, and again after each redirect.
    pub fn key(&self, request: &Request) -> CacheKey {
        CacheKey::of(request, self.hasher)
    }

    /// Whether there is a method cache entry match and header-name cache entry matches for all that is asked.
    ///
    /// fetch.spec.whatwg.org/#concept-cache-match-method and #concept-cache-match-header
    pub fn answers(&self, key: &CacheKey, question: &Question<'_>, now: Timestamp) -> CacheAnswer {
        if question.is_empty() {
            return CacheAnswer::Hit;
        }
        let asked = (question, &self.rules);
        self.shard(key).answers(key, asked, now)
    }

    /// Whether the request may be answered from the cache at all; if not, it asks whatever is kept.
    pub fn may_answer(&self, request: &Request) -> bool {
        let by_mode = match (self.rules.past, request.cache_mode) {
            (CacheModesPast::Nothing, _) => true,
            (_, CacheMode::NoStore | CacheMode::Reload)
            | (CacheModesPast::NoStoreReloadNoCache, CacheMode::NoCache) => false,
            _ => true,
        };
        let by_origin = match self.rules.null_origins {
            NullOrigins::Kept => true,
            NullOrigins::KeptUnlessTainted => request.redirect_taint() == RedirectTaint::SameOrigin,
            NullOrigins::NotKept => request.byte_serialized_origin() != "null",
        };
        by_mode && by_origin
    }

    /// Whether an answer is kept that does not allow what was asked.
    pub fn keeps_denied(&self) -> bool {
        self.rules.denied == DeniedAnswers::Kept
    }

    /// Whether a `*` in an answer is kept.
    pub fn keeps_wildcards(&self) -> bool {
        self.rules.wildcards != CachedWildcards::NotKept
    }

    /// Whether a request that has no entry for its method needs one.
    pub fn needs_entry(&self, method: &Method) -> bool {
        !is_cors_safelisted(method)
            || (*method == Method::HEAD && self.rules.head == CachedHead::NeedsEntry)
    }

    /// The last steps of CORS-preflight fetch, after the answer has been judged: refresh or create an entry for each
    /// method and each header name.
    ///
    /// fetch.spec.whatwg.org/#concept-cache-create-entry
    pub fn store(
        &self,
        key: &CacheKey,
        request: &Request,
        answer: &PreflightAnswer<'_>,
        now: Timestamp,
    ) {
        let credentials = CredentialsFlag::of(request.credentials_mode);
        if self.rules.past == CacheModesPast::NoStoreReloadNoCache
            && request.cache_mode == CacheMode::NoStore
        {
            return;
        }
        let mut keys = self.shard(key);
        match self.rules.refresh {
            CacheRefresh::MergedUnlessZero if answer.max_age == 0 => return,
            CacheRefresh::Merged | CacheRefresh::MergedUnlessZero => {}
            CacheRefresh::Replaced => drop(keys.kept.pop(key)),
        }
        if let Some(kept) = keys.kept.get_mut(key) {
            let created = kept.entries.store(answer, credentials, now);
            keys.statistics.insertions += created;
            return;
        }
        let mut entries = Entries::default();
        let created = entries.store(answer, credentials, now);
        if created > 0 && keys.make_room() {
            keys.statistics.insertions += created;
            let text = match self.inspection {
                Inspection::Keep => KeyText::of(request).map(Box::new),
                Inspection::Discard => None,
            };
            keys.kept.push(*key, Kept { entries, text });
        }
    }

    /// Clear cache entries: a later fetch failed the CORS check · fetch.spec.whatwg.org/#concept-cache-clear
    pub fn clear(&self, key: &CacheKey) {
        self.shard(key).kept.pop(key);
    }

    /// Clear cache entries where the rules want it after a failure; whether they do.
    pub fn clear_after(&self, failed: Failed, key: &CacheKey) -> bool {
        let clears = match self.rules.clearing {
            CacheClearing::AnyFailure => true,
            CacheClearing::PreflightFailure => failed == Failed::Preflight,
        };
        if clears {
            self.clear(key);
        }
        clears
    }

    /// Remove everything; the statistics go on.
    pub fn clear_all(&self) {
        for shard in &self.shards {
            shard.lock().kept.clear();
        }
    }

    /// Remove the entries whose max-age has passed, and keys without entries.
    ///
    /// Nothing depends on it: an expired entry never matches. It gives memory back before eviction would.
    pub fn remove_expired(&self, now: Timestamp) {
        for shard in &self.shards {
            shard.lock().kept.retain(|_, kept| {
                kept.entries.remove_expired(now);
                kept.entries.are_live(now)
            });
        }
    }

    /// How many keys are kept, expired ones included.
    pub fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.lock().kept.len())
            .sum()
    }

    /// Whether no key is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the cache did since it was made.
    pub fn statistics(&self) -> PreflightCacheStatistics {
        let mut total = PreflightCacheStatistics::default();
        for shard in &self.shards {
            let part = shard.lock().statistics;
            total.hits += part.hits;
            total.misses += part.misses;
            total.insertions += part.insertions;
            total.evictions += part.evictions;
        }
        total
    }

    /// The entries that can match at `now`, sorted by partition, origin, URL, methods before header names, token and
    /// credentials. Without texts the keys' order depends on the seed.
    pub fn export(&self, now: Timestamp) -> Vec<ExportedEntry> {
        let mut exported = Vec::new();
        for shard in &self.shards {
            for (key, kept) in &shard.lock().kept {
                exported.extend(kept.export(*key, now));
            }
        }
        exported.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        exported
    }

    fn shard(&self, key: &CacheKey) -> MutexGuard<'_, Keys> {
        // In bounds for every key: there is at least one shard.
        self.shards[key.shard_number() % self.shards.len()].lock()
    }
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, Keys> {
        // Every state that a panic could leave behind is one that the cache may be in.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn new(capacity: usize) -> Self {
        Self {
            kept: LruCache::unbounded_with_hasher(BuildHasherDefault::default()),
            capacity,
            statistics: PreflightCacheStatistics::default(),
        }
    }

    fn answers(&mut self, key: &CacheKey, asked: Asked<'_>, now: Timestamp) -> CacheAnswer {
        let kept = self.kept.get(key);
        let answer = match kept {
            Some(kept) => kept.entries.answers(asked, now),
            None => Entries::default().answers(asked, now),
        };
        if answer.is_hit() {
            self.statistics.hits += 1;
            return answer;
        }
        self.statistics.misses += 1;
        if kept.is_some_and(|kept| !kept.entries.are_live(now)) {
            self.kept.pop(key);
        }
        answer
    }

    /// Evict the least recently used key when there is no room for another; false when there never is.
    fn make_room(&mut self) -> bool {
        if self.kept.len() >= self.capacity && self.kept.pop_lru().is_some() {
            self.statistics.evictions += 1;
        }
        self.kept.len() < self.capacity
    }
}

impl Kept {
    fn export(&self, key: CacheKey, now: Timestamp) -> impl Iterator<Item = ExportedEntry> {
        self.entries.live(now).map(move |entry| ExportedEntry {
            key,
            text: self.text.as_deref().cloned(),
            token: entry.token.clone(),
            credentials: entry.credentials,
            remaining_seconds: entry
                .expires
                .as_millis()
                .saturating_sub(now.as_millis())
                .div_ceil(1_000),
        })
    }
}

impl ExportedEntry {
    fn sort_key(&self) -> impl Ord + '_ {
        let text = self.text.as_ref().map(|text| {
            let origin = text.origin.as_bytes();
            (text.network_partition_key.as_str(), origin, &*text.url)
        });
        let is_header_name = matches!(self.token, EntryToken::HeaderName(_));
        let token = (is_header_name, self.token.as_str());
        (text, self.key, token, self.credentials)
    }
}

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

impl std::fmt::Debug for PreflightCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreflightCache")
            .field("len", &self.len())
            .field("statistics", &self.statistics())
            .finish_non_exhaustive()
    }
}
