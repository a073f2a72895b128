//! The network stack under test: reqwest. `tests/loopback_hyper` has another module in this one's place.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().reqwest_transport()
}

pub(crate) fn user_agent() -> UserAgent {
    builder().build().expect("a user agent")
}

/// What is left of a status text beyond ASCII.
pub(crate) fn beyond_ascii(_sent: &str) -> &'static str {
    ""
}

/// Whether a line that is no header is passed over; if not, its response is refused, and so is one with a control byte in
/// a header.
pub(crate) const READS_ODD_LINES: bool = false;
