//! HTTP-redirect fetch · fetch.spec.whatwg.org/#http-redirect-fetch
//! In: a request and a response with a redirect status. Out: the request as it goes to the target.
//! Differs: the recursion into main fetch is the machine's loop.

use url::Url;

use crate::infrastructure::header_safelists::{
    REQUEST_BODY_HEADER_NAMES, is_cors_non_wildcard_request_header_name,
};
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::infrastructure::origins::are_same_origin;
use crate::infrastructure::requests::{Body, InitiatorType, Mode, Request, ResponseTainting};
use crate::infrastructure::responses::InternalResponse;
use crate::infrastructure::urls;
use crate::neighbours::referrer_policy;
use crate::network_error::Reason;
use crate::profile::{CrossOriginDelete, Profile, RedirectUserinfo};

/// How many redirects one fetch follows.
pub const REDIRECT_LIMIT: u8 = 20;

/// A redirect that the request has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirect {
    /// Its status.
    pub status: u16,
    /// Headers that did not go along.
    pub dropped: Vec<HeaderName>,
}

/// HTTP-redirect fetch: changes the request, or gives nothing when there is no location and the response stands.
///
/// fetch.spec.whatwg.org/#concept-http-redirect-fetch
pub fn http_redirect_fetch(
    request: &mut Request,
    response: &InternalResponse,
    profile: &Profile,
) -> Result<Option<Redirect>, Reason> {
    let status = response.status.as_u16();
    // 3–5.
    let Some(location) = response.location_url(request.current_url().fragment(), profile)? else {
        return Ok(None);
    };
    // 6.
    if !matches!(location.scheme(), "http" | "https") {
        return Err(Reason::RedirectScheme {
            url: urls::without_credentials(&location),
        });
    }
    // 7–8.
    if request.redirect_count == REDIRECT_LIMIT {
        return Err(Reason::TooManyRedirects {
            limit: REDIRECT_LIMIT,
        });
    }
    request.redirect_count += 1;
    // 9–10.
    check_credentials(request, &location, profile)?;
    // 11.
    if status != 303 && request.body == Body::Stream {
        return Err(Reason::RedirectStreamBody { status });
    }
    // 12.
    let mut dropped = Vec::new();
    let is_same_origin = are_same_origin(request.current_url(), &location);
    if becomes_get(status, &request.method) {
        request.method = Method::GET;
        request.body = Body::None;
        drop_headers(request, &mut dropped, |name| {
            REQUEST_BODY_HEADER_NAMES.contains(name)
        });
    }
    // Not in the Standard: a profile may lose a method here.
    if request.method == Method::DELETE
        && !is_same_origin
        && profile.redirects.cross_origin_delete == CrossOriginDelete::BecomesGet
    {
        request.method = Method::GET;
        request.body = Body::None;
    }
    // 13.
    if !is_same_origin {
        drop_headers(
            request,
            &mut dropped,
            is_cors_non_wildcard_request_header_name,
        );
    }
    // 14–17 are the body's and the clock's, which the driver has.
    // 18.
    request.url_list.append(location);
    // 19.
    referrer_policy::set_on_redirect(request, &response.header_list);
    Ok(Some(Redirect { status, dropped }))
}

/// Steps 9 and 10: a target with a user name or password.
fn check_credentials(request: &Request, location: &Url, profile: &Profile) -> Result<(), Reason> {
    let rule = profile.redirects.userinfo;
    let crosses = request.mode == Mode::Cors && !request.origin.is_same_origin_with_url(location);
    let refused = (crosses && rule != RedirectUserinfo::RefusedOnceAsked)
        || request.response_tainting == ResponseTainting::Cors
        || (rule == RedirectUserinfo::RefusedByFetch
            && request.initiator_type == InitiatorType::Fetch);
    if refused {
        refuse_credentials(location)
    } else {
        Ok(())
    }
}

/// Step 9, where a profile has it only before the request goes out: `redirects.userinfo`.
pub fn check_credentials_once_asked(request: &Request, profile: &Profile) -> Result<(), Reason> {
    if profile.redirects.userinfo == RedirectUserinfo::RefusedOnceAsked
        && request.redirect_count > 0
        && request.response_tainting == ResponseTainting::Cors
    {
        refuse_credentials(request.current_url())
    } else {
        Ok(())
    }
}

fn refuse_credentials(location: &Url) -> Result<(), Reason> {
    if location.username().is_empty() && location.password().is_none() {
        return Ok(());
    }
    Err(Reason::RedirectContainsCredentials {
        host: location.host_str().unwrap_or_default().to_owned(),
    })
}

/// Step 12: whether a redirect makes the method `GET`: 301 and 302 change `POST`, 303 all but `GET` and `HEAD`.
///
/// fetch.spec.whatwg.org/#concept-http-redirect-fetch
pub fn becomes_get(status: u16, method: &Method) -> bool {
    match status {
        301 | 302 => *method == Method::POST,
        303 => !matches!(*method, Method::GET | Method::HEAD),
        _ => false,
    }
}

fn drop_headers(
    request: &mut Request,
    dropped: &mut Vec<HeaderName>,
    goes: impl Fn(&HeaderName) -> bool,
) {
    request.header_list.retain(|name, _| {
        let goes = goes(name);
        if goes {
            dropped.push(name.clone());
        }
        !goes
    });
}
