//! The engine's clock: monotonic, and movable for those who want to see what a later day brings.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use vetch_core::Timestamp;

/// Milliseconds since the user agent was made, plus how far it was moved.
#[derive(Debug)]
pub(crate) struct Clock {
    start: Instant,
    offset_millis: AtomicU64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            offset_millis: AtomicU64::new(0),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let offset = self.offset_millis.load(Ordering::Relaxed);
        Timestamp::from_millis(millis(self.start.elapsed()).saturating_add(offset))
    }

    /// How far it was moved.
    pub(crate) fn ahead(&self) -> Duration {
        Duration::from_millis(self.offset_millis.load(Ordering::Relaxed))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let moved = |offset: u64| offset.saturating_add(millis(by));
        self.offset_millis
            .update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
