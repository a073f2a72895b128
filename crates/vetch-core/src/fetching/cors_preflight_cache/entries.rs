//! Cache entries of one key · fetch.spec.whatwg.org/#concept-cache
//! In: what a preflight answer allows, and what a request needs. Out: entries created or refreshed, and whether they cover it.
//! Differs: a `*` from a credentialed preflight is literal; a refresh touches its own entry only and restarts its age; the number of entries is bounded.

use crate::infrastructure::header_safelists::is_cors_non_wildcard_request_header_name;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::infrastructure::requests::CredentialsMode;
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

/// The entries under one key.
#[derive(Debug, Default)]
pub(super) struct Entries {
    methods: Vec<Entry<Method>>,
    header_names: Vec<Entry<HeaderName>>,
}

/// One entry; its key, origin and URL are the place where it is kept.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) token: T,
    /// When max-age seconds have passed since storing the entry.
    pub(super) expires: Timestamp,
    pub(super) credentials: CredentialsFlag,
}

impl Entries {
    /// Which parts of the question no entry matches.
    pub(super) fn answers(&self, question: &Question<'_>, now: Timestamp) -> CacheAnswer {
        let mode = question.credentials_mode;
        let method = question
            .method_needed
            .filter(|method| !self.has_method_cache_entry_match(method, mode, now));
        // Collecting nothing allocates nothing.
        let header_names: Vec<_> = question
            .unsafe_names
            .iter()
            .filter(|name| !self.has_header_name_cache_entry_match(name, mode, now))
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

    /// Method cache entry match · fetch.spec.whatwg.org/#concept-cache-match-method
    fn has_method_cache_entry_match(
        &self,
        method: &Method,
        mode: CredentialsMode,
        now: Timestamp,
    ) -> bool {
        self.methods
            .iter()
            .filter(|entry| entry.has_cache_entry_match(mode, now))
            .any(|entry| entry.token == *method || entry.is_wildcard())
    }

    /// Header-name cache entry match · fetch.spec.whatwg.org/#concept-cache-match-header
    fn has_header_name_cache_entry_match(
        &self,
        name: &HeaderName,
        mode: CredentialsMode,
        now: Timestamp,
    ) -> bool {
        let by_wildcard = !is_cors_non_wildcard_request_header_name(name);
        self.header_names
            .iter()
            .filter(|entry| entry.has_cache_entry_match(mode, now))
            .any(|entry| entry.token == *name || (by_wildcard && entry.is_wildcard()))
    }

    /// The last steps of CORS-preflight fetch: refresh the entries there are, create the others; says how many it created.
    ///
    /// fetch.spec.whatwg.org/#concept-cache-create-entry
    pub(super) fn store(
        &mut self,
        answer: &PreflightAnswer<'_>,
        credentials: CredentialsFlag,
        now: Timestamp,
    ) -> u64 {
        self.remove_expired(now);
        let expires = now.plus_seconds(answer.max_age);
        let refresh = Refresh {
            credentials,
            expires,
            creates: now < expires,
        };
        refresh.run(&mut self.methods, answer.methods, METHODS_PER_KEY)
            + refresh.run(
                &mut self.header_names,
                answer.header_names,
                HEADER_NAMES_PER_KEY,
            )
    }

    /// Remove the entries whose max-age has passed.
    pub(super) fn remove_expired(&mut self, now: Timestamp) {
        self.methods.retain(|entry| entry.is_live(now));
        self.header_names.retain(|entry| entry.is_live(now));
    }

    /// Whether an entry can still match.
    pub(super) fn are_live(&self, now: Timestamp) -> bool {
        self.methods.iter().any(|entry| entry.is_live(now))
            || self.header_names.iter().any(|entry| entry.is_live(now))
    }

    pub(super) fn methods(&self) -> &[Entry<Method>] {
        &self.methods
    }

    pub(super) fn header_names(&self) -> &[Entry<HeaderName>] {
        &self.header_names
    }
}

impl<T> Entry<T> {
    pub(super) fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }

    /// Cache entry match, as far as the key does not decide it · fetch.spec.whatwg.org/#concept-cache-match
    fn has_cache_entry_match(&self, mode: CredentialsMode, now: Timestamp) -> bool {
        let credentials = match self.credentials {
            CredentialsFlag::Included => true,
            CredentialsFlag::NotIncluded => mode != CredentialsMode::Include,
        };
        credentials && self.is_live(now)
    }
}

impl<T: AsRef<str>> Entry<T> {
    /// Whether it stands for every token.
    ///
    /// DIFFERS: a `*` from a credentialed preflight is a literal `*`. CORS-preflight fetch takes it as one, so an
    /// answer `*, PUT` lets only PUT pass; were it a wildcard here, a later DELETE would go without being asked for.
    fn is_wildcard(&self) -> bool {
        self.credentials == CredentialsFlag::NotIncluded && self.token.as_ref() == WILDCARD
    }
}

/// How one preflight answer changes entries.
#[derive(Clone, Copy)]
struct Refresh {
    credentials: CredentialsFlag,
    expires: Timestamp,
    creates: bool,
}

impl Refresh {
    /// DIFFERS: an entry is refreshed only by its own token under its own credentials. The Standard refreshes the
    /// "matching entry", by which an answer that lists PUT would prolong a `*`, and an uncredentialed answer a
    /// credentialed entry: permissions that this answer did not give.
    ///
    /// DIFFERS: the age restarts with the refresh. The Standard sets max-age alone, by which an answer of five
    /// seconds to an entry stored ten seconds ago would have passed before it came.
    ///
    /// DIFFERS: at most `limit` tokens are read and kept, none longer than [`TOKEN_LIMIT`], and none with max-age 0,
    /// so that one answer cannot fill the memory. An entry that is not kept costs a preflight.
    fn run<T: AsRef<str> + Clone + PartialEq>(
        self,
        entries: &mut Vec<Entry<T>>,
        tokens: &[T],
        limit: usize,
    ) -> u64 {
        let mut created = 0;
        if entries.is_empty() && self.creates {
            entries.reserve_exact(tokens.len().min(limit));
        }
        for token in tokens.iter().take(limit) {
            let own = entries
                .iter_mut()
                .find(|entry| entry.credentials == self.credentials && entry.token == *token);
            if let Some(entry) = own {
                entry.expires = self.expires;
            } else if self.creates && entries.len() < limit && token.as_ref().len() <= TOKEN_LIMIT {
                entries.push(Entry {
                    token: token.clone(),
                    expires: self.expires,
                    credentials: self.credentials,
                });
                created += 1;
            }
        }
        created
    }
}

const WILDCARD: &str = "*";
