//! Cache entries in the words of their key's line.
//! In: packed entries. Out: words, and the entries again.
//! Differs: nothing.

use super::line::EntryWords;
use super::packed_entries::PackedEntries;

/// The words that a key's line has for its entries: a method, any common names and another one spelt out. Or they say
/// where the entries are, which costs a look-up the lock and one more cache miss.
///
/// The first word is 0 then, and to who reads it as entries there are none: what expires at 0 has expired.
#[derive(Clone, Copy)]
pub(super) struct InlineEntries([u8; INLINE_BYTES]);

const INLINE_BYTES: usize = size_of::<EntryWords>();

impl InlineEntries {
    /// The entries, if they are short enough.
    pub(super) fn of(packed: &[u8]) -> Option<Self> {
        let mut bytes = [0; INLINE_BYTES];
        bytes.get_mut(..packed.len())?.copy_from_slice(packed);
        Some(Self(bytes))
    }

    /// Words that say where the entries are.
    pub(super) fn elsewhere(number: usize) -> EntryWords {
        [0, number as u64 + 1, 0, 0, 0]
    }

    /// Where the entries are, if not here.
    pub(super) fn number_elsewhere(words: EntryWords) -> Option<usize> {
        match words {
            [0, number, ..] => usize::try_from(number).ok()?.checked_sub(1),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn of_words(words: EntryWords) -> Self {
        let mut bytes = [0; INLINE_BYTES];
        for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *bytes = word.to_le_bytes();
        }
        Self(bytes)
    }

    pub(super) fn words(self) -> EntryWords {
        let mut words = EntryWords::default();
        for (word, bytes) in words.iter_mut().zip(self.0.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        words
    }

    #[inline]
    pub(super) fn read(&self) -> PackedEntries<'_> {
        PackedEntries::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entries::{CredentialsFlag, Entry, Terms, Token};
    use super::super::packed_entries::pack;
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn an_ordinary_answer_stays_in_the_line() {
        let tokens = [
            Token::Method(b"PUT"),
            Token::HeaderName(b"content-type"),
            Token::HeaderName(b"x-requested-with"),
            Token::HeaderName(b"x-shop-basket-version"),
        ];
        let terms = Terms {
            expires: Timestamp::from_millis(5),
            credentials: CredentialsFlag::Included,
        };
        let entries = tokens.map(|token| Entry { token, terms });
        let inline = InlineEntries::of(&pack(entries.to_vec())).unwrap();
        let again = InlineEntries::of_words(inline.words());
        assert_eq!(again.read().iter().collect::<Vec<_>>(), entries);
    }

    #[test]
    fn where_entries_are_is_no_entry() {
        let words = InlineEntries::elsewhere(7);
        assert_eq!(InlineEntries::number_elsewhere(words), Some(7));
        assert_eq!(InlineEntries::of_words(words).read().iter().count(), 0);
        assert_eq!(InlineEntries::number_elsewhere(EntryWords::default()), None);
    }
}
