//! Cookies that nobody but a secure connection may set · RFC 6265bis, section 5.7, steps 13, 16 and 20 to 22
//! In: a cookie, the URL that sets it, and the cookies there are. Out: why it is refused.
//! Differs: what is of this machine is secure, as browsers have it.

use cookie_store::{Cookie, CookieDomain};
use url::Url;
use vetch_core::infrastructure::origins::is_potentially_trustworthy;

use super::Refused;

pub(super) fn check<'a>(
    cookie: &Cookie<'_>,
    url: &Url,
    mut kept: impl Iterator<Item = &'a Cookie<'static>>,
) -> Result<(), Refused> {
    let is_secure = cookie.secure() == Some(true);
    if !is_potentially_trustworthy(url) {
        // 13.
        if is_secure {
            return Err(Refused::SecureOverHttp);
        }
        // 16.
        if kept.any(|kept| is_overlaid(kept, cookie)) {
            return Err(Refused::OverlaysSecure);
        }
    }
    // 20 to 22. A cookie without a name must not look like one with a prefix.
    let (name, value) = cookie.name_value();
    let shown = if name.is_empty() { value } else { name };
    let is_host_only = matches!(cookie.domain, CookieDomain::HostOnly(_));
    let has_root = cookie.path.is_from_path_attr() && *cookie.path == *"/";
    let is_of_host = starts_with(shown, "__Host-");
    let has_prefix = is_of_host || starts_with(shown, "__Secure-");
    let is_kept = is_secure && !name.is_empty() && (!is_of_host || is_host_only && has_root);
    if has_prefix && !is_kept {
        return Err(Refused::Prefix);
    }
    Ok(())
}

/// Whether a secure cookie would be overlaid by one that is not.
fn is_overlaid(secure: &Cookie<'_>, new: &Cookie<'_>) -> bool {
    // Few have its name, and only their domains need be copied.
    secure.name() == new.name()
        && secure.secure() == Some(true)
        && path_matches(&new.path, &secure.path)
        && are_of_one_domain(&String::from(&secure.domain), &String::from(&new.domain))
}

fn are_of_one_domain(a: &str, b: &str) -> bool {
    domain_matches(a, b) || domain_matches(b, a)
}

/// Domain-match, of names that are in lower case · RFC 6265bis, section 5.1.3
fn domain_matches(host: &str, domain: &str) -> bool {
    let before = host.strip_suffix(domain);
    let is_address = || host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
    before.is_some_and(|before| before.is_empty() || (before.ends_with('.') && !is_address()))
}

/// Path-match · RFC 6265bis, section 5.1.4
fn path_matches(path: &str, kept: &str) -> bool {
    let behind = path.strip_prefix(kept);
    behind.is_some_and(|behind| behind.is_empty() || kept.ends_with('/') || behind.starts_with('/'))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
