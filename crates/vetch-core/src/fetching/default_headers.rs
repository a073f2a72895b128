//! Default headers · fetch.spec.whatwg.org/#concept-fetch
//! In: a request as it was made. Out: the same with `Accept` and `Accept-Language`.
//! Differs: nothing.

use crate::agent_state::AgentState;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::requests::{Destination, Initiator, Request};

/// Steps of fetch that give the request the headers it lacks.
///
/// fetch.spec.whatwg.org/#concept-fetch
pub fn append_default_headers(request: &mut Request, agent: &AgentState) {
    let accept = match (request.initiator, request.destination) {
        (Initiator::Prefetch, _) | (_, Destination::Named("document" | "frame" | "iframe")) => {
            DOCUMENT_ACCEPT
        }
        (_, Destination::Named("image")) => {
            const { HeaderValue::from_static("image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5") }
        }
        (_, Destination::Named("json")) => {
            const { HeaderValue::from_static("application/json,*/*;q=0.5") }
        }
        (_, Destination::Named("style")) => {
            const { HeaderValue::from_static("text/css,*/*;q=0.1") }
        }
        (_, Destination::Named("text")) => {
            const { HeaderValue::from_static("text/plain,*/*;q=0.5") }
        }
        _ => const { HeaderValue::from_static("*/*") },
    };
    let headers = &mut request.header_list;
    headers.reserve(2);
    headers.append_if_absent(http::header::ACCEPT, accept);
    headers.append_if_absent(
        http::header::ACCEPT_LANGUAGE,
        agent.default_headers.accept_language().clone(),
    );
}

/// Document `Accept` header value · fetch.spec.whatwg.org/#document-accept-header-value
const DOCUMENT_ACCEPT: HeaderValue =
    HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
