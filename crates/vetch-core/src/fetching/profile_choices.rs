//! Where a profile has the order of a fetch otherwise than the Standard.
//! In: the request on its way. Out: what the machine does at that point; for `Profile::SPEC` always what the Standard says.
//! Differs: by profile only; choices inside one section's algorithm stand there.

use std::borrow::Cow;

use super::cors_preflight_cache::{CacheKey, PreflightCache, Question};
use crate::agent_state::AgentState;
use crate::infrastructure::header_safelists::has_cors_unsafe_request_header_names;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::requests::{Request, UrlList};
use crate::infrastructure::statuses::Status;
use crate::network_error::Reason;
use crate::profile::{
    PreflightOrigin, PreflightedRedirect, Profile, RedirectedPreflight, Wildcards,
};

/// Which hops ask first besides those that need it: `redirected_preflight`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopsToAsk {
    /// No others.
    AsNeeded,
    /// Every cross-origin one.
    All,
}

impl HopsToAsk {
    /// As the request is made.
    pub fn as_made(request: &Request, profile: &Profile) -> Self {
        if request.unsafe_request && has_cors_unsafe_request_header_names(&request.header_list) {
            Self::AsNeeded.after_preflight(profile)
        } else {
            Self::AsNeeded
        }
    }

    /// Once a hop has asked.
    #[must_use]
    pub fn after_preflight(self, profile: &Profile) -> Self {
        match profile.redirected_preflight {
            RedirectedPreflight::AsNeeded => self,
            RedirectedPreflight::AsMade => Self::All,
        }
    }

    /// At a redirect.
    pub fn follow(self, request: &mut Request) {
        request.use_cors_preflight |= self == Self::All;
    }
}

/// The request as its preflight shows it: for the page's origin, redirects have not tainted it. `preflight_origin`.
pub fn asking<'a>(request: &'a Request, profile: &Profile) -> Cow<'a, Request> {
    match profile.preflight_origin {
        PreflightOrigin::AsRequest => Cow::Borrowed(request),
        PreflightOrigin::Page => Cow::Owned(Request {
            url_list: UrlList::new(request.current_url().clone()),
            ..request.clone()
        }),
    }
}

/// What the preflight cache keeps this request's answers under.
pub fn cache_key(request: &Request, agent: &AgentState) -> CacheKey {
    agent.preflight_cache.key(&asking(request, &agent.profile))
}

/// What a request asks of the preflight cache. `head`.
pub fn question<'a>(
    request: &'a Request,
    unsafe_names: &'a [HeaderName],
    cache: &PreflightCache,
) -> Question<'a> {
    let needs_entry = request.use_cors_preflight || cache.needs_entry(&request.method);
    Question {
        method_needed: needs_entry.then_some(&request.method),
        unsafe_names,
        credentials_mode: request.credentials_mode,
    }
}

/// Whether a `*` in an answer is kept at all. `wildcards`, of the profile and of its cache.
pub fn keeps_wildcards(agent: &AgentState) -> bool {
    agent.profile.wildcards == Wildcards::Honoured && agent.preflight_cache.keeps_wildcards()
}

/// A profile from before 2016 follows no redirect once a preflight was needed, whatever the CORS check would say.
/// `preflighted_redirect`.
pub fn refused_redirect(status: Status, profile: &Profile) -> Option<Reason> {
    let is_refused =
        status.is_redirect() && profile.preflighted_redirect == PreflightedRedirect::Refused;
    is_refused.then(|| Reason::RedirectAfterPreflight {
        status: status.as_u16(),
    })
}
