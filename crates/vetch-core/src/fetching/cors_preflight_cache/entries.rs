//! Cache entries of one key · fetch.spec.whatwg.org/#concept-cache
//! In: what a preflight answer allows, and what a request needs. Out: entries created or refreshed, and whether they cover it.
//! Differs: a `*` from a credentialed preflight is literal; a refresh touches its own entry only and restarts its age; the number of entries is bounded.

use crate::infrastructure::header_safelists::is_cors_non_wildcard_request_header_name;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::infrastructure::requests::CredentialsMode;
use crate::profile::{
    AuthorizationByWildcard, CachedWildcards, CredentialedEntries, PreflightCacheRules,
};
use crate::time::Timestamp;

/// Methods kept per key; an answer's further ones are passed over, which costs a preflight at most.
pub const METHODS_PER_KEY: usize = 64;

/// Header names kept per key; an answer's further ones are passed over.
pub const HEADER_NAMES_PER_KEY: usize = 256;

/// A method or header name longer than this many bytes is not kept.
pub const TOKEN_LIMIT: usize = 128;

/// An entry's credentials: whether the preflight was made for a request with credentials mode "include".
///
/// fetch.spec.whatwg.org/#concept-cache-credentials
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialsFlag {
    /// False: answers only requests whose credentials mode is not "include".
    NotIncluded,
    /// True: answers every request.
    Included,
}

impl CredentialsFlag {
    /// The flag that a preflight for a request of that credentials mode leaves.
    pub fn of(mode: CredentialsMode) -> Self {
        match mode {
            CredentialsMode::Include => Self::Included,
            CredentialsMode::Omit | CredentialsMode::SameOrigin => Self::NotIncluded,
        }
    }
}

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

/// A question, and the rules by which it is answered.
pub(super) type Asked<'a> = (&'a Question<'a>, &'a PreflightCacheRules);

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

/// What a successful preflight answer allows, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct PreflightAnswer<'a> {
    /// `methods` of CORS-preflight fetch, `*` among them if it stood there.
    pub methods: &'a [Method],
    /// `headerNames` of CORS-preflight fetch, `*` among them if it stood there.
    pub header_names: &'a [HeaderName],
    /// `max-age` of CORS-preflight fetch, in seconds.
    pub max_age: u32,
}

/// What an entry allows: its method or its header name, of which the Standard's entry has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryToken {
    /// A method, or `*`.
    Method(Method),
    /// A header name, or `*`.
    HeaderName(HeaderName),
}

/// The entries under one key, in one piece of memory: a look-up in a large cache pays for each further piece.
#[derive(Debug, Default)]
pub(super) struct Entries(Vec<Entry>);

/// One entry; its key, origin and URL are the place where it is kept.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) token: EntryToken,
    /// When max-age seconds have passed since storing the entry.
    pub(super) expires: Timestamp,
    pub(super) credentials: CredentialsFlag,
}

impl Entries {
    /// Which parts of the question no entry matches.
    pub(super) fn answers(&self, asked: Asked<'_>, now: Timestamp) -> CacheAnswer {
        let (question, _) = asked;
        let matching = || {
            self.0
                .iter()
                .filter(move |entry| entry.has_cache_entry_match(asked, now))
        };
        let method = question
            .method_needed
            .filter(|method| !has_method_cache_entry_match(method, asked, matching()));
        // Collecting nothing allocates nothing.
        let header_names: Vec<_> = question
            .unsafe_names
            .iter()
            .filter(|name| !has_header_name_cache_entry_match(name, asked, matching()))
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

    /// The last steps of CORS-preflight fetch: refresh the entries there are, create the others; says how many it created.
    ///
    /// fetch.spec.whatwg.org/#concept-cache-create-entry
    ///
    /// DIFFERS: an entry is prolonged only by its own token under its own credentials; other matching entries are only
    /// shortened. The Standard sets max-age on any "matching entry", by which an answer that lists PUT would prolong a
    /// `*`, and an uncredentialed answer a credentialed entry: permissions that this answer did not give.
    ///
    /// DIFFERS: the age restarts with the refresh. The Standard sets max-age alone, by which an answer of five
    /// seconds to an entry stored ten seconds ago would have passed before it came.
    ///
    /// DIFFERS: the number of tokens that are read and kept is bounded, and so is their length; with max-age 0 none is
    /// created. One answer cannot fill the memory, and an entry that is not kept costs a preflight.
    pub(super) fn store(
        &mut self,
        answer: &PreflightAnswer<'_>,
        credentials: CredentialsFlag,
        now: Timestamp,
    ) -> u64 {
        self.remove_expired(now);
        let expires = now.plus_seconds(answer.max_age);
        let methods = answer.methods.iter().take(METHODS_PER_KEY);
        let header_names = answer.header_names.iter().take(HEADER_NAMES_PER_KEY);
        let tokens = methods
            .cloned()
            .map(EntryToken::Method)
            .chain(header_names.cloned().map(EntryToken::HeaderName));
        if self.0.is_empty() {
            self.0.reserve_exact(tokens.size_hint().0);
        }
        let mut created = 0;
        for token in tokens {
            let mut is_kept = false;
            for entry in &mut self.0 {
                if entry.credentials == credentials && entry.token == token {
                    entry.expires = expires;
                    is_kept = true;
                } else if entry.is_matching(&token, credentials) {
                    entry.expires = entry.expires.min(expires);
                }
            }
            if !is_kept && now < expires && self.has_room_for(&token) {
                self.0.push(Entry {
                    token,
                    expires,
                    credentials,
                });
                created += 1;
            }
        }
        created
    }

    fn has_room_for(&self, token: &EntryToken) -> bool {
        let limit = match token {
            EntryToken::Method(_) => METHODS_PER_KEY,
            EntryToken::HeaderName(_) => HEADER_NAMES_PER_KEY,
        };
        let kind = std::mem::discriminant(token);
        let kept = |entry: &&Entry| std::mem::discriminant(&entry.token) == kind;
        token.as_str().len() <= TOKEN_LIMIT && self.0.iter().filter(kept).count() < limit
    }

    /// Remove the entries whose max-age has passed.
    pub(super) fn remove_expired(&mut self, now: Timestamp) {
        self.0.retain(|entry| entry.is_live(now));
    }

    /// Whether an entry can still match.
    pub(super) fn are_live(&self, now: Timestamp) -> bool {
        self.live(now).next().is_some()
    }

    /// The entries whose max-age has not passed.
    pub(super) fn live(&self, now: Timestamp) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(move |entry| entry.is_live(now))
    }
}

