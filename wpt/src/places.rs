//! Hosts and ports: what the tests' server is told to listen on, and what resolves to it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use vetch::UserAgentBuilder;

use crate::trouble::Trouble;

/// The host on which tests live.
pub(crate) const HOST: &str = "web-platform.test";

/// Another site.
const OTHER_SITE: &str = "not-web-platform.test";

/// In front of both, as the tests' server has them.
const SUBDOMAINS: [&str; 5] = [
    "www",
    "www1",
    "www2",
    "xn--n8j6ds53lwwkrqhv28a",
    "xn--lve-6lad",
];

/// The ports of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    pub(crate) http: [u16; 2],
    pub(crate) https: [u16; 2],
}

impl Places {
    /// Ports that are free now.
    pub(crate) fn free() -> Result<Self, Trouble> {
        // All are held until all are known, so that they differ.
        let mut held = Vec::new();
        let mut port = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let port = listener.local_addr()?.port();
            held.push(listener);
            Ok::<_, std::io::Error>(port)
        };
        let mut pair = || Ok::<_, std::io::Error>([port()?, port()?]);
        let pairs = pair().and_then(|http| Ok((http, pair()?)));
        let (http, https) = pairs.map_err(Trouble::io("a free port"))?;
        Ok(Self { http, https })
    }

    /// Every host that has an address.
    pub(crate) fn hosts() -> Vec<String> {
        let sites = [HOST, OTHER_SITE];
        let named = sites.iter().flat_map(|site| {
            SUBDOMAINS
                .iter()
                .map(move |subdomain| format!("{subdomain}.{site}"))
        });
        sites
            .iter()
            .map(|site| (*site).to_owned())
            .chain(named)
            .collect()
    }

    /// Tells a user agent the addresses.
    pub(crate) fn resolve(self, builder: UserAgentBuilder) -> UserAgentBuilder {
        let ports = self.http.into_iter().chain(self.https);
        // A name may be written with the root's dot.
        let dotted = Self::hosts().into_iter().map(|host| format!("{host}."));
        let hosts: Vec<String> = Self::hosts().into_iter().chain(dotted).collect();
        let everywhere = ports.flat_map(|port| hosts.iter().map(move |host| (host, port)));
        everywhere.fold(builder, |builder, (host, port)| {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            builder.resolve(host, port, address)
        })
    }

    /// The text without the ports of this run, so that two runs can be compared.
    pub(crate) fn unnumbered(self, text: &str) -> String {
        let named = [("http", self.http), ("https", self.https)];
        let ports = named.iter().flat_map(|(scheme, ports)| {
            ports
                .iter()
                .enumerate()
                .map(move |(at, port)| (port, format!(":{{{scheme}{at}}}")))
        });
        ports.fold(text.to_owned(), |text, (port, name)| {
            text.replace(&format!(":{port}"), &name)
        })
    }

    /// Where a test is served.
    pub(crate) fn origin(self, is_https: bool) -> String {
        if is_https {
            format!("https://{HOST}:{}", self.https[0])
        } else {
            format!("http://{HOST}:{}", self.http[0])
        }
    }
}
