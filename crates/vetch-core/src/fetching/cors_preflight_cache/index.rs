//! Which slot a key has.
//! In: the bits of a key's hash. Out: the number of its slot.
//! Differs: nothing; the Standard says only that there is a list.
//!
//! An open-addressed table with linear probing, of eight bytes a cell. A look-up in a large cache pays for each piece of
//! memory that it can only name after it has read another: here that is one cache line before the slot, while a
//! general table reads its control bytes, then its bucket. A cell keeps 32 bits of the hash, enough to know whose
//! it is but once in four thousand million times, and where it would rather be, so that nothing but cells is read when
//! the table grows or closes a gap.

/// A table from hashes to slots.
#[derive(Default)]
pub(super) struct Index {
    /// As many as a power of two, or none.
    cells: Box<[Cell]>,
    taken: usize,
}

#[derive(Clone, Copy)]
struct Cell {
    /// The low bits of the hash; the lowest of them are the number of the cell it would rather have.
    bits: u32,
    /// The slot, or [`VACANT`].
    slot: u32,
}

/// No slot has this number.
pub(super) const VACANT: u32 = u32::MAX;

const VACANT_CELL: Cell = Cell {
    bits: 0,
    slot: VACANT,
};

const FEWEST_CELLS: usize = 8;

impl Index {
    /// The slot of that hash for which `is_such` holds.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_such: impl Fn(u32) -> bool) -> Option<u32> {
        let at = self.position(hash, is_such)?;
        Some(self.cells.get(at)?.slot)
    }

    /// Add a slot that is not listed yet.
    pub(super) fn insert(&mut self, hash: u64, slot: u32) {
        if (self.taken + 1) * 4 > self.cells.len() * 3 {
            self.grow();
        }
        self.place(Cell {
            bits: bits(hash),
            slot,
        });
        self.taken += 1;
    }

    /// Remove the slot of that hash for which `is_such` holds, and say which it was.
    pub(super) fn remove(&mut self, hash: u64, is_such: impl Fn(u32) -> bool) -> Option<u32> {
        let mut gap = self.position(hash, is_such)?;
        let removed = self.cells.get(gap)?.slot;
        // Whatever stands behind the gap and would rather be at it or before it closes it, and leaves the next gap.
        let mut at = gap;
        loop {
            at = self.after(at);
            let cell = *self.cells.get(at)?;
            if cell.slot == VACANT {
                break;
            }
            let mask = self.mask();
            let from_home = at.wrapping_sub(cell.bits as usize) & mask;
            if from_home >= at.wrapping_sub(gap) & mask {
                *self.cells.get_mut(gap)? = cell;
                gap = at;
            }
        }
        *self.cells.get_mut(gap)? = VACANT_CELL;
        self.taken -= 1;
        Some(removed)
    }

    #[inline]
    fn position(&self, hash: u64, is_such: impl Fn(u32) -> bool) -> Option<usize> {
        let bits = bits(hash);
        let mut at = bits as usize & self.mask();
        // It ends, as a quarter of the cells is vacant.
        loop {
            let cell = self.cells.get(at)?;
            if cell.slot == VACANT {
                return None;
            }
            if cell.bits == bits && is_such(cell.slot) {
                return Some(at);
            }
            at = self.after(at);
        }
    }

    fn grow(&mut self) {
        let twice = (self.cells.len() * 2).max(FEWEST_CELLS);
        let cells = std::mem::replace(&mut self.cells, vec![VACANT_CELL; twice].into());
        for cell in cells {
            if cell.slot != VACANT {
                self.place(cell);
            }
        }
    }

    fn place(&mut self, cell: Cell) {
        let mut at = cell.bits as usize & self.mask();
        while let Some(found) = self.cells.get_mut(at) {
            if found.slot == VACANT {
                *found = cell;
                return;
            }
            at = self.after(at);
        }
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        (at + 1) & self.mask()
    }

    #[inline]
    fn mask(&self) -> usize {
        self.cells.len().wrapping_sub(1)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
fn bits(hash: u64) -> u32 {
    hash as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Few hashes, some of them alike in the bits that are kept, so that cells crowd and wrap round the end.
        #[test]
        fn it_finds_what_a_map_finds(
            operations in prop::collection::vec((any::<bool>(), 0..40_u64), 1..200),
        ) {
            let hash = |key: u64| ((key % 4) << 32) | ((key / 4) * 3 + 0xFFFF_FFD0);
            let is_of = |key: u64| move |slot: u32| u64::from(slot) == key;
            let mut index = Index::default();
            let mut map = HashMap::new();
            for (inserts, key) in operations {
                let slot = u32::try_from(key).unwrap();
                if !inserts {
                    prop_assert_eq!(index.remove(hash(key), is_of(key)), map.remove(&key));
                } else if map.insert(key, slot).is_none() {
                    index.insert(hash(key), slot);
                }
                for key in 0..40 {
                    prop_assert_eq!(index.find(hash(key), is_of(key)), map.get(&key).copied());
                }
            }
        }
    }
}
