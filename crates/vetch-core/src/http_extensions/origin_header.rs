//! `Origin` header · fetch.spec.whatwg.org/#origin-header
//! In: a request. Out: the `Origin` header that goes with it, if one does.
//! Differs: nothing.

use crate::infrastructure::environments::ReferrerPolicy;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::methods::Method;
use crate::infrastructure::origins::NULL;
use crate::infrastructure::requests::{Mode, Referrer, Request, ResponseTainting};
use crate::profile::{HiddenOrigin, Profile};

/// Append a request `Origin` header · fetch.spec.whatwg.org/#append-a-request-origin-header
pub fn append_a_request_origin_header(
    request: &Request,
    profile: &Profile,
    headers: &mut HeaderList,
) {
    if let Some(value) = request_origin_header_value(request, profile) {
        headers.append(http::header::ORIGIN, value.clone());
    }
}

/// What the `Origin` header of a request says, if it has one.
///
/// fetch.spec.whatwg.org/#append-a-request-origin-header
pub(crate) fn request_origin_header_value<'a>(
    request: &'a Request,
    profile: &Profile,
) -> Option<&'a HeaderValue> {
    // 3.
    if request.response_tainting == ResponseTainting::Cors
        || matches!(request.mode, Mode::WebSocket | Mode::WebTransport)
    {
        return Some(request.byte_serialized_origin());
    }
    // 4.
    match request.method {
        Method::GET | Method::HEAD => None,
        _ if request.mode != Mode::Cors && hides_origin(request, profile) => Some(&NULL),
        _ => Some(request.byte_serialized_origin()),
    }
}

/// Step 4.1: whether the referrer policy keeps the origin from the server: `hidden_origin`.
fn hides_origin(request: &Request, profile: &Profile) -> bool {
    match profile.hidden_origin {
        HiddenOrigin::Null | HiddenOrigin::NullWithoutReferrerUntilPolicySet => {
            hides_origin_by_policy(request)
        }
        HiddenOrigin::NullWithoutReferrerUntilCrossed => {
            (request.referrer == Referrer::NoReferrer || hides_origin_by_policy(request))
                && !request.url_list.crosses_origins()
        }
        HiddenOrigin::Told => false,
    }
}

fn hides_origin_by_policy(request: &Request) -> bool {
    match request.effective_referrer_policy() {
        ReferrerPolicy::NoReferrer => true,
        ReferrerPolicy::NoReferrerWhenDowngrade
        | ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            request.origin.scheme() == Some("https") && request.current_url().scheme() != "https"
        }
        ReferrerPolicy::SameOrigin => !request
            .origin
            .is_same_origin_with_url(request.current_url()),
        ReferrerPolicy::Origin
        | ReferrerPolicy::OriginWhenCrossOrigin
        | ReferrerPolicy::UnsafeUrl => false,
    }
}
