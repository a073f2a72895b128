//! Whether an answer may be read, step by step.

use vetch_core::CredentialsMode;

use super::header_values::{Header, get};

/// CORS check · fetch.spec.whatwg.org/#concept-cors-check
///
/// Given of the request its credentials mode and its byte-serialised origin; true is success.
pub fn cors_check(
    credentials_mode: CredentialsMode,
    request_origin: &[u8],
    response: &[Header<'_>],
) -> bool {
    // 1.
    let origin = get(b"Access-Control-Allow-Origin", response);
    // 2.
    let Some(origin) = origin else {
        return false;
    };
    // 3.
    if credentials_mode != CredentialsMode::Include && origin == b"*" {
        return true;
    }
    // 4.
    if request_origin != origin {
        return false;
    }
    // 5.
    if credentials_mode != CredentialsMode::Include {
        return true;
    }
    // 6.
    let credentials = get(b"Access-Control-Allow-Credentials", response);
    // 7.
    if credentials.is_some_and(|credentials| credentials == b"true") {
        return true;
    }
    // 8.
    false
}
