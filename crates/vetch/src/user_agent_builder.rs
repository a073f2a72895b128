//! A user agent's choices.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use vetch_core::fetching::cors_preflight_cache::PreflightCacheConfig;
use vetch_core::trace::Record;
use vetch_core::{AgentState, HeaderValue, Profile};

use crate::clock::Clock;
use crate::cookies::Cookies;
#[cfg(feature = "hyper")]
use crate::transport::HyperTransport;
use crate::transport::{
    PoolSettings, ReqwestTransport, Transport, Verification, parse_certificates, parse_identity,
};
use crate::user_agent::Inner;
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
#[derive(Debug)]
#[must_use = "there is no user agent until it is built"]
pub struct UserAgentBuilder {
    profile: Profile,
    user_agent: Option<String>,
    accept_language: Option<String>,
    preflight_cache: PreflightCacheConfig,
    record: Record,
    timeout: Option<Duration>,
    streams_over_http1: StreamsOverHttp1,
    pools: PoolSettings,
    stack: Stack,
    /// The first choice that cannot be.
    error: Option<BuildError>,
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

/// The network stack.
#[derive(Debug, Default)]
enum Stack {
    #[cfg_attr(not(feature = "hyper"), default)]
    Reqwest,
    #[cfg(feature = "hyper")]
    #[default]
    Hyper,
    Own(Box<dyn Transport>),
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
            preflight_cache: PreflightCacheConfig::default().with_seed(random_seed()),
            record: Record::Everything,
            timeout: Some(Duration::from_mins(5)),
            streams_over_http1: StreamsOverHttp1::Refuse,
            pools: PoolSettings {
                connect_timeout: Some(Duration::from_secs(30)),
                ..PoolSettings::default()
            },
            stack: Stack::default(),
            error: None,
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

    /// `Accept-Language`; the profile's by default. A value that is not CORS-safelisted is an error.
    pub fn accept_language(mut self, value: impl Into<String>) -> Self {
        self.accept_language = Some(value.into());
        self
    }

    /// How many entries the preflight cache keeps; see [`PreflightCacheConfig::capacity`] for the default.
    pub fn preflight_cache(mut self, entries: usize) -> Self {
        self.preflight_cache = self.preflight_cache.with_capacity(entries);
        self
    }

    /// What is recorded of each fetch; [`Record::Everything`] by default, [`Record::Nothing`] for speed.
    pub fn record(mut self, record: Record) -> Self {
        self.record = record;
        self
    }

    /// How long a connection may take to stand, TLS included; 30 seconds by default, `None` for no limit.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pools.connect_timeout = limit.into();
        self
    }

