//! CORS-preflight fetch · fetch.spec.whatwg.org/#cors-preflight-fetch
//! In: a request, later the preflight's answer. Out: the preflight request, later what the server granted.
//! Differs: see the labels; the failures found after the first do not change the verdict.

mod max_age;
mod remarks;

pub use remarks::remarks;

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, USER_AGENT,
};

use super::cors_check::cors_check;
use super::http_network_fetch::{APPENDED, IncomingResponse};
use crate::agent_state::AgentState;
use crate::infrastructure::header_safelists::{
    is_cors_non_wildcard_request_header_name, unsafe_request_headers,
};
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{Extracted, HeaderList, HeaderName, HeaderNameSet};
use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::origins::is_potentially_trustworthy;
use crate::infrastructure::requests::{
    Body, CacheMode, CredentialsMode, InitiatorType, Mode, RedirectMode, Request, ResponseTainting,
};
use crate::network_error::Reason;
use crate::profile::{
    AbsentAllowMethods, AuthorizationByWildcard, InsecurePreflightMetadata, PreflightCacheMode,
    PreflightFailureOrder, PreflightLanguages, PreflightOrigin, Profile, RepeatedNames,
    ScriptUserAgent, Wildcards,
};
use max_age::max_age;

/// What a preflight's answer grants.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Granted {
    /// Methods to keep, `*` among them if it was listed.
    pub methods: Vec<Method>,
    /// Header names, `*` among them if it was listed.
    pub header_names: Vec<HeaderName>,
    /// How long the answer is kept, in seconds.
    pub max_age: u32,
}

/// Steps 1 to 5: the preflight request.
///
/// fetch.spec.whatwg.org/#cors-preflight-fetch-0
///
/// `request` is as the profile shows it to a preflight, with the cache mode in force, and `unsafe_names` are its
/// CORS-unsafe request-header names.
pub(crate) fn preflight_request(
    request: &Request,
    unsafe_names: &[HeaderName],
    agent: &AgentState,
) -> Request {
    let profile = &agent.profile;
    // 1–2.
    let mut headers = HeaderList::with_capacity(6 + APPENDED);
    headers.append(ACCEPT, const { HeaderValue::from_static("*/*") });
    // 3.
    headers.append(ACCESS_CONTROL_REQUEST_METHOD, value_of(&request.method));
    // 4–5.
    let names = names_to_ask_for(request, unsafe_names, profile);
    if !names.is_empty() {
        headers.append(ACCESS_CONTROL_REQUEST_HEADERS, joined(&names));
    }
    if profile.preflight_languages == PreflightLanguages::Told {
        let languages = agent.default_headers.accept_language();
        headers.append(ACCEPT_LANGUAGE, languages.clone());
    }
    if profile.request_headers.user_agent == ScriptUserAgent::SentInPreflight
        && let Some(value) = request.header_list.get(USER_AGENT)
    {
        headers.append(USER_AGENT, value.into_owned());
    }
    // A trustworthy URL gets all of Fetch Metadata later, this one among it.
    if profile.insecure_preflight_metadata == InsecurePreflightMetadata::Mode
        && !is_potentially_trustworthy(request.current_url())
    {
        headers.append(SEC_FETCH_MODE, HeaderValue::from_static("cors"));
    }
    Request {
        method: Method::OPTIONS,
        url_list: request.url_list.clone(),
        header_list: headers,
        body: Body::None,
        // DIFFERS: it has the request's client, of which the text's preflight has none: without one it has no network
        // partition, and would share its connection with pages of other sites, which browsers keep apart.
        client: request.client.clone(),
        origin: request.origin.clone(),
        mode: Mode::Cors,
        credentials_mode: CredentialsMode::SameOrigin,
        cache_mode: match (profile.preflight_cache_mode, request.cache_mode) {
            (PreflightCacheMode::Default, _) | (_, CacheMode::OnlyIfCached) => CacheMode::Default,
            (PreflightCacheMode::AsRequest, mode) => mode,
        },
        redirect_mode: RedirectMode::Follow,
        referrer: request.referrer.clone(),
        referrer_policy: request.referrer_policy,
        destination: request.destination,
        initiator: request.initiator,
        initiator_type: request.initiator_type,
        integrity_metadata: String::new(),
        keepalive: false,
        local_urls_only: false,
        unsafe_request: false,
        use_cors_preflight: false,
        user_activation: false,
        redirect_count: 0,
        response_tainting: ResponseTainting::Cors,
        timing_allow_failed: false,
    }
}

