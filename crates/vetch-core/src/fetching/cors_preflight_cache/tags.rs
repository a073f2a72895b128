//! What the lines of a group hold, in one word.
//! In: hashes. Out: which line may be a key's.
//! Differs: nothing.
//!
//! A byte for each of seven lines is a byte of the hash of the key there, or zero. All seven are compared at once, and
//! the processor has no branch to guess. The eighth byte counts the keys that passed by because the group was full:
//! where none did, a search ends.

use super::line::KeyWords;

/// The word of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tags(pub(super) u64);

/// Lines of a group: a byte less than a word has.
pub(super) const LINES: usize = 7;

/// What stands for a line that is not taken.
const VACANT: u8 = 0;

/// A bit for each line.
const ONES: u64 = 0x0001_0101_0101_0101;

impl Tags {
    /// The first line that may be the key's; of [`LINES`] or more there is none.
    #[inline]
    pub(super) fn first_alike(self, key: KeyWords) -> usize {
        first_line(self.alike(tag(key)))
    }

    /// All lines that may be the key's.
    pub(super) fn all_alike(self, key: KeyWords) -> impl Iterator<Item = usize> {
        let mut alike = self.alike(tag(key));
        std::iter::from_fn(move || {
            let first = first_line(alike);
            alike &= alike.wrapping_sub(1);
            (first < LINES).then_some(first)
        })
    }

    /// A line that is not taken, that one if it can be; of [`LINES`] or more there is none.
    pub(super) fn vacant(self, favourite: usize) -> usize {
        let vacant = self.alike(VACANT);
        if vacant >> (8 * favourite) & 0x80 != 0 {
            favourite
        } else {
            first_line(vacant)
        }
    }

    /// Of each line whether it is taken.
    pub(super) fn are_taken(self) -> [bool; LINES] {
        let [tags @ .., _] = self.0.to_le_bytes();
        tags.map(|tag| tag != VACANT)
    }

    #[must_use]
    pub(super) fn with(self, line: usize, key: KeyWords) -> Self {
        self.with_byte(line, tag(key))
    }

    #[must_use]
    pub(super) fn without(self, line: usize) -> Self {
        self.with_byte(line, VACANT)
    }

    /// How many keys passed by.
    pub(super) fn passed(self) -> u8 {
        let [.., passed] = self.0.to_le_bytes();
        passed
    }

    /// One key more has passed by.
    #[must_use]
    pub(super) fn passed_by(self) -> Self {
        self.with_byte(LINES, self.passed().saturating_add(1))
    }

    /// A key that passed by is no longer kept. Of so many as cannot be told the count stays.
    #[must_use]
    pub(super) fn passed_no_more(self) -> Self {
        match self.passed() {
            u8::MAX => self,
            passed => self.with_byte(LINES, passed.saturating_sub(1)),
        }
    }

    fn with_byte(self, at: usize, to: u8) -> Self {
        let mut bytes = self.0.to_le_bytes();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = to;
        }
        Self(u64::from_le_bytes(bytes))
    }

    /// The high bit of each line's byte that is `wanted`, and of no other.
    #[inline]
    fn alike(self, wanted: u8) -> u64 {
        const LOW_BITS: u64 = ONES * 0x7F;
        let zero_if_alike = self.0 ^ (u64::from(wanted) * ONES);
        // The sum reaches a byte's high bit where a low bit is set, and never the next byte.
        let is_other = ((zero_if_alike & LOW_BITS) + LOW_BITS) | zero_if_alike;
        !is_other & (ONES << 7)
    }
}

/// A byte of the hash that has no say in which group and line is the key's, made odd so that it is not [`VACANT`].
#[inline]
fn tag([place, _]: KeyWords) -> u8 {
    let [low, ..] = place.to_le_bytes();
    low | 1
}

/// The line of the lowest bit; too large for a line if there is none.
#[inline]
fn first_line(bits: u64) -> usize {
    (bits.trailing_zeros() / 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_each_line_alike_and_says_what_is_vacant() {
        let key = |byte: u64| [0xAB00 | byte, 0];
        let mut tags = Tags::default();
        for (line, byte) in [3, 5, 3, 255, 9, 3].into_iter().enumerate() {
            assert_eq!(tags.vacant(0), line);
            assert_eq!(tags.vacant(6), 6);
            tags = tags.with(line, key(byte));
        }
        assert_eq!(tags.all_alike(key(3)).collect::<Vec<_>>(), [0, 2, 5]);
        // 0 is 1 but for its lowest bit, and stands above one alike.
        let vacated = Tags::default().with(0, key(1)).with(1, key(1)).without(1);
        assert_eq!(vacated.all_alike(key(1)).collect::<Vec<_>>(), [0]);
        assert_eq!(tags.first_alike(key(3)), 0);
        assert!(tags.first_alike(key(77)) >= LINES);
        assert_eq!(tags.without(2).vacant(0), 2);
        assert_eq!(tags.without(2).vacant(2), 2);
        assert!(tags.with(6, key(1)).vacant(6) >= LINES);
        assert_eq!(
            tags.are_taken(),
            [true, true, true, true, true, true, false]
        );
    }

    #[test]
    fn a_count_of_who_passed_by_that_is_full_stays() {
        let mut tags = Tags::default();
        assert_eq!(tags.passed_by().passed_no_more(), tags);
        for _ in 0..300 {
            tags = tags.passed_by();
        }
        assert_eq!(tags.passed_no_more().passed(), u8::MAX);
    }
}
