//! Cache entries of one key as bytes · fetch.spec.whatwg.org/#concept-cache
//! In: entries. Out: their bytes, in the key's own line where they fit; and the entries again.
//! Differs: nothing.
//!
//! A look-up in a large cache pays for each piece of memory it touches, so an ordinary answer has no piece of its own.
//! The bytes are grants, each of what came on the same terms: when it expires (8), a word (8) with a bit for each common
//! token, one for the credentials and the count of the bytes that follow, and the tokens that are not common: of which
//! kind it is (1), its length (1) and its text. So a common token is looked for with one look at one bit.

use super::common_tokens::{COMMON_TOKENS, number_of};
use super::entries::{CredentialsFlag, Entry, Terms, Token};
use super::line::EntryWords;
use crate::time::Timestamp;

/// The entries of one key, to read.
#[derive(Clone, Copy)]
pub(super) struct PackedEntries<'a>(&'a [u8]);

/// What came on the same terms.
#[derive(Clone, Copy)]
pub(super) struct Grant<'a> {
    pub(super) terms: Terms,
    common: u64,
    spelt: &'a [u8],
}

/// A token to look for.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    token: Token<'a>,
    /// The bit of a common one.
    pub(super) bit: Option<u64>,
}

/// Of a grant's second word: the bits of the common tokens.
const COMMON_BITS: u64 = (1 << COMMON_TOKENS.len()) - 1;

/// The bit that says [`CredentialsFlag::Included`].
const CREDENTIALS_BIT: u64 = 1 << COMMON_TOKENS.len();

/// The bits above it count the bytes of what is spelt out.
const SPELT_SHIFT: usize = COMMON_TOKENS.len() + 1;

/// What two words take.
const HEAD_BYTES: usize = 16;

/// Stands before a method that is spelt out.
const SPELT_METHOD: u8 = 0xFE;

/// Stands before a header name that is spelt out.
const SPELT_HEADER_NAME: u8 = 0xFF;

/// Packs entries whose tokens are of at most 255 bytes, which [`TOKEN_LIMIT`](super::TOKEN_LIMIT) sees to.
pub(super) fn pack(mut entries: Vec<Entry<'_>>) -> Vec<u8> {
    entries.sort_by_key(|entry| entry.terms);
    let mut bytes = Vec::with_capacity(2 * size_of::<EntryWords>());
    for grant in entries.chunk_by(|a, b| a.terms == b.terms) {
        if let Some(Entry { terms, .. }) = grant.first()
            && terms.expires != Timestamp::default()
        {
            pack_grant(*terms, grant, &mut bytes);
        }
    }
    bytes
}

fn pack_grant(terms: Terms, grant: &[Entry<'_>], bytes: &mut Vec<u8>) {
    let head = bytes.len();
    bytes.extend([0; HEAD_BYTES]);
    let mut word = match terms.credentials {
        CredentialsFlag::NotIncluded => 0,
        CredentialsFlag::Included => CREDENTIALS_BIT,
    };
    for entry in grant {
        match Sought::new(entry.token).bit {
            Some(bit) => word |= bit,
            None => spell(entry.token, bytes),
        }
    }
    // Bounded by `TOKEN_BYTES_PER_KEY` and two bytes for each token, for which 15 bits are enough.
    let spelt = bytes.len() - head - HEAD_BYTES;
    word |= (spelt as u64) << SPELT_SHIFT;
    let words = [terms.expires.as_millis(), word].map(u64::to_le_bytes);
    if let Some(head) = bytes.get_mut(head..head + HEAD_BYTES) {
        head.copy_from_slice(words.as_flattened());
    }
}

fn spell(token: Token<'_>, bytes: &mut Vec<u8>) {
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

impl<'a> PackedEntries<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The entries of each of the terms they came on.
    #[inline]
    pub(super) fn grants(self) -> impl Iterator<Item = Grant<'a>> {
        let mut rest = self.0;
        std::iter::from_fn(move || Grant::read(&mut rest))
    }

    /// The entries.
    pub(super) fn iter(self) -> impl Iterator<Item = Entry<'a>> {
        self.grants().flat_map(|grant| {
            let terms = grant.terms;
            grant.tokens().map(move |token| Entry { token, terms })
        })
    }

    /// The entries that can still match.
    pub(super) fn live(self, now: Timestamp) -> impl Iterator<Item = Entry<'a>> {
        self.iter().filter(move |entry| entry.terms.are_live(now))
    }

    /// Whether an entry can still match.
    pub(super) fn are_live(self, now: Timestamp) -> bool {
        self.grants().any(|grant| grant.terms.are_live(now))
    }

    /// Whether each entry can still match.
    pub(super) fn are_all_live(self, now: Timestamp) -> bool {
        self.grants().all(|grant| grant.terms.are_live(now))
    }
}

impl<'a> Grant<'a> {
    /// What is left of an inline one is filled with zeros, and no grant begins with them.
    #[inline]
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let (expires, after) = rest.split_first_chunk()?;
        let (word, after) = after.split_first_chunk()?;
        let (expires, word) = (u64::from_le_bytes(*expires), u64::from_le_bytes(*word));
        if expires == 0 {
            return None;
        }
        let (spelt, after) = after.split_at_checked((word >> SPELT_SHIFT) as usize)?;
        *rest = after;
        Some(Self {
            spelt,
            ..Self::of_words([expires, word])
        })
    }

    /// The grant of those two words, without what is spelt out.
    #[inline]
    pub(super) fn of_words([expires, word]: [u64; 2]) -> Self {
        let terms = Terms {
            expires: Timestamp::from_millis(expires),
            credentials: if word & CREDENTIALS_BIT == 0 {
                CredentialsFlag::NotIncluded
            } else {
                CredentialsFlag::Included
            },
        };
        Self {
            terms,
            common: word & COMMON_BITS,
            spelt: &[],
        }
    }

    /// Whether it grants that token, as itself.
    #[inline]
    pub(super) fn has(self, sought: Sought<'_>) -> bool {
        match sought.bit {
            Some(bit) => self.common & bit != 0,
            None => self.spelt().any(|token| token == sought.token),
        }
    }

    /// Whether it grants all of those common tokens, as themselves.
    #[inline]
    pub(super) fn has_common(self, bits: u64) -> bool {
        self.common & bits == bits
    }

    /// What it grants.
    fn tokens(self) -> impl Iterator<Item = Token<'a>> {
        let common = COMMON_TOKENS.into_iter().enumerate();
        let common = common.filter(move |(number, _)| self.common >> number & 1 == 1);
        common.map(|(_, token)| token).chain(self.spelt())
    }

    #[inline]
    fn spelt(self) -> impl Iterator<Item = Token<'a>> {
        let mut rest = self.spelt;
        std::iter::from_fn(move || read_token(&mut rest))
    }
}

impl<'a> Sought<'a> {
    #[inline]
    pub(super) fn new(token: Token<'a>) -> Self {
        let bit = number_of(token).map(|number| 1 << number);
        Self { token, bit }
    }
}

#[inline]
fn read_token<'a>(rest: &mut &'a [u8]) -> Option<Token<'a>> {
    let ([kind, length], after) = rest.split_first_chunk()?;
    let (text, after) = after.split_at_checked(usize::from(*length))?;
    *rest = after;
    match *kind {
        SPELT_METHOD => Some(Token::Method(text)),
        SPELT_HEADER_NAME => Some(Token::HeaderName(text)),
        _ => None,
    }
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
            let packed = pack(table.clone());
            let found: Vec<_> = PackedEntries::new(&packed).iter().collect();
            assert_eq!(found, table);
        }
    }
}