/// CORS-unsafe request-header names; a profile may name one as often as it comes.
fn names_to_ask_for<'a>(
    request: &Request,
    unsafe_names: &'a [HeaderName],
    profile: &Profile,
) -> Cow<'a, [HeaderName]> {
    let (headers, rules) = (&request.header_list, &profile.request_headers);
    if rules.repeated != RepeatedNames::EachLineForItself {
        return Cow::Borrowed(unsafe_names);
    }
    let mut names: Vec<HeaderName> = unsafe_request_headers(headers, rules)
        .map(|(name, _)| name.clone())
        .collect();
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    if request.initiator_type == InitiatorType::XmlHttpRequest {
        names.dedup();
    }
    Cow::Owned(names)
}

/// A method's bytes; those that mostly ask first are not copied.
fn value_of(method: &Method) -> HeaderValue {
    match *method {
        Method::PUT => const { HeaderValue::from_static("PUT") },
        Method::DELETE => const { HeaderValue::from_static("DELETE") },
        Method::PATCH => const { HeaderValue::from_static("PATCH") },
        _ => HeaderValue::from_joined(method.as_str().into()),
    }
}

/// With commas alone between them, as the Standard joins these.
fn joined(names: &[HeaderName]) -> HeaderValue {
    let length = names.iter().map(|name| name.as_str().len() + 1).sum();
    let mut text = Vec::with_capacity(length);
    for name in names {
        if !text.is_empty() {
            text.push(b',');
        }
        text.extend_from_slice(name.as_str().as_bytes());
    }
    HeaderValue::from_joined(text)
}

/// Steps 7 and 8: what the answer grants to the original request, or every way in which it does not.
///
/// fetch.spec.whatwg.org/#cors-preflight-fetch-0
pub(crate) fn judge(
    request: &Request,
    unsafe_names: &[HeaderName],
    response: &IncomingResponse,
    profile: &Profile,
) -> Result<Granted, Vec<Reason>> {
    // 7, its condition.
    let refused = refused_before_the_lists(request, response, profile);
    if !refused.is_empty() {
        return Err(refused);
    }
    // 7.1–7.3.
    let (methods, header_names) = lists(&response.header_list)?;
    // 7.4.
    let lists_no_methods = methods.is_none();
    let mut granted_methods = match methods {
        None if request.use_cors_preflight
            && profile.absent_allow_methods == AbsentAllowMethods::OwnMethod =>
        {
            vec![request.method.clone()]
        }
        methods => methods.unwrap_or_default(),
    };
    let granted_names = header_names.unwrap_or_default();
    let wildcard_counts = request.credentials_mode != CredentialsMode::Include
        && profile.wildcards == Wildcards::Honoured;
    let mut reasons = Vec::new();
    // 7.5.
    let any_method = wildcard_counts && granted_methods.iter().any(|method| method.as_str() == "*");
    if !granted_methods.contains(&request.method)
        && !is_cors_safelisted(&request.method)
        && !any_method
    {
        reasons.push(Reason::MethodDisallowed {
            method: request.method.to_string(),
            allowed: received(&response.header_list, &ACCESS_CONTROL_ALLOW_METHODS),
        });
    }
    // 7.6–7.7. Authorization is always among the unsafe names, so one loop serves both steps.
    let any_name = wildcard_counts && granted_names.iter().any(|name| name.as_str() == "*");
    // One shared text, since a page and its server can make both lists long.
    let listed = HeaderNameSet::new(&granted_names);
    let mut allowed: Option<Option<Arc<str>>> = None;
    for name in unsafe_names {
        let by_wildcard = any_name
            && (profile.authorization_by_wildcard == AuthorizationByWildcard::Allowed
                || !is_cors_non_wildcard_request_header_name(name));
        if !listed.contains(name) && !by_wildcard {
            let allowed = allowed.get_or_insert_with(|| {
                received(&response.header_list, &ACCESS_CONTROL_ALLOW_HEADERS).map(Arc::from)
            });
            reasons.push(Reason::HeaderDisallowed {
                name: name.clone(),
                allowed: allowed.clone(),
            });
        }
    }
    // DIFFERS: what stood in for an absent list in 7.4 is kept only if it is safelisted, which is all that the step is
    // for. A PUT of upload listeners passes; kept, it would let a PUT without them pass, which this answer refuses.
    if lists_no_methods {
        granted_methods.retain(is_cors_safelisted);
    }
    if reasons.is_empty() {
        Ok(Granted {
            methods: granted_methods,
            header_names: granted_names,
            // 7.8–7.10.
            max_age: max_age(&response.header_list, profile).kept(profile),
        })
    } else {
        Err(reasons)
    }
}

