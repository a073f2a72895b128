//! Referrer Policy · w3c.github.io/webappsec-referrer-policy/#algorithms
//! In: a request, or a response's headers. Out: the policy that a response sets, and the URL that a request tells.
//! Differs: policy names are read in any case; only HTTP(S) pages tell where they are; `srcdoc` frames tell their own URL, which is none.

use std::borrow::Cow;

use url::Url;

use crate::infrastructure::environments::{Global, ReferrerPolicy, ReferrerUrl, StrippedUrl};
use crate::infrastructure::header_values::extract_tokens;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::origins::{Origin, are_same_origin, is_potentially_trustworthy};
use crate::infrastructure::requests::{Referrer, Request};
use crate::profile::{OpaqueReferrer, Profile, ReferrerDowngrade, RelaxedReferrerPolicies};

/// Parse a referrer policy from a `Referrer-Policy` header: the last one known, so that servers can give fallbacks.
///
/// w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
pub fn parse_from_header(response: &HeaderList) -> Option<ReferrerPolicy> {
    let mut policy = None;
    for line in response.values_of("referrer-policy") {
        // 1. Nothing when a line is no list of words of letters and hyphens; an empty one is none, as it has no word.
        let tokens = extract_tokens(line.as_bytes()).filter(|tokens| !tokens.is_empty())?;
        if !tokens.iter().all(|token| is_policy_token(token)) {
            return None;
        }
        // 2. to 4. The last that is known.
        policy = tokens.into_iter().rev().find_map(policy_of).or(policy);
    }
    policy
}

/// Set request's referrer policy on redirect: the redirect's own policy holds from here on.
///
/// w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
pub fn set_on_redirect(request: &mut Request, response: &HeaderList) {
    // 1. and 2. A response without one changes nothing.
    if let Some(policy) = parse_from_header(response) {
        request.referrer_policy = Some(policy);
    }
}

/// Determine request's referrer: the URL that the request tells, or none.
///
/// w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
pub fn determine_referrer(request: &Request, profile: &Profile) -> Option<ReferrerUrl> {
    // 3. Where the request says that it comes from.
    let source = match &request.referrer {
        Referrer::NoReferrer => return None,
        Referrer::Url(referrer) => referrer.url(),
        Referrer::Client => {
            let client = &request.client;
            if client.global == Global::Window
                && matches!(client.origin, Origin::Opaque(_))
                && profile.opaque_referrer == OpaqueReferrer::Withheld
            {
                return None;
            }
            // NOT DONE: a `srcdoc` frame stands for the document around it, of which an environment knows nothing; its own URL is local, so it tells none.
            &client.url
        }
    };
    // 4. and 5. The whole and its origin; a local URL has neither.
    let stripped = || match request.referrer {
        Referrer::Client => request.client.stripped_url(stripped),
        _ => Cow::Owned(stripped(source)),
    };
    let origin = || stripped().origin.clone();
    let whole = || {
        let stripped = stripped();
        // 6. A long URL is cut to its origin.
        let is_long = |whole: &ReferrerUrl| whole.url().as_str().len() > LIMIT;
        match &stripped.whole {
            Some(whole) if is_long(whole) => stripped.origin.clone(),
            whole => whole.clone(),
        }
    };
    // 7. The user agent's choice: like every browser, only pages on the web tell where they are, not files or applications.
    if !matches!(source.scheme(), "http" | "https") {
        return None;
    }
    // Stripping changes neither origin nor trustworthiness, so the source answers for its stripped self.
    let target = request.current_url();
    let is_same_origin = || are_same_origin(source, target);
    let is_downgrade = || match profile.referrer_downgrade {
        ReferrerDowngrade::FromTrustworthy => {
            !is_potentially_trustworthy(target) && is_potentially_trustworthy(source)
        }
        ReferrerDowngrade::FromHttps => source.scheme() == "https" && target.scheme() != "https",
    };
    // 1. and 2. The policy; the environment is the request's client.
    let policy = if is_overruled(request, target, profile) {
        ReferrerPolicy::StrictOriginWhenCrossOrigin
    } else {
        request.effective_referrer_policy()
    };
    // 8. As the policy says: same origin asks before downgrade, downgrade before the rest.
    match policy {
        ReferrerPolicy::SameOrigin
        | ReferrerPolicy::OriginWhenCrossOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin
            if is_same_origin() =>
        {
            whole()
        }
        ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin
        | ReferrerPolicy::NoReferrerWhenDowngrade
            if is_downgrade() =>
        {
            None
        }
        ReferrerPolicy::NoReferrer | ReferrerPolicy::SameOrigin => None,
        ReferrerPolicy::Origin
        | ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::OriginWhenCrossOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin => origin(),
        ReferrerPolicy::UnsafeUrl | ReferrerPolicy::NoReferrerWhenDowngrade => whole(),
    }
}

