//! Responses · fetch.spec.whatwg.org/#responses
//! In: a status line and headers from the network. Out: a response's members and its location URL.
//! Differs: a body is only where it comes from, since the machine never touches one.

use bytes::Bytes;
use url::Url;

use super::header_values::isomorphic_decode;
use super::headers::{Extracted, HeaderList};
use super::requests::{RedirectTaint, UrlList};
use super::statuses::Status;

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
    pub header_list: HeaderList,
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
    ) -> Result<Option<Url>, InvalidLocation> {
        if !self.status.is_redirect() {
            return Ok(None);
        }
        // DIFFERS: one line of any bytes passes as `URI-reference`, as every browser has it; the URL parser judges.
        let value = match self.header_list.extract_single("location") {
            None => return Ok(None),
            Some(Extracted::Failure(joined)) => {
                return Err(InvalidLocation::Several {
                    values: joined.isomorphic_decode().into_owned(),
                });
            }
            Some(Extracted::Values(value)) => value,
        };
        let text = isomorphic_decode(value.as_bytes());
        let mut location =
            self.url_list
                .current()
                .join(&text)
                .map_err(|reason| InvalidLocation::NotAUrl {
                    value: text.clone().into_owned(),
                    reason,
                })?;
        if location.fragment().is_none() {
            location.set_fragment(request_fragment);
        }
        Ok(Some(location))
    }
}

/// `Location` cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidLocation {
    /// More than one `Location` line.
    #[error("several Location headers came ({values})")]
    Several {
        /// The values, joined by `, `.
        values: String,
    },
    /// The value does not parse as a URL.
    #[error("Location {value:?} is not a URL ({reason})")]
    NotAUrl {
        /// The value.
        value: String,
        /// The URL parser's reason.
        reason: url::ParseError,
    },
}