/// What an answer allows, whether or not it grants the request; nothing when it fails before its lists are read.
pub(crate) fn allowed(
    request: &Request,
    response: &IncomingResponse,
    profile: &Profile,
) -> Option<Granted> {
    if !refused_before_the_lists(request, response, profile).is_empty() {
        return None;
    }
    let (methods, header_names) = lists(&response.header_list).ok()?;
    Some(Granted {
        methods: methods.unwrap_or_default(),
        header_names: header_names.unwrap_or_default(),
        max_age: max_age(&response.header_list, profile).kept(profile),
    })
}

/// The CORS check and the status, in the order in which the profile names them.
fn refused_before_the_lists(
    request: &Request,
    response: &IncomingResponse,
    profile: &Profile,
) -> Vec<Reason> {
    let passes_unchecked = profile.preflight_origin == PreflightOrigin::Page
        && request
            .origin
            .is_same_origin_with_url(request.current_url());
    let mut refused = Vec::new();
    if !passes_unchecked && let Err(failures) = cors_check(request, &response.header_list) {
        refused.extend(failures.into_iter().map(Reason::CorsCheck));
    }
    let status = response.status.as_u16();
    let by_status = if response.status.is_ok() {
        None
    } else if profile.is_redirect(response.status) {
        Some(Reason::PreflightRedirect { status })
    } else {
        Some(Reason::PreflightStatus { status })
    };
    if let Some(reason) = by_status {
        match profile.preflight_failure_order {
            PreflightFailureOrder::CorsCheckFirst => refused.push(reason),
            PreflightFailureOrder::StatusFirst => refused.insert(0, reason),
        }
    }
    refused
}

type Lists = (Option<Vec<Method>>, Option<Vec<HeaderName>>);

/// Extract both lists; absence is `None`, and both failures are told.
fn lists(response: &HeaderList) -> Result<Lists, Vec<Reason>> {
    let methods = response.extract_tokens(&ACCESS_CONTROL_ALLOW_METHODS, |token| {
        Method::from_bytes(token).ok()
    });
    let methods = values_or_line(methods).map_err(|value| Reason::InvalidAllowMethods { value });
    let names = response.extract_tokens(&ACCESS_CONTROL_ALLOW_HEADERS, |token| {
        HeaderName::from_bytes(token).ok()
    });
    let names = values_or_line(names).map_err(|value| Reason::InvalidAllowHeaders { value });
    match (methods, names) {
        (Ok(methods), Ok(names)) => Ok((methods, names)),
        (methods, names) => Err(methods.err().into_iter().chain(names.err()).collect()),
    }
}

/// The error is the line that is no list of tokens.
fn values_or_line<T>(extracted: Option<Extracted<T>>) -> Result<Option<T>, String> {
    match extracted {
        None => Ok(None),
        Some(Extracted::Values(values)) => Ok(Some(values)),
        Some(Extracted::Failure(line)) => Err(line.isomorphic_decode().into_owned()),
    }
}

fn received(response: &HeaderList, name: &HeaderName) -> Option<String> {
    response
        .get(name)
        .map(|value| value.isomorphic_decode().into_owned())
}

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
