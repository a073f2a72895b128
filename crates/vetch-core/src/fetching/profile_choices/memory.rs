//! What a profile remembers from hop to hop: the fields of `redirects`, `preflight_origin`, `preflight_site`, `null_origins`.
//! In: the request as it was made and as it is now. Out: the request as its preflight shows it, and what changes at a hop.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ORIGIN, PRAGMA, RANGE,
};
use url::Host;

use super::late_refusals::LateRefusals;
use crate::agent_state::AgentState;
use crate::fetching::cors_preflight_cache::CacheKey;
use crate::fetching::http_redirect_fetch::Redirect;
use crate::infrastructure::header_safelists::has_cors_unsafe_request_header_names;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::methods::Method;
use crate::infrastructure::origins::{are_same_origin, is_potentially_trustworthy};
use crate::infrastructure::requests::{
    Mode, RedirectTaint, Referrer, Request, ResponseTainting, UrlList,
};
use crate::neighbours::fetch_metadata::{SEC_FETCH_SITE, site_value};
use crate::profile::{
    PreflightOrigin, PreflightSite, Profile, RedirectedClientHints, RedirectedMetadata,
    RedirectedOrigin, RedirectedPreflight, RedirectedRequest, SingleLabelSites,
};

/// What a profile remembers of a request from hop to hop. Nothing is kept for one that follows the Standard.
#[derive(Debug, Default)]
pub struct Memory {
    /// Every cross-origin hop asks first, needed or not: `redirects.preflight`.
    asks_always: bool,
    first: Option<Box<First>>,
    /// Where an answer was stored that only this fetch finds again: `null_origins`.
    stored_keys: Vec<CacheKey>,
    /// What is refused only when a hop goes out.
    pub late_refusals: LateRefusals,
}

/// The request as it was made.
#[derive(Debug)]
struct First {
    method: Method,
    header_list: HeaderList,
    /// As the first hop was told.
    referrer: Option<Referrer>,
    /// What the last redirect took away.
    dropped: Vec<HeaderName>,
}

impl Memory {
    /// As the request is made.
    pub fn of(request: &Request, profile: &Profile) -> Self {
        let rules = &profile.redirects;
        let asks_always = rules.preflight == RedirectedPreflight::AsMade
            && request.unsafe_request
            && has_cors_unsafe_request_header_names(&request.header_list, &profile.request_headers);
        let remembers_first = rules.request != RedirectedRequest::Last
            || rules.origin == RedirectedOrigin::ByFirstMethod;
        Self {
            asks_always,
            first: remembers_first.then(|| {
                Box::new(First {
                    method: request.method.clone(),
                    header_list: request.header_list.clone(),
                    referrer: None,
                    dropped: Vec::new(),
                })
            }),
            stored_keys: Vec::new(),
            late_refusals: LateRefusals::default(),
        }
    }

    /// An answer was stored that only this fetch finds again.
    pub fn stores(&mut self, key: CacheKey) {
        self.stored_keys.push(key);
    }

    /// Where such answers are.
    pub fn stored_keys(&self) -> &[CacheKey] {
        &self.stored_keys
    }

    /// A hop is prepared: its referrer is determined.
    pub fn prepared(&mut self, request: &Request) {
        if let Some(first) = &mut self.first {
            first
                .referrer
                .get_or_insert_with(|| request.referrer.clone());
        }
    }

    /// A hop asks first.
    pub fn asks(&mut self, profile: &Profile) {
        self.asks_always |= profile.redirects.preflight == RedirectedPreflight::AsMade;
    }

