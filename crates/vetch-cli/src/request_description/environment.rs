//! The page that a request is made from.
//! In: origin, page URL and top-level site as written. Out: an environment; mistakes leave a placeholder.

use std::sync::Arc;

use url::Url;
use vetch_core::{Environment, NetworkPartitionKey, Origin};

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
                mistakes.add("origin", invalid.to_string());
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
            Err(invalid) => mistakes.add("topLevelSite", invalid.to_string()),
        }
    }
    // A script cannot give XMLHttpRequest a referrer policy: it is the page's.
    if description.initiator.as_deref() == Some("xhr")
        && let Some(policy) =
            names::referrer_policy(description.referrer_policy.as_deref(), mistakes)
    {
        environment.referrer_policy = policy;
    }
    Arc::new(environment)
}

fn page_url(text: &str, mistakes: &mut Mistakes) -> Option<Url> {
    match Url::parse(text) {
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
