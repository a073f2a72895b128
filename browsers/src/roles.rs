//! The origins of every scenario, named by what they are to each other.
//!
//! A role's name alone is plain HTTP; `tls-` in front is the same host over TLS (on a port of its own).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an origin is to the page, which is at `same` unless a scenario says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Role {
    /// Which host and port.
    pub spot: Spot,
    /// How it is reached.
    pub security: Security,
}

/// A host and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// Where pages come from.
    Same,
    /// The page's host on another port: cross-origin, same-site.
    SameSitePort,
    /// Another host of the page's site.
    SameSiteHost,
    /// Another site.
    Cross,
    /// Another host of that other site.
    CrossHost,
    /// A third site.
    Third,
    /// `localhost`: potentially trustworthy without TLS.
    Localhost,
    /// `localhost` on another port.
    LocalhostPort,
}

/// Plain or TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Security {
    /// `http:`
    Plain,
    /// `https:`, with the test authority's certificate
    Tls,
}

impl Role {
    /// Where pages come from unless a scenario says otherwise.
    pub const SAME: Self = Self {
        spot: Spot::Same,
        security: Security::Plain,
    };

    /// Every role.
    pub fn all() -> impl Iterator<Item = Self> {
        [Security::Plain, Security::Tls]
            .into_iter()
            .flat_map(|security| Spot::ALL.map(|spot| Self { spot, security }))
    }

    /// The URL scheme.
    pub fn scheme(self) -> &'static str {
        match self.security {
            Security::Plain => "http",
            Security::Tls => "https",
        }
    }
}

impl Spot {
    const ALL: [Self; 8] = [
        Self::Same,
        Self::SameSitePort,
        Self::SameSiteHost,
        Self::Cross,
        Self::CrossHost,
        Self::Third,
        Self::Localhost,
        Self::LocalhostPort,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::SameSitePort => "same-site-port",
            Self::SameSiteHost => "same-site-host",
            Self::Cross => "cross",
            Self::CrossHost => "cross-host",
            Self::Third => "third",
            Self::Localhost => "localhost",
            Self::LocalhostPort => "localhost-port",
        }
    }

    /// The host name. `.test` is reserved, and no public suffix: the label before it is the site.
    pub fn host(self) -> &'static str {
        match self {
            Self::Same | Self::SameSitePort => "www.site.test",
            Self::SameSiteHost => "api.site.test",
            Self::Cross => "www.other.test",
            Self::CrossHost => "api.other.test",
            Self::Third => "www.third.test",
            Self::Localhost | Self::LocalhostPort => "localhost",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.security {
            Security::Plain => "",
            Security::Tls => "tls-",
        };
        write!(f, "{prefix}{}", self.spot.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::all()
            .find(|role| role.to_string() == name)
            .ok_or_else(|| format!("there is no role `{name}`"))
    }
}

impl TryFrom<String> for Role {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.to_string()
    }
}

/// The names that must lead to 127.0.0.1, `localhost` aside.
pub fn test_hosts() -> Vec<&'static str> {
    let mut hosts: Vec<_> = Spot::ALL.map(Spot::host).into();
    hosts.retain(|host| *host != "localhost");
    hosts.dedup();
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for role in Role::all() {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!("tls-nowhere".parse::<Role>().is_err());
    }
}
