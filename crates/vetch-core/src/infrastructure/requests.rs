//! Requests · fetch.spec.whatwg.org/#requests
//! In: what the door (Request constructor, XMLHttpRequest) made. Out: a request's members, taint and serialised origin.
//! Differs: "client" values are resolved at the door; a body is only its kind, since the machine never touches one.

use std::sync::Arc;

use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use url::Url;

use super::environments::{Environment, ReferrerPolicy, ReferrerUrl};
use super::header_values::HeaderValue;
use super::headers::HeaderList;
use super::methods::Method;
use super::network_partition_keys::NetworkPartitionKey;
use super::origins::{NULL, Origin, are_same_origin, are_same_site};

/// A request.
///
/// fetch.spec.whatwg.org/#concept-request
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the Standard's flags, each with its name"
)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// URL list: the URL first, the current URL last.
    pub url_list: UrlList,
    /// Header list.
    pub header_list: HeaderList,
    /// Body, as far as it matters here.
    pub body: Body,
    /// Client: the environment that the request comes from.
    pub client: Arc<Environment>,
    /// Origin.
    pub origin: Origin,
    /// Mode.
    pub mode: Mode,
    /// Credentials mode.
    pub credentials_mode: CredentialsMode,
    /// Cache mode.
    pub cache_mode: CacheMode,
    /// Redirect mode.
    pub redirect_mode: RedirectMode,
    /// Referrer.
    pub referrer: Referrer,
    /// Referrer policy; none is the empty string, for which the client's policy stands.
    pub referrer_policy: Option<ReferrerPolicy>,
    /// Destination.
    pub destination: Destination,
    /// Initiator.
    pub initiator: Initiator,
    /// Initiator type.
    pub initiator_type: InitiatorType,
    /// Integrity metadata.
    pub integrity_metadata: String,
    /// Keepalive.
    pub keepalive: bool,
    /// Local-URLs-only flag.
    pub local_urls_only: bool,
    /// Unsafe-request flag: set by `fetch()` and `XMLHttpRequest`, so that methods and headers are looked at.
    pub unsafe_request: bool,
    /// Use-CORS-preflight flag: set by upload listeners and by stream bodies.
    pub use_cors_preflight: bool,
    /// User activation, for `Sec-Fetch-User` on navigations.
    pub user_activation: bool,
    /// Redirect count.
    pub redirect_count: u8,
    /// Response tainting.
    pub response_tainting: ResponseTainting,
    /// Timing allow failed flag.
    pub timing_allow_failed: bool,
}

/// One or more URLs: where the request started and each redirect's target.
///
/// They are shared: what is sent, what came back and what is recorded name the same URL.
#[derive(Clone, PartialEq, Eq)]
pub struct UrlList {
    current: Arc<Url>,
    earlier: Vec<Arc<Url>>,
}

impl From<Arc<Url>> for UrlList {
    fn from(url: Arc<Url>) -> Self {
        Self {
            current: url,
            earlier: Vec::new(),
        }
    }
}

impl UrlList {
    /// A list of that one URL.
    pub fn new(url: Url) -> Self {
        Self::from(Arc::new(url))
    }

    /// The last URL · fetch.spec.whatwg.org/#concept-request-current-url
    pub fn current(&self) -> &Arc<Url> {
        &self.current
    }

    /// The first URL.
    pub fn first(&self) -> &Arc<Url> {
        self.earlier.first().unwrap_or(&self.current)
    }

    /// The last URL, to be changed before it is fetched.
    pub fn current_mut(&mut self) -> &mut Url {
        Arc::make_mut(&mut self.current)
    }

    /// The URL whose redirect led to the current one.
    pub fn before_current(&self) -> Option<&Url> {
        self.earlier.last().map(|url| &**url)
    }

    /// Whether any redirect led to another origin.
    pub fn crosses_origins(&self) -> bool {
        let (urls, next) = (self.iter(), self.iter().skip(1));
        urls.zip(next)
            .any(|(url, next)| !are_same_origin(url, next))
    }

    /// Follow a redirect: that URL becomes the current one.
    pub fn append(&mut self, url: Url) {
        let url = Arc::new(url);
        self.earlier.push(std::mem::replace(&mut self.current, url));
    }

