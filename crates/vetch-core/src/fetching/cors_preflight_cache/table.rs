//! Where the line of a key is.
//! In: the words of a key. Out: its line, or a line for it.
//! Differs: nothing; the Standard says only that there is a list.
//!
//! A look-up in a large cache pays for each piece of memory that it can only name after it has read another, and most
//! for one of a page of memory that was not asked for lately. Here a key's line is where its hash says, in one of the
//! seven lines of a group: the one that it would rather have, which is read before anything else, if that was vacant when
//! it came. If not it is in another of the seven, or in a later group if all are taken; and the word that says which of
//! the seven stands before them, in the same page.
//!
//! The table grows without moving any memory that a reader may be looking at: there are pieces, which stay where they are
//! until the cache is dropped, and as it grows one more comes into use, and each key finds its line anew. Pieces are as
//! large as a half or a third of what there is, so that no less than half of the lines is taken.

use std::sync::OnceLock;

use super::atomics::{AtomicU64, AtomicUsize, Ordering};
use super::keys::CacheKey;
use super::line::{Content, KeyWords, Line};
use super::tags::{LINES, Tags};

/// The lines of a shard. Who changes it holds the shard's lock, and lets readers know.
pub(super) struct Table {
    pieces: Box<[OnceLock<Piece>]>,
    /// How many groups are in use, of all pieces together.
    groups: AtomicUsize,
}

type Piece = Box<[Group]>;

/// A group's lines, and the word that says what they hold.
#[derive(Default)]
#[repr(C, align(64))]
struct Group {
    /// [`Tags`].
    tags: AtomicU64,
    lines: [Line; LINES],
}

const _: () = assert!(size_of::<Group>() == 512);

/// Which line, among all that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Table {
    /// A table that can grow to hold so many keys, and has no line yet.
    pub(super) fn new(capacity: usize) -> Self {
        let enough = |pieces: &usize| room(lines(*pieces)) >= capacity;
        let pieces = (0..MOST_PIECES).find(enough).unwrap_or(MOST_PIECES);
        Self {
            pieces: (0..pieces).map(|_| OnceLock::new()).collect(),
            groups: AtomicUsize::new(0),
        }
    }

    /// The line of a key, if it is kept. It comes to an end whatever is changed meanwhile.
    ///
    /// Three of four keys are in the line that they would rather have, and most others in the first that may be theirs.
    #[inline]
    pub(super) fn find(&self, key: &CacheKey) -> Option<&Line> {
        let words = key.words();
        let group = self.group(home(words, self.groups()))?;
        let line_of = |at: usize| group.lines.get(at).filter(|line| line.key() == words);
        line_of(favourite(words))
            .or_else(|| line_of(group.tags().first_alike(words)))
            .or_else(|| self.find_further(key))
    }

    #[inline(never)]
    fn find_further(&self, key: &CacheKey) -> Option<&Line> {
        let key = key.words();
        let groups = self.groups();
        let mut number = home(key, groups);
        for _ in 0..groups {
            let group = self.group(number)?;
            let tags = group.tags();
            let alike = tags.all_alike(key).filter_map(|at| group.lines.get(at));
            if let Some(line) = alike.into_iter().find(|line| line.key() == key) {
                return Some(line);
            }
            if tags.passed() == 0 {
                return None;
            }
            number = after(number, groups);
        }
        None
    }

    /// Keep a key that is not kept yet; says where, unless all lines are taken.
    pub(super) fn insert(&self, content: Content) -> Option<Place> {
        let groups = self.groups();
        let mut number = home(content.key, groups);
        for _ in 0..groups {
            let group = self.group(number)?;
            let tags = group.tags();
            let vacant = tags.vacant(favourite(content.key));
            if let Some(line) = group.lines.get(vacant) {
                line.set(content);
                group.set_tags(tags.with(vacant, content.key));
                return Place::of(number, vacant);
            }
            group.set_tags(tags.passed_by());
            number = after(number, groups);
        }
        None
    }

    /// The line there is no key's any more.
    pub(super) fn remove(&self, place: Place) -> Option<()> {
        let (last, line) = place.group_and_line();
        let group = self.group(last)?;
        let groups = self.groups();
        let removed = group.lines.get(line)?;
        let mut number = home(removed.key(), groups);
        removed.vacate();
        group.set_tags(group.tags().without(line));
        while number != last {
            let group = self.group(number)?;
            group.set_tags(group.tags().passed_no_more());
            number = after(number, groups);
        }
        Some(())
    }

    /// The line there.
    pub(super) fn line(&self, place: Place) -> Option<&Line> {
        let (group, line) = place.group_and_line();
        self.group(group)?.lines.get(line)
    }

    /// No line is a key's any more. The lines' memory stays, as readers may be looking at it.
    pub(super) fn clear(&self) {
        for group in self.all_groups() {
            group.set_tags(Tags::default());
            group.lines.iter().for_each(Line::vacate);
        }
    }

    /// Room for one key more than are kept: another piece if there are few lines left. Says of each key that it moves where
    /// it is now.
    pub(super) fn reserve(&self, kept: usize, mut moved: impl FnMut(u32, Place)) {
        let groups = self.groups();
        let (next, _) = piece_of(groups);
        if kept >= room(groups * LINES)
            && let Some(piece) = self.pieces.get(next)
        {
            let all: Vec<Content> = self.all_groups().flat_map(Group::contents).collect();
            self.clear();
            let more =
                piece.get_or_init(|| (0..1 << (next / 2)).map(|_| Group::default()).collect());
            self.groups.store(groups + more.len(), Ordering::Relaxed);
            for content in all {
                if let Some(place) = self.insert(content) {
                    moved(content.rank, place);
                }
            }
        }
    }

    #[inline]
    fn groups(&self) -> usize {
        self.groups.load(Ordering::Relaxed)
    }

    #[inline]
    fn group(&self, number: usize) -> Option<&Group> {
        let (piece, at) = piece_of(number);
        self.pieces.get(piece)?.get()?.get(at)
    }

    fn all_groups(&self) -> impl Iterator<Item = &Group> {
        (0..self.groups()).filter_map(|number| self.group(number))
    }
}

