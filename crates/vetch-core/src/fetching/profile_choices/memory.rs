//! What a profile remembers from hop to hop: the fields of `redirects`, `preflight_origin`, `null_origins` and
//! `relaxed_referrer_policies`.
//! In: the request as it was made and as it is now. Out: the request as its preflight shows it, and what changes at a hop.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::late_refusals::LateRefusals;
use crate::fetching::cors_preflight_cache::CacheKey;
use crate::fetching::http_redirect_fetch::{Redirect, becomes_get};
use crate::infrastructure::header_safelists::{
    REQUEST_BODY_HEADER_NAMES, has_cors_unsafe_request_header_names,
};
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::origins::are_same_origin;
use crate::infrastructure::requests::{
    Body, InitiatorType, Mode, Referrer, Request, ResponseTainting, UrlList,
};
use crate::infrastructure::responses::InternalResponse;
use crate::neighbours::referrer_policy::{is_overruled, parse_from_header};
use crate::profile::{
    OwnType, PreflightOrigin, Profile, RedirectedClientHints, RedirectedOrigin,
    RedirectedPreflight, RedirectedRequest, RelaxedReferrerPolicies,
};

/// What a profile remembers of a request from hop to hop. Nothing is kept for one that follows the Standard.
#[derive(Debug, Default)]
pub struct Memory {
    /// Every cross-origin hop asks first, needed or not: `redirects.preflight`.
    asks_always: bool,
    /// What the request was made with, or was told when a redirect last set a policy: `relaxed_referrer_policies`.
    referrer: Option<Box<Referrer>>,
    /// From its first redirect on.
    first: Option<Box<First>>,
    /// Where an answer was stored that only this fetch finds again: `null_origins`.
    stored_keys: Vec<CacheKey>,
    /// What is refused only when a hop goes out.
    pub late_refusals: LateRefusals,
}

/// The request as it was made.
#[derive(Debug)]
pub(super) struct First {
    pub(super) method: Method,
    /// The script's own.
    header_list: HeaderList,
    /// That of an XMLHttpRequest, which is not the script's.
    body_type: Option<HeaderValue>,
    /// Whether upload listeners ask first.
    listens: bool,
    /// Whether a hop with the body has asked first.
    asked_with_body: bool,
    /// As the first hop was told.
    referrer: Referrer,
    /// What the last redirect took away.
    dropped: Vec<HeaderName>,
    /// Whether the last redirect set a referrer policy.
    sets_policy: bool,
}

impl First {
    fn of(request: &Request, profile: &Profile) -> Self {
        let header_list = headers_of_script(request, profile).into_owned();
        let is_all = header_list.len() == request.header_list.len();
        let mut types = request.header_list.values_of(CONTENT_TYPE);
        Self {
            method: request.method.clone(),
            header_list,
            body_type: types.next().filter(|_| !is_all).cloned(),
            listens: request.use_cors_preflight,
            asked_with_body: false,
            referrer: request.referrer.clone(),
            dropped: Vec::new(),
            sets_policy: false,
        }
    }
}

