//! Name resolution: as the system resolves, with `localhost` names on loopback and the embedder's overrides.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(feature = "hyper")]
use std::pin::Pin;
#[cfg(feature = "hyper")]
use std::task::{Context, Poll};

use ::reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name has no address.
#[derive(Debug, thiserror::Error)]
#[error("{host} ({reason})")]
pub(super) struct Unresolved {
    host: String,
    /// No source, so that the words of both are what is told.
    reason: io::Error,
}

/// Where names lead.
#[derive(Debug, Clone, Copy)]
pub(super) enum Resolver {
    System,
    /// Every name is that address.
    Overridden(SocketAddr),
}

impl Resolver {
    pub(super) fn new(overridden: Option<SocketAddr>) -> Self {
        overridden.map_or(Self::System, Self::Overridden)
    }

    /// Resolve an origin · fetch.spec.whatwg.org/#resolve-an-origin
    ///
    /// A `localhost` name is asked of the system, so that `/etc/hosts` counts, but no answer takes it off loopback:
    /// pages on it are trusted as this machine's own. Port 0 stands for the URL's.
    async fn addresses(self, host: &str) -> Result<std::vec::IntoIter<SocketAddr>, Unresolved> {
        if let Self::Overridden(address) = self {
            return Ok(vec![address].into_iter());
        }
        let found = tokio::net::lookup_host((host, 0)).await;
        let addresses = if is_localhost(host) {
            loopback(found.into_iter().flatten())
        } else {
            let found = found.map_err(|reason| Unresolved {
                host: host.to_owned(),
                reason,
            });
            found?.collect()
        };
        Ok(addresses.into_iter())
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(feature = "hyper")]
impl tower_service::Service<hyper_util::client::legacy::connect::dns::Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Unresolved;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Unresolved>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Unresolved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: hyper_util::client::legacy::connect::dns::Name) -> Self::Future {
        let resolver = *self;
        Box::pin(async move { resolver.addresses(name.as_str()).await })
    }
}

/// The loopback addresses among those found, or the usual two.
fn loopback(found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let found: Vec<SocketAddr> = found.filter(|address| address.ip().is_loopback()).collect();
    if found.is_empty() {
        vec![
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ]
    } else {
        found
    }
}

fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_takes_localhost_off_loopback() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let foreign = address("203.0.113.7:0");
        let own = address("127.0.0.2:0");
        assert_eq!(loopback([foreign, own].into_iter()), [own]);
        assert_eq!(
            loopback([foreign].into_iter()),
            [address("[::1]:0"), address("127.0.0.1:0")]
        );
    }
}
