//! Cache entries of one key · fetch.spec.whatwg.org/#concept-cache
//! In: what a preflight answer allows. Out: entries created or refreshed.
//! Differs: a `*` from a credentialed preflight is literal; a refresh touches its own entry only and restarts its age; the number of entries is bounded.

use super::packed_entries::{PackedEntries, pack};
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

/// Methods and header names kept per key have no more bytes than this together; further ones are passed over.
pub const TOKEN_BYTES_PER_KEY: usize = 8_192;

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

/// One entry; its key, origin and URL are the place where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) token: Token<'a>,
    pub(super) terms: Terms,
}

/// For whom an entry stands, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Terms {
    /// When max-age seconds have passed since storing the entry.
    pub(super) expires: Timestamp,
    pub(super) credentials: CredentialsFlag,
}

/// What an entry allows: its method or its header name, of which the Standard's entry has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A method, or `*`.
    Method(&'a [u8]),
    /// A header name in lower case, or `*`.
    HeaderName(&'a [u8]),
}

/// A token that an answer lists.
#[derive(Clone, Copy)]
struct Listed<'a> {
    token: Token<'a>,
    /// Whether an entry for `*` is a "matching entry" of it.
    by_wildcard: bool,
}

/// The entries under one key while an answer changes them.
#[derive(Default)]
pub(super) struct Entries<'a> {
    kept: Vec<Entry<'a>>,
    methods: usize,
    header_names: usize,
    /// Of methods and header names together.
    token_bytes: usize,
}

impl<'a> Entries<'a> {
    /// The entries whose max-age has not passed, with room for as many as an answer has.
    pub(super) fn live(
        packed: PackedEntries<'a>,
        answer: &PreflightAnswer<'_>,
        now: Timestamp,
    ) -> Self {
        let methods = answer.methods.len().min(METHODS_PER_KEY);
        let header_names = answer.header_names.len().min(HEADER_NAMES_PER_KEY);
        let mut live = Self {
            kept: Vec::with_capacity(methods + header_names),
            ..Self::default()
        };
        packed.live(now).for_each(|entry| live.push(entry));
        live
    }

    fn push(&mut self, entry: Entry<'a>) {
        match entry.token {
            Token::Method(_) => self.methods += 1,
            Token::HeaderName(_) => self.header_names += 1,
        }
        self.token_bytes += entry.token.text().len();
        self.kept.push(entry);
    }

    pub(super) fn pack(self) -> Vec<u8> {
        pack(self.kept)
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
        answer: &PreflightAnswer<'a>,
        credentials: CredentialsFlag,
        now: Timestamp,
    ) -> u64 {
        let terms = Terms {
            expires: now.plus_seconds(answer.max_age),
            credentials,
        };
        let methods = answer.methods.iter().take(METHODS_PER_KEY);
        let header_names = answer.header_names.iter().take(HEADER_NAMES_PER_KEY);
        let listed = methods
            .map(Listed::method)
            .chain(header_names.map(Listed::header_name));
        let mut created = 0;
        for listed in listed {
            let token = listed.token;
            let mut is_kept = false;
            for entry in &mut self.kept {
                let own = &mut entry.terms;
                if own.credentials == credentials && entry.token == token {
                    own.expires = terms.expires;
                    is_kept = true;
                } else if entry.is_matching(listed, credentials) {
                    entry.terms.expires = entry.terms.expires.min(terms.expires);
                }
            }
            if !is_kept && terms.are_live(now) && self.has_room_for(token) {
                self.push(Entry { token, terms });
                created += 1;
            }
        }
        created
    }

    fn has_room_for(&self, token: Token<'_>) -> bool {
        let (alike, limit) = match token {
            Token::Method(_) => (self.methods, METHODS_PER_KEY),
            Token::HeaderName(_) => (self.header_names, HEADER_NAMES_PER_KEY),
        };
        let bytes = token.text().len();
        bytes <= TOKEN_LIMIT && alike < limit && self.token_bytes + bytes <= TOKEN_BYTES_PER_KEY
    }
}

impl<'a> Listed<'a> {
    fn method(method: &'a Method) -> Self {
        Self {
            token: Token::Method(method.as_str().as_bytes()),
            by_wildcard: true,
        }
    }

    fn header_name(name: &'a HeaderName) -> Self {
        Self {
            token: Token::HeaderName(name.as_str().as_bytes()),
            by_wildcard: !is_cors_non_wildcard_request_header_name(name),
        }
    }
}

impl Entry<'_> {
    /// Whether it is a "matching entry" of a token that an answer lists, given whether that answer was credentialed.
    fn is_matching(&self, listed: Listed<'_>, credentials: CredentialsFlag) -> bool {
        let own = self.terms.credentials;
        let by_credentials = own == CredentialsFlag::Included || own == credentials;
        let is_of_its_kind =
            std::mem::discriminant(&self.token) == std::mem::discriminant(&listed.token);
        let by_wildcard =
            listed.by_wildcard && is_of_its_kind && self.token.is_wildcard(self.terms);
        by_credentials && (self.token == listed.token || by_wildcard)
    }
}

impl Terms {
    /// Whether max-age has not passed.
    #[inline]
    pub(super) fn are_live(self, now: Timestamp) -> bool {
        now < self.expires
    }
}

impl<'a> Token<'a> {
    /// Whether it stands for every token of its kind.
    ///
    /// DIFFERS: a `*` from a credentialed preflight is a literal `*`. CORS-preflight fetch takes it as one, so an
    /// answer `*, PUT` lets only PUT pass; were it a wildcard here, a later DELETE would go without being asked for.
    pub(super) fn is_wildcard(self, terms: Terms) -> bool {
        terms.credentials == CredentialsFlag::NotIncluded && self.text() == b"*"
    }

    pub(super) fn text(self) -> &'a [u8] {
        match self {
            Self::Method(text) | Self::HeaderName(text) => text,
        }
    }
}
