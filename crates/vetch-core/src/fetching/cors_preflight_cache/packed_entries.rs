//! Cache entries of one key as bytes · fetch.spec.whatwg.org/#concept-cache
//! In: entries. Out: their bytes, in the key's own slot where they fit; and the entries again.
//! Differs: nothing.
//!
//! A look-up in a large cache pays for each piece of memory it touches, so an ordinary answer has no piece of its own.
//! The bytes are grants, each of what came on the same terms: when it expires (8), its credentials and how many bytes
//! follow (2), and as many bytes of tokens. A token is its number among the common ones (1), or which kind is spelt out
//! (1), its length (1) and its text.

use super::common_tokens::COMMON_TOKENS;
use super::entries::{CredentialsFlag, Entry, Terms, Token};
use crate::time::Timestamp;

/// The entries of one key.
pub(super) enum PackedEntries {
    /// In the slot itself, which is one cache line with them.
    Inline {
        length: u8,
        bytes: [u8; INLINE_BYTES],
    },
    /// Elsewhere, which costs a look-up one more cache miss.
    Boxed(Box<[u8]>),
}

/// What is left of a slot's 64 bytes: a method and a few common names, or two names spelt out.
const INLINE_BYTES: usize = 38;

/// Stands before a method that is spelt out.
pub(super) const SPELT_METHOD: u8 = 0xFE;

/// Stands before a header name that is spelt out.
const SPELT_HEADER_NAME: u8 = 0xFF;

const _: () = assert!(COMMON_TOKENS.len() < SPELT_METHOD as usize);

/// The bit that says [`CredentialsFlag::Included`]; the others count the bytes of tokens.
const CREDENTIALS_BIT: u16 = 0x8000;

/// What came on the same terms.
#[derive(Clone, Copy)]
pub(super) struct Grant<'a> {
    pub(super) terms: Terms,
    tokens: &'a [u8],
}

impl PackedEntries {
    /// Packs entries whose tokens are of at most 255 bytes, which [`TOKEN_LIMIT`](super::TOKEN_LIMIT) sees to.
    pub(super) fn pack(mut entries: Vec<Entry<'_>>) -> Self {
        entries.sort_by_key(|entry| entry.terms);
        let mut bytes = Vec::with_capacity(2 * INLINE_BYTES);
        for grant in entries.chunk_by(|a, b| a.terms == b.terms) {
            if let Some(Entry { terms, .. }) = grant.first() {
                pack_grant(*terms, grant, &mut bytes);
            }
        }
        let mut inline = [0; INLINE_BYTES];
        match (inline.get_mut(..bytes.len()), u8::try_from(bytes.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(&bytes);
                Self::Inline {
                    length,
                    bytes: inline,
                }
            }
            _ => Self::Boxed(bytes.into_boxed_slice()),
        }
    }

    /// The entries of each of the terms they came on.
    #[inline]
    pub(super) fn grants(&self) -> impl Iterator<Item = Grant<'_>> {
        let mut rest = match self {
            Self::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Boxed(bytes) => bytes,
        };
        std::iter::from_fn(move || Grant::read(&mut rest))
    }

    /// The entries.
    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.grants().flat_map(|grant| {
            let terms = grant.terms;
            grant.tokens().map(move |token| Entry { token, terms })
        })
    }

    /// Whether an entry can still match.
    pub(super) fn are_live(&self, now: Timestamp) -> bool {
        self.grants().any(|grant| grant.terms.are_live(now))
    }

    /// Remove the entries whose max-age has passed.
    pub(super) fn remove_expired(&mut self, now: Timestamp) {
        if self.grants().all(|grant| grant.terms.are_live(now)) {
            return;
        }
        let live = self.iter().filter(|entry| entry.terms.are_live(now));
        *self = Self::pack(live.collect());
    }
}

impl Default for PackedEntries {
    fn default() -> Self {
        Self::Inline {
            length: 0,
            bytes: [0; INLINE_BYTES],
        }
    }
}

