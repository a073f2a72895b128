//! The network stack under test: hyper-util's client.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().hyper_transport()
}
