//! Should response to request be blocked due to its MIME type? · fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
//! In: a destination and a response's headers. Out: allowed, or the MIME type that a script must not have.
//! Differs: nothing.

use super::headers::HeaderList;
use super::mime_types::extract_an_essence;
use super::requests::Destination;

/// Whether a script may have the response's MIME type: images, audio, video and CSV are no scripts.
///
/// fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
pub fn should_be_blocked_due_to_mime_type(
    destination: Destination,
    response: &HeaderList,
) -> Result<(), MimeTypeBlock> {
    // 3. and 4. Looked at first, since no other destination needs the MIME type parsed.
    if !destination.is_script_like() {
        return Ok(());
    }
    // 1. and 2. Without a MIME type there is nothing against it.
    let value = response.get(&http::header::CONTENT_TYPE);
    let essence = value
        .as_deref()
        .and_then(|value| extract_an_essence(value.as_bytes()));
    let Some(essence) = essence else {
        return Ok(());
    };
    // 4. What is no script by its own word.
    let is_blocked = ["audio", "image", "video"]
        .iter()
        .any(|type_| essence.has_type(type_))
        || essence.is("text/csv");
    if is_blocked {
        return Err(MimeTypeBlock {
            destination,
            mime_type: essence.to_string(),
        });
    }
    // 5. Allowed.
    Ok(())
}

/// A response came as an image, audio, video or CSV where a script was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the response is {mime_type}, which cannot be a {}", destination.as_str())]
#[non_exhaustive]
pub struct MimeTypeBlock {
    /// What the response is for.
    pub destination: Destination,
    /// The essence of its MIME type.
    pub mime_type: String,
}

#[cfg(test)]
mod tests {
    use super::super::header_values::HeaderValue;
    use super::super::headers::HeaderName;
    use super::*;

    #[test]
    fn an_image_is_no_script() {
        let mut headers = HeaderList::new();
        headers.append(
            HeaderName::from_static("content-type"),
            HeaderValue::from_static("Image/PNG;a=b"),
        );
        let script = Destination::Named("script");
        let block = should_be_blocked_due_to_mime_type(script, &headers).expect_err("is blocked");
        assert_eq!(
            block.to_string(),
            "the response is image/png, which cannot be a script"
        );
        assert!(should_be_blocked_due_to_mime_type(Destination::Named("image"), &headers).is_ok());
    }
}