fn pack_grant(terms: Terms, grant: &[Entry<'_>], bytes: &mut Vec<u8>) {
    bytes.extend(terms.expires.as_millis().to_le_bytes());
    let head = bytes.len();
    bytes.extend([0; 2]);
    for entry in grant {
        pack_token(entry.token, bytes);
    }
    // Bounded by `TOKEN_BYTES_PER_KEY` and two bytes for each token.
    let length = u16::try_from(bytes.len() - head - 2).unwrap_or_default();
    let credentials = match terms.credentials {
        CredentialsFlag::NotIncluded => 0,
        CredentialsFlag::Included => CREDENTIALS_BIT,
    };
    if let Some(head) = bytes.get_mut(head..head + 2) {
        head.copy_from_slice(&(credentials | length).to_le_bytes());
    }
}

fn pack_token(token: Token<'_>, bytes: &mut Vec<u8>) {
    if let Some(number) = COMMON_TOKENS.iter().position(|common| *common == token) {
        bytes.push(byte(number));
        return;
    }
    let (kind, text) = match token {
        Token::Method(text) => (SPELT_METHOD, text),
        Token::HeaderName(text) => (SPELT_HEADER_NAME, text),
    };
    bytes.extend([kind, byte(text.len())]);
    bytes.extend(text);
}

/// A number that is known to fit.
fn byte(number: usize) -> u8 {
    debug_assert!(u8::try_from(number).is_ok(), "{number} is no byte");
    u8::try_from(number).unwrap_or_default()
}

impl<'a> Grant<'a> {
    #[inline]
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let (expires, after) = rest.split_first_chunk()?;
        let (head, after) = after.split_first_chunk()?;
        let head = u16::from_le_bytes(*head);
        let (tokens, after) = after.split_at_checked(usize::from(head & !CREDENTIALS_BIT))?;
        *rest = after;
        let terms = Terms {
            expires: Timestamp::from_millis(u64::from_le_bytes(*expires)),
            credentials: if head & CREDENTIALS_BIT == 0 {
                CredentialsFlag::NotIncluded
            } else {
                CredentialsFlag::Included
            },
        };
        Some(Self { terms, tokens })
    }

    /// What it grants.
    #[inline]
    pub(super) fn tokens(self) -> impl Iterator<Item = Token<'a>> {
        let mut rest = self.tokens;
        std::iter::from_fn(move || read_token(&mut rest))
    }
}

#[inline]
fn read_token<'a>(rest: &mut &'a [u8]) -> Option<Token<'a>> {
    let (head, after) = rest.split_first()?;
    *rest = after;
    match *head {
        SPELT_METHOD => read_text(rest).map(Token::Method),
        SPELT_HEADER_NAME => read_text(rest).map(Token::HeaderName),
        number => COMMON_TOKENS.get(usize::from(number)).copied(),
    }
}

#[inline]
fn read_text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first()?;
    let (text, after) = after.split_at_checked(usize::from(*length))?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(token: Token<'_>, millis: u64, credentials: CredentialsFlag) -> Entry<'_> {
        let expires = Timestamp::from_millis(millis);
        let terms = Terms {
            expires,
            credentials,
        };
        Entry { token, terms }
    }

    #[test]
    fn entries_come_back_as_they_were_packed() {
        use CredentialsFlag::{Included, NotIncluded};
        let names: Vec<_> = (0..256).map(|number| format!("x-{number}")).collect();
        let many = || names.iter().map(|name| Token::HeaderName(name.as_bytes()));
        let common = COMMON_TOKENS.map(|token| entry(token, u64::MAX, Included));
        let tables = [
            vec![],
            vec![entry(Token::Method(b"PUT"), 5, NotIncluded)],
            vec![
                entry(Token::Method(b"PUT"), 5, NotIncluded),
                entry(Token::Method(b"PUT"), 5, Included),
                entry(Token::HeaderName(&[b'a'; 128]), 7, NotIncluded),
            ],
            common.to_vec(),
            many().map(|name| entry(name, 9, NotIncluded)).collect(),
        ];
        for table in tables {
            let packed = PackedEntries::pack(table.clone());
            let found: Vec<_> = packed.iter().collect();
            assert_eq!(found, table);
        }
    }

    #[test]
    fn an_ordinary_answer_stays_in_the_slot() {
        let tokens = [
            Token::Method(b"PUT"),
            Token::HeaderName(b"content-type"),
            Token::HeaderName(b"x-requested-with"),
            Token::HeaderName(b"x-shop-basket-version"),
        ];
        let packed = PackedEntries::pack(
            tokens
                .map(|token| entry(token, 5, CredentialsFlag::Included))
                .to_vec(),
        );
        assert!(matches!(packed, PackedEntries::Inline { .. }));
    }
}
