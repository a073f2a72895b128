//! Chance, the same for the same seed.

use std::ops::RangeInclusive;

use fastrand::Rng;

/// What decides in the place of a person who writes a scenario.
#[derive(Debug, Clone)]
pub(super) struct Dice(Rng);

impl Dice {
    /// The same throws for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// Dice for one scenario: what it throws changes nothing in the next.
    pub(super) fn split(&mut self) -> Self {
        Self(self.0.fork())
    }

    /// Yes, so many times in a hundred.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.0.u32(0..100) < chance
    }

    /// A number.
    pub(super) fn number(&mut self, range: RangeInclusive<usize>) -> usize {
        self.0.usize(range)
    }

    /// Any of them.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.usize(..from.len())]
    }

    /// One of them, as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        let mut left = self.0.u32(0..from.iter().map(|(weight, _)| weight).sum());
        let mut chosen = from[0].1;
        for (weight, value) in from {
            chosen = *value;
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => break,
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(1);
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[dice.weighted(&[(1, 0), (0, 1), (9, 2)])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((800..1200).contains(&counts[0]), "{counts:?}");
    }
}
