//! Environments · html.spec.whatwg.org/#environment-settings-object
//! In: what the embedder knows of a page or worker. Out: the parts of it that fetch reads.
//! Differs: only the members that the algorithms here read; content security and integrity policies are not among them yet.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use url::Url;

use super::header_values::HeaderValue;
use super::network_partition_keys::NetworkPartitionKey;
use super::origins::{InvalidOrigin, Origin};

/// What a request is made from: a document or a worker.
///
/// ```
/// use vetch_core::Environment;
/// let page = Environment::of_page("https://app.example/start".parse().unwrap());
/// assert_eq!(page.origin.to_string(), "https://app.example");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Environment {
    /// The document's URL or the worker's creation URL: base of relative URLs, source of the referrer. From a text,
    /// [`parse_absolute`](super::urls::parse_absolute) makes it.
    pub url: Url,
    /// The origin; opaque for a sandboxed frame.
    pub origin: Origin,
    /// The key under which network state is kept, from the top-level site.
    pub network_partition_key: NetworkPartitionKey,
    /// The policy container's referrer policy.
    pub referrer_policy: ReferrerPolicy,
    /// The policy container's embedder policy.
    pub embedder_policy: EmbedderPolicy,
    /// Window or worker.
    pub global: Global,
    stripped: StrippedOnce,
}

/// A URL stripped for use as a referrer; neither for a local one.
#[derive(Debug, Clone)]
pub(crate) struct StrippedUrl {
    pub(crate) whole: Option<ReferrerUrl>,
    pub(crate) origin: Option<ReferrerUrl>,
}

/// A URL that a request tells, and its `Referer` header: serialised once, and shared with the page's other requests.
#[derive(Clone, PartialEq, Eq)]
pub struct ReferrerUrl(Arc<(Url, HeaderValue)>);

impl ReferrerUrl {
    /// That URL.
    pub fn new(url: Url) -> Self {
        // A URL's serialisation is ASCII without controls, so it always is a header value.
        let value = HeaderValue::normalize(url.as_str()).unwrap_or_default();
        Self(Arc::new((url, value.into_shared())))
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0.0
    }

    /// The URL as the value of `Referer`.
    pub fn header_value(&self) -> &HeaderValue {
        &self.0.1
    }
}

/// What the URL was when it was stripped, and what came of it.
#[derive(Default)]
struct StrippedOnce(OnceLock<Box<(Url, StrippedUrl)>>);

impl Clone for StrippedOnce {
    /// A copy is usually made to get another URL.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Which global object the environment has: a window's opaque origin sends no referrer, a worker's does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Global {
    /// A document.
    #[default]
    Window,
    /// A worker.
    Worker,
}

/// An embedder policy's value · html.spec.whatwg.org/#embedder-policy-value
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EmbedderPolicy {
    /// Nothing is asked of embedded resources.
    #[default]
    UnsafeNone,
    /// `no-cors` requests to other origins go without credentials.
    Credentialless,
    /// Embedded resources must opt in.
    RequireCorp,
}

/// A referrer policy other than the empty string.
///
/// w3c.github.io/webappsec-referrer-policy/#referrer-policies
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReferrerPolicy {
    /// `no-referrer`
    NoReferrer,
    /// `no-referrer-when-downgrade`
    NoReferrerWhenDowngrade,
    /// `same-origin`
    SameOrigin,
    /// `origin`
    Origin,
    /// `strict-origin`
    StrictOrigin,
    /// `origin-when-cross-origin`
    OriginWhenCrossOrigin,
    /// `strict-origin-when-cross-origin`, the default
    #[default]
    StrictOriginWhenCrossOrigin,
    /// `unsafe-url`
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// All policies, by their names in the Standard.
    pub const ALL: [(&'static str, Self); 8] = [
        ("no-referrer", Self::NoReferrer),
        ("no-referrer-when-downgrade", Self::NoReferrerWhenDowngrade),
        ("same-origin", Self::SameOrigin),
        ("origin", Self::Origin),
        ("strict-origin", Self::StrictOrigin),
        ("origin-when-cross-origin", Self::OriginWhenCrossOrigin),
        (
            "strict-origin-when-cross-origin",
            Self::StrictOriginWhenCrossOrigin,
        ),
        ("unsafe-url", Self::UnsafeUrl),
    ];

    /// The policy of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find_map(|(known, policy)| (known == name).then_some(policy))
    }
}

impl Environment {
    /// A top-level page at that URL: its own origin and site, default policies.
    ///
    /// A URL without a tuple origin (`about:blank`, `data:`) gives an opaque origin.
    pub fn of_page(url: Url) -> Self {
        let origin = Origin::of(&url).unwrap_or(Origin::Opaque(super::origins::OpaqueOrigin(0)));
        Self::with_origin(url, origin)
    }

    /// A page at that URL with an origin that differs from the URL's, as in a sandboxed frame.
    pub fn with_origin(url: Url, origin: Origin) -> Self {
        Self {
            network_partition_key: NetworkPartitionKey::determine(&origin),
            url,
            origin,
            referrer_policy: ReferrerPolicy::default(),
            embedder_policy: EmbedderPolicy::default(),
            global: Global::default(),
            stripped: StrippedOnce::default(),
        }
    }

    /// The URL, stripped by that function: once for all requests, unless the URL has changed since.
    pub(crate) fn stripped_url(&self, strip: fn(&Url) -> StrippedUrl) -> Cow<'_, StrippedUrl> {
        let once = || Box::new((self.url.clone(), strip(&self.url)));
        match &**self.stripped.0.get_or_init(once) {
            (url, stripped) if *url == self.url => Cow::Borrowed(stripped),
            _ => Cow::Owned(strip(&self.url)),
        }
    }

    /// A page of which only the origin is known: its URL is the origin's root, or `about:blank` for `null`.
    pub fn of_origin(text: &str) -> Result<Self, InvalidOrigin> {
        let origin = Origin::parse(text)?;
        let url = match &origin {
            Origin::Opaque(_) => "about:blank",
            Origin::Tuple(_) => text,
        };
        Ok(Self::with_origin(Origin::parse_url(url)?, origin))
    }
}
