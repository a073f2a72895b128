//! The network stack under test: reqwest. `tests/hostile_hyper` has another module in this one's place.

use vetch::{UserAgent, UserAgentBuilder};

pub(crate) fn builder() -> UserAgentBuilder {
    UserAgent::builder().reqwest_transport()
}
