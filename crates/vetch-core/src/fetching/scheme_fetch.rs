//! Scheme fetch · fetch.spec.whatwg.org/#scheme-fetch
//! In: a request. Out: a response made from the URL itself, or the word that HTTP fetch comes next.
//! Differs: see the labels at the schemes.

use std::sync::Arc;

use bytes::Bytes;
use data_url::DataUrl;
use http::header::CONTENT_LENGTH;
use url::Url;

use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::mime_types::with_parameters_once;
use crate::infrastructure::requests::{InitiatorType, RedirectTaint, Request};
use crate::infrastructure::responses::{InternalResponse, ResponseBody};
use crate::infrastructure::statuses::Status;
use crate::infrastructure::urls;
use crate::network_error::Reason;
use crate::profile::{DataUrlLength, Profile};

/// What scheme fetch came to.
#[derive(Debug)]
pub enum SchemeFetch {
    /// The URL is the response.
    Response(Box<InternalResponse>),
    /// HTTP(S): run HTTP fetch.
    HttpFetch,
}

/// Scheme fetch · fetch.spec.whatwg.org/#concept-scheme-fetch
pub fn scheme_fetch(request: &Request, profile: &Profile) -> Result<SchemeFetch, Reason> {
    let url = request.current_url();
    let content = match url.scheme() {
        "http" | "https" => return Ok(SchemeFetch::HttpFetch),
        "about" if url.path() == "blank" => Some((
            HeaderValue::from_static("text/html;charset=utf-8"),
            Vec::new(),
        )),
        "data" => data_url_content(url),
        // NOT DONE: blob: has no store here; the embedder owns blobs and hands their bytes to the page itself.
        // NOT DONE: file: is left to the embedder, as the Standard leaves it to the user agent.
        _ => None,
    };
    match content {
        Some((content_type, body)) => {
            let length = body.len();
            let mut response = local_response(request, content_type, body);
            if url.scheme() == "data"
                && profile.data_url_length == DataUrlLength::Told
                && request.initiator_type == InitiatorType::Fetch
                && let Ok(length) = HeaderValue::normalize(length.to_string())
            {
                Arc::make_mut(&mut response.header_list).append(CONTENT_LENGTH, length);
            }
            Ok(SchemeFetch::Response(Box::new(response)))
        }
        None => Err(Reason::NothingToFetch {
            url: urls::without_credentials(url),
        }),
    }
}

/// The data: URL processor · fetch.spec.whatwg.org/#data-url-processor
fn data_url_content(url: &Url) -> Option<(HeaderValue, Vec<u8>)> {
    let data = DataUrl::process(url.as_str()).ok()?;
    let (body, _fragment) = data.decode_to_vec().ok()?;
    let mime_type = with_parameters_once(data.mime_type().clone());
    let content_type = HeaderValue::normalize(mime_type.to_string()).ok()?;
    Some((content_type, body))
}

fn local_response(request: &Request, content_type: HeaderValue, body: Vec<u8>) -> InternalResponse {
    InternalResponse {
        url_list: request.url_list.clone(),
        status: Status::OK,
        status_message: Bytes::from_static(b"OK"),
        header_list: HeaderList::from_iter([(http::header::CONTENT_TYPE, content_type)]).into(),
        body: ResponseBody::Bytes(body.into()),
        range_requested: false,
        request_includes_credentials: true,
        timing_allow_passed: false,
        redirect_taint: RedirectTaint::SameOrigin,
    }
}
