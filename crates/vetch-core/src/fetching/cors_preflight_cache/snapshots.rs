//! Reading without a lock what others may change meanwhile: a seqlock.
//! In: words that are changed now and then. Out: what they were at one moment, or that no such moment was found.
//! Differs: nothing; the Standard has one thread.
//!
//! A lock that readers take, too, is one more cache line that threads hand to each other, and no read of memory goes on
//! past it: two look-ups, of one thread or of two, wait for memory one after the other. So readers write nothing here.
//! They read a version, then what they came for, then the version again. Who changes something makes the version odd
//! before and even after it. A reader that finds an odd version, or two different ones, has perhaps read half of a
//! change: it throws away what it has read and asks again under the lock that keeps changes apart.
//!
//! What is read is made of atomics, so that a race is no undefined behaviour but at worst nonsense, which the second look
//! at the version finds out. Their own order is Relaxed; it is two pairs that bind them to the version:
//!
//! - The odd version is stored before the Release fence, the change after it. Whoever reads a word of the change and then
//!   passes the Acquire fence sees the odd version, or a later one, in the second look.
//! - The even version is stored with Release after the change. Whoever loads it with Acquire in the first look sees all
//!   of the change, as well as all that was changed before.
//!
//! `tests/snapshots.rs` has this file run through every order of two threads that the memory model allows.

use super::atomics::{AtomicU64, Ordering, fence};

/// Something made of atomics that one thread at a time changes and any number reads whole.
///
/// A version does not come back: at a change in each nanosecond that takes 292 years.
pub(super) struct Snapshots<T> {
    /// Odd while there is a change.
    version: AtomicU64,
    shared: T,
}

impl<T> Snapshots<T> {
    pub(super) fn new(shared: T) -> Self {
        Self {
            version: AtomicU64::new(0),
            shared,
        }
    }

    /// What `read` makes of the whole at one moment; nothing if a change came in between.
    ///
    /// Until it has ended, what `read` finds may belong together in no way: it must come to an end whatever it finds, and
    /// it must not panic.
    #[inline]
    pub(super) fn read<'a, R>(&'a self, read: impl FnOnce(&'a T) -> R) -> Option<R> {
        let before = self.version.load(Ordering::Acquire);
        if before % 2 == 1 {
            return None;
        }
        let found = read(&self.shared);
        fence(Ordering::Acquire);
        (self.version.load(Ordering::Relaxed) == before).then_some(found)
    }

    /// Changes the whole. The caller holds the lock that keeps changes apart.
    ///
    /// If `change` panics, the version stays odd and readers ask under the lock, until another change has ended.
    pub(super) fn change<'a, R>(&'a self, change: impl FnOnce(&'a T) -> R) -> R {
        let odd = self.version.load(Ordering::Relaxed) | 1;
        self.version.store(odd, Ordering::Relaxed);
        fence(Ordering::Release);
        let changed = change(&self.shared);
        self.version.store(odd.wrapping_add(1), Ordering::Release);
        changed
    }

    /// The whole, for who holds the lock that keeps changes apart, and changes nothing.
    pub(super) fn unchanging(&self) -> &T {
        &self.shared
    }
}
