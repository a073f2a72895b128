//! How much of an answer is taken before it is refused.

use vetch_core::{HeadLimit, HeaderList, TransportFailure};

/// Bounds on what a server may send; a browser has them too, though no Standard states them.
///
/// Some more are not to be set: a request's URL has at most 65 534 bytes; of a body that nobody reads, at most 65 536
/// bytes and one second are spent on keeping its connection; a body has at most five content codings; a site keeps at
/// most 180 cookies and all sites together 3 300, each with at most 4 096 bytes in name and value.
///
/// ```
/// let limits = vetch::Limits::default().with_body_bytes(1 << 20);
/// assert_eq!(limits.body_bytes(), 1_048_576);
/// assert_eq!(limits.header_bytes(), 262_144);
/// assert_eq!(limits.header_count(), 256);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    header_bytes: usize,
    header_count: usize,
    body_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 256 << 10,
            header_count: 256,
            body_bytes: 256 << 20,
        }
    }
}

impl Limits {
    /// At most that many bytes of names and values in one answer's headers; 262 144 by default, as Chromium has it.
    ///
    /// With HTTP/1.x, a head above 417 792 bytes is refused whatever stands here.
    #[must_use]
    pub const fn with_header_bytes(mut self, bytes: usize) -> Self {
        self.header_bytes = bytes;
        self
    }

    /// At most that many header lines in one answer; 256 by default.
    #[must_use]
    pub const fn with_header_count(mut self, lines: usize) -> Self {
        self.header_count = lines;
        self
    }

    /// At most that many bytes of one body once its content codings are undone; 268 435 456 (256 MiB) by default.
    ///
    /// It is what a compression bomb meets, and it holds for bodies without a coding too.
    #[must_use]
    pub const fn with_body_bytes(mut self, bytes: u64) -> Self {
        self.body_bytes = bytes;
        self
    }

    /// The limit on header bytes.
    pub const fn header_bytes(&self) -> usize {
        self.header_bytes
    }

    /// The limit on header lines.
    pub const fn header_count(&self) -> usize {
        self.header_count
    }

    /// The limit on decoded body bytes.
    pub const fn body_bytes(&self) -> u64 {
        self.body_bytes
    }

    /// Whether an answer's headers are within the limits.
    pub(crate) fn check(&self, headers: &HeaderList) -> Result<(), TransportFailure> {
        if headers.len() > self.header_count {
            return Err(TransportFailure::HeadersTooLong {
                limit: HeadLimit::Lines(self.header_count),
            });
        }
        let bytes: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.as_bytes().len())
            .sum();
        if bytes > self.header_bytes {
            return Err(TransportFailure::HeadersTooLong {
                limit: HeadLimit::Bytes(self.header_bytes),
            });
        }
        Ok(())
    }
}