/// Method cache entry match, among the entries that match · fetch.spec.whatwg.org/#concept-cache-match-method
fn has_method_cache_entry_match<'a>(
    method: &Method,
    asked: Asked<'_>,
    mut matching: impl Iterator<Item = &'a Entry>,
) -> bool {
    matching.any(|entry| match &entry.token {
        EntryToken::Method(own) => own == method || entry.is_wildcard_for(asked),
        EntryToken::HeaderName(_) => false,
    })
}

/// Header-name cache entry match, among the entries that match · fetch.spec.whatwg.org/#concept-cache-match-header
fn has_header_name_cache_entry_match<'a>(
    name: &HeaderName,
    asked: Asked<'_>,
    mut matching: impl Iterator<Item = &'a Entry>,
) -> bool {
    let (_, rules) = asked;
    let by_wildcard = rules.authorization == AuthorizationByWildcard::Allowed
        || !is_cors_non_wildcard_request_header_name(name);
    matching.any(|entry| match &entry.token {
        EntryToken::HeaderName(own) => own == name || (by_wildcard && entry.is_wildcard_for(asked)),
        EntryToken::Method(_) => false,
    })
}

impl Entry {
    fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }

    /// Cache entry match, as far as the key does not decide it · fetch.spec.whatwg.org/#concept-cache-match
    fn has_cache_entry_match(&self, (question, rules): Asked<'_>, now: Timestamp) -> bool {
        let is_credentialed = question.credentials_mode == CredentialsMode::Include;
        let credentials = match self.credentials {
            CredentialsFlag::Included => {
                is_credentialed || rules.credentialed_entries == CredentialedEntries::AnswerAll
            }
            CredentialsFlag::NotIncluded => !is_credentialed,
        };
        credentials && self.is_live(now)
    }

    /// Whether it is a "matching entry" of a token that an answer lists, given whether that answer was credentialed.
    fn is_matching(&self, token: &EntryToken, credentials: CredentialsFlag) -> bool {
        let by_credentials =
            self.credentials == CredentialsFlag::Included || self.credentials == credentials;
        let by_wildcard = || match (&self.token, token) {
            (EntryToken::Method(_), EntryToken::Method(_)) => self.is_wildcard(),
            (EntryToken::HeaderName(_), EntryToken::HeaderName(name)) => {
                self.is_wildcard() && !is_cors_non_wildcard_request_header_name(name)
            }
            _ => false,
        };
        by_credentials && (self.token == *token || by_wildcard())
    }

    /// Whether it stands for every token of its kind when that is asked.
    fn is_wildcard_for(&self, (question, rules): Asked<'_>) -> bool {
        match rules.wildcards {
            CachedWildcards::ByPreflight | CachedWildcards::NotKept => self.is_wildcard(),
            CachedWildcards::ByRequest => {
                question.credentials_mode != CredentialsMode::Include && self.token.as_str() == "*"
            }
        }
    }

    /// Whether it stands for every token of its kind.
    ///
    /// DIFFERS: a `*` from a credentialed preflight is a literal `*`. CORS-preflight fetch takes it as one, so an
    /// answer `*, PUT` lets only PUT pass; were it a wildcard here, a later DELETE would go without being asked for.
    fn is_wildcard(&self) -> bool {
        self.credentials == CredentialsFlag::NotIncluded && self.token.as_str() == "*"
    }
}

impl EntryToken {
    /// The method or header name as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Method(method) => method.as_str(),
            Self::HeaderName(name) => name.as_str(),
        }
    }
}
