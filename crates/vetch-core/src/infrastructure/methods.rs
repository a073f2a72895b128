//! Methods · fetch.spec.whatwg.org/#methods
//! In: a method's bytes. Out: predicates and the normalised method.
//! Differs: nothing.

pub use http::Method;

/// Whether the bytes match HTTP's `token`, which makes them a method.
///
/// fetch.spec.whatwg.org/#concept-method
pub fn parse(bytes: &[u8]) -> Option<Method> {
    Method::from_bytes(bytes).ok()
}

/// A CORS-safelisted method: `GET`, `HEAD` or `POST`, byte for byte.
///
/// fetch.spec.whatwg.org/#cors-safelisted-method
///
/// ```
/// use vetch_core::infrastructure::methods::{is_cors_safelisted, parse};
/// assert!(is_cors_safelisted(&parse(b"POST").unwrap()));
/// assert!(!is_cors_safelisted(&parse(b"post").unwrap()));
/// ```
pub fn is_cors_safelisted(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

/// A forbidden method: `CONNECT`, `TRACE` or `TRACK`, in any case.
///
/// Takes bytes because the method-override headers name methods that need not be tokens.
///
/// fetch.spec.whatwg.org/#forbidden-method
pub fn is_forbidden(method: &[u8]) -> bool {
    [&b"CONNECT"[..], b"TRACE", b"TRACK"]
        .iter()
        .any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// Normalise: `DELETE`, `GET`, `HEAD`, `OPTIONS`, `POST` and `PUT` become upper-case; any other method, `patch` too, stays as written.
///
/// fetch.spec.whatwg.org/#concept-method-normalize
pub fn normalize(method: Method) -> Method {
    let known = [
        Method::DELETE,
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::POST,
        Method::PUT,
    ];
    // Most are written as they are meant, and then no text is compared.
    if known.contains(&method) {
        return method;
    }
    let is_meant = |known: &Method| known.as_str().eq_ignore_ascii_case(method.as_str());
    known.into_iter().find(is_meant).unwrap_or(method)
}