    /// All URLs in order.
    pub fn iter(&self) -> impl Iterator<Item = &Url> {
        let urls = self.earlier.iter().chain(std::iter::once(&self.current));
        urls.map(|url| &**url)
    }

    /// How many URLs there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "the list is never empty")]
    pub fn len(&self) -> usize {
        self.earlier.len() + 1
    }
}

/// A body: what the algorithms need to know of it.
///
/// fetch.spec.whatwg.org/#concept-body
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Body {
    /// No body.
    #[default]
    None,
    /// A body with a source: it has a length and can be sent again.
    Replayable {
        /// Length in bytes.
        length: u64,
    },
    /// A body without a source, read once: a stream.
    Stream,
}

/// fetch.spec.whatwg.org/#concept-request-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// `same-origin`
    SameOrigin,
    /// `cors`
    #[default]
    Cors,
    /// `no-cors`
    NoCors,
    /// `navigate`
    Navigate,
    /// `websocket`
    WebSocket,
    /// `webtransport`
    WebTransport,
}

impl Mode {
    /// All modes, by their names in the Standard.
    pub const ALL: [(&'static str, Self); 6] = [
        ("same-origin", Self::SameOrigin),
        ("cors", Self::Cors),
        ("no-cors", Self::NoCors),
        ("navigate", Self::Navigate),
        ("websocket", Self::WebSocket),
        ("webtransport", Self::WebTransport),
    ];
}

/// fetch.spec.whatwg.org/#concept-request-credentials-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CredentialsMode {
    /// `omit`
    Omit,
    /// `same-origin`, the default
    #[default]
    SameOrigin,
    /// `include`
    Include,
}

impl CredentialsMode {
    /// All credentials modes, by their names in the Standard.
    pub const ALL: [(&'static str, Self); 3] = [
        ("omit", Self::Omit),
        ("same-origin", Self::SameOrigin),
        ("include", Self::Include),
    ];
}

/// fetch.spec.whatwg.org/#concept-request-cache-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CacheMode {
    /// `default`
    #[default]
    Default,
    /// `no-store`
    NoStore,
    /// `reload`
    Reload,
    /// `no-cache`
    NoCache,
    /// `force-cache`
    ForceCache,
    /// `only-if-cached`
    OnlyIfCached,
}

impl CacheMode {
    /// All cache modes, by their names in the Standard.
    pub const ALL: [(&'static str, Self); 6] = [
        ("default", Self::Default),
        ("no-store", Self::NoStore),
        ("reload", Self::Reload),
        ("no-cache", Self::NoCache),
        ("force-cache", Self::ForceCache),
        ("only-if-cached", Self::OnlyIfCached),
    ];
}

/// fetch.spec.whatwg.org/#concept-request-redirect-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RedirectMode {
    /// `follow`
    #[default]
    Follow,
    /// `error`
    Error,
    /// `manual`
    Manual,
}

impl RedirectMode {
    /// All redirect modes, by their names in the Standard.
    pub const ALL: [(&'static str, Self); 3] = [
        ("follow", Self::Follow),
        ("error", Self::Error),
        ("manual", Self::Manual),
    ];
}

/// fetch.spec.whatwg.org/#concept-request-referrer
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Referrer {
    /// "no-referrer"
    NoReferrer,
    /// "client": the environment's URL.
    #[default]
    Client,
    /// A URL.
    Url(ReferrerUrl),
}

/// fetch.spec.whatwg.org/#concept-request-response-tainting
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ResponseTainting {
    /// `basic`
    #[default]
    Basic,
    /// `cors`
    Cors,
    /// `opaque`
    Opaque,
}

/// How far the URL list strayed from the request's origin.
///
/// fetch.spec.whatwg.org/#concept-request-tainted-origin
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RedirectTaint {
    /// `same-origin`
    #[default]
    SameOrigin,
    /// `same-site`
    SameSite,
    /// `cross-site`
    CrossSite,
}

/// What the response is for; empty for `fetch()` and `XMLHttpRequest`.
///
/// fetch.spec.whatwg.org/#concept-request-destination
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Destination {
    /// The empty string.
    #[default]
    Empty,
    /// One of the Standard's names; see [`Destination::NAMES`].
    Named(&'static str),
}

impl Destination {
    /// The destinations of the Standard other than the empty string.
    pub const NAMES: [&'static str; 23] = [
        "audio",
        "audioworklet",
        "document",
        "embed",
        "font",
        "frame",
        "iframe",
        "image",
        "json",
        "manifest",
        "object",
        "paintworklet",
        "report",
        "script",
        "serviceworker",
        "sharedworker",
        "style",
        "text",
        "track",
        "video",
        "webidentity",
        "worker",
        "xslt",
    ];

    /// The destination of that name; the empty string is one.
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Empty);
        }
        Self::NAMES
            .into_iter()
            .find(|known| *known == name)
            .map(Self::Named)
    }

    /// The name, or the empty string.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "",
            Self::Named(name) => name,
        }
    }

    /// fetch.spec.whatwg.org/#request-destination-script-like
    pub fn is_script_like(self) -> bool {
        matches!(
            self.as_str(),
            "audioworklet"
                | "paintworklet"
                | "script"
                | "serviceworker"
                | "sharedworker"
                | "worker"
        )
    }

    /// Whether a request with this destination is a navigation request.
    ///
    /// fetch.spec.whatwg.org/#navigation-request
    pub fn is_navigation(self) -> bool {
        matches!(
            self.as_str(),
            "document" | "embed" | "frame" | "iframe" | "object"
        )
    }
}

