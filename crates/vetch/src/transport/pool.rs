//! Connection pools: one reqwest client for each set of requests that may share connections.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use ::reqwest::Client;
use ::reqwest::redirect::Policy;
use url::Url;
use vetch_core::{Credentials, NetworkPartitionKey, OutgoingRequest, TransportFailure};

use super::resolver::resolver;
use super::tls::{Tls, TlsSettings};
use crate::Limits;

/// What all pools have in common.
#[derive(Debug, Default)]
pub(crate) struct PoolSettings {
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) limits: Limits,
    pub(crate) tls: TlsSettings,
    /// By host as the URL parser writes it, and port.
    pub(crate) overrides: HashMap<(String, u16), SocketAddr>,
}

/// What must be equal for a connection to be shared: credentials and network partition key, as in *obtain a connection*,
/// and what a client is built for.
///
/// fetch.spec.whatwg.org/#concept-connection-pool
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PoolKey {
    credentials: Credentials,
    partition: NetworkPartitionKey,
    scheme: Scheme,
    overridden: Option<SocketAddr>,
}

/// Plain connections have a client of their own, so that no roots are read for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scheme {
    Plain,
    Tls,
}

/// The clients, made when first needed.
#[derive(Debug)]
pub(super) struct Pools {
    settings: Shared,
    overrides: HashMap<(String, u16), SocketAddr>,
    tls: Tls,
    clients: RwLock<HashMap<PoolKey, Client>>,
}

#[derive(Debug)]
struct Shared {
    connect_timeout: Option<Duration>,
    limits: Limits,
}

impl Pools {
    pub(super) fn new(settings: PoolSettings) -> Self {
        Self {
            settings: Shared {
                connect_timeout: settings.connect_timeout,
                limits: settings.limits,
            },
            overrides: settings.overrides,
            tls: Tls::new(settings.tls),
            clients: RwLock::default(),
        }
    }

    /// The client on whose connections the request may go.
    pub(super) async fn client(
        &self,
        outgoing: &OutgoingRequest,
    ) -> Result<Client, TransportFailure> {
        let key = PoolKey {
            credentials: outgoing.credentials,
            partition: outgoing.network_partition_key.clone(),
            scheme: match outgoing.url.scheme() {
                "https" => Scheme::Tls,
                _ => Scheme::Plain,
            },
            overridden: self.overridden(&outgoing.url),
        };
        if let Some(client) = self.known(&key) {
            return Ok(client);
        }
        let made = self.make(&key).await?;
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= POOLS && !clients.contains_key(&key) {
            // Rare enough that a crawler's idle connections may all go at once.
            clients.clear();
        }
        // Two may have made one at the same time; all go on with the first.
        Ok(clients.entry(key).or_insert(made).clone())
    }

    fn known(&self, key: &PoolKey) -> Option<Client> {
        let clients = self.clients.read();
        clients
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    pub(super) fn clear(&self) {
        self.clients
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(super) fn connect_timeout(&self) -> Option<Duration> {
        self.settings.connect_timeout
    }

    pub(super) fn limits(&self) -> Limits {
        self.settings.limits
    }

    fn overridden(&self, url: &Url) -> Option<SocketAddr> {
        if self.overrides.is_empty() {
            return None;
        }
        let host = url.host_str()?.to_owned();
        let port = url.port_or_known_default()?;
        self.overrides.get(&(host, port)).copied()
    }

    async fn make(&self, key: &PoolKey) -> Result<Client, TransportFailure> {
        let tls = match key.scheme {
            Scheme::Plain => self.tls.unused()?,
            Scheme::Tls => self.tls.config(key.credentials).await?,
        };
        let limits = self.settings.limits;
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false)
            .no_proxy()
            // Browsers read folded header lines, and pass over those that are none.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_max_headers(limits.header_count().saturating_add(1))
            .http2_max_header_list_size(header_list_size(limits))
            .dns_resolver(resolver(key.overridden))
            .tls_backend_preconfigured(tls);
        if let Some(limit) = self.settings.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        builder.build().map_err(|reason| TransportFailure::Other {
            detail: format!("the connection pool cannot be made: {reason}"),
        })
    }
}

/// Above the limits, HTTP/2's own count included, so that it is our check that names the limit.
fn header_list_size(limits: Limits) -> u32 {
    let overhead = limits.header_count().saturating_mul(32);
    let size = limits
        .header_bytes()
        .saturating_mul(2)
        .saturating_add(overhead);
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// How many pools there may be before all are let go.
const POOLS: usize = 256;
