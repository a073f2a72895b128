//! The network stack under test: reqwest. `tests/hostile_hyper` has another module in this one's place.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().reqwest_transport()
}

/// Whether a line that is no header is passed over; if not, its response is refused, and so is one with a control byte in
/// a header.
pub(crate) const READS_ODD_LINES: bool = false;

/// Whether informational responses have a limit of their own.
pub(crate) const COUNTS_INFORMATIONAL_RESPONSES: bool = false;

/// Whether an HTTP/2 connection gets no further requests once they wait on it in vain, and closes when nobody can use it
/// any more, whatever its server does.
pub(crate) const SEES_ITS_CONNECTIONS: bool = false;
