//! Forbidden headers · fetch.spec.whatwg.org/#forbidden-request-header
//! In: a header that a script sets, or a response's header name. Out: whether it is out of the script's reach.
//! Differs: nothing.

use super::header_values::{HeaderValue, get_decode_and_split};
use super::headers::HeaderName;
use super::methods;

/// Why a request header is forbidden.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Forbidden {
    /// The user agent alone sets it.
    #[error("the user agent alone sets it")]
    Name,
    /// Its name starts with `proxy-` or `sec-`.
    #[error("names that start with {prefix:?} belong to the user agent")]
    Prefix {
        /// The prefix.
        prefix: &'static str,
    },
    /// It would override the method with a forbidden one.
    #[error("it names the forbidden method {method}")]
    MethodOverride {
        /// The method.
        method: String,
    },
}

/// Forbidden request-header: why, or nothing when a script may set it.
///
/// fetch.spec.whatwg.org/#forbidden-request-header
///
/// ```
/// use vetch_core::{HeaderName, HeaderValue, infrastructure::forbidden_headers::forbidden_request_header};
/// let forbidden = |name, value| forbidden_request_header(&HeaderName::from_static(name), &HeaderValue::from_static(value)).is_some();
/// assert!(forbidden("cookie", "a=1"));
/// assert!(forbidden("x-http-method-override", "GET, trace"));
/// assert!(!forbidden("x-http-method-override", "PUT"));
/// ```
pub fn forbidden_request_header(name: &HeaderName, value: &HeaderValue) -> Option<Forbidden> {
    let text = name.as_str();
    // 1.
    if FORBIDDEN_REQUEST_HEADER_NAMES.contains(&text) {
        return Some(Forbidden::Name);
    }
    // 2.
    if let Some(prefix) = ["proxy-", "sec-"]
        .into_iter()
        .find(|prefix| text.starts_with(prefix))
    {
        return Some(Forbidden::Prefix { prefix });
    }
    // 3.
    if METHOD_OVERRIDES.contains(&text)
        && let Some(method) =
            get_decode_and_split(value.as_bytes()).find(|method| methods::is_forbidden(method))
    {
        return Some(Forbidden::MethodOverride {
            method: super::header_values::isomorphic_decode(method).into_owned(),
        });
    }
    // 4.
    None
}

/// Forbidden response-header name: `Set-Cookie` and `Set-Cookie2`.
///
/// fetch.spec.whatwg.org/#forbidden-response-header-name
pub fn is_forbidden_response_header_name(name: &HeaderName) -> bool {
    matches!(name.as_str(), "set-cookie" | "set-cookie2")
}

const FORBIDDEN_REQUEST_HEADER_NAMES: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

const METHOD_OVERRIDES: [&str; 3] = [
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];