    /// How long a whole fetch may take until its body's end; 5 minutes by default, `None` for no limit.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.timeout = limit.into();
        self
    }

    /// How much of an answer is taken.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.pools.limits = limits;
        self
    }

    /// Trust these certificates (PEM, one or more) besides the system's.
    ///
    /// The system's are read when the first `https` request goes out, from `SSL_CERT_FILE` and `SSL_CERT_DIR` where
    /// they are set. A server may also show a trusted certificate itself, as one that is signed by its own key does.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        match parse_certificates(pem) {
            Ok(certificates) => self.pools.tls.extra_roots.extend(certificates),
            Err(reason) => self.refuse("root_certificate_pem", reason),
        }
        self
    }

    /// Accept any certificate. Anyone on the way can then read and change everything.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.pools.tls.verification = Verification::None;
        self
    }

    /// Connections to that host and port go to this address.
    ///
    /// The address's port is the one asked, or 0 for the same; another one only where `port` is 80 or 443, since a port
    /// written in a URL is always the port that is asked.
    ///
    /// ```
    /// let server = "127.0.0.1:8443".parse()?;
    /// vetch::UserAgent::builder().resolve("api.example", 443, server).build()?;
    /// assert!(vetch::UserAgent::builder().resolve("api.example", 444, server).build().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolve(mut self, host: &str, port: u16, address: SocketAddr) -> Self {
        if address.port() != 0 && address.port() != port && !matches!(port, 80 | 443) {
            self.refuse(
                "resolve",
                format!(
                    "{host}:{port} cannot go to another port; write {}:{port}",
                    address.ip()
                ),
            );
        }
        match url::Host::parse(host) {
            Ok(host) => {
                let key = (host.to_string(), port);
                self.pools.overrides.insert(key, address);
            }
            Err(reason) => self.refuse("resolve", format!("{host:?} is not a host ({reason})")),
        }
        self
    }

    /// A client certificate chain and its key (PEM), shown only on connections for requests with credentials.
    pub fn client_identity_pem(mut self, pem: &[u8]) -> Self {
        match parse_identity(pem) {
            Ok(identity) => self.pools.tls.identity = Some(Arc::new(identity)),
            Err(reason) => self.refuse("client_identity_pem", reason),
        }
        self
    }

    /// Whether a stream body may go over HTTP/1.x; it may not by default.
    pub fn streams_over_http1(mut self, choice: StreamsOverHttp1) -> Self {
        self.streams_over_http1 = choice;
        self
    }

    /// A network stack of your own; what is said here of connections and TLS is then the stack's.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.stack = Stack::Own(Box::new(transport));
        self
    }

    /// hyper-util's pooled client as the network stack; the default with the feature `hyper`.
    #[cfg(feature = "hyper")]
    pub fn hyper_transport(mut self) -> Self {
        self.stack = Stack::Hyper;
        self
    }

    /// reqwest as the network stack; the default without the feature `hyper`.
    ///
    /// It is hyper-util's client with layers around it for redirects, retries and proxies, none of which vetch uses:
    /// the same behaviour, at a higher cost.
    pub fn reqwest_transport(mut self) -> Self {
        self.stack = Stack::Reqwest;
        self
    }

    /// The user agent, or the first choice that cannot be.
    pub fn build(mut self) -> Result<UserAgent, BuildError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let user_agent = header_value("user_agent", self.user_agent.take())?;
        let accept_language = header_value("accept_language", self.accept_language.take())?;
        let mut agent = self.agent_state();
        if let Some(value) = user_agent {
            agent.default_headers.user_agent = value;
        }
        if let Some(value) = accept_language {
            let set = agent.default_headers.set_accept_language(value);
            set.map_err(|rule| BuildError {
                what: "accept_language",
                reason: format!("every cross-origin request would ask first, because {rule}"),
            })?;
        }
        Ok(self.build_with(agent))
    }

    /// The user agent that has no choice in it which could be wrong.
    pub(crate) fn build_default(self) -> UserAgent {
        let agent = self.agent_state();
        self.build_with(agent)
    }

    fn agent_state(&self) -> AgentState {
        let mut agent = AgentState::with_preflight_cache(self.profile, self.preflight_cache);
        agent.record = self.record;
        agent
    }

    fn build_with(self, agent: AgentState) -> UserAgent {
        let limits = self.pools.limits;
        let (pools, streams) = (self.pools, self.streams_over_http1);
        let transport: Box<dyn Transport> = match self.stack {
            Stack::Reqwest => Box::new(ReqwestTransport::new(pools, streams)),
            #[cfg(feature = "hyper")]
            Stack::Hyper => Box::new(HyperTransport::new(pools, streams)),
            Stack::Own(transport) => transport,
        };
        UserAgent(Arc::new(Inner {
            agent,
            clock: Clock::new(),
            cookies: Cookies::default(),
            transport,
            timeout: self.timeout,
            limits,
        }))
    }

    fn refuse(&mut self, what: &'static str, reason: String) {
        self.error.get_or_insert(BuildError { what, reason });
    }
}

fn header_value(
    what: &'static str,
    text: Option<String>,
) -> Result<Option<HeaderValue>, BuildError> {
    let value = text.map(|text| HeaderValue::from_byte_string(&text));
    value.transpose().map_err(|reason| BuildError {
        what,
        reason: reason.to_string(),
    })
}

/// Pages must not be able to make URLs whose cache keys collide.
fn random_seed() -> [u8; 16] {
    let random = || RandomState::new().hash_one(()).to_ne_bytes();
    let mut seed = [0; 16];
    seed[..8].copy_from_slice(&random());
    seed[8..].copy_from_slice(&random());
    seed
}
