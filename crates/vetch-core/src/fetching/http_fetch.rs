//! HTTP fetch · fetch.spec.whatwg.org/#http-fetch
//! In: a request and the preflight cache, later its response. Out: whether to ask first, later what the response leads to.
//! Differs: see the labels.

use super::cors_check::cors_check;
use super::http_redirect_fetch::{Redirect, http_redirect_fetch};
use super::tao_check::{TaoCheck, tao_check};
use crate::http_extensions::cross_origin_resource_policy;
use crate::infrastructure::environments::EmbedderPolicy;
use crate::infrastructure::filtered_responses::FilteredResponse;
use crate::infrastructure::requests::{Mode, RedirectMode, Request, ResponseTainting};
use crate::infrastructure::responses::{InternalResponse, InvalidLocation};
use crate::network_error::Reason;
use crate::profile::{
    Credentialless, ErrorMode, ManualBody, ManualMode, Profile, UnknownResourcePolicy,
};

/// What an HTTP response leads to.
#[derive(Debug)]
pub enum Next {
    /// It is the response.
    Return(InternalResponse),
    /// It is the response, seen as an opaque redirect.
    OpaqueRedirect(FilteredResponse),
    /// The request, changed by a redirect, goes through main fetch again.
    Follow(Redirect),
}

/// Steps 4.4 to 7: the checks on a response, and where a redirect leads.
///
/// fetch.spec.whatwg.org/#concept-http-fetch
// NOT DONE: service workers (step 3): an embedder that has them answers before it calls the machine.
pub fn judge(
    request: &mut Request,
    response: InternalResponse,
    profile: &Profile,
) -> Result<Next, Vec<Reason>> {
    // 4.4.
    if request.response_tainting == ResponseTainting::Cors {
        cors_check(request, &response.header_list).map_err(|failures| {
            failures
                .into_iter()
                .map(Reason::CorsCheck)
                .collect::<Vec<_>>()
        })?;
    }
    // 4.5.
    if tao_check(request, &response.header_list) == TaoCheck::Failed {
        request.timing_allow_failed = true;
    }
    // 5.
    if request.response_tainting == ResponseTainting::Opaque {
        cross_origin_resource_policy::check(
            &request.origin,
            embedder_policy(request, &response, profile),
            &response,
        )
        .map_err(|block| vec![Reason::CrossOriginResourcePolicy(block)])?;
    }
    // 6.
    if !profile.is_redirect(response.status) {
        return Ok(Next::Return(response));
    }
    match request.redirect_mode {
        RedirectMode::Error
            if profile.redirects.error_mode == ErrorMode::WithLocation
                && !says_where_to_go(&response) =>
        {
            Ok(Next::Return(response))
        }
        RedirectMode::Error => Err(vec![Reason::RedirectModeError {
            status: response.status.as_u16(),
        }]),
        // NOT DONE: the next manual redirect steps: a navigation gets the response as it is, and whoever navigates
        // follows it with a new request.
        RedirectMode::Manual if request.mode == Mode::Navigate => Ok(Next::Return(response)),
        RedirectMode::Manual => match refused_location(&response, profile) {
            Some(invalid) => Err(vec![invalid.into()]),
            None => Ok(Next::OpaqueRedirect(opaque_redirect(response, profile))),
        },
        RedirectMode::Follow => match http_redirect_fetch(request, &response, profile) {
            Ok(Some(redirect)) => Ok(Next::Follow(redirect)),
            Ok(None) => Ok(Next::Return(response)),
            Err(reason) => Err(vec![reason]),
        },
    }
}

/// What the profile does not let through where the script follows redirects itself: `redirects.manual_mode`.
fn refused_location(response: &InternalResponse, profile: &Profile) -> Option<InvalidLocation> {
    match profile.redirects.manual_mode {
        ManualMode::Every => None,
        ManualMode::Parsable => response.location_url(None, profile).err(),
    }
}

/// An opaque-redirect filtered response, as far as the profile hides its body: `redirects.manual_body`.
fn opaque_redirect(response: InternalResponse, profile: &Profile) -> FilteredResponse {
    let shows_body = profile.redirects.manual_body == ManualBody::OfThoseWithoutLocation
        && !says_where_to_go(&response);
    let filtered = FilteredResponse::opaque_redirect(response);
    if shows_body {
        filtered.with_body()
    } else {
        filtered
    }
}

fn says_where_to_go(response: &InternalResponse) -> bool {
    let mut locations = response.header_list.values_of(http::header::LOCATION);
    locations.any(|value| !value.as_bytes().is_empty())
}

/// The embedder policy that the response is held against: none, where a profile does not know the page's, or lets any
/// resource policy do.
fn embedder_policy(
    request: &Request,
    response: &InternalResponse,
    profile: &Profile,
) -> EmbedderPolicy {
    let given = response.header_list.get("cross-origin-resource-policy");
    let is_unknown = given.is_some_and(|value| {
        !matches!(
            value.as_bytes(),
            b"same-origin" | b"same-site" | b"cross-origin"
        )
    });
    let passes = is_unknown && profile.unknown_resource_policy == UnknownResourcePolicy::Anybody;
    match request.client.embedder_policy {
        _ if passes => EmbedderPolicy::UnsafeNone,
        EmbedderPolicy::Credentialless if profile.credentialless == Credentialless::Unknown => {
            EmbedderPolicy::UnsafeNone
        }
        policy => policy,
    }
}
