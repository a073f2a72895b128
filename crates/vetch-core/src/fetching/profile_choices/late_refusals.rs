//! What a profile refuses of a redirect only when the next request goes out: `redirects.userinfo`, `redirects.cors_check`.
//! In: a redirect and the request that it makes, after the preflight. Out: whether the request may go out.

use crate::fetching::cors_check::cors_check;
use crate::fetching::http_redirect_fetch::check_credentials_once_asked;
use crate::infrastructure::requests::{CredentialsMode, Request, ResponseTainting};
use crate::infrastructure::responses::InternalResponse;
use crate::network_error::Reason;
use crate::profile::{Profile, RedirectCorsCheck};

/// What was found of earlier responses.
#[derive(Debug, Default)]
pub struct LateRefusals {
    redirect: Option<Box<Reason>>,
}

impl LateRefusals {
    /// A response came, before it is judged: `redirects.cors_check`.
    pub fn answered(&mut self, request: &Request, response: &InternalResponse, profile: &Profile) {
        if profile.redirects.cors_check == RedirectCorsCheck::ByFirstUrlToo
            && profile.is_redirect(response.status)
            && request.response_tainting == ResponseTainting::Cors
            && request.credentials_mode == CredentialsMode::SameOrigin
            && request
                .origin
                .is_same_origin_with_url(request.url_list.first())
        {
            let credentialed = Request {
                credentials_mode: CredentialsMode::Include,
                ..request.clone()
            };
            let failures = cors_check(&credentialed, &response.header_list).err();
            let first = failures.and_then(|failures| failures.into_iter().next());
            self.redirect = first.map(|failure| Box::new(Reason::CorsCheck(failure)));
        }
    }

    /// Whether the request may go out.
    pub fn check(&self, request: &Request, profile: &Profile) -> Result<(), Reason> {
        check_credentials_once_asked(request, profile)?;
        match &self.redirect {
            Some(reason) => Err(Reason::clone(reason)),
            None => Ok(()),
        }
    }
}