    /// The request as its preflight shows it, and as the preflight cache knows it: `preflight_origin` and
    /// `redirects.request`.
    pub fn asking<'a>(&self, request: &'a Request, profile: &Profile) -> Cow<'a, Request> {
        let mut asking = Cow::Borrowed(request);
        if profile.preflight_origin == PreflightOrigin::Page {
            // A list of one URL has no redirect that could taint it.
            asking.to_mut().url_list = UrlList::from(Arc::clone(request.current_url()));
        }
        let Some(first) = self.first.as_ref().filter(|_| request.redirect_count > 0) else {
            return asking;
        };
        match profile.redirects.request {
            RedirectedRequest::Last => {}
            RedirectedRequest::LastWithAuthorization => {
                let headers = &mut asking.to_mut().header_list;
                headers.clone_from(&first.header_list);
                let crossed = comes_from_another_origin(request);
                headers.retain(|name, _| {
                    !(first.dropped.contains(name) || crossed && *name == AUTHORIZATION)
                });
            }
            RedirectedRequest::First => {
                let asking = asking.to_mut();
                asking.header_list.clone_from(&first.header_list);
                if let Some(referrer) = &first.referrer {
                    asking.referrer = referrer.clone();
                }
            }
        }
        asking
    }

    /// A redirect was followed: `redirects.preflight`, `redirects.request` and `redirects.client_hints`.
    pub fn follows(&mut self, request: &mut Request, redirect: &Redirect, profile: &Profile) {
        request.use_cors_preflight |= self.asks_always;
        // What outlives the page is redirected by another process than the page's, which leaves them.
        if profile.redirects.client_hints == RedirectedClientHints::ToOwnOriginOnly
            && !request.keepalive
            && !request
                .origin
                .is_same_origin_with_url(request.current_url())
        {
            let own = &mut request.header_list;
            own.retain(|name, _| !CLIENT_HINTS.contains(&name.as_str()));
        }
        let Some(first) = &mut self.first else {
            return;
        };
        first.dropped.clone_from(&redirect.dropped);
        match profile.redirects.request {
            RedirectedRequest::LastWithAuthorization => {
                if !comes_from_another_origin(request)
                    && !request.header_list.contains(AUTHORIZATION)
                    && let Some(value) = first.header_list.get(AUTHORIZATION)
                {
                    request
                        .header_list
                        .append(AUTHORIZATION, value.into_owned());
                }
            }
            RedirectedRequest::First if is_cors(request) => {
                let lost = |name: &HeaderName| {
                    redirect.dropped.contains(name)
                        || (*name == AUTHORIZATION && !request.header_list.contains(name))
                };
                let mut headers = first.header_list.clone();
                headers.retain(|name, _| !lost(name));
                request.header_list = headers;
            }
            RedirectedRequest::First if matches!(redirect.status, 307 | 308) => {
                if let Some(value) = first.header_list.get(CONTENT_TYPE) {
                    request.header_list.set(CONTENT_TYPE, value.into_owned());
                }
            }
            RedirectedRequest::Last | RedirectedRequest::First => {}
        }
    }

    /// What a profile changes of a preflight's headers: `preflight_site` and `redirects.metadata`.
    pub fn amend_preflight(&self, request: &Request, headers: &mut HeaderList, profile: &Profile) {
        amend_site(request, headers, profile);
        if request.redirect_count == 0 || !headers.contains(SEC_FETCH_SITE) {
            return;
        }
        if profile.redirects.metadata == RedirectedMetadata::NotToAnotherOrigin
            && !is_potentially_trustworthy(request.url_list.first())
        {
            headers.retain(|name, _| !is_fetch_metadata(name));
            return;
        }
        match profile.preflight_site {
            PreflightSite::WholeList => {}
            PreflightSite::CurrentUrl => {
                let site = site_value(request, std::iter::once(&**request.current_url()));
                headers.set(SEC_FETCH_SITE, site);
            }
            PreflightSite::CrossSiteOnceTainted => {
                if request.redirect_taint() != RedirectTaint::SameOrigin {
                    headers.set(SEC_FETCH_SITE, HeaderValue::from_static("cross-site"));
                }
            }
        }
    }

    /// What a profile changes of a hop's headers: `redirects.metadata` and `redirects.origin`.
    pub fn amend(&self, request: &Request, headers: &mut HeaderList, agent: &AgentState) {
        let profile = &agent.profile;
        let rules = &profile.redirects;
        if rules.metadata == RedirectedMetadata::NotToAnotherOrigin
            && request.response_tainting == ResponseTainting::Cors
            && comes_from_another_origin(request)
        {
            let own = &request.header_list;
            headers.retain(|name, _| {
                let is_of_cache_mode = matches!(*name, CACHE_CONTROL | PRAGMA);
                !(is_fetch_metadata(name) || is_of_cache_mode && !own.contains(name))
            });
            if headers.contains(RANGE) {
                let usual = agent.default_headers.accept_encoding.clone();
                headers.set(ACCEPT_ENCODING, usual);
            }
        }
        amend_site(request, headers, profile);
        if rules.origin == RedirectedOrigin::ByMethodNullOnceCrossed
            && request.response_tainting != ResponseTainting::Cors
            && headers.contains(ORIGIN)
            && request.url_list.crosses_origins()
        {
            headers.set(ORIGIN, HeaderValue::from_static("null"));
        }
        if let Some(first) = &self.first
            && rules.origin == RedirectedOrigin::ByFirstMethod
            && !matches!(first.method, Method::GET | Method::HEAD)
            && !request.url_list.crosses_origins()
        {
            headers.append_if_absent(ORIGIN, request.byte_serialized_origin());
        }
    }
}

/// `single_label_sites`.
fn amend_site(request: &Request, headers: &mut HeaderList, profile: &Profile) {
    let url = request.current_url();
    let is_single_label = matches!(url.host(), Some(Host::Domain(host)) if !host.contains('.'))
        && request.origin.is_schemelessly_same_site_with_url(url);
    if profile.single_label_sites == SingleLabelSites::UntilRedirected
        && is_single_label
        && headers.contains(SEC_FETCH_SITE)
        && !request.origin.is_same_origin_with_url(url)
    {
        let site = if request.redirect_count == 0 {
            "same-site"
        } else {
            "cross-site"
        };
        headers.set(SEC_FETCH_SITE, HeaderValue::from_static(site));
    }
}

fn is_fetch_metadata(name: &HeaderName) -> bool {
    name.as_str().starts_with("sec-fetch-")
}

/// Those that follow a redirect to the page's own origin only.
const CLIENT_HINTS: [&str; 7] = [
    "device-memory",
    "downlink",
    "dpr",
    "ect",
    "rtt",
    "viewport-width",
    "width",
];

/// Whether the redirect to the current URL crossed origins.
fn comes_from_another_origin(request: &Request) -> bool {
    let before = request.url_list.before_current();
    before.is_some_and(|before| !are_same_origin(before, request.current_url()))
}

/// Whether the hop to come is a cross-origin one of a `cors` request.
fn is_cors(request: &Request) -> bool {
    request.mode == Mode::Cors
        && (request.response_tainting == ResponseTainting::Cors
            || !request
                .origin
                .is_same_origin_with_url(request.current_url()))
}
