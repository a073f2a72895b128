//! CORS-preflight cache · fetch.spec.whatwg.org/#cors-preflight-cache
//! In: requests, what preflight answers allow, and the time. Out: whether a request may go without a preflight.
//! Differs: a `*` from a credentialed preflight is literal; a refresh touches its own entry only and restarts its age; keys and entries are bounded.
//!
//! The cache never allows more than one of the answers stored in it would allow now. It may always allow less:
//! whatever is not kept costs a preflight and nothing else.
//!
//! It is shared by reference between threads. A look-up that hits, or finds that nothing is kept, takes no lock, writes
//! nothing that another thread reads and allocates nothing, however full the cache is: it reads a few cache lines, for a
//! hit mostly one, and then looks whether they were changed meanwhile (`snapshots.rs`). Whatever is not clear then, it asks
//! for under its shard's lock, which changes take too. So a hit is what the cache allowed at one moment, and what was
//! cleared before stays so.
//!
//! When it is full, a key that has not been used for long makes room: the least recently used to within a round of a
//! clock's hand. It is one of a partition that keeps no less than an equal share, and in that of such an origin. So a
//! page that fetches any number of URLs costs others nothing that is within their share.

mod apart;
mod atomics;
mod common_tokens;
mod configuration;
mod count;
mod entries;
mod exported_entries;
mod inline_entries;
mod keys;
mod line;
mod matches;
mod packed_entries;
mod shard;
mod shares;
mod slots;
mod snapshots;
mod table;
mod tags;

pub use configuration::{Inspection, PreflightCacheConfig, SHARDED_FROM, SHARDS};
pub use entries::{
    CredentialsFlag, HEADER_NAMES_PER_KEY, METHODS_PER_KEY, PreflightAnswer, TOKEN_BYTES_PER_KEY,
    TOKEN_LIMIT,
};
pub use exported_entries::{EntryToken, ExportedEntry};
pub use keys::{CacheKey, KEPT_URL_LIMIT, KeyText};
pub use matches::{CacheAnswer, Question};
pub use shard::PreflightCacheStatistics;

use siphasher::sip128::SipHasher13;

use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::origins::Origin;
use crate::infrastructure::requests::{CacheMode, RedirectTaint, Request};
use crate::network_error::{ExchangeKind, Reason};
use crate::profile::{
    CacheClearing, CacheModesPast, CacheRefresh, CachedHead, CachedSafelistedMethods,
    DeniedAnswers, NullOrigins, PreflightCacheRules,
};
use crate::time::Timestamp;
use count::Count;
use keys::Owner;
use matches::Asked;
use shard::{Arrival, Earlier, Look, Shard};

/// A user agent's CORS-preflight cache.
///
/// fetch.spec.whatwg.org/#concept-cache
pub struct PreflightCache {
    /// As many as a power of two; each has its own lock.
    shards: Box<[Shard]>,
    /// The hits for which no lock was needed.
    hits: Count,
    /// The misses for which none was, as nothing is kept.
    misses: Count,
    /// Carries the seed; copied for each key.
    hasher: SipHasher13,
    inspection: Inspection,
    rules: PreflightCacheRules,
}

/// What failed, of a request that needed a preflight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failed {
    /// The preflight.
    Preflight,
    /// The request after it, or after a hit.
    Request,
    /// As `Request`: its redirect mode refuses a redirect.
    RedirectMode,
}

impl Failed {
    /// What failed, of that exchange and for these reasons.
    pub fn of(exchange: ExchangeKind, reasons: &[Reason]) -> Self {
        match (exchange, reasons) {
            (ExchangeKind::Preflight, _) => Self::Preflight,
            (ExchangeKind::Request, [Reason::RedirectModeError { .. }]) => Self::RedirectMode,
            (ExchangeKind::Request, _) => Self::Request,
        }
    }
}

impl PreflightCache {
    /// An empty cache that follows the Standard.
    pub fn new(config: PreflightCacheConfig) -> Self {
        Self::with_rules(config, PreflightCacheRules::SPEC)
    }

    /// An empty cache that departs from the Standard by those rules.
    pub fn with_rules(config: PreflightCacheConfig, rules: PreflightCacheRules) -> Self {
        let keeps_texts = config.inspection == Inspection::Keep;
        let shard = |capacity| Shard::new(capacity, keeps_texts);
        Self {
            shards: config.shard_capacities().map(shard).collect(),
            hits: Count::new(),
            misses: Count::new(),
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
    pub fn answers<'a>(
        &self,
        key: &CacheKey,
        question: &Question<'a>,
        now: Timestamp,
    ) -> CacheAnswer<'a> {
        if question.is_empty() {
            return CacheAnswer::Hit;
        }
        let asked = Asked {
            question: *question,
            rules: &self.rules,
            now,
        };
        let shard = self.shard(key);
        match shard.look(key, &asked) {
            Look::AllIsAllowed => {
                self.hits.add_one();
                CacheAnswer::Hit
            }
            Look::NothingIsKept => {
                self.misses.add_one();
                question.missed()
            }
            Look::Unclear => shard.answers(key, &asked),
        }
    }

