//! A moment, given by the caller: the core has no clock.
//! In: milliseconds since any fixed start the caller likes. Out: comparison and addition of seconds.

/// A moment in milliseconds since a start that the caller chose once for all its calls.
///
/// Only differences matter, so a monotonic clock is the right source.
///
/// ```
/// use vetch_core::Timestamp;
/// let stored = Timestamp::from_millis(1_000);
/// assert!(Timestamp::from_millis(5_999) < stored.plus_seconds(5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment `millis` milliseconds after the caller's start.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the caller's start.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The moment `seconds` seconds later; it stays at the end of time rather than wrap.
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as u64 * 1_000))
    }
}
