//! The network stack under test: hyper-util's client.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().hyper_transport()
}

pub(crate) fn user_agent() -> UserAgent {
    builder().build().expect("a user agent")
}

/// What is left of a status text beyond ASCII.
pub(crate) fn beyond_ascii(sent: &str) -> &str {
    sent
}

/// Whether a line that is no header is passed over, and one with a control byte in its value is read.
pub(crate) const READS_ODD_LINES: bool = true;
