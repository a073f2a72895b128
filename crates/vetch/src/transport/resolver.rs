//! Name resolution: as the system resolves, with `localhost` names on loopback and the embedder's overrides.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ::reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolve an origin · fetch.spec.whatwg.org/#resolve-an-origin
///
/// DIFFERS: a `localhost` name is asked of the system first, so that `/etc/hosts` counts; only a name that the system
/// does not know goes to loopback without asking.
#[derive(Debug)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str();
            // Port 0 stands for the URL's.
            match tokio::net::lookup_host((host, 0)).await {
                Ok(addresses) => {
                    let addresses: Vec<SocketAddr> = addresses.collect();
                    Ok(Box::new(addresses.into_iter()) as Addrs)
                }
                Err(_) if is_localhost(host) => {
                    let loopback = [
                        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
                        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                    ];
                    Ok(Box::new(loopback.into_iter()) as Addrs)
                }
                Err(error) => Err(format!("{host} ({error})").into()),
            }
        })
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