/// Which API made the request; the Standard's initiator type, as far as a profile reads it.
///
/// fetch.spec.whatwg.org/#request-initiator-type
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InitiatorType {
    /// `fetch`, and all that is told nowhere else.
    #[default]
    Fetch,
    /// `xmlhttprequest`
    XmlHttpRequest,
}

/// What made the request; the Standard's initiator, of which fetch itself reads only `prefetch`.
///
/// fetch.spec.whatwg.org/#concept-request-initiator
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Initiator {
    /// The empty string.
    #[default]
    Empty,
    /// `prefetch`
    Prefetch,
    /// `prerender`
    Prerender,
}

impl Request {
    /// The current URL · fetch.spec.whatwg.org/#concept-request-current-url
    pub fn current_url(&self) -> &Arc<Url> {
        self.url_list.current()
    }

    /// The referrer policy in force: the request's own, else its policy container's.
    pub fn effective_referrer_policy(&self) -> ReferrerPolicy {
        self.referrer_policy.unwrap_or(self.client.referrer_policy)
    }

    /// Whether a script has made it conditional, by a header of those that change the default cache mode.
    pub fn is_conditional(&self) -> bool {
        self.header_list.iter().any(|(name, _)| {
            matches!(
                *name,
                IF_MODIFIED_SINCE | IF_NONE_MATCH | IF_UNMODIFIED_SINCE | IF_MATCH | IF_RANGE
            )
        })
    }

    /// Determine the network partition key · fetch.spec.whatwg.org/#request-determine-the-network-partition-key
    pub fn network_partition_key(&self) -> &NetworkPartitionKey {
        &self.client.network_partition_key
    }

    /// Compute the redirect-taint · fetch.spec.whatwg.org/#concept-request-tainted-origin
    pub fn redirect_taint(&self) -> RedirectTaint {
        let mut taint = RedirectTaint::SameOrigin;
        if self.url_list.len() == 1 {
            return taint;
        }
        let mut last_url: Option<&Url> = None;
        for url in self.url_list.iter() {
            if let Some(last_url) = last_url {
                if !are_same_site(url, last_url) && !self.origin.is_same_site_with_url(last_url) {
                    return RedirectTaint::CrossSite;
                }
                if !are_same_origin(url, last_url) && !self.origin.is_same_origin_with_url(last_url)
                {
                    taint = RedirectTaint::SameSite;
                }
            }
            last_url = Some(url);
        }
        taint
    }

    /// Byte-serialise the request origin: `null` once a redirect tainted it.
    ///
    /// fetch.spec.whatwg.org/#byte-serializing-a-request-origin
    pub fn byte_serialized_origin(&self) -> &HeaderValue {
        match self.redirect_taint() {
            RedirectTaint::SameOrigin => self.origin.serialize(),
            RedirectTaint::SameSite | RedirectTaint::CrossSite => &NULL,
        }
    }
}