    /// Whether the request may be answered from the cache at all; if not, it asks whatever is kept. `own` are the keys
    /// under which its fetch has stored an answer.
    pub fn may_answer(&self, request: &Request, own: &[CacheKey]) -> bool {
        let by_mode = match (self.rules.past, request.cache_mode) {
            (CacheModesPast::Nothing, _) => true,
            (_, CacheMode::NoStore | CacheMode::Reload)
            | (CacheModesPast::NoStoreReloadNoCache, CacheMode::NoCache) => false,
            _ => true,
        };
        let by_origin = match self.rules.null_origins {
            NullOrigins::Kept => true,
            NullOrigins::KeptUnlessTainted => {
                matches!(request.origin, Origin::Opaque(_))
                    || request.redirect_taint() == RedirectTaint::SameOrigin
                    || own.contains(&self.key(request))
            }
            NullOrigins::KeptForOneFetch => {
                *request.byte_serialized_origin() != "null"
                    || (request.redirect_taint() == RedirectTaint::SameOrigin
                        && own.contains(&self.key(request)))
            }
        };
        by_mode && by_origin
    }

    /// Whether a fetch finds again what it has stored itself, where others do not.
    pub fn keeps_for_one_fetch(&self) -> bool {
        self.rules.null_origins != NullOrigins::Kept
    }

    /// Whether an answer is kept that does not allow what was asked.
    pub fn keeps_denied(&self) -> bool {
        self.rules.denied == DeniedAnswers::Kept
    }

    /// The methods that an answer allows because it is kept, named or not.
    pub fn always_allowed(&self) -> impl Iterator<Item = Method> {
        let methods = match self.rules.safelisted_methods {
            CachedSafelistedMethods::AsListed => &[][..],
            CachedSafelistedMethods::Always => &[Method::GET, Method::HEAD, Method::POST],
        };
        let needs_none = |method: &&Method| !self.needs_entry(method);
        methods.iter().filter(needs_none).cloned()
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
        if self.rules.past == CacheModesPast::NoStoreReloadNoCache
            && request.cache_mode == CacheMode::NoStore
        {
            return;
        }
        let earlier = match self.rules.refresh {
            CacheRefresh::MergedUnlessZero if answer.max_age == 0 => return,
            CacheRefresh::Merged | CacheRefresh::MergedUnlessZero => Earlier::Refreshed,
            CacheRefresh::Replaced => Earlier::Removed,
        };
        let arrival = Arrival {
            answer,
            credentials: CredentialsFlag::of(request.credentials_mode),
            now,
            earlier,
        };
        self.shard(key).store(key, &arrival, || {
            let url = request.current_url().as_str();
            let is_kept = self.inspection == Inspection::Keep && url.len() <= KEPT_URL_LIMIT;
            (Owner::of(request, self.hasher), is_kept.then(|| url.into()))
        });
    }

    /// Clear cache entries: a later fetch failed the CORS check · fetch.spec.whatwg.org/#concept-cache-clear
    pub fn clear(&self, key: &CacheKey) {
        self.shard(key).remove(key);
    }

    /// Clear cache entries where the rules want it after a failure; whether they do.
    pub fn clear_after(&self, failed: Failed, key: &CacheKey) -> bool {
        let clears = match self.rules.clearing {
            CacheClearing::AnyFailure => true,
            CacheClearing::AnyFailureButRedirectMode => failed != Failed::RedirectMode,
            CacheClearing::PreflightFailure => failed == Failed::Preflight,
        };
        if clears {
            self.clear(key);
        }
        clears
    }

    /// Remove everything; the statistics go on. The memory of the lines is kept for other keys.
    pub fn clear_all(&self) {
        for shard in &self.shards {
            shard.clear();
        }
    }

    /// Remove the entries whose max-age has passed, and keys without entries.
    ///
    /// Nothing depends on it: an expired entry never matches. It gives memory back before eviction would.
    pub fn remove_expired(&self, now: Timestamp) {
        for shard in &self.shards {
            shard.remove_expired(now);
        }
    }

    /// How many keys are kept, expired ones included.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether no key is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the cache did since it was made.
    pub fn statistics(&self) -> PreflightCacheStatistics {
        let without_lock = PreflightCacheStatistics {
            hits: self.hits.sum(),
            misses: self.misses.sum(),
            ..PreflightCacheStatistics::default()
        };
        let parts = self.shards.iter().map(Shard::statistics);
        parts.fold(without_lock, PreflightCacheStatistics::plus)
    }

    /// The entries that can match at `now`, sorted by partition, origin, URL, methods before header names, token and
    /// credentials. Without texts the keys' order depends on the seed.
    pub fn export(&self, now: Timestamp) -> Vec<ExportedEntry> {
        let mut exported = Vec::new();
        for shard in &self.shards {
            exported.extend(shard.export(now));
        }
        exported.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        exported
    }

    fn shard(&self, key: &CacheKey) -> &Shard {
        // In bounds for every key: there are 2^n shards, and at least one.
        &self.shards[key.shard_number() & (self.shards.len() - 1)]
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
