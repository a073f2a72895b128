//! Origins and sites · html.spec.whatwg.org/#origin and fetch.spec.whatwg.org/#origin-header
//! In: URLs and a caller's text. Out: origins, their bytes, and the same-origin and same-site answers.
//! Differs: an opaque origin is told apart by a number that the caller gives, since the core has no randomness.

use std::sync::Arc;

use url::Url;

use super::header_values::HeaderValue;

/// An origin.
///
/// html.spec.whatwg.org/#concept-origin
///
/// ```
/// use vetch_core::Origin;
/// let page = Origin::parse("https://app.example").unwrap();
/// assert!(page.is_same_site_with_url(&"https://api.app.example/".parse().unwrap()));
/// assert_eq!(*page.serialize(), "https://app.example");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An origin that equals only itself and serialises as `null`.
    Opaque(OpaqueOrigin),
    /// Scheme, host and port.
    Tuple(TupleOrigin),
}

/// The identity of an opaque origin; two with the same number are the same origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpaqueOrigin(pub u64);

/// A tuple origin, serialised once.
#[derive(Debug, Clone)]
pub struct TupleOrigin(Arc<TupleParts>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct TupleParts {
    scheme: String,
    /// Serialised, so an IPv6 address has its brackets.
    host: String,
    host_kind: HostKind,
    /// None is the scheme's default port.
    port: Option<u16>,
    serialized: HeaderValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum HostKind {
    Domain,
    Address,
}

/// What an opaque origin serialises as.
pub(crate) static NULL: HeaderValue = HeaderValue::from_static("null");

/// The text is not an origin; says which, why, and what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOrigin {
    /// It does not parse as a URL.
    #[error(
        "origin {text:?} is not valid ({reason}); write it like https://app.example or http://localhost:8080, or null"
    )]
    NotAUrl {
        /// What was given.
        text: String,
        /// The URL parser's reason.
        reason: url::ParseError,
    },
    /// It has more than scheme, host and port.
    #[error(
        "origin {text:?} has a {part}; an origin is only scheme, host and port: write {fixed:?}"
    )]
    HasPart {
        /// What was given.
        text: String,
        /// `path`, `query`, `fragment` or `user name`.
        part: &'static str,
        /// The origin without that part.
        fixed: String,
    },
    /// It has no host.
    #[error("origin {text:?} has no host; write it like https://app.example, or null")]
    NoHost {
        /// What was given.
        text: String,
    },
}

impl Origin {
    /// The origin of a URL · url.spec.whatwg.org/#concept-url-origin
    ///
    /// Schemes without a network host give an opaque origin that is the same as no other.
    pub fn of(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" | "https" | "ws" | "wss" | "ftp" => Self::tuple(url),
            "blob" => Self::tuple(&inside_of_blob(url)?),
            _ => None,
        }
    }

    /// The origin that the text serialises: `null`, or scheme, host and port.
    ///
    /// `null` is the opaque origin number 0. Custom schemes with a host (`app://shell`) are origins too.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        if text == "null" {
            return Ok(Self::Opaque(OpaqueOrigin(0)));
        }
        let url = Self::parse_url(text)?;
        // A `blob:` URL has the origin of the URL inside of it, also where something like a host stands before that.
        let Some(origin) = Self::tuple(&url).filter(|_| url.scheme() != "blob") else {
            return Err(InvalidOrigin::NoHost {
                text: text.to_owned(),
            });
        };
        let has_path = !matches!(url.path(), "" | "/") || text.ends_with('/');
        let part = if !url.username().is_empty() || url.password().is_some() {
            "user name"
        } else if url.fragment().is_some() {
            "fragment"
        } else if url.query().is_some() {
            "query"
        } else if has_path {
            "path"
        } else {
            return Ok(origin);
        };
        Err(InvalidOrigin::HasPart {
            text: text.to_owned(),
            part,
            fixed: origin.serialize().isomorphic_decode().into_owned(),
        })
    }

    /// The URL of which an origin is told.
    pub(super) fn parse_url(text: &str) -> Result<Url, InvalidOrigin> {
        Url::parse(text).map_err(|reason| InvalidOrigin::NotAUrl {
            text: text.to_owned(),
            reason,
        })
    }

    fn tuple(url: &Url) -> Option<Self> {
        let host = url.host_str().filter(|host| !host.is_empty())?;
        let host_kind = host_kind(url);
        let serialized = match url.port() {
            Some(port) => format!("{}://{host}:{port}", url.scheme()),
            None => format!("{}://{host}", url.scheme()),
        };
        Some(Self::Tuple(TupleOrigin(Arc::new(TupleParts {
            scheme: url.scheme().to_owned(),
            host: host.to_owned(),
            host_kind,
            port: url.port(),
            serialized: HeaderValue::normalize(serialized).ok()?.into_shared(),
        }))))
    }

    /// The serialisation, `null` for an opaque origin; made once.
    ///
    /// html.spec.whatwg.org/#ascii-serialisation-of-an-origin
    pub fn serialize(&self) -> &HeaderValue {
        match self {
            Self::Opaque(_) => &NULL,
            Self::Tuple(tuple) => &tuple.0.serialized,
        }
    }

    /// Scheme of a tuple origin.
    pub fn scheme(&self) -> Option<&str> {
        match self {
            Self::Opaque(_) => None,
            Self::Tuple(tuple) => Some(&tuple.0.scheme),
        }
    }

    /// Whether a URL's origin is same origin with this one; nothing is allocated except for a `blob:` URL.
    ///
    /// html.spec.whatwg.org/#same-origin
    pub fn is_same_origin_with_url(&self, url: &Url) -> bool {
        let Self::Tuple(tuple) = self else {
            return false;
        };
        match url.host_str() {
            // Hosts differ most often, so they are asked about first.
            Some(host) => {
                tuple.0.host == host && tuple.0.port == url.port() && tuple.0.scheme == url.scheme()
            }
            // A `blob:` URL has its host inside.
            None => url.scheme() == "blob" && Self::of(url).as_ref() == Some(self),
        }
    }

    /// Whether a URL's origin is same site with this one: schemes equal, and schemelessly same site.
    ///
    /// html.spec.whatwg.org/#same-site
    pub fn is_same_site_with_url(&self, url: &Url) -> bool {
        if url.scheme() == "blob" {
            return inside_of_blob(url).is_some_and(|inner| self.is_same_site_with_url(&inner));
        }
        self.scheme() == Some(url.scheme()) && self.has_same_site_host(url)
    }

    /// html.spec.whatwg.org/#schemelessly-same-site
    pub fn is_schemelessly_same_site_with_url(&self, url: &Url) -> bool {
        if url.scheme() == "blob" {
            return inside_of_blob(url)
                .is_some_and(|inner| self.is_schemelessly_same_site_with_url(&inner));
        }
        self.has_same_site_host(url)
    }

    /// The same of a URL that has its host where it is looked for.
    fn has_same_site_host(&self, url: &Url) -> bool {
        match self {
            Self::Opaque(_) => false,
            Self::Tuple(tuple) => url.host_str().is_some_and(|host| {
                let own = || tuple.0.host_kind;
                is_same_site_host((&tuple.0.host, own), (host, || host_kind(url)))
            }),
        }
    }

    /// Obtain a site, serialised · html.spec.whatwg.org/#obtain-a-site
    pub(crate) fn site(&self) -> String {
        match self {
            Self::Opaque(OpaqueOrigin(number)) => format!("opaque:{number}"),
            Self::Tuple(tuple) => {
                let host = registrable_domain(&tuple.0.host, tuple.0.host_kind);
                format!("{}://{}", tuple.0.scheme, host.unwrap_or(&tuple.0.host))
            }
        }
    }
}

