//! By when a fetch must have ended.

use std::time::Duration;

use tokio::time::Instant;
use vetch_core::TransportFailure;

/// A moment, and the limit that led to it, which the error names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    limit: Duration,
}

impl Deadline {
    /// From now on; nothing for a limit beyond the end of time.
    pub(crate) fn after(limit: Duration) -> Option<Self> {
        let at = Instant::now().checked_add(limit)?;
        Some(Self { at, limit })
    }

    pub(crate) fn at(self) -> Instant {
        self.at
    }

    pub(crate) fn missed(self) -> TransportFailure {
        TransportFailure::Timeout {
            phase: "the fetch",
            limit_millis: u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
