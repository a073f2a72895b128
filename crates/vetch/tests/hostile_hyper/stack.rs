//! The network stack under test: hyper-util's client.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().hyper_transport()
}

/// Whether a line that is no header is passed over, and one with a control byte in its value is read.
pub(crate) const READS_ODD_LINES: bool = true;

/// Whether informational responses have a limit of their own.
pub(crate) const COUNTS_INFORMATIONAL_RESPONSES: bool = true;

/// Whether an HTTP/2 connection gets no further requests once they wait on it in vain, and closes when nobody can use it
/// any more, whatever its server does.
pub(crate) const SEES_ITS_CONNECTIONS: bool = true;
