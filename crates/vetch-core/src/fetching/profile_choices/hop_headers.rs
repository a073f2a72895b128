//! What a profile changes of a hop's own headers: `redirects.metadata`, `redirects.origin`, `preflight_site`,
//! `single_label_sites`.
//! In: the headers of a request or a preflight on its way. Out: the same as the profile has them.

use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, ORIGIN, PRAGMA, RANGE};
use url::Host;

use super::first::comes_from_another_origin;
use super::memory::Memory;
use crate::agent_state::AgentState;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::origins::is_potentially_trustworthy;
use crate::infrastructure::requests::{RedirectTaint, Request, ResponseTainting};
use crate::neighbours::fetch_metadata::{SEC_FETCH_SITE, is_fetch_metadata, site_value};
use crate::profile::{
    PreflightSite, Profile, RedirectedMetadata, RedirectedOrigin, SingleLabelSites,
};

impl Memory {
    /// What a profile changes of a preflight's headers: `preflight_site`, `redirects.metadata` and `single_label_sites`.
    pub fn amend_preflight(&self, request: &Request, headers: &mut HeaderList, profile: &Profile) {
        amend_site(request, Redirects::Unknown, headers, profile);
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

    /// What a profile changes of a hop's headers: `redirects.metadata`, `redirects.origin` and `single_label_sites`.
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
        amend_site(request, Redirects::Known, headers, profile);
        if rules.origin == RedirectedOrigin::ByMethodNullOnceCrossed
            && request.response_tainting != ResponseTainting::Cors
            && headers.contains(ORIGIN)
            && request.url_list.crosses_origins()
        {
            headers.set(ORIGIN, HeaderValue::from_static("null"));
        }
        if rules.origin == RedirectedOrigin::KeptWithinOrigin
            && let Some(kept) = self.first().and_then(|first| first.kept_origin(request))
        {
            headers.set(ORIGIN, kept.clone());
        }
    }
}

/// Whether a hop knows of the redirects before it; a preflight is a request of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Redirects {
    Known,
    Unknown,
}

/// `single_label_sites`.
fn amend_site(
    request: &Request,
    redirects: Redirects,
    headers: &mut HeaderList,
    profile: &Profile,
) {
    let url = request.current_url();
    if profile.single_label_sites != SingleLabelSites::UntilRedirected
        || !matches!(url.host(), Some(Host::Domain(host)) if !host.contains('.'))
        || !request.origin.is_schemelessly_same_site_with_url(url)
    {
        return;
    }
    // A redirect within the page's own origin leaves the hop in it.
    let Some(site) = headers.get(SEC_FETCH_SITE) else {
        return;
    };
    if site.as_bytes() != b"same-origin" {
        let is_redirected = request.redirect_count > 0 && redirects == Redirects::Known;
        let site = if is_redirected {
            "cross-site"
        } else {
            "same-site"
        };
        headers.set(SEC_FETCH_SITE, HeaderValue::from_static(site));
    }
}
