//! Statuses · fetch.spec.whatwg.org/#statuses
//! In: a status. Out: the classes that the algorithms ask for.
//! Differs: nothing.

/// A status: an integer in 0 to 999.
///
/// fetch.spec.whatwg.org/#concept-status
///
/// ```
/// use vetch_core::Status;
/// assert!(Status::new(204).unwrap().is_ok());
/// assert!(Status::new(1000).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(u16);

impl Status {
    /// 200.
    pub const OK: Self = Self(200);

    /// A status, or nothing if the number is above 999.
    pub const fn new(status: u16) -> Option<Self> {
        if status <= 999 {
            Some(Self(status))
        } else {
            None
        }
    }

    /// The number.
    pub const fn as_u16(self) -> u16 {
        self.0
    }

    /// 101, 103, 204, 205 or 304 · fetch.spec.whatwg.org/#null-body-status
    pub const fn is_null_body(self) -> bool {
        matches!(self.0, 101 | 103 | 204 | 205 | 304)
    }

    /// 200 to 299 · fetch.spec.whatwg.org/#ok-status
    pub const fn is_ok(self) -> bool {
        matches!(self.0, 200..=299)
    }

    /// 206 or 416 · fetch.spec.whatwg.org/#range-status
    pub const fn is_range(self) -> bool {
        matches!(self.0, 206 | 416)
    }

    /// 301, 302, 303, 307 or 308 · fetch.spec.whatwg.org/#redirect-status
    pub const fn is_redirect(self) -> bool {
        matches!(self.0, 301 | 302 | 303 | 307 | 308)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
