//! How often look-ups hit, or find nothing, counted by many threads at once.
//! In: one more. Out: how many there were.
//! Differs: nothing.
//!
//! One number for all would be a cache line that threads hand to each other, just as a lock is, and to add to it takes an
//! instruction past which many processors begin no read of memory. So there are as many numbers as seats. A thread
//! takes a seat when it first counts and gives it back when it ends; until then it alone writes the number of its seat, in
//! every cache, and reads and writes it as if it were alone in the world. A thread that finds no seat adds to one number
//! more, in the ordinary way. So none is lost, and the sum is exact when nobody is counting.

use super::apart::Apart;
use super::atomics::{AtomicU32, AtomicU64, Ordering};

/// A count that threads do not wait for each other to add to.
pub(super) struct Count {
    by_seat: Box<[Apart<AtomicU64>]>,
    by_others: Apart<AtomicU64>,
}

/// The right to write the numbers of that seat.
struct Seat(Option<usize>);

/// Threads that count without waiting.
const SEATS: usize = 32;

/// A bit for each seat that is taken.
static TAKEN: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static SEAT: Seat = Seat::take();
}

impl Count {
    pub(super) fn new() -> Self {
        Self {
            by_seat: (0..SEATS).map(|_| Apart::default()).collect(),
            by_others: Apart::default(),
        }
    }

    #[inline]
    pub(super) fn add_one(&self) {
        // A thread that is ending may have given its seat back already.
        let seat = SEAT.try_with(|seat| seat.0).ok().flatten();
        match seat.and_then(|seat| self.by_seat.get(seat)) {
            Some(Apart(own)) => own.store(own.load(Ordering::Relaxed) + 1, Ordering::Relaxed),
            None => {
                self.by_others.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn sum(&self) -> u64 {
        let counts = self.by_seat.iter().chain([&self.by_others]);
        counts.map(|count| count.0.load(Ordering::Relaxed)).sum()
    }
}

impl Seat {
    /// The first that is free. To take it with Acquire after it was given back with Release is to see the numbers as who
    /// had it before left them.
    fn take() -> Self {
        let mut taken = TAKEN.load(Ordering::Relaxed);
        loop {
            let seat = taken.trailing_ones();
            let Some(bit) = 1_u32.checked_shl(seat) else {
                return Self(None);
            };
            let (order, failed) = (Ordering::Acquire, Ordering::Relaxed);
            match TAKEN.compare_exchange_weak(taken, taken | bit, order, failed) {
                Ok(_) => return Self(Some(seat as usize)),
                Err(now) => taken = now,
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(seat) = self.0 {
            TAKEN.fetch_and(!(1 << seat), Ordering::Release);
        }
    }
}
