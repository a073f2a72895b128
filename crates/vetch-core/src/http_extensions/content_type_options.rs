//! `X-Content-Type-Options` header · fetch.spec.whatwg.org/#x-content-type-options-header
//! In: a destination and a response's headers. Out: nosniff or not; allowed, or the MIME type that was not the wanted one.
//! Differs: nothing.

use crate::infrastructure::header_values::get_decode_and_split;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::mime_types::{extract_an_essence, is_javascript_mime_type};
use crate::infrastructure::requests::Destination;

/// Determine nosniff: the first value is `nosniff`, in any case.
///
/// fetch.spec.whatwg.org/#determine-nosniff
pub fn determine_nosniff(headers: &HeaderList) -> bool {
    // 1. and 2. Absent is not nosniff.
    let Some(value) = headers.get("x-content-type-options") else {
        return false;
    };
    // 3. and 4. Later values do not count.
    get_decode_and_split(value.as_bytes())
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case(b"nosniff"))
}

/// Whether a script or stylesheet whose server forbids sniffing says that it is one.
///
/// fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
pub fn should_be_blocked_due_to_nosniff(
    destination: Destination,
    response: &HeaderList,
) -> Result<(), NosniffBlock> {
    // 3. Looked at first, since no other destination needs the headers parsed.
    let is_style = destination.as_str() == "style";
    if !destination.is_script_like() && !is_style {
        return Ok(());
    }
    // 1. Without nosniff all is allowed.
    if !determine_nosniff(response) {
        return Ok(());
    }
    // 2. The MIME type, or none.
    let value = response.get(&http::header::CONTENT_TYPE);
    let essence = value
        .as_deref()
        .and_then(|value| extract_an_essence(value.as_bytes()));
    let is_wanted = essence.is_some_and(|found| {
        if is_style {
            // 5. A stylesheet is `text/css`.
            found.is("text/css")
        } else {
            // 4. A script is any of the JavaScript MIME types.
            is_javascript_mime_type(found)
        }
    });
    if is_wanted {
        // 6. Allowed.
        return Ok(());
    }
    Err(NosniffBlock {
        destination,
        mime_type: essence.map(|essence| essence.to_string()),
    })
}

/// The server forbids sniffing, and the response does not say that it is what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {} with X-Content-Type-Options: nosniff came {}", destination.as_str(), named(mime_type.as_deref()))]
#[non_exhaustive]
pub struct NosniffBlock {
    /// What the response is for.
    pub destination: Destination,
    /// The essence of its MIME type; nothing when `Content-Type` is missing or does not parse.
    pub mime_type: Option<String>,
}

fn named(mime_type: Option<&str>) -> String {
    match mime_type {
        Some(essence) => format!("as {essence}"),
        None => "without a valid Content-Type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infrastructure::header_values::HeaderValue;
    use crate::infrastructure::headers::HeaderName;

    fn nosniff() -> HeaderList {
        let name = HeaderName::from_static("x-content-type-options");
        HeaderList::from_iter([(name, HeaderValue::from_static("NoSniff, x"))])
    }

    #[test]
    fn a_script_without_a_type_is_blocked() {
        let script = Destination::Named("script");
        let block = should_be_blocked_due_to_nosniff(script, &nosniff()).expect_err("is blocked");
        assert_eq!(
            block.to_string(),
            "a script with X-Content-Type-Options: nosniff came without a valid Content-Type"
        );
    }

    #[test]
    fn an_image_may_be_sniffed() {
        assert!(should_be_blocked_due_to_nosniff(Destination::Named("image"), &nosniff()).is_ok());
    }
}
