//! HTTP-network-or-cache fetch · fetch.spec.whatwg.org/#http-network-or-cache-fetch
//! In: a request and the user agent's default values. Out: the request to put on the wire.
//! Differs: cookies, HTTP authentication and the HTTP cache are the driver's; see the labels.

use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_LENGTH, PRAGMA, RANGE, REFERER, USER_AGENT,
};

use super::http_network_fetch::{Connection, Credentials, OutgoingRequest};
use super::profile_choices::on_the_wire;
use crate::agent_state::AgentState;
use crate::http_extensions::origin_header::append_a_request_origin_header;
use crate::infrastructure::environments::EmbedderPolicy;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::methods::Method;
use crate::infrastructure::requests::{
    Body, CacheMode, CredentialsMode, Initiator, InitiatorType, Mode, RedirectTaint, Referrer,
    Request, ResponseTainting,
};
use crate::infrastructure::statuses::Status;
use crate::neighbours::fetch_metadata::append_fetch_metadata_headers;
use crate::network_error::{ExchangeKind, Reason};
use crate::profile::{
    ConditionalCacheHeaders, ConditionalRequests, Credentialless, OnlyIfCached, Profile,
    ProxyAuthentication,
};

/// HTTP-network-or-cache fetch, up to the point where the request goes out with its `own` headers and the user agent's.
///
/// fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
// NOT DONE: the steps on 401 (HTTP authentication): the answer is the response as it came.
// NOT DONE: the keepalive quota counts this body only; those in flight beside it are in the embedder's fetch group.
pub fn outgoing_request(
    request: &Request,
    own: HeaderList,
    kind: ExchangeKind,
    agent: &AgentState,
) -> Result<OutgoingRequest, Reason> {
    let (defaults, profile) = (&agent.default_headers, &agent.profile);
    let mut headers = on_the_wire(own, request, profile);
    // What the request has by itself stays.
    let (mut has_user_agent, mut has_range, mut has_accept_encoding) = (false, false, false);
    for (name, _) in headers.iter() {
        match *name {
            USER_AGENT => has_user_agent = true,
            RANGE => has_range = true,
            ACCEPT_ENCODING => has_accept_encoding = true,
            _ => {}
        }
    }
    append_content_length(request, &mut headers);
    if let Body::Replayable { length } = request.body
        && request.keepalive
        && length > KEEPALIVE_LIMIT
    {
        return Err(Reason::KeepaliveBodyTooLong {
            length,
            limit: KEEPALIVE_LIMIT,
        });
    }
    if let Referrer::Url(referrer) = &request.referrer {
        headers.append(REFERER, referrer.header_value().clone());
    }
    append_a_request_origin_header(request, profile, &mut headers);
    append_fetch_metadata_headers(request, &mut headers);
    if request.initiator == Initiator::Prefetch {
        headers.set(SEC_PURPOSE, HeaderValue::from_static("prefetch"));
    }
    if !has_user_agent {
        headers.append(USER_AGENT, defaults.user_agent.clone());
    }
    append_cache_headers(cache_mode(request, profile), &mut headers);
    if has_range {
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    } else if !has_accept_encoding {
        headers.append(ACCEPT_ENCODING, defaults.accept_encoding.clone());
    }
    // NOT DONE: there is no HTTP cache yet, so every request goes to the network and only-if-cached finds nothing.
    if request.cache_mode == CacheMode::OnlyIfCached
        && profile.only_if_cached == OnlyIfCached::Refused
    {
        return Err(Reason::NotCached);
    }
    Ok(OutgoingRequest {
        kind,
        method: request.method.clone(),
        url: request.current_url().clone(),
        header_list: headers,
        body: request.body,
        credentials: include_credentials(request, profile),
        connection: Connection::Any,
        network_partition_key: request.network_partition_key().clone(),
    })
}

