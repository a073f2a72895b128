//! Request class · fetch.spec.whatwg.org/#request-class
//! In: a URL and the members of `RequestInit`. Out: a request, or every mistake at once.
//! Differs: the input is a URL, not another `Request`; signal, priority and window are the embedder's.

use std::sync::Arc;

use url::Url;

use super::headers_class::{Fate, Guard, Headers};
use super::invalid_request::{InvalidRequest, Problem};
use crate::infrastructure::environments::{Environment, ReferrerPolicy, ReferrerUrl};
use crate::infrastructure::methods::{self, Method};
use crate::infrastructure::requests::{
    Body, CacheMode, CredentialsMode, Destination, Initiator, InitiatorType, Mode, RedirectMode,
    Referrer, Request, ResponseTainting, UrlList,
};
use crate::infrastructure::urls;
use crate::profile::RequestHeaderRules;
use crate::remarks::Remark;

/// The members of `RequestInit`; what is `None` takes the API's default. Its `Debug` output shows no value of a header.
///
/// fetch.spec.whatwg.org/#requestinit
#[derive(Clone, Default)]
pub struct RequestInit {
    /// `method`, as written.
    pub method: Option<String>,
    /// `headers`, as written, repeated names allowed; a value's code points are its bytes.
    pub headers: Vec<(String, String)>,
    /// `body`.
    pub body: Option<InitBody>,
    /// `referrer`, as written; the empty string is no referrer.
    pub referrer: Option<String>,
    /// `referrerPolicy`; none is the empty string.
    pub referrer_policy: Option<ReferrerPolicy>,
    /// `mode`.
    pub mode: Option<Mode>,
    /// `credentials`.
    pub credentials: Option<CredentialsMode>,
    /// `cache`.
    pub cache: Option<CacheMode>,
    /// `redirect`.
    pub redirect: Option<RedirectMode>,
    /// `integrity`.
    pub integrity: String,
    /// `keepalive`.
    pub keepalive: bool,
    /// `duplex`, as written.
    pub duplex: Option<String>,
    /// Destination, for an embedder that fetches on behalf of an element; scripts cannot set it.
    pub destination: Destination,
    /// How the user agent's profile has a script's headers.
    pub rules: RequestHeaderRules,
}

/// A body with the type that it implies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitBody {
    /// What the algorithms need to know of it.
    pub body: Body,
    /// The type that it implies, used where the request names no `Content-Type`.
    pub content_type: Option<String>,
}

/// A request from the door, and what was odd about the wishes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Constructed {
    /// The request.
    pub request: Request,
    /// Headers that were dropped.
    pub remarks: Vec<Remark>,
}

/// The `Request` constructor with a URL, as `fetch()` calls it.
///
/// fetch.spec.whatwg.org/#dom-request
pub fn construct(
    url: &str,
    init: RequestInit,
    client: &Arc<Environment>,
) -> Result<Constructed, InvalidRequest> {
    let mut problems = Vec::new();
    let url = parse_url(url, client, &mut problems);
    let referrer = parse_referrer(init.referrer.as_deref(), client, &mut problems);
    let mode = init.mode.unwrap_or_default();
    check_mode(mode, &init, &mut problems);
    let method = init.method.as_deref().map_or(Some(Method::GET), |method| {
        parse_method(method, &mut problems)
    });
    let guard = guard(mode, method.as_ref(), &mut problems);
    let mut headers = Headers::with_rules(guard, init.rules);
    headers.reserve(init.headers.len() + HEADERS_TO_COME);
    let mut remarks = fill(&mut headers, &init.headers, &mut problems);
    let body = extract_body(
        init.body.as_ref(),
        &mut headers,
        &mut remarks,
        &mut problems,
    );
    check_body(&init, method.as_ref(), body, &mut problems);
    let (Some(url), Some(method), None) = (url, method, InvalidRequest::of(problems.clone()))
    else {
        return Err(InvalidRequest::of(problems)
            .unwrap_or_else(|| Problem::new("request", "it cannot be made").into()));
    };
    let request = Request {
        method,
        url_list: UrlList::new(url),
        header_list: headers.into_list(),
        body,
        client: Arc::clone(client),
        origin: client.origin.clone(),
        mode,
        credentials_mode: init.credentials.unwrap_or_default(),
        cache_mode: init.cache.unwrap_or_default(),
        redirect_mode: init.redirect.unwrap_or_default(),
        referrer,
        referrer_policy: init.referrer_policy,
        destination: init.destination,
        initiator: Initiator::Empty,
        initiator_type: InitiatorType::Fetch,
        integrity_metadata: init.integrity,
        keepalive: init.keepalive,
        local_urls_only: false,
        unsafe_request: true,
        use_cors_preflight: body == Body::Stream,
        user_activation: false,
        redirect_count: 0,
        response_tainting: ResponseTainting::Basic,
        timing_allow_failed: false,
    };
    Ok(Constructed { request, remarks })
}

/// Parse with the base URL, and refuse a user name or password.
fn parse_url(url: &str, client: &Environment, problems: &mut Vec<Problem>) -> Option<Url> {
    match urls::parse(url, &client.url) {
        Ok(url) if urls::has_credentials(&url) => {
            problems.push(Problem::new(
                "url",
                format!(
                    "{} has a user name or password; leave it out and send an Authorization header",
                    urls::without_credentials(&url)
                ),
            ));
            None
        }
        Ok(url) => Some(url),
        Err(reason) => {
            problems.push(Problem::new(
                "url",
                format!("{url:?} is not a URL ({reason}); write it like https://api.example/items"),
            ));
            None
        }
    }
}

