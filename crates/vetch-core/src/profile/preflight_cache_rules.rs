//! How a profile's preflight cache departs from the Standard's.
//! In: nothing; this is data. Out: the fields that the cache's section reads.

use super::choices::AuthorizationByWildcard;

/// The choices of a preflight cache, all of them read by the CORS-preflight cache's section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreflightCacheRules {
    /// Whether a kept `*` stands for `Authorization`.
    pub authorization: AuthorizationByWildcard,
    /// What becomes of a `*` in an answer.
    pub wildcards: CachedWildcards,
    /// Which requests a credentialed entry answers.
    pub credentialed_entries: CredentialedEntries,
    /// What a new answer does to the entries of the same URL.
    pub refresh: CacheRefresh,
    /// Which failures clear the entries of the URL.
    pub clearing: CacheClearing,
    /// Whether an answer is kept that does not allow what was asked.
    pub denied: DeniedAnswers,
    /// Which cache modes ask again whatever is kept.
    pub past: CacheModesPast,
    /// Whether answers to the origin `null` are used again.
    pub null_origins: NullOrigins,
    /// Whether `HEAD` needs an entry.
    pub head: CachedHead,
    /// Which CORS-safelisted methods an answer that is kept allows: they need an entry only where upload listeners or a
    /// redirect ask for a preflight.
    pub safelisted_methods: CachedSafelistedMethods,
}

/// What becomes of a `*` in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CachedWildcards {
    /// It is kept, and counts when its preflight was uncredentialed.
    ByPreflight,
    /// It is kept, and counts when the request that asks is uncredentialed.
    ByRequest,
    /// It is kept as a name like any other.
    Literal,
}

/// Which requests a credentialed entry answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialedEntries {
    /// All.
    AnswerAll,
    /// Credentialed ones.
    AnswerCredentialed,
}

/// What a new answer does to the entries of the same URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheRefresh {
    /// It refreshes what it names and leaves the rest.
    Merged,
    /// As `Merged`, but max-age 0 changes nothing.
    MergedUnlessZero,
    /// It takes their place.
    Replaced,
}

/// Which failures clear the entries of the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheClearing {
    /// That of the preflight and that of the request after it.
    AnyFailure,
    /// As `AnyFailure`, but a redirect that the request's redirect mode refuses is none.
    AnyFailureButRedirectMode,
    /// That of the preflight.
    PreflightFailure,
}

/// Whether an answer is kept that passes the CORS check and does not allow what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeniedAnswers {
    /// It is not.
    NotKept,
    /// What it allows is kept.
    Kept,
}

/// Which cache modes ask again whatever is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheModesPast {
    /// None.
    Nothing,
    /// `no-store` and `reload`.
    NoStoreReload,
    /// `no-store`, `reload` and `no-cache`; what is learnt under `no-store` is not kept.
    NoStoreReloadNoCache,
}

/// Whether answers to the origin `null` are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NullOrigins {
    /// They are.
    Kept,
    /// They are, unless a redirect made the origin `null`: then only by the fetch that asked.
    KeptUnlessTainted,
    /// They are by the fetch that asked, as where it is redirected to the same URL again, unless a redirect made the
    /// origin `null`. No other fetch uses them.
    KeptForOneFetch,
}

/// Whether `HEAD` needs an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CachedHead {
    /// It does not: it is a CORS-safelisted method.
    NeedsNone,
    /// It does.
    NeedsEntry,
}

/// Which CORS-safelisted methods an answer that is kept allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CachedSafelistedMethods {
    /// Those that it names.
    AsListed,
    /// All that need no entry otherwise, named or not.
    Always,
}

impl PreflightCacheRules {
    /// The Standard's.
    pub const SPEC: Self = Self {
        authorization: AuthorizationByWildcard::Refused,
        wildcards: CachedWildcards::ByPreflight,
        credentialed_entries: CredentialedEntries::AnswerAll,
        refresh: CacheRefresh::Merged,
        clearing: CacheClearing::AnyFailure,
        denied: DeniedAnswers::NotKept,
        past: CacheModesPast::Nothing,
        null_origins: NullOrigins::Kept,
        head: CachedHead::NeedsNone,
        safelisted_methods: CachedSafelistedMethods::AsListed,
    };
}