impl PartialEq for TupleOrigin {
    fn eq(&self, other: &Self) -> bool {
        // The serialisation is the whole identity.
        self.0.serialized == other.0.serialized
    }
}

impl Eq for TupleOrigin {}

impl std::hash::Hash for TupleOrigin {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.serialized.hash(state);
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize().fmt(f)
    }
}

/// Whether two URLs have the same tuple origin.
pub fn are_same_origin(a: &Url, b: &Url) -> bool {
    match (a.host_str(), b.host_str()) {
        // Hosts differ most often, so they are asked about first.
        (Some(host_a), Some(host_b)) => {
            host_a == host_b
                && a.port() == b.port()
                && a.scheme() == b.scheme()
                && has_tuple_origin(a)
        }
        // A `blob:` URL has its host inside.
        _ => {
            (a.scheme() == "blob" || b.scheme() == "blob")
                && Origin::of(a).is_some_and(|origin| origin.is_same_origin_with_url(b))
        }
    }
}

/// Whether two URLs' origins are same site.
pub fn are_same_site(a: &Url, b: &Url) -> bool {
    if a.scheme() == "blob" || b.scheme() == "blob" {
        return Origin::of(a).is_some_and(|origin| origin.is_same_site_with_url(b));
    }
    match (a.host_str(), b.host_str()) {
        (Some(host_a), Some(host_b)) if a.scheme() == b.scheme() => {
            is_same_site_host((host_a, || host_kind(a)), (host_b, || host_kind(b)))
        }
        _ => false,
    }
}

/// Potentially trustworthy URL: `https`, `wss`, `data`, `about:blank`, `about:srcdoc`, and loopback hosts.
///
/// w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
pub fn is_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        "https" | "wss" | "data" | "file" => true,
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        // One level deep: the inside has a tuple origin, so a nest of blob: URLs recurses no further.
        "blob" => inside_of_blob(url).is_some_and(|inner| is_potentially_trustworthy(&inner)),
        _ => match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(domain)) => is_localhost(domain),
            None => false,
        },
    }
}

fn is_localhost(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain == "localhost" || domain.ends_with(".localhost")
}

/// The URL inside of a `blob:` URL, if it has a tuple origin, which is the `blob:` URL's too.
fn inside_of_blob(url: &Url) -> Option<Url> {
    let inner = Url::parse(url.path()).ok()?;
    matches!(inner.scheme(), "http" | "https").then_some(inner)
}

fn has_tuple_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp")
}

fn host_kind(url: &Url) -> HostKind {
    match url.host() {
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => HostKind::Address,
        Some(url::Host::Domain(_)) | None => HostKind::Domain,
    }
}

/// Hosts equal, or registrable domains equal and not null.
fn is_same_site_host(
    a: (&str, impl FnOnce() -> HostKind),
    b: (&str, impl FnOnce() -> HostKind),
) -> bool {
    // Most pairs of sites differ in the last byte or are addresses; the list is asked only about the others.
    a.0.as_bytes().last() == b.0.as_bytes().last()
        && (a.0 == b.0
            || registrable_domain(a.0, a.1())
                .is_some_and(|domain| registrable_domain(b.0, b.1()) == Some(domain)))
}

/// Registrable domain by the Public Suffix List · url.spec.whatwg.org/#host-registrable-domain
fn registrable_domain(host: &str, kind: HostKind) -> Option<&str> {
    match kind {
        HostKind::Domain => {
            // The list's answer leaves a trailing dot out; with it the domain is another one.
            let without_dot = host.strip_suffix('.').unwrap_or(host);
            let domain = psl::domain_str(without_dot)?;
            host.get(without_dot.len() - domain.len()..)
        }
        HostKind::Address => None,
    }
}
