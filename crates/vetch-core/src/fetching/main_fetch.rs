//! Main fetch · fetch.spec.whatwg.org/#main-fetch
//! In: a request, later its response. Out: how the request is to be fetched, later what the page may see.
//! Differs: see the labels; `fetching.rs` runs what comes between.

use std::collections::HashSet;

use http::header::ACCESS_CONTROL_EXPOSE_HEADERS;

use crate::http_extensions::content_type_options::should_be_blocked_due_to_nosniff;
use crate::infrastructure::filtered_responses::{FilteredResponse, ResponseType};
use crate::infrastructure::header_safelists::{
    ExposedHeaderNames, has_cors_unsafe_request_header_names, unsafe_request_headers,
};
use crate::infrastructure::headers::{Extracted, HeaderList, HeaderName, HeaderNameSet};
use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::mime_type_blocking::should_be_blocked_due_to_mime_type;
use crate::infrastructure::port_blocking::bad_port;
use crate::infrastructure::requests::{
    Body, CredentialsMode, Mode, RedirectMode, Referrer, Request, ResponseTainting,
};
use crate::infrastructure::responses::{InternalResponse, ResponseBody};
use crate::infrastructure::statuses::Status;
use crate::infrastructure::urls;
use crate::neighbours::referrer_policy::determine_referrer;
use crate::neighbours::subresource_integrity::IntegrityMetadata;
use crate::network_error::Reason;
use crate::profile::{Profile, ResetContentBody, UnknownIntegrity, UploadWithoutBody, Wildcards};
use crate::trace::{Classification, PreflightCause};

/// Steps 3 to 10: what is decided about a request before it is classified.
///
/// fetch.spec.whatwg.org/#concept-main-fetch
// NOT DONE: Content Security Policy, mixed content, Integrity Policy, upgrades and HSTS (steps 4 to 7 and 10) join here,
// as verdicts of the neighbours; the request's URL is already that of the hop.
pub fn prepare(request: &mut Request, profile: &Profile) -> Result<(), Reason> {
    let url = request.current_url();
    // 3.
    if request.local_urls_only && !matches!(url.scheme(), "about" | "blob" | "data") {
        return Err(Reason::NotALocalUrl {
            url: urls::without_credentials(url),
        });
    }
    // 7.
    if let Some(port) = bad_port(url) {
        return Err(Reason::BadPort { port });
    }
    // 12, a part of its fifth statement that a profile leaves out as the request is made.
    if request.redirect_count == 0
        && request.body == Body::None
        && profile.upload_without_body == UploadWithoutBody::DoesNotAsk
    {
        request.use_cors_preflight = false;
    }
    // 8.
    request.referrer_policy = Some(request.effective_referrer_policy());
    // 9.
    if request.referrer != Referrer::NoReferrer {
        request.referrer =
            determine_referrer(request, profile).map_or(Referrer::NoReferrer, Referrer::Url);
    }
    Ok(())
}

/// Step 12: the first statement that matches the request.
///
/// fetch.spec.whatwg.org/#concept-main-fetch
pub fn classify(request: &Request, profile: &Profile) -> Result<Classification, Reason> {
    let url = request.current_url();
    let is_basic = (request.response_tainting == ResponseTainting::Basic
        && request.origin.is_same_origin_with_url(url))
        || url.scheme() == "data"
        || matches!(
            request.mode,
            Mode::Navigate | Mode::WebSocket | Mode::WebTransport
        );
    if is_basic {
        return Ok(Classification::Basic);
    }
    match request.mode {
        Mode::SameOrigin => Err(Reason::CrossOriginInSameOriginMode {
            origin: request.origin.to_string(),
            url: urls::without_credentials(url),
        }),
        Mode::NoCors if request.redirect_mode != RedirectMode::Follow => {
            Err(Reason::NoCorsRedirectModeNotFollow)
        }
        Mode::NoCors => Ok(Classification::Opaque),
        _ if !matches!(url.scheme(), "http" | "https") => Err(Reason::UnsupportedScheme {
            scheme: url.scheme().to_owned(),
        }),
        _ if needs_preflight(request, profile) => Ok(Classification::CorsWithPreflight),
        _ => Ok(Classification::Cors),
    }
}

/// Whether a cross-origin `cors` request asks first: by its flag, its method or its headers.
///
/// fetch.spec.whatwg.org/#concept-main-fetch
pub fn needs_preflight(request: &Request, profile: &Profile) -> bool {
    request.use_cors_preflight
        || (request.unsafe_request
            && (!is_cors_safelisted(&request.method)
                || has_cors_unsafe_request_header_names(
                    &request.header_list,
                    &profile.request_headers,
                )))
}

