//! Connection pools: one client for each set of requests that may share connections.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use rustls::ClientConfig;
use url::Url;
use vetch_core::{Connection, Credentials, NetworkPartitionKey, OutgoingRequest, TransportFailure};

use super::failure::Context;
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

/// A network stack's client, which has connections of its own. Its clones share them.
pub(super) trait PooledClient: Clone {
    /// One without connections yet.
    fn make(wanted: Wanted) -> Result<Self, TransportFailure>;

    /// Whether it is to get no further requests.
    fn is_to_be_left(&self) -> bool {
        false
    }
}

/// What a client is made for.
pub(super) struct Wanted {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) limits: Limits,
    /// Where all names lead.
    pub(super) overridden: Option<SocketAddr>,
    pub(super) tls: ClientConfig,
}

/// The clients, made when first needed.
#[derive(Debug)]
pub(super) struct Pools<C> {
    context: Context,
    overrides: HashMap<(String, u16), SocketAddr>,
    tls: Tls,
    /// A fast hash is enough: there are few keys, and nothing is learned of where they collide.
    clients: RwLock<HashMap<PoolKey, C, foldhash::fast::RandomState>>,
}

impl<C: PooledClient> Pools<C> {
    pub(super) fn new(settings: PoolSettings) -> Self {
        Self {
            context: Context {
                connect_timeout: settings.connect_timeout,
                limits: settings.limits,
            },
            overrides: settings.overrides,
            tls: Tls::new(settings.tls),
            clients: RwLock::default(),
        }
    }

    /// The client on whose connections the request may go.
    pub(super) async fn client(&self, outgoing: &OutgoingRequest) -> Result<C, TransportFailure> {
        let key = PoolKey {
            credentials: outgoing.credentials,
            partition: outgoing.network_partition_key.clone(),
            scheme: match outgoing.url.scheme() {
                "https" => Scheme::Tls,
                _ => Scheme::Plain,
            },
            overridden: self.overridden(&outgoing.url),
        };
        if outgoing.connection == Connection::New {
            // A client of its own has none yet; what it opens closes after this exchange.
            return self.make(&key).await;
        }
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
        let client = clients.entry(key).or_insert_with(|| made.clone());
        if client.is_to_be_left() {
            *client = made;
        }
        Ok(client.clone())
    }

    fn known(&self, key: &PoolKey) -> Option<C> {
        let clients = self.clients.read();
        clients
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .filter(|client| !client.is_to_be_left())
            .cloned()
    }

    pub(super) fn clear(&self) {
        self.clients
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// What the clients' errors do not say of themselves.
    pub(super) fn context(&self) -> Context {
        self.context
    }

    fn overridden(&self, url: &Url) -> Option<SocketAddr> {
        if self.overrides.is_empty() {
            return None;
        }
        let host = url.host_str()?.to_owned();
        let port = url.port_or_known_default()?;
        self.overrides.get(&(host, port)).copied()
    }

    async fn make(&self, key: &PoolKey) -> Result<C, TransportFailure> {
        let tls = match key.scheme {
            Scheme::Plain => self.tls.unused()?,
            Scheme::Tls => self.tls.config(key.credentials).await?,
        };
        C::make(Wanted {
            connect_timeout: self.context.connect_timeout,
            limits: self.context.limits,
            overridden: key.overridden,
            tls,
        })
    }
}

impl Wanted {
    /// One more line than the limit, so that it is our check that names it.
    pub(super) fn http1_max_headers(&self) -> usize {
        self.limits.header_count().saturating_add(1)
    }

    /// Above the limits, HTTP/2's own count included, so that it is our check that names the limit.
    pub(super) fn http2_max_header_list_size(&self) -> u32 {
        let overhead = self.limits.header_count().saturating_mul(32);
        let size = self
            .limits
            .header_bytes()
            .saturating_mul(2)
            .saturating_add(overhead);
        u32::try_from(size).unwrap_or(u32::MAX)
    }
}

/// How many pools there may be before all are let go.
const POOLS: usize = 256;