fn stripped(url: &Url) -> StrippedUrl {
    let strip = |part| strip_for_use_as_referrer(url, part).map(ReferrerUrl::new);
    StrippedUrl {
        whole: strip(ReferrerPart::Whole),
        origin: strip(ReferrerPart::Origin),
    }
}

/// Whether the profile puts the default policy into the place of the request's, to that URL:
/// `relaxed_referrer_policies`.
pub fn is_overruled(request: &Request, url: &Url, profile: &Profile) -> bool {
    profile.relaxed_referrer_policies == RelaxedReferrerPolicies::SameSiteOnly
        && matches!(
            request.effective_referrer_policy(),
            ReferrerPolicy::UnsafeUrl
                | ReferrerPolicy::NoReferrerWhenDowngrade
                | ReferrerPolicy::OriginWhenCrossOrigin
        )
        && !request.origin.is_schemelessly_same_site_with_url(url)
}

/// How much of a URL a referrer tells: the origin-only flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferrerPart {
    /// All but user name, password and fragment.
    Whole,
    /// Scheme, host and port.
    Origin,
}

/// Strip url for use as a referrer; a local URL (`about:`, `blob:`, `data:`) is none.
///
/// w3c.github.io/webappsec-referrer-policy/#strip-url
pub fn strip_for_use_as_referrer(url: &Url, part: ReferrerPart) -> Option<Url> {
    // 2. Local URLs tell nothing.
    if matches!(url.scheme(), "about" | "blob" | "data") {
        return None;
    }
    let mut url = url.clone();
    // 3. and 4. The setters only refuse a URL that cannot have a user name, which then has none.
    if url.has_authority() && (!url.username().is_empty() || url.password().is_some()) {
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    // 5. The fragment goes.
    url.set_fragment(None);
    // 6. Path and query go.
    if part == ReferrerPart::Origin {
        url.set_query(None);
        url.set_path("");
    }
    // 7. What is left.
    Some(url)
}

fn is_policy_token(token: &[u8]) -> bool {
    token
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
}

fn policy_of(token: &[u8]) -> Option<ReferrerPolicy> {
    // DIFFERS: in any case, as the header's ABNF and every browser have it; the algorithm asks for the token to be a policy and does not say how they compare.
    ReferrerPolicy::ALL.into_iter().find_map(|(name, policy)| {
        token
            .eq_ignore_ascii_case(name.as_bytes())
            .then_some(policy)
    })
}

/// The longest referrer, in characters of its serialisation.
const LIMIT: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infrastructure::header_values::HeaderValue;
    use crate::infrastructure::headers::HeaderName;

    fn parse(values: &[&'static str]) -> Option<ReferrerPolicy> {
        let name = HeaderName::from_static("referrer-policy");
        let header = |value: &&'static str| (name.clone(), HeaderValue::from_static(value));
        parse_from_header(&values.iter().map(header).collect())
    }

    #[test]
    fn the_last_known_policy_counts() {
        let found = parse(&["no-referrer", "origin, future-policy"]);
        assert_eq!(found, Some(ReferrerPolicy::Origin));
        assert_eq!(parse(&["origin; x"]), None);
        assert_eq!(parse(&[]), None);
    }

    #[test]
    fn stripping_takes_the_secrets_off() {
        let url: Url = "https://me:secret@app.example:8443/a?b#c"
            .parse()
            .expect("a URL");
        let strip = |part| strip_for_use_as_referrer(&url, part).map(String::from);
        assert_eq!(
            strip(ReferrerPart::Whole).as_deref(),
            Some("https://app.example:8443/a?b")
        );
        assert_eq!(
            strip(ReferrerPart::Origin).as_deref(),
            Some("https://app.example:8443/")
        );
    }
}
