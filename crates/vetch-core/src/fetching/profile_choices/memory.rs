//! What a profile remembers from hop to hop: `redirects.preflight`, `redirects.client_hints`, `preflight_origin`,
//! `null_origins`, `relaxed_referrer_policies`, and through the request as it was made `redirects.request`,
//! `redirects.origin` and `own_type`.
//! In: the request as it was made and as it is now. Out: the request as its preflight shows it, and what changes at a hop.

use std::sync::Arc;

use super::first::{self, First, without_body_type};
use super::late_refusals::LateRefusals;
use super::shown_request::ShownRequest;
use crate::fetching::cors_preflight_cache::CacheKey;
use crate::fetching::http_redirect_fetch::Redirect;
use crate::infrastructure::header_safelists::has_cors_unsafe_request_header_names;
use crate::infrastructure::requests::{Referrer, Request, UrlList};
use crate::infrastructure::responses::InternalResponse;
use crate::neighbours::referrer_policy::{is_overruled, parse_from_header};
use crate::profile::{
    PreflightOrigin, Profile, RedirectedClientHints, RedirectedPreflight, RelaxedReferrerPolicies,
};

/// What a profile remembers of a request from hop to hop. Nothing is kept for one that follows the Standard.
#[derive(Debug, Default)]
pub struct Memory {
    /// Every cross-origin hop asks first, needed or not: `redirects.preflight`.
    asks_always: bool,
    /// Whether the last redirect set a referrer policy, where `untold` is kept.
    sets_policy: bool,
    /// What a hop gets back once its policy is no longer overruled, as each hop has only what the one before was told:
    /// `relaxed_referrer_policies`. It is the referrer that the request was made with, or what was left of it when a
    /// redirect set a policy.
    untold: Option<Box<Referrer>>,
    /// From its first redirect on.
    first: Option<Box<First>>,
    /// Where an answer was stored that only this fetch finds again: `null_origins`.
    stored_keys: Vec<CacheKey>,
    /// What is refused only when a hop goes out.
    pub late_refusals: LateRefusals,
}

impl Memory {
    /// As the request is made.
    pub fn of(request: &Request, profile: &Profile) -> Self {
        let asks_always = profile.redirects.preflight == RedirectedPreflight::AsMade
            && request.unsafe_request
            && has_cors_unsafe_request_header_names(
                &without_body_type(request, profile),
                &profile.request_headers,
            );
        let overrules = profile.relaxed_referrer_policies == RelaxedReferrerPolicies::SameSiteOnly;
        Self {
            asks_always,
            untold: overrules.then(|| Box::new(request.referrer.clone())),
            ..Self::default()
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
    pub fn asking<'a>(&self, request: &'a Request, profile: &Profile) -> ShownRequest<'a> {
        let mut asking = ShownRequest::new(request);
        if let Some(first) = self.first() {
            first.show(&mut asking, profile);
        }
        if profile.preflight_origin == PreflightOrigin::Page {
            // A list of one URL has no redirect that could taint it.
            asking.to_mut().url_list = UrlList::from(Arc::clone(request.current_url()));
        }
        asking
    }

    /// A response came, which may be a redirect that changes the request.
    pub fn answered(&mut self, request: &Request, response: &InternalResponse, profile: &Profile) {
        self.late_refusals.answered(request, response, profile);
        if !profile.is_redirect(response.status) {
            return;
        }
        if self.untold.is_some() {
            self.sets_policy = parse_from_header(&response.header_list).is_some();
        }
        if first::is_needed(profile) {
            let first = self
                .first
                .get_or_insert_with(|| Box::new(First::of(request, profile)));
            first.said(request, profile);
            if self.asks_always {
                first.asked(request);
            }
        }
    }

    /// A redirect was followed, to the request's current URL.
    pub fn follows(&mut self, request: &mut Request, redirect: &Redirect, profile: &Profile) {
        request.use_cors_preflight |= self.asks_always;
        drop_client_hints(request, profile);
        if let Some(first) = &mut self.first {
            first.give_headers(request, redirect, profile);
        }
        self.tell_again(request, profile);
    }

    /// `relaxed_referrer_policies`: the hop before was told less than its policy allows, and this one need not be.
    fn tell_again(&mut self, request: &mut Request, profile: &Profile) {
        let Some(untold) = &mut self.untold else {
            return;
        };
        if self.sets_policy {
            Referrer::clone_from(untold, &request.referrer);
        } else if request.referrer != Referrer::NoReferrer
            && let Some(before) = request.url_list.before_current()
            && is_overruled(request, before, profile)
            && !is_overruled(request, request.current_url(), profile)
        {
            request.referrer.clone_from(untold);
        }
    }
}

/// `redirects.client_hints`.
fn drop_client_hints(request: &mut Request, profile: &Profile) {
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
