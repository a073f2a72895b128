//! CORS check · fetch.spec.whatwg.org/#cors-check
//! In: a request and a response's headers. Out: passed, or every way in which it failed.
//! Differs: nothing; the failures found after the first do not change the verdict.

use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::requests::{CredentialsMode, Request};
use crate::network_error::CorsCheckFailure;
use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use url::Url;

/// CORS check. Nothing is allocated when it passes.
///
/// fetch.spec.whatwg.org/#concept-cors-check
pub fn cors_check(request: &Request, response: &HeaderList) -> Result<(), Vec<CorsCheckFailure>> {
    let include = request.credentials_mode == CredentialsMode::Include;
    // 1.
    let allowed = response.get(&ACCESS_CONTROL_ALLOW_ORIGIN);
    // 3.
    if !include && allowed.as_ref().is_some_and(|allowed| **allowed == "*") {
        return Ok(());
    }
    // 2 and 4.
    let origin = request.byte_serialized_origin();
    let mut failures = Vec::new();
    if allowed.as_deref() != Some(origin) {
        let wanted = origin.isomorphic_decode().into_owned();
        let lines = response.values_of(&ACCESS_CONTROL_ALLOW_ORIGIN).count();
        failures.push(match allowed {
            None => CorsCheckFailure::MissingAllowOrigin { wanted },
            Some(value) => describe(wanted, value.isomorphic_decode().into_owned(), lines),
        });
    }
    // 5–8.
    if include {
        let credentials = response.get(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
        if credentials.as_ref().is_none_or(|value| **value != "true") {
            failures.push(CorsCheckFailure::InvalidAllowCredentials {
                came: credentials.map(|value| value.isomorphic_decode().into_owned()),
            });
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

/// Which failure an `Access-Control-Allow-Origin` is that is not the wanted one.
fn describe(wanted: String, came: String, lines: usize) -> CorsCheckFailure {
    if came == "*" {
        CorsCheckFailure::WildcardOriginNotAllowed { wanted }
    } else if lines > 1 || came.contains([',', ' ']) {
        CorsCheckFailure::MultipleAllowOriginValues { wanted, came }
    } else if came != "null" && Url::parse(&came).is_err() {
        CorsCheckFailure::InvalidAllowOriginValue { wanted, came }
    } else {
        CorsCheckFailure::AllowOriginMismatch { wanted, came }
    }
}
