//! Responses · fetch.spec.whatwg.org/#responses
//! In: a status line and headers from the network. Out: a response's members and its location URL.
//! Differs: a body is only where it comes from, since the machine never touches one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use url::Url;

use super::header_values::{HeaderValue, isomorphic_decode};
use super::headers::{Extracted, HeaderList};
use super::requests::{RedirectTaint, UrlList};
use super::statuses::Status;
use super::urls;
use crate::profile::{
    EmptyLocation, LocationBytes, PathPipes, Profile, RedirectRules, SeveralLocations,
};

/// A response that is neither a network error nor filtered: all that came back.
///
/// fetch.spec.whatwg.org/#concept-response
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct InternalResponse {
    /// URL list.
    pub url_list: UrlList,
    /// Status.
    pub status: Status,
    /// Status message, as sent.
    pub status_message: Bytes,
    /// Header list, as received.
    pub header_list: Arc<HeaderList>,
    /// Where the body is.
    pub body: ResponseBody,
    /// Range-requested flag.
    pub range_requested: bool,
    /// Request-includes-credentials.
    pub request_includes_credentials: bool,
    /// Timing allow passed flag.
    pub timing_allow_passed: bool,
    /// Redirect taint.
    pub redirect_taint: RedirectTaint,
}

/// Where a response's body is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseBody {
    /// Null: no body, or one that must not be read.
    Null,
    /// The body that follows the head last given to the machine.
    Network,
    /// These bytes (`data:` and `about:` URLs).
    Bytes(Bytes),
}

impl InternalResponse {
    /// The location URL: nothing without a redirect status or `Location`, a failure when it does not parse or there are several.
    ///
    /// fetch.spec.whatwg.org/#concept-response-location-url
    pub fn location_url(
        &self,
        request_fragment: Option<&str>,
        profile: &Profile,
    ) -> Result<Option<Url>, InvalidLocation> {
        if !profile.is_redirect(self.status) {
            return Ok(None);
        }
        let rules = &profile.redirects;
        let Some(value) = self.location(rules)? else {
            return Ok(None);
        };
        let refused = |reason| InvalidLocation::NotAUrl {
            value: urls::shown_text(&value.isomorphic_decode()).into_owned(),
            reason,
        };
        match rules.empty_location {
            EmptyLocation::None if value.as_bytes().is_empty() => return Ok(None),
            EmptyLocation::Refused if value.as_bytes().is_empty() => {
                return Err(refused(url::ParseError::RelativeUrlWithoutBase));
            }
            _ => {}
        }
        let text = location_text(value.as_bytes(), rules.location_bytes);
        let mut location = urls::parse(&text, self.url_list.current()).map_err(refused)?;
        if profile.path_pipes == PathPipes::Encoded {
            urls::encode_in_path(&mut location, '|');
        }
        if location.fragment().is_none() {
            location.set_fragment(request_fragment);
        }
        Ok(Some(location))
    }

    /// The one value of `Location`.
    fn location(
        &self,
        rules: &RedirectRules,
    ) -> Result<Option<Cow<'_, HeaderValue>>, InvalidLocation> {
        // DIFFERS: one line of any bytes passes as `URI-reference`, as every browser has it; the URL parser judges.
        match self.header_list.extract_single("location") {
            None => Ok(None),
            Some(Extracted::Values(value)) => Ok(Some(Cow::Borrowed(value))),
            Some(Extracted::Failure(joined)) => match rules.several_locations {
                SeveralLocations::Joined => Ok(Some(Cow::Owned(joined))),
                SeveralLocations::FollowedIfEqual => {
                    check_locations(&self.header_list)?;
                    let mut values = self.header_list.values_of("location");
                    Ok(values.next().map(Cow::Borrowed))
                }
                SeveralLocations::Refused => Err(several_locations(&self.header_list)),
            },
        }
    }
}

/// All `Location` lines say the same.
pub(crate) fn check_locations(headers: &HeaderList) -> Result<(), InvalidLocation> {
    let mut values = headers.values_of("location");
    let first = values.next();
    if values.all(|value| Some(value) == first) {
        Ok(())
    } else {
        Err(several_locations(headers))
    }
}

/// The values joined, without user names and passwords.
fn several_locations(headers: &HeaderList) -> InvalidLocation {
    let mut shown = String::new();
    for value in headers.values_of("location") {
        if !shown.is_empty() {
            shown.push_str(", ");
        }
        shown.push_str(&urls::shown_text(&value.isomorphic_decode()));
    }
    InvalidLocation::Several { values: shown }
}

/// A `Location` as the text that the URL parser gets.
fn location_text(value: &[u8], bytes: LocationBytes) -> Cow<'_, str> {
    let is_encoded = |byte: u8| match bytes {
        LocationBytes::Decoded => false,
        LocationBytes::Encoded => !byte.is_ascii(),
        LocationBytes::EncodedWithTabs => !byte.is_ascii() || byte == b'\t',
    };
    if !value.iter().copied().any(is_encoded) {
        return isomorphic_decode(value);
    }
    let mut text = String::with_capacity(value.len() + 8);
    for byte in value.iter().copied() {
        if is_encoded(byte) {
            let _written = write!(text, "%{byte:02X}");
        } else {
            text.push(char::from(byte));
        }
    }
    text.into()
}

/// `Location` cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidLocation {
    /// More than one `Location` line.
    #[error("several Location headers came ({values})")]
    Several {
        /// The values, joined by `, `; user names and passwords are hidden.
        values: String,
    },
    /// The value does not parse as a URL.
    #[error("Location {value:?} is not a URL ({reason})")]
    NotAUrl {
        /// The value; what may be a user name and password is hidden.
        value: String,
        /// The URL parser's reason.
        reason: url::ParseError,
    },
}
