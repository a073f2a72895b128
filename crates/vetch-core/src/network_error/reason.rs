//! The reasons of a network error, each with what was wanted and what came.

use std::sync::Arc;

use url::Url;

use crate::http_extensions::content_type_options::NosniffBlock;
use crate::http_extensions::cross_origin_resource_policy::CrossOriginResourcePolicyBlock;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::mime_type_blocking::MimeTypeBlock;
use crate::infrastructure::responses::InvalidLocation;
use crate::neighbours::subresource_integrity::IntegrityMismatch;

use super::{ExchangeKind, TransportFailure};

/// One failed check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The request may only go to local URLs.
    #[error("{url} is not a local URL, and the request may only go to local ones")]
    NotALocalUrl {
        /// The URL.
        url: Url,
    },
    /// The port belongs to another protocol.
    #[error("port {port} is blocked: it belongs to another protocol than HTTP")]
    BadPort {
        /// The port.
        port: u16,
    },
    /// The mode is `same-origin`, the URL is not.
    #[error("the mode is same-origin, but {url} is not of the origin {origin}")]
    CrossOriginInSameOriginMode {
        /// The request's origin.
        origin: String,
        /// The URL.
        url: Url,
    },
    /// The mode is `no-cors` and the redirect mode is not `follow`.
    #[error("a no-cors request to another origin must have the redirect mode follow")]
    NoCorsRedirectModeNotFollow,
    /// Neither HTTP(S) nor a scheme that could be fetched without it.
    #[error("the scheme {scheme:?} cannot be fetched from another origin")]
    UnsupportedScheme {
        /// The scheme.
        scheme: String,
    },
    /// The URL's scheme gives no response (`about:` other than blank, `blob:` without an entry, malformed `data:`).
    #[error("{url} has nothing to fetch")]
    NothingToFetch {
        /// The URL.
        url: Url,
    },
    /// The CORS check failed.
    #[error(transparent)]
    CorsCheck(#[from] CorsCheckFailure),
    /// The preflight's status is not 200 to 299.
    #[error("its status is {status}, 200 to 299 is wanted")]
    PreflightStatus {
        /// The status.
        status: u16,
    },
    /// The preflight was answered with a redirect.
    #[error("its answer is a redirect (status {status}), which a preflight does not follow")]
    PreflightRedirect {
        /// The status.
        status: u16,
    },
    /// `Access-Control-Allow-Methods` is no list of methods.
    #[error("Access-Control-Allow-Methods {value:?} is not a list of methods")]
    InvalidAllowMethods {
        /// The line that does not parse.
        value: String,
    },
    /// `Access-Control-Allow-Headers` is no list of header names.
    #[error("Access-Control-Allow-Headers {value:?} is not a list of header names")]
    InvalidAllowHeaders {
        /// The line that does not parse.
        value: String,
    },
    /// The method is not allowed.
    #[error("the method {method} is not in Access-Control-Allow-Methods{}", came(allowed.as_deref()))]
    MethodDisallowed {
        /// The request's method.
        method: String,
        /// What came, if the header did.
        allowed: Option<String>,
    },
    /// A header is not allowed.
    #[error("the header {name} is not in Access-Control-Allow-Headers{}", came(allowed.as_deref()))]
    HeaderDisallowed {
        /// The header's name.
        name: HeaderName,
        /// What came, if the header did; all names of one answer share it.
        allowed: Option<Arc<str>>,
    },
    /// The redirect mode is `error`.
    #[error("the answer is a redirect (status {status}), and the redirect mode is error")]
    RedirectModeError {
        /// The status.
        status: u16,
    },
    /// The redirect's target cannot be told.
    #[error(transparent)]
    RedirectLocation(#[from] InvalidLocation),
    /// The redirect leads out of HTTP(S).
    #[error("the redirect leads to {url}, which is not HTTP(S)")]
    RedirectScheme {
        /// The target.
        url: Url,
    },
    /// The redirect limit is reached.
    #[error("more than {limit} redirects")]
    TooManyRedirects {
        /// The limit.
        limit: u8,
    },
    /// The redirect's target has a user name or password.
    #[error(
        "the redirect's target has a user name or password, which a cross-origin request may not follow"
    )]
    RedirectContainsCredentials {
        /// Host of the target; the user name and password are not repeated.
        host: String,
    },
    /// A stream cannot be sent again.
    #[error(
        "the redirect (status {status}) needs the request body again, but the body is a stream"
    )]
    RedirectStreamBody {
        /// The status.
        status: u16,
    },
    /// This profile follows no redirect of a preflighted request.
    #[error(
        "a request that needed a preflight was redirected (status {status}), which this profile does not follow"
    )]
    RedirectAfterPreflight {
        /// The status.
        status: u16,
    },
    /// `Cross-Origin-Resource-Policy` or the embedder policy forbids it.
    #[error(transparent)]
    CrossOriginResourcePolicy(#[from] CrossOriginResourcePolicyBlock),
    /// Blocked due to its MIME type.
    #[error(transparent)]
    MimeType(#[from] MimeTypeBlock),
    /// Blocked due to nosniff.
    #[error(transparent)]
    Nosniff(#[from] NosniffBlock),
    /// A range that was not asked for.
    #[error("the status is {status}, but the request asked for no range")]
    RangeNotRequested {
        /// The status.
        status: u16,
    },
    /// A proxy asks for authentication, and there is nobody to prompt.
    #[error("the status is 407: a proxy asks for authentication, and there is nobody to prompt")]
    ProxyAuthentication,
    /// A keepalive request may outlive its page, so its body is bounded.
    #[error("the body has {length} bytes, but a keepalive request may send {limit} at most")]
    KeepaliveBodyTooLong {
        /// Length in bytes.
        length: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The cache mode is `only-if-cached` and nothing is cached.
    #[error("the cache mode is only-if-cached, and nothing is cached")]
    NotCached,
    /// The body does not match the integrity metadata.
    #[error(transparent)]
    Integrity(#[from] IntegrityMismatch),
    /// Integrity metadata with a response whose body cannot be read.
    #[error("integrity metadata cannot be checked: the response has no body that may be read")]
    IntegrityWithoutBody,
    /// No usable answer came.
    #[error(transparent)]
    Transport(#[from] TransportFailure),
}

/// Why a CORS check failed.
///
/// fetch.spec.whatwg.org/#concept-cors-check
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorsCheckFailure {
    /// No `Access-Control-Allow-Origin`.
    #[error("no Access-Control-Allow-Origin came; {wanted:?} is wanted")]
    MissingAllowOrigin {
        /// The origin as sent.
        wanted: String,
    },
    /// `*` with credentials.
    #[error(
        "Access-Control-Allow-Origin is \"*\", but the credentials mode is include; {wanted:?} is wanted"
    )]
    WildcardOriginNotAllowed {
        /// The origin as sent.
        wanted: String,
    },
    /// Several lines or values.
    #[error("Access-Control-Allow-Origin has several values ({came:?}); only {wanted:?} is wanted")]
    MultipleAllowOriginValues {
        /// The origin as sent.
        wanted: String,
        /// What came, joined by `, `.
        came: String,
    },
    /// Something that is no origin.
    #[error("Access-Control-Allow-Origin {came:?} is not an origin; {wanted:?} is wanted")]
    InvalidAllowOriginValue {
        /// The origin as sent.
        wanted: String,
        /// What came.
        came: String,
    },
    /// Another origin.
    #[error("Access-Control-Allow-Origin is {came:?}; {wanted:?} is wanted")]
    AllowOriginMismatch {
        /// The origin as sent.
        wanted: String,
        /// What came.
        came: String,
    },
    /// Credentials are not allowed.
    #[error("Access-Control-Allow-Credentials {}; \"true\" is wanted, because the credentials mode is include", is(came.as_deref()))]
    InvalidAllowCredentials {
        /// What came, if anything.
        came: Option<String>,
    },
}

impl Reason {
    pub(super) fn code(&self, exchange: ExchangeKind) -> String {
        let code = match self {
            Self::NotALocalUrl { .. } => "not-a-local-url",
            Self::BadPort { .. } => "bad-port",
            Self::CrossOriginInSameOriginMode { .. } => "disallowed-by-mode",
            Self::NoCorsRedirectModeNotFollow => "no-cors-redirect-mode-not-follow",
            Self::UnsupportedScheme { .. } => "cors-disabled-scheme",
            Self::NothingToFetch { .. } => "nothing-to-fetch",
            Self::CorsCheck(failure) => return prefixed("preflight-", failure.code(), exchange),
            Self::PreflightStatus { .. } => "preflight-invalid-status",
            Self::PreflightRedirect { .. } => "preflight-disallowed-redirect",
            Self::InvalidAllowMethods { .. } => "invalid-allow-methods-preflight-response",
            Self::InvalidAllowHeaders { .. } => "invalid-allow-headers-preflight-response",
            Self::MethodDisallowed { .. } => "method-disallowed-by-preflight-response",
            Self::HeaderDisallowed { .. } => "header-disallowed-by-preflight-response",
            Self::RedirectModeError { .. } => "redirect-mode-error",
            Self::RedirectLocation(InvalidLocation::Several { .. }) => "redirect-several-locations",
            Self::RedirectLocation(_) => "redirect-invalid-location",
            Self::RedirectScheme { .. } => "redirect-disabled-scheme",
            Self::TooManyRedirects { .. } => "too-many-redirects",
            Self::RedirectContainsCredentials { .. } => "redirect-contains-credentials",
            Self::RedirectStreamBody { .. } => "redirect-stream-body",
            Self::RedirectAfterPreflight { .. } => "redirect-after-preflight",
            Self::CrossOriginResourcePolicy(_) => "cross-origin-resource-policy",
            Self::MimeType(_) => "mime-type",
            Self::Nosniff(_) => "nosniff",
            Self::RangeNotRequested { .. } => "range-not-requested",
            Self::ProxyAuthentication => "proxy-authentication",
            Self::KeepaliveBodyTooLong { .. } => "keepalive-body-too-long",
            Self::NotCached => "not-cached",
            Self::Integrity(_) => "integrity-mismatch",
            Self::IntegrityWithoutBody => "integrity-without-body",
            Self::Transport(failure) => failure.code(),
        };
        code.to_owned()
    }

    pub(super) fn cdp(&self, exchange: ExchangeKind) -> Option<String> {
        let name = match self {
            Self::CrossOriginInSameOriginMode { .. } => "DisallowedByMode",
            Self::NoCorsRedirectModeNotFollow => "NoCorsRedirectModeNotFollow",
            Self::UnsupportedScheme { .. } | Self::RedirectScheme { .. } => "CorsDisabledScheme",
            Self::CorsCheck(failure) => {
                return Some(prefixed("Preflight", failure.cdp(), exchange));
            }
            Self::PreflightStatus { .. } => "PreflightInvalidStatus",
            Self::PreflightRedirect { .. } => "PreflightDisallowedRedirect",
            Self::InvalidAllowMethods { .. } => "InvalidAllowMethodsPreflightResponse",
            Self::InvalidAllowHeaders { .. } => "InvalidAllowHeadersPreflightResponse",
            Self::MethodDisallowed { .. } => "MethodDisallowedByPreflightResponse",
            Self::HeaderDisallowed { .. } => "HeaderDisallowedByPreflightResponse",
            Self::RedirectContainsCredentials { .. } => "RedirectContainsCredentials",
            _ => return None,
        };
        Some(name.to_owned())
    }

    pub(super) fn anchor(&self) -> &'static str {
        match self {
            Self::NotALocalUrl { .. }
            | Self::CrossOriginInSameOriginMode { .. }
            | Self::NoCorsRedirectModeNotFollow
            | Self::UnsupportedScheme { .. }
            | Self::RangeNotRequested { .. }
            | Self::Integrity(_)
            | Self::IntegrityWithoutBody => "https://fetch.spec.whatwg.org/#concept-main-fetch",
            Self::BadPort { .. } => "https://fetch.spec.whatwg.org/#block-bad-port",
            Self::NothingToFetch { .. } => "https://fetch.spec.whatwg.org/#concept-scheme-fetch",
            Self::CorsCheck(_) => "https://fetch.spec.whatwg.org/#concept-cors-check",
            Self::PreflightStatus { .. }
            | Self::PreflightRedirect { .. }
            | Self::InvalidAllowMethods { .. }
            | Self::InvalidAllowHeaders { .. }
            | Self::MethodDisallowed { .. }
            | Self::HeaderDisallowed { .. } => {
                "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"
            }
            Self::RedirectModeError { .. } | Self::CrossOriginResourcePolicy(_) => {
                "https://fetch.spec.whatwg.org/#concept-http-fetch"
            }
            Self::RedirectLocation(_)
            | Self::RedirectScheme { .. }
            | Self::TooManyRedirects { .. }
            | Self::RedirectContainsCredentials { .. }
            | Self::RedirectStreamBody { .. }
            | Self::RedirectAfterPreflight { .. } => {
                "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"
            }
            Self::MimeType(_) => {
                "https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?"
            }
            Self::Nosniff(_) => {
                "https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?"
            }
            Self::ProxyAuthentication | Self::KeepaliveBodyTooLong { .. } | Self::NotCached => {
                "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch"
            }
            Self::Transport(_) => "https://fetch.spec.whatwg.org/#concept-http-network-fetch",
        }
    }
}

impl CorsCheckFailure {
    const fn code(&self) -> &'static str {
        match self {
            Self::MissingAllowOrigin { .. } => "missing-allow-origin-header",
            Self::WildcardOriginNotAllowed { .. } => "wildcard-origin-not-allowed",
            Self::MultipleAllowOriginValues { .. } => "multiple-allow-origin-values",
            Self::InvalidAllowOriginValue { .. } => "invalid-allow-origin-value",
            Self::AllowOriginMismatch { .. } => "allow-origin-mismatch",
            Self::InvalidAllowCredentials { .. } => "invalid-allow-credentials",
        }
    }

    const fn cdp(&self) -> &'static str {
        match self {
            Self::MissingAllowOrigin { .. } => "MissingAllowOriginHeader",
            Self::WildcardOriginNotAllowed { .. } => "WildcardOriginNotAllowed",
            Self::MultipleAllowOriginValues { .. } => "MultipleAllowOriginValues",
            Self::InvalidAllowOriginValue { .. } => "InvalidAllowOriginValue",
            Self::AllowOriginMismatch { .. } => "AllowOriginMismatch",
            Self::InvalidAllowCredentials { .. } => "InvalidAllowCredentials",
        }
    }
}

/// The name, with the prefix when it is the preflight's.
fn prefixed(prefix: &str, name: &str, exchange: ExchangeKind) -> String {
    match exchange {
        ExchangeKind::Preflight => format!("{prefix}{name}"),
        ExchangeKind::Request => name.to_owned(),
    }
}

fn came(value: Option<&str>) -> String {
    match value {
        Some(value) => format!(" ({value:?})"),
        None => " (the header did not come)".to_owned(),
    }
}

fn is(value: Option<&str>) -> String {
    match value {
        Some(value) => format!("is {value:?}"),
        None => "did not come".to_owned(),
    }
}
