//! Where a profile has the order of a fetch otherwise than the Standard.
//! In: the request on its way. Out: what the machine does at that point; for `Profile::SPEC` always what the Standard says.
//! Differs: by profile only; choices inside one section's algorithm stand there.

mod first;
mod header_lines;
mod hop_headers;
mod late_refusals;
mod memory;
mod shown_request;

pub use header_lines::{on_the_wire, read};
pub use late_refusals::LateRefusals;
pub use memory::Memory;
pub use shown_request::ShownRequest;

use http::header::USER_AGENT;

use super::cors_preflight_cache::{PreflightCache, Question};
use crate::infrastructure::environments::ReferrerPolicy;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::requests::{Referrer, Request};
use crate::infrastructure::statuses::Status;
use crate::infrastructure::urls::encode_in_path;
use crate::network_error::Reason;
use crate::profile::{
    HiddenOrigin, PathPipes, PreflightedRedirect, Profile, RepeatedNames, ScriptUserAgent,
    UrlUserinfo,
};

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

/// A profile from before 2016 follows no redirect once a preflight was needed, whatever the CORS check would say.
/// `preflighted_redirect`.
pub fn refused_redirect(status: Status, profile: &Profile) -> Option<Reason> {
    let is_refused =
        profile.is_redirect(status) && profile.preflighted_redirect == PreflightedRedirect::Refused;
    is_refused.then(|| Reason::RedirectAfterPreflight {
        status: status.as_u16(),
    })
}

/// A request as the profile makes it of what the script wrote: `request_headers`, `path_pipes`, `url_userinfo` and
/// `hidden_origin`.
pub fn make(request: &mut Request, profile: &Profile) {
    if profile.path_pipes == PathPipes::Encoded {
        encode_in_path(request.url_list.current_mut(), '|');
    }
    if profile.url_userinfo == UrlUserinfo::RemovedCrossOrigin
        && !request
            .origin
            .is_same_origin_with_url(request.current_url())
    {
        let url = request.url_list.current_mut();
        // Both fail only for URLs without a host, which have no user name either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    if profile.hidden_origin == HiddenOrigin::NullWithoutReferrerUntilPolicySet
        && request.referrer == Referrer::NoReferrer
    {
        request.referrer_policy = Some(ReferrerPolicy::NoReferrer);
    }
    let rules = &profile.request_headers;
    if rules.user_agent == ScriptUserAgent::Ignored {
        request.header_list.delete(USER_AGENT);
    }
    if rules.repeated == RepeatedNames::Joined {
        request.header_list = std::mem::take(&mut request.header_list).combined();
    }
}