impl Memory {
    /// As the request is made.
    pub fn of(request: &Request, profile: &Profile) -> Self {
        let asks_always = profile.redirects.preflight == RedirectedPreflight::AsMade
            && request.unsafe_request
            && has_cors_unsafe_request_header_names(
                &headers_of_script(request, profile),
                &profile.request_headers,
            );
        let overrules = profile.relaxed_referrer_policies == RelaxedReferrerPolicies::SameSiteOnly;
        Self {
            asks_always,
            referrer: overrules.then(|| Box::new(request.referrer.clone())),
            first: None,
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

    /// What is known of the request as it was made; nothing before its first redirect.
    pub(super) fn first(&self) -> Option<&First> {
        self.first.as_deref()
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
        let Some(first) = self.first() else {
            return asking;
        };
        match profile.redirects.request {
            RedirectedRequest::Last => {}
            RedirectedRequest::LastWithFirstHeaders => {
                let crossed = comes_from_another_origin(request);
                let headers = &mut asking.to_mut().header_list;
                headers.clone_from(&first.header_list);
                headers.retain(|name, _| {
                    !(first.dropped.contains(name) || crossed && *name == AUTHORIZATION)
                });
                add_type(headers, &request.header_list);
                if let Some(body_type) = first.type_asked_before(request, profile) {
                    headers.append_if_absent(CONTENT_TYPE, body_type.clone());
                }
            }
            RedirectedRequest::First => {
                let asking = asking.to_mut();
                asking.header_list.clone_from(&first.header_list);
                asking.referrer = first.referrer.clone();
            }
        }
        asking
    }

    /// A response came, which may be a redirect that changes the request.
    pub fn answered(&mut self, request: &Request, response: &InternalResponse, profile: &Profile) {
        self.late_refusals.answered(request, response, profile);
        let remembers_first = profile.redirects.request != RedirectedRequest::Last
            || profile.redirects.origin == RedirectedOrigin::ByFirstMethod;
        if remembers_first && profile.is_redirect(response.status) {
            let first = self
                .first
                .get_or_insert_with(|| Box::new(First::of(request, profile)));
            first.sets_policy = parse_from_header(&response.header_list).is_some();
            first.asked_with_body |= self.asks_always
                && request.body != Body::None
                && request.response_tainting == ResponseTainting::Cors;
        }
    }

    /// A redirect was followed: `redirects.preflight`, `redirects.request`, `redirects.client_hints` and
    /// `relaxed_referrer_policies`.
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
            RedirectedRequest::LastWithFirstHeaders => first.give_headers(request, redirect.status),
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
        let Some(referrer) = &mut self.referrer else {
            return;
        };
        if first.sets_policy {
            Referrer::clone_from(referrer, &request.referrer);
        } else if request.referrer != Referrer::NoReferrer
            && let Some(before) = request.url_list.before_current()
            && is_overruled(request, before, profile)
            && !is_overruled(request, request.current_url(), profile)
        {
            request.referrer.clone_from(referrer);
        }
    }
}

impl First {
    /// The type of a body that has gone, where an earlier preflight asked for it and this hop is told to ask by nothing
    /// else: it asks for the same again.
    fn type_asked_before(&self, request: &Request, profile: &Profile) -> Option<&HeaderValue> {
        let asks_by_itself = self.listens
            || !is_cors_safelisted(&request.method)
            || has_cors_unsafe_request_header_names(&self.header_list, &profile.request_headers);
        let asks_again = self.asked_with_body && !asks_by_itself;
        self.body_type.as_ref().filter(|_| asks_again)
    }

    /// Its headers, but those that a redirect of that status would take from it; with the body its type goes along.
    fn give_headers(&self, request: &mut Request, status: u16) {
        let crossed = comes_from_another_origin(request);
        let becomes_get = becomes_get(status, &self.method);
        let mut headers = self.header_list.clone();
        headers.retain(|name, _| {
            let is_taken = becomes_get && REQUEST_BODY_HEADER_NAMES.contains(name);
            !(is_taken || crossed && *name == AUTHORIZATION)
        });
        if request.body != Body::None {
            add_type(&mut headers, &request.header_list);
        }
        request.header_list = headers;
    }
}

/// The headers that the script has set: of an XMLHttpRequest not the type of its body, where the profile tells them apart.
fn headers_of_script<'a>(request: &'a Request, profile: &Profile) -> Cow<'a, HeaderList> {
    let mut headers = Cow::Borrowed(&request.header_list);
    if profile.request_headers.own_type == OwnType::KeptBehind
        && request.initiator_type == InitiatorType::XmlHttpRequest
        && request.body != Body::None
        && headers.contains(CONTENT_TYPE)
    {
        let mut is_of_body = true;
        headers
            .to_mut()
            .retain(|name, _| *name != CONTENT_TYPE || !std::mem::take(&mut is_of_body));
    }
    headers
}

/// Adds the type that the others have, if there is none.
fn add_type(headers: &mut HeaderList, others: &HeaderList) {
    if !headers.contains(CONTENT_TYPE) {
        for value in others.values_of(CONTENT_TYPE) {
            headers.append(CONTENT_TYPE, value.clone());
        }
    }
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
pub(super) fn comes_from_another_origin(request: &Request) -> bool {
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