/// Every cause of a preflight, each once, for the person who wants to know.
pub fn preflight_causes(request: &Request, profile: &Profile) -> Vec<PreflightCause> {
    let mut causes = Vec::new();
    if request.unsafe_request {
        if !is_cors_safelisted(&request.method) {
            causes.push(PreflightCause::Method {
                method: request.method.clone(),
            });
        }
        causes.extend(
            unsafe_request_headers(&request.header_list, &profile.request_headers).map(
                |(name, rule)| PreflightCause::Header {
                    name: name.clone(),
                    rule,
                },
            ),
        );
        // A name may come several times, with values that break the same rule.
        if causes.len() > 1 {
            let mut told = HashSet::new();
            causes.retain(|cause| told.insert(cause.clone()));
        }
    }
    if request.use_cors_preflight {
        causes.push(PreflightCause::Flag);
    }
    causes
}

/// Step 14: the response as the tainting lets the page see it.
///
/// fetch.spec.whatwg.org/#concept-main-fetch
pub fn filter(
    request: &Request,
    internal: InternalResponse,
    profile: &Profile,
) -> FilteredResponse {
    match request.response_tainting {
        ResponseTainting::Basic => FilteredResponse::basic(internal),
        ResponseTainting::Opaque => FilteredResponse::opaque(internal),
        ResponseTainting::Cors => {
            let exposed = exposed_header_names(request, &internal.header_list, profile);
            FilteredResponse::cors(internal, exposed)
        }
    }
}

/// CORS-exposed header-name list of a response · fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
fn exposed_header_names(
    request: &Request,
    response: &HeaderList,
    profile: &Profile,
) -> ExposedHeaderNames {
    let names = response.extract_tokens(&ACCESS_CONTROL_EXPOSE_HEADERS, |token| {
        HeaderName::from_bytes(token).ok()
    });
    let names = match names {
        // DIFFERS: the text would store a failure as the list; no name is in a failure, so the list stays empty.
        None | Some(Extracted::Failure(_)) => return ExposedHeaderNames::Listed(Vec::new()),
        Some(Extracted::Values(names)) => names,
    };
    if request.credentials_mode != CredentialsMode::Include
        && profile.wildcards == Wildcards::Honoured
        && names.iter().any(|name| name.as_str() == "*")
    {
        return ExposedHeaderNames::All;
    }
    // Only a name that came can be looked at, so a long list does not live as long as the response.
    let listed = HeaderNameSet::new(&names);
    let came = response.iter().map(|(name, _)| name);
    let came = came.filter(|name| listed.contains(name));
    ExposedHeaderNames::Listed(came.cloned().collect())
}

/// Steps 20 to 23: what may still stop a response, all failures found, and the bodies that stay unread.
///
/// fetch.spec.whatwg.org/#concept-main-fetch
pub fn finish(
    request: &Request,
    response: &mut FilteredResponse,
    profile: &Profile,
) -> Result<(), Vec<Reason>> {
    let internal = response.internal_mut();
    // 17 and 19.
    internal.redirect_taint = request.redirect_taint();
    internal.timing_allow_passed = !request.timing_allow_failed;
    // 20.
    let mut reasons = Vec::new();
    if let Err(block) =
        should_be_blocked_due_to_mime_type(request.destination, &internal.header_list)
    {
        reasons.push(Reason::MimeType(block));
    }
    if let Err(block) = should_be_blocked_due_to_nosniff(request.destination, &internal.header_list)
    {
        reasons.push(Reason::Nosniff(block));
    }
    // 21.
    if is_unrequested_range(response, request) {
        reasons.push(Reason::RangeNotRequested {
            status: response.internal().status.as_u16(),
        });
    }
    // 22.
    if matches!(request.method, Method::HEAD | Method::CONNECT)
        || has_null_body(response.internal().status, profile)
    {
        response.internal_mut().body = ResponseBody::Null;
    }
    // 23.
    if wants_body(request, response, profile) && *response.body() == ResponseBody::Null {
        reasons.push(Reason::IntegrityWithoutBody);
    }
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons)
    }
}

/// Step 23, of the integrity metadata: `unknown_integrity`.
fn wants_body(request: &Request, response: &FilteredResponse, profile: &Profile) -> bool {
    let metadata = &request.integrity_metadata;
    if metadata.is_empty() {
        return false;
    }
    match profile.unknown_integrity {
        UnknownIntegrity::WantsBody => true,
        UnknownIntegrity::WantsNothing if response.kind() == ResponseType::Opaque => true,
        UnknownIntegrity::WantsSight if response.is_hidden() => true,
        UnknownIntegrity::WantsNothing | UnknownIntegrity::WantsSight => {
            !IntegrityMetadata::parse(metadata).is_empty()
        }
    }
}

/// Step 22, of the status: `reset_content_body`.
fn has_null_body(status: Status, profile: &Profile) -> bool {
    let is_read =
        status.as_u16() == 205 && profile.reset_content_body == ResetContentBody::Readable;
    status.is_null_body() && !is_read
}

/// Step 21: an opaque partial response, made for a range that this request does not ask for.
pub fn is_unrequested_range(response: &FilteredResponse, request: &Request) -> bool {
    response.kind() == ResponseType::Opaque
        && response.internal().status.is_range()
        && response.internal().range_requested
        && !request.header_list.contains(&http::header::RANGE)
}
