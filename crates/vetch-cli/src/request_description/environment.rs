//! The page that a request is made from.
//! In: origin, page URL, headers and top-level site as written. Out: an environment; mistakes leave a placeholder.

use std::sync::Arc;

use url::Url;
use vetch_core::infrastructure::origins::InvalidOrigin;
use vetch_core::infrastructure::urls;
use vetch_core::neighbours::referrer_policy::parse_from_header;
use vetch_core::{
    EmbedderPolicy, Environment, HeaderList, HeaderName, HeaderValue, NetworkPartitionKey, Origin,
};

use super::missing_scheme::with_scheme;
use super::mistakes::Mistakes;
use super::{PLACEHOLDER_URL, RequestDescription, names};

/// The environment, from the origin, or from the page's URL, or from both.
pub(super) fn of(description: &RequestDescription, mistakes: &mut Mistakes) -> Arc<Environment> {
    let page = description
        .client_url
        .as_deref()
        .and_then(|text| page_url(text, mistakes));
    let origin = description
        .origin
        .as_deref()
        .and_then(|text| match Origin::parse(text) {
            Ok(origin) => Some(origin),
            Err(invalid) => {
                mistakes.add("origin", wrong_origin(text, &invalid));
                None
            }
        });
    if description.origin.is_none() && description.client_url.is_none() {
        mistakes.add(
            "origin",
            "it is missing; write the origin of the page that asks, like https://app.example or null, or give the page's URL",
        );
    }
    let mut environment = match (page, origin) {
        (Some(page), Some(origin)) => Environment::with_origin(page, origin),
        (Some(page), None) => Environment::of_page(page),
        (None, Some(origin)) => of_origin(origin),
        (None, None) => placeholder(),
    };
    if let Some(site) = &description.top_level_site {
        match Origin::parse(site) {
            Ok(site) => environment.network_partition_key = NetworkPartitionKey::determine(&site),
            Err(invalid) => mistakes.add("topLevelSite", wrong_origin(site, &invalid)),
        }
    }
    set_policies(&description.client_headers, &mut environment, mistakes);
    // A script cannot give XMLHttpRequest a referrer policy: it is the page's.
    if description.initiator.as_deref() == Some("xhr")
        && let Some(policy) =
            names::referrer_policy(description.referrer_policy.as_deref(), mistakes)
    {
        environment.referrer_policy = policy;
    }
    Arc::new(environment)
}

fn wrong_origin(text: &str, invalid: &InvalidOrigin) -> String {
    match with_scheme(text) {
        Some(url) => {
            let meant = url.origin().ascii_serialization();
            format!("origin {text:?} has no scheme; do you mean {meant}?")
        }
        None => invalid.to_string(),
    }
}

/// The policies that a page's own headers give it: `Referrer-Policy` and `Cross-Origin-Embedder-Policy`.
fn set_policies(
    headers: &[(String, String)],
    environment: &mut Environment,
    mistakes: &mut Mistakes,
) {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        match (name, HeaderValue::from_byte_string(value)) {
            (Ok(name), Ok(value)) => list.append(name, value),
            _ => mistakes.add(
                "clientHeaders",
                "one of them is no header: a name is a token, a value has no line end",
            ),
        }
    }
    if let Some(policy) = parse_from_header(&list) {
        environment.referrer_policy = policy;
    }
    let embedder_policy = list.get("cross-origin-embedder-policy");
    environment.embedder_policy = match embedder_policy.as_deref().map(item_of) {
        Some(b"require-corp") => EmbedderPolicy::RequireCorp,
        Some(b"credentialless") => EmbedderPolicy::Credentialless,
        _ => EmbedderPolicy::UnsafeNone,
    };
}

/// A structured field's item without its parameters.
fn item_of(value: &HeaderValue) -> &[u8] {
    let item = value.as_bytes().split(|byte| *byte == b';').next();
    item.unwrap_or_default().trim_ascii()
}

fn page_url(text: &str, mistakes: &mut Mistakes) -> Option<Url> {
    match urls::parse_absolute(text) {
        Ok(url) => Some(url),
        Err(reason) => {
            mistakes.add(
                "clientUrl",
                format!(
                    "{text:?} is not a URL ({reason}); write it like https://app.example/start"
                ),
            );
            None
        }
    }
}

/// A page at the origin's root, or at `about:blank` for an opaque one.
fn of_origin(origin: Origin) -> Environment {
    let url = match &origin {
        Origin::Opaque(_) => "about:blank".to_owned(),
        Origin::Tuple(_) => origin.to_string(),
    };
    match Url::parse(&url) {
        Ok(url) => Environment::with_origin(url, origin),
        // Not reached: a tuple origin's serialisation is a URL.
        Err(_) => placeholder(),
    }
}

fn placeholder() -> Environment {
    match Url::parse(PLACEHOLDER_URL) {
        Ok(url) => Environment::of_page(url),
        Err(reason) => unreachable!("{PLACEHOLDER_URL} is a URL: {reason}"),
    }
}