/// HTTP-network-or-cache fetch, on what came back: a 421 is asked again, once and over a new connection.
///
/// fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
pub fn is_misdirected(status: Status, connection: Connection, body: Body) -> bool {
    status.as_u16() == 421 && connection == Connection::Any && body != Body::Stream
}

/// HTTP-network-or-cache fetch, on what came back: a 407 is a network error where nobody can be prompted.
///
/// fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
// NOT DONE: the steps on 407 prompt a window's user; here nobody is prompted, so that a window gets the error too.
pub fn check_status(status: Status, profile: &Profile) -> Result<(), Reason> {
    let is_refused = profile.proxy_authentication == ProxyAuthentication::Refused;
    if status.as_u16() == 407 && is_refused {
        Err(Reason::ProxyAuthentication)
    } else {
        Ok(())
    }
}

/// includeCredentials: by credentials mode, tainting and embedder policy.
///
/// fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
pub fn include_credentials(request: &Request, profile: &Profile) -> Credentials {
    let by_mode = match request.credentials_mode {
        CredentialsMode::Include => true,
        CredentialsMode::SameOrigin => request.response_tainting == ResponseTainting::Basic,
        CredentialsMode::Omit => false,
    };
    let is_known = profile.credentialless != Credentialless::Unknown;
    if by_mode && (!is_known || embedder_policy_allows_credentials(request)) {
        Credentials::Include
    } else {
        Credentials::Omit
    }
}

/// Cross-Origin-Embedder-Policy allows credentials.
///
/// fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials
fn embedder_policy_allows_credentials(request: &Request) -> bool {
    if request.mode != Mode::NoCors
        || request.client.embedder_policy != EmbedderPolicy::Credentialless
    {
        return true;
    }
    // DIFFERS: the text since 1d9380b asks for a redirect-taint that is *not* same-origin, which would send
    // credentials after a detour and withhold them from the page's own origin; the sense before it stands here.
    request
        .origin
        .is_same_origin_with_url(request.current_url())
        && request.redirect_taint() == RedirectTaint::SameOrigin
}

fn append_content_length(request: &Request, headers: &mut HeaderList) {
    let length = match request.body {
        Body::Replayable { length } => length.into(),
        Body::None if matches!(request.method, Method::POST | Method::PUT) => {
            const { HeaderValue::from_static("0") }
        }
        Body::None | Body::Stream => return,
    };
    headers.append(CONTENT_LENGTH, length);
}

/// The cache mode in force: a script's conditional headers change the default one.
pub fn cache_mode(request: &Request, profile: &Profile) -> CacheMode {
    if request.cache_mode != CacheMode::Default {
        return request.cache_mode;
    }
    if profile.credentialless == Credentialless::PastCache
        && !embedder_policy_allows_credentials(request)
    {
        return CacheMode::NoStore;
    }
    let revalidates = request.is_conditional()
        && (profile.conditional_requests == ConditionalRequests::Every
            || request.initiator_type == InitiatorType::Fetch);
    if !revalidates {
        return CacheMode::Default;
    }
    match profile.conditional_cache_headers {
        ConditionalCacheHeaders::NoCache => CacheMode::NoStore,
        ConditionalCacheHeaders::MaxAgeZero => CacheMode::NoCache,
    }
}

fn append_cache_headers(cache_mode: CacheMode, headers: &mut HeaderList) {
    match cache_mode {
        CacheMode::NoCache => {
            headers.append_if_absent(CACHE_CONTROL, HeaderValue::from_static("max-age=0"));
        }
        CacheMode::NoStore | CacheMode::Reload => {
            headers.append_if_absent(PRAGMA, HeaderValue::from_static("no-cache"));
            headers.append_if_absent(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        CacheMode::Default | CacheMode::ForceCache | CacheMode::OnlyIfCached => {}
    }
}

/// How many bytes of body keepalive requests may have: 64 KiB.
const KEEPALIVE_LIMIT: u64 = 64 * 1024;

const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