fn parse_referrer(
    referrer: Option<&str>,
    client: &Environment,
    problems: &mut Vec<Problem>,
) -> Referrer {
    match referrer {
        None => Referrer::Client,
        Some("") => Referrer::NoReferrer,
        Some(text) => match urls::parse(text, &client.url) {
            Ok(url) if client.origin.is_same_origin_with_url(&url) => {
                Referrer::Url(ReferrerUrl::new(url))
            }
            // `about:client`, and URLs of other origins.
            Ok(_) => Referrer::Client,
            Err(reason) => {
                problems.push(Problem::new(
                    "referrer",
                    format!("{text:?} is not a URL ({reason})"),
                ));
                Referrer::Client
            }
        },
    }
}

fn check_mode(mode: Mode, init: &RequestInit, problems: &mut Vec<Problem>) {
    if matches!(mode, Mode::Navigate | Mode::WebSocket | Mode::WebTransport) {
        problems.push(Problem::new(
            "mode",
            "a script can only use the modes cors, no-cors and same-origin",
        ));
    }
    if init.cache == Some(CacheMode::OnlyIfCached) && mode != Mode::SameOrigin {
        problems.push(Problem::new(
            "cache",
            "only-if-cached needs the mode same-origin",
        ));
    }
}

/// A method that is a token, not forbidden, and normalised.
pub(super) fn parse_method(method: &str, problems: &mut Vec<Problem>) -> Option<Method> {
    let Some(parsed) = methods::parse(method.as_bytes()) else {
        problems.push(Problem::new(
            "method",
            format!("{method:?} is not a method; use a token like GET or PUT"),
        ));
        return None;
    };
    if methods::is_forbidden(method.as_bytes()) {
        problems.push(Problem::new(
            "method",
            format!("{method} is forbidden: no script may send CONNECT, TRACE or TRACK"),
        ));
        return None;
    }
    Some(methods::normalize(parsed))
}

fn guard(mode: Mode, method: Option<&Method>, problems: &mut Vec<Problem>) -> Guard {
    if mode != Mode::NoCors {
        return Guard::Request;
    }
    if let Some(method) = method
        && !methods::is_cors_safelisted(method)
    {
        problems.push(Problem::new(
            "method",
            format!("{method} cannot be sent with the mode no-cors; GET, HEAD and POST can"),
        ));
    }
    Guard::RequestNoCors
}

fn fill(
    headers: &mut Headers,
    wanted: &[(String, String)],
    problems: &mut Vec<Problem>,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (name, value) in wanted {
        match headers.append(name, value) {
            Ok(Fate::Kept) => {}
            Ok(Fate::Dropped { reason }) => remarks.push(Remark::ForbiddenHeaderDropped {
                name: name.clone(),
                reason,
            }),
            Err(invalid) => problems.push(Problem::new("headers", invalid.to_string())),
        }
    }
    remarks
}

/// The body's kind, and its type as `Content-Type` where there is none yet.
fn extract_body(
    body: Option<&InitBody>,
    headers: &mut Headers,
    remarks: &mut Vec<Remark>,
    problems: &mut Vec<Problem>,
) -> Body {
    let Some(body) = body else {
        return Body::None;
    };
    if let Some(content_type) = &body.content_type
        && !headers.list().contains(&http::header::CONTENT_TYPE)
    {
        match headers.append_implied_type(content_type) {
            Ok(Fate::Kept) => {}
            Ok(Fate::Dropped { reason }) => remarks.push(Remark::ForbiddenHeaderDropped {
                name: "Content-Type".to_owned(),
                reason,
            }),
            Err(invalid) => problems.push(Problem::new("headers", invalid.to_string())),
        }
    }
    body.body
}

fn check_body(
    init: &RequestInit,
    method: Option<&Method>,
    body: Body,
    problems: &mut Vec<Problem>,
) {
    if body != Body::None && matches!(method, Some(&Method::GET | &Method::HEAD)) {
        problems.push(Problem::new(
            "body",
            "a GET or HEAD request cannot have a body; use POST or leave it out",
        ));
    }
    if let Some(duplex) = init.duplex.as_deref()
        && duplex != "half"
    {
        problems.push(Problem::new(
            "duplex",
            format!("{duplex:?} is not a duplex mode; the only one is half"),
        ));
    }
    if body != Body::Stream {
        return;
    }
    if init.keepalive {
        problems.push(Problem::new(
            "keepalive",
            "a stream body cannot be sent with keepalive",
        ));
    }
    if init.duplex.is_none() {
        problems.push(Problem::new("duplex", "a stream body needs duplex: half"));
    }
    if !matches!(init.mode.unwrap_or_default(), Mode::SameOrigin | Mode::Cors) {
        problems.push(Problem::new(
            "mode",
            "a stream body needs the mode cors or same-origin",
        ));
    }
}

/// The type of the body, and the two that fetch gives a request that lacks them.
const HEADERS_TO_COME: usize = 3;
