//! The contents of the CORS-preflight cache, to look at.
//! In: the keys. Out: their live entries with the texts that are kept.
//! Differs: nothing.

use super::entries::{CredentialsFlag, Entry, Token};
use super::keys::{CacheKey, KeyText};
use super::slots::KeptKey;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::time::Timestamp;

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

/// What an entry allows: its method or its header name, of which the Standard's entry has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryToken {
    /// A method, or `*`.
    Method(Method),
    /// A header name, or `*`.
    HeaderName(HeaderName),
}

/// The entries that can match at `now`, in no order.
pub(super) fn export<'a>(
    keys: impl Iterator<Item = KeptKey<'a>>,
    now: Timestamp,
) -> impl Iterator<Item = ExportedEntry> {
    keys.flat_map(move |kept| {
        let text = kept.text.map(|(owner, url)| KeyText {
            network_partition_key: owner.network_partition_key.clone(),
            origin: owner.origin.clone(),
            url: url.into(),
        });
        let live = kept.entries.read().live(now);
        let exported = live.filter_map(|entry| {
            Some(ExportedEntry {
                key: kept.key,
                text: text.clone(),
                token: EntryToken::of(entry.token)?,
                credentials: entry.terms.credentials,
                remaining_seconds: remaining_seconds(&entry, now),
            })
        });
        exported.collect::<Vec<_>>()
    })
}

fn remaining_seconds(entry: &Entry<'_>, now: Timestamp) -> u64 {
    let remaining = entry
        .terms
        .expires
        .as_millis()
        .saturating_sub(now.as_millis());
    remaining.div_ceil(1_000)
}

impl ExportedEntry {
    /// Partition, origin, URL, methods before header names, token and credentials.
    pub(super) fn sort_key(&self) -> impl Ord + '_ {
        let text = self.text.as_ref().map(|text| {
            let origin = text.origin.as_bytes();
            (text.network_partition_key.as_str(), origin, &*text.url)
        });
        let is_header_name = matches!(self.token, EntryToken::HeaderName(_));
        let token = (is_header_name, self.token.as_str());
        (text, self.key, token, self.credentials)
    }
}

impl EntryToken {
    /// Every kept token was a method or header name once.
    fn of(token: Token<'_>) -> Option<Self> {
        match token {
            Token::Method(text) => Method::from_bytes(text).ok().map(Self::Method),
            Token::HeaderName(text) => HeaderName::from_bytes(text).ok().map(Self::HeaderName),
        }
    }

    /// The method or header name as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Method(method) => method.as_str(),
            Self::HeaderName(name) => name.as_str(),
        }
    }
}
