//! Name resolution: as the system resolves, with `localhost` names on loopback and the embedder's overrides.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ::reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolve an origin · fetch.spec.whatwg.org/#resolve-an-origin
///
/// A `localhost` name is asked of the system, so that `/etc/hosts` counts, but no answer takes it off loopback: pages on
/// it are trusted as this machine's own.
#[derive(Debug)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str();
            // Port 0 stands for the URL's.
            let found = tokio::net::lookup_host((host, 0)).await;
            let addresses = if is_localhost(host) {
                loopback(found.into_iter().flatten())
            } else {
                found
                    .map_err(|error| format!("{host} ({error})"))?
                    .collect()
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
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

/// Every name is that address.
#[derive(Debug)]
pub(super) struct Overridden(pub(super) SocketAddr);

impl Resolve for Overridden {
    fn resolve(&self, _name: Name) -> Resolving {
        let address = self.0;
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

pub(super) fn resolver(overridden: Option<SocketAddr>) -> Arc<dyn Resolve> {
    match overridden {
        Some(address) => Arc::new(Overridden(address)),
        None => Arc::new(SystemResolver),
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
