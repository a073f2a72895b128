//! The request as it was made, for profiles that go back to it: `redirects.request`, `redirects.origin` and `own_type`.
//! In: the request at its first redirect, and each later hop. Out: what a hop and its preflight have of it.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::shown_request::ShownRequest;
use crate::fetching::http_redirect_fetch::{Redirect, becomes_get};
use crate::http_extensions::origin_header::request_origin_header_value;
use crate::infrastructure::header_safelists::{
    REQUEST_BODY_HEADER_NAMES, has_cors_unsafe_request_header_names,
};
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::methods::{Method, is_cors_safelisted};
use crate::infrastructure::origins::are_same_origin;
use crate::infrastructure::requests::{
    Body, InitiatorType, Mode, Referrer, Request, ResponseTainting,
};
use crate::profile::{OwnType, Profile, RedirectedOrigin, RedirectedRequest};

/// The request as it was made.
#[derive(Debug)]
pub(super) struct First {
    method: Method,
    /// What the last hop before the current one said in `Origin`: `redirects.origin`.
    origin: Option<HeaderValue>,
    /// All its headers but `body_type`.
    header_list: HeaderList,
    /// The type of an XMLHttpRequest's body, where the profile tells it from the script's own.
    body_type: Option<HeaderValue>,
    /// Whether upload listeners ask first.
    listens: bool,
    /// Whether a hop with the body has asked first.
    asked_with_body: bool,
    /// As the first hop was told.
    referrer: Referrer,
    /// What the last redirect took away.
    dropped: Vec<HeaderName>,
}

/// Whether the profile goes back to the request as it was made.
pub(super) fn is_needed(profile: &Profile) -> bool {
    let rules = &profile.redirects;
    rules.request != RedirectedRequest::Last || rules.origin == RedirectedOrigin::KeptWithinOrigin
}

impl First {
    /// At the first redirect, before it is followed.
    pub(super) fn of(request: &Request, profile: &Profile) -> Self {
        let header_list = without_body_type(request, profile).into_owned();
        let is_all = header_list.len() == request.header_list.len();
        let mut types = request.header_list.values_of(CONTENT_TYPE);
        Self {
            method: request.method.clone(),
            origin: None,
            header_list,
            body_type: types.next().filter(|_| !is_all).cloned(),
            listens: request.use_cors_preflight,
            asked_with_body: false,
            referrer: request.referrer.clone(),
            dropped: Vec::new(),
        }
    }

    /// What the hop before said in `Origin`, if the redirect to this one stayed within an origin.
    pub(super) fn kept_origin(&self, request: &Request) -> Option<&HeaderValue> {
        let kept = self.origin.as_ref();
        kept.filter(|_| !comes_from_another_origin(request))
    }

    /// A hop is redirected: what it said in `Origin`.
    pub(super) fn said(&mut self, request: &Request, profile: &Profile) {
        if self.kept_origin(request).is_none() {
            self.origin = request_origin_header_value(request, profile).cloned();
        }
    }

    /// A cross-origin hop that has asked first is redirected.
    pub(super) fn asked(&mut self, request: &Request) {
        self.asked_with_body |=
            request.body != Body::None && request.response_tainting == ResponseTainting::Cors;
    }

    /// Makes of the request what its preflight shows.
    pub(super) fn show(&self, asking: &mut ShownRequest<'_>, profile: &Profile) {
        if profile.redirects.request == RedirectedRequest::LastWithFirstHeaders {
            let headers = self.headers_to_ask_for(asking, profile);
            asking.to_mut().header_list = headers;
        } else if profile.redirects.request == RedirectedRequest::First {
            let asking = asking.to_mut();
            asking.header_list.clone_from(&self.header_list);
            asking.referrer = self.referrer.clone();
        }
    }

    /// Its headers that the last redirect leaves, and the type of a body that still goes along or was asked for before.
    fn headers_to_ask_for(&self, request: &Request, profile: &Profile) -> HeaderList {
        let crossed = comes_from_another_origin(request);
        let mut headers = self.header_list.clone();
        headers
            .retain(|name, _| !(self.dropped.contains(name) || crossed && *name == AUTHORIZATION));
        add_type(&mut headers, &request.header_list);
        if let Some(body_type) = self.type_asked_before(request, profile) {
            headers.append_if_absent(CONTENT_TYPE, body_type.clone());
        }
        headers
    }

    /// The type of a body that has gone, where an earlier preflight asked for it and this hop is told to ask by nothing
    /// else: it asks for the same again.
    fn type_asked_before(&self, request: &Request, profile: &Profile) -> Option<&HeaderValue> {
        let asks_by_itself = self.listens
            || !is_cors_safelisted(&request.method)
            || has_cors_unsafe_request_header_names(&self.header_list, &profile.request_headers);
        let asks_again = self.asked_with_body && !asks_by_itself;
        self.body_type.as_ref().filter(|_| asks_again)
    }

    /// A redirect was followed: the headers come back that the profile brings back.
    pub(super) fn give_headers(
        &mut self,
        request: &mut Request,
        redirect: &Redirect,
        profile: &Profile,
    ) {
        self.dropped.clone_from(&redirect.dropped);
        let made = profile.redirects.request;
        if made == RedirectedRequest::LastWithFirstHeaders {
            request.header_list = self.headers_untaken(request, redirect.status);
        } else if made == RedirectedRequest::First && is_cors(request) {
            request.header_list = self.headers_undropped(request);
        } else if made == RedirectedRequest::First
            && matches!(redirect.status, 307 | 308)
            && let Some(value) = self.header_list.get(CONTENT_TYPE)
        {
            request.header_list.set(CONTENT_TYPE, value.into_owned());
        }
    }

    /// Its headers, but those that a redirect of that status would take from it; with the body its type goes along.
    fn headers_untaken(&self, request: &Request, status: u16) -> HeaderList {
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
        headers
    }

    /// Its headers, but those that the last redirect took, and `Authorization` once any has.
    fn headers_undropped(&self, request: &Request) -> HeaderList {
        let mut headers = self.header_list.clone();
        headers.retain(|name, _| {
            let is_lost = self.dropped.contains(name)
                || (*name == AUTHORIZATION && !request.header_list.contains(name));
            !is_lost
        });
        headers
    }
}

/// The headers of a request as it was made: of an XMLHttpRequest without the type of its body, where the profile tells
/// that from the script's own.
pub(super) fn without_body_type<'a>(
    request: &'a Request,
    profile: &Profile,
) -> Cow<'a, HeaderList> {
    let mut headers = Cow::Borrowed(&request.header_list);
    if profile.request_headers.own_type == OwnType::KeptBehind
        && request.initiator_type == InitiatorType::XmlHttpRequest
        && request.body != Body::None
        && headers.contains(CONTENT_TYPE)
    {
        // It stands before the script's.
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
