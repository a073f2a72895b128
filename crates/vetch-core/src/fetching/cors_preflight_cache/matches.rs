//! Cache entry matches · fetch.spec.whatwg.org/#concept-cache-match
//! In: what a request needs allowed, and the entries of its key. Out: whether they allow it.
//! Differs: a `*` from a credentialed preflight is literal.

use std::borrow::Cow;

use super::entries::{CredentialsFlag, Terms, Token};
use super::packed_entries::{Grant, PackedEntries, Sought};
use crate::infrastructure::header_safelists::is_cors_non_wildcard_request_header_name;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::infrastructure::requests::CredentialsMode;
use crate::profile::{
    AuthorizationByWildcard, CachedWildcards, CredentialedEntries, PreflightCacheRules,
};
use crate::time::Timestamp;

/// What a request needs allowed before it may go without a preflight.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The method, unless it is safelisted and the use-CORS-preflight flag is unset.
    pub method_needed: Option<&'a Method>,
    /// CORS-unsafe request-header names.
    pub unsafe_names: &'a [HeaderName],
    /// The request's credentials mode.
    pub credentials_mode: CredentialsMode,
}

impl<'a> Question<'a> {
    /// Whether nothing is needed, so that no cache is needed either.
    pub fn is_empty(&self) -> bool {
        self.method_needed.is_none() && self.unsafe_names.is_empty()
    }

    /// The answer where nothing is kept.
    pub(super) fn missed(&self) -> CacheAnswer<'a> {
        CacheAnswer::Miss {
            method: self.method_needed,
            header_names: Cow::Borrowed(self.unsafe_names),
        }
    }

    /// All that is needed, if nothing but common tokens is.
    #[inline]
    pub(super) fn common_tokens(&self) -> Option<u64> {
        let mut all = 0;
        if let Some(method) = self.method_needed {
            all |= Sought::new(Token::Method(method.as_str().as_bytes())).bit?;
        }
        for name in self.unsafe_names {
            all |= Sought::new(Token::HeaderName(name.as_str().as_bytes())).bit?;
        }
        Some(all)
    }
}

/// Whether the cache allows all that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheAnswer<'a> {
    /// All of it: no preflight.
    Hit,
    /// Not all of it; what no entry matches.
    Miss {
        /// The method, if that is missing.
        method: Option<&'a Method>,
        /// The names that are missing, in the order asked; mostly all of them, which are not copied.
        header_names: Cow<'a, [HeaderName]>,
    },
}

impl CacheAnswer<'_> {
    /// Whether it is a hit.
    pub fn is_hit(&self) -> bool {
        matches!(self, Self::Hit)
    }
}

/// A question, the rules by which it is answered, and when it is asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a, 'rules> {
    pub(super) question: Question<'a>,
    pub(super) rules: &'rules PreflightCacheRules,
    pub(super) now: Timestamp,
}

impl<'a> Asked<'a, '_> {
    /// Whether there is an entry that matches, for each part of the question.
    #[inline]
    pub(super) fn is_allowed(&self, entries: PackedEntries<'_>) -> bool {
        let method = self.question.method_needed;
        method.is_none_or(|method| self.has_method_cache_entry_match(method, entries))
            && self
                .question
                .unsafe_names
                .iter()
                .all(|name| self.has_header_name_cache_entry_match(name, entries))
    }

    /// Whether this grant has all of these common tokens, which are all of the question.
    #[inline]
    pub(super) fn is_allowed_by(&self, grant: Grant<'_>, tokens: u64) -> bool {
        self.has_cache_entry_match(grant.terms) && grant.has_common(tokens)
    }

    /// Which parts of the question no entry matches.
    pub(super) fn answer(&self, entries: PackedEntries<'_>) -> CacheAnswer<'a> {
        let method = self
            .question
            .method_needed
            .filter(|method| !self.has_method_cache_entry_match(method, entries));
        // Collecting nothing allocates nothing.
        let header_names: Vec<_> = self
            .question
            .unsafe_names
            .iter()
            .filter(|name| !self.has_header_name_cache_entry_match(name, entries))
            .cloned()
            .collect();
        if method.is_none() && header_names.is_empty() {
            return CacheAnswer::Hit;
        }
        CacheAnswer::Miss {
            method,
            header_names: Cow::Owned(header_names),
        }
    }

    /// Cache entry match, as far as the key does not decide it · fetch.spec.whatwg.org/#concept-cache-match
    #[inline]
    fn has_cache_entry_match(&self, terms: Terms) -> bool {
        let is_credentialed = self.question.credentials_mode == CredentialsMode::Include;
        let credentials = match terms.credentials {
            CredentialsFlag::Included => {
                is_credentialed || self.rules.credentialed_entries == CredentialedEntries::AnswerAll
            }
            CredentialsFlag::NotIncluded => !is_credentialed,
        };
        credentials && terms.are_live(self.now)
    }

    /// Method cache entry match · fetch.spec.whatwg.org/#concept-cache-match-method
    #[inline]
    fn has_method_cache_entry_match(&self, method: &Method, entries: PackedEntries<'_>) -> bool {
        let asked = Sought::new(Token::Method(method.as_str().as_bytes()));
        self.matching(entries, |grant| {
            grant.has(asked) || self.has_wildcard(grant, Token::Method(b"*"))
        })
    }

    /// Header-name cache entry match · fetch.spec.whatwg.org/#concept-cache-match-header
    #[inline]
    fn has_header_name_cache_entry_match(
        &self,
        name: &HeaderName,
        entries: PackedEntries<'_>,
    ) -> bool {
        let asked = Sought::new(Token::HeaderName(name.as_str().as_bytes()));
        let by_wildcard = || {
            self.rules.authorization == AuthorizationByWildcard::Allowed
                || !is_cors_non_wildcard_request_header_name(name)
        };
        self.matching(entries, |grant| {
            grant.has(asked) || (by_wildcard() && self.has_wildcard(grant, Token::HeaderName(b"*")))
        })
    }

    /// Whether one of the grants that there is a cache entry match for is such.
    #[inline]
    fn matching(&self, entries: PackedEntries<'_>, is_such: impl Fn(Grant<'_>) -> bool) -> bool {
        let mut grants = entries.grants();
        grants.any(|grant| self.has_cache_entry_match(grant.terms) && is_such(grant))
    }

    /// Whether that `*` is granted and stands for every token of its kind when that is asked.
    fn has_wildcard(&self, grant: Grant<'_>, wildcard: Token<'_>) -> bool {
        let stands_for_all = match self.rules.wildcards {
            CachedWildcards::ByPreflight => wildcard.is_wildcard(grant.terms),
            CachedWildcards::Literal => false,
            CachedWildcards::ByRequest => {
                self.question.credentials_mode != CredentialsMode::Include
            }
        };
        stands_for_all && grant.has(Sought::new(wildcard))
    }
}