impl Group {
    #[inline]
    fn tags(&self) -> Tags {
        Tags(self.tags.load(Ordering::Relaxed))
    }

    fn set_tags(&self, Tags(word): Tags) {
        self.tags.store(word, Ordering::Relaxed);
    }

    /// What the lines that are taken say.
    fn contents(&self) -> impl Iterator<Item = Content> {
        let lines = self.lines.iter().zip(self.tags().are_taken());
        let taken = lines.filter(|(_, is_taken)| *is_taken);
        taken.map(|(line, _)| line.content())
    }
}

impl Place {
    fn of(group: usize, line: usize) -> Option<Self> {
        u32::try_from(group * LINES + line).ok().map(Self)
    }

    fn group_and_line(self) -> (usize, usize) {
        (self.0 as usize / LINES, self.0 as usize % LINES)
    }
}

/// The lines of so many pieces.
const fn lines(pieces: usize) -> usize {
    (((2 + pieces % 2) << (pieces / 2)) - 2) * LINES
}

/// As many as have lines that a [`Place`] can tell.
const MOST_PIECES: usize = 56;

const _: () = assert!(lines(MOST_PIECES) < u32::MAX as usize);

/// How many of so many lines are taken before the table grows.
const fn room(lines: usize) -> usize {
    lines - lines.div_ceil(4)
}

/// In which piece a group is, and where there: two pieces of one group come first, two of two, two of four.
#[inline]
fn piece_of(group: usize) -> (usize, usize) {
    let number = group + 2;
    let half = (usize::BITS - 2).wrapping_sub(number.leading_zeros());
    let first_or_second = number.wrapping_shr(half);
    let at = number - first_or_second.wrapping_shl(half);
    (2 * half as usize + first_or_second - 2, at)
}

/// The group in which a key would rather be.
#[inline]
fn home([place, _]: KeyWords, groups: usize) -> usize {
    // The high half of the hash as a part of one, times the groups.
    (((place >> 32) * groups as u64) >> 32) as usize
}

/// The line that it would rather have there.
#[inline]
fn favourite([_, rest]: KeyWords) -> usize {
    (((rest >> 32) * LINES as u64) >> 32) as usize
}

#[inline]
fn after(group: usize, groups: usize) -> usize {
    if group + 1 < groups { group + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// Few hashes, of which many would have the same group, and some the same tag or line.
    fn key(number: u32) -> CacheKey {
        let place = u64::from(number % 5) << 61 | u64::from(number % 3);
        let rest = u64::from(number % 4) << 62 | u64::from(number + 1);
        CacheKey::of_words([place, rest])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// As groups crowd and it grows.
        #[test]
        fn it_finds_what_a_map_finds(
            operations in prop::collection::vec((any::<bool>(), 0..200_u32), 1..600),
        ) {
            let table = Table::new(200);
            let mut places: HashMap<u32, Place> = HashMap::new();
            for (inserts, number) in operations {
                let rank_of = |key: u32| table.find(&self::key(key)).map(Line::rank);
                if let Some(place) = places.get(&number).filter(|_| !inserts) {
                    prop_assert_eq!(table.remove(*place), Some(()));
                    places.remove(&number);
                } else if inserts && !places.contains_key(&number) {
                    let kept = places.len();
                    table.reserve(kept, |rank, place| {
                        places.insert(rank, place);
                    });
                    let content = Content {
                        key: key(number).words(),
                        entries: [0; 5],
                        rank: number,
                        is_used: false,
                    };
                    places.insert(number, table.insert(content).expect("there is room"));
                }
                prop_assert_eq!(rank_of(number), places.get(&number).map(|_| number));
            }
            for number in 0..200 {
                let line = places.get(&number).and_then(|place| table.line(*place));
                prop_assert_eq!(line.map(Line::rank), line.map(|_| number));
                let found = table.find(&key(number)).map(std::ptr::from_ref);
                prop_assert_eq!(found, line.map(std::ptr::from_ref));
            }
        }
    }

    #[test]
    fn groups_fill_the_pieces_one_after_the_other() {
        let places: Vec<_> = (0..14).map(piece_of).collect();
        let sizes = [1, 1, 2, 2, 4, 4];
        let wanted = sizes.into_iter().enumerate();
        let wanted = wanted.flat_map(|(piece, size)| (0..size).map(move |at| (piece, at)));
        assert_eq!(places, wanted.collect::<Vec<_>>());
        assert_eq!(
            [1, 2, 3, 4, 5, 6].map(lines),
            [1, 2, 4, 6, 10, 14].map(|groups| groups * LINES)
        );
    }
}
