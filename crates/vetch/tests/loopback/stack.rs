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
