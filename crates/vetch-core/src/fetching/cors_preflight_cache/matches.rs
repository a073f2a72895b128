//! Cache entry matches · fetch.spec.whatwg.org/#concept-cache-match
//! In: what a request needs allowed, and the entries of its key. Out: whether they allow it.
//! Differs: a `*` from a credentialed preflight is literal.

use super::entries::{CredentialsFlag, Terms, Token};
use super::packed_entries::PackedEntries;
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

impl Question<'_> {
    /// Whether nothing is needed, so that no cache is needed either.
    pub fn is_empty(&self) -> bool {
        self.method_needed.is_none() && self.unsafe_names.is_empty()
    }
}

/// Whether the cache allows all that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheAnswer {
    /// All of it: no preflight.
    Hit,
    /// Not all of it; what no entry matches.
    Miss {
        /// The method, if that is missing.
        method: Option<Method>,
        /// The names that are missing, in the order asked.
        header_names: Vec<HeaderName>,
    },
}

impl CacheAnswer {
    /// Whether it is a hit.
    pub fn is_hit(&self) -> bool {
        matches!(self, Self::Hit)
    }
}

/// A question, the rules by which it is answered, and when it is asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) rules: &'a PreflightCacheRules,
    pub(super) now: Timestamp,
}

impl Asked<'_> {
    /// Which parts of the question no entry matches.
    pub(super) fn answer(self, entries: &PackedEntries) -> CacheAnswer {
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
            method: method.cloned(),
            header_names,
        }
    }

    /// Cache entry match, as far as the key does not decide it · fetch.spec.whatwg.org/#concept-cache-match
    #[inline]
    fn has_cache_entry_match(self, terms: Terms) -> bool {
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
    fn has_method_cache_entry_match(self, method: &Method, entries: &PackedEntries) -> bool {
        let asked = method.as_str().as_bytes();
        self.matching(entries, |token, terms| match token {
            Token::Method(own) => own == asked || self.is_wildcard(token, terms),
            Token::HeaderName(_) => false,
        })
    }

    /// Header-name cache entry match · fetch.spec.whatwg.org/#concept-cache-match-header
    #[inline]
    fn has_header_name_cache_entry_match(self, name: &HeaderName, entries: &PackedEntries) -> bool {
        let by_wildcard = self.rules.authorization == AuthorizationByWildcard::Allowed
            || !is_cors_non_wildcard_request_header_name(name);
        let asked = name.as_str().as_bytes();
        self.matching(entries, |token, terms| match token {
            Token::HeaderName(own) => {
                own == asked || (by_wildcard && self.is_wildcard(token, terms))
            }
            Token::Method(_) => false,
        })
    }

    /// Whether one of the entries that there is a cache entry match for is such.
    #[inline]
    fn matching(self, entries: &PackedEntries, is_such: impl Fn(Token<'_>, Terms) -> bool) -> bool {
        let mut grants = entries.grants();
        grants.any(|grant| {
            self.has_cache_entry_match(grant.terms)
                && grant.tokens().any(|token| is_such(token, grant.terms))
        })
    }

    /// Whether it stands for every token of its kind when that is asked.
    fn is_wildcard(self, token: Token<'_>, terms: Terms) -> bool {
        match self.rules.wildcards {
            CachedWildcards::ByPreflight => token.is_wildcard(terms),
            CachedWildcards::Literal => false,
            CachedWildcards::ByRequest => {
                self.question.credentials_mode != CredentialsMode::Include && token.text() == b"*"
            }
        }
    }
}
