//! Which headers of an exchange matter, and how they are shown.
//! In: header lists. Out: lines for a person; credentials show their names only, unless everything is asked for.

use vetch_core::infrastructure::headers::is_secret;
use vetch_core::{HeaderList, HeaderName, HeaderValue};

use super::Detail;

/// Request headers that decide something or tell the server something about the page.
const OF_REQUESTS: [&str; 18] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "cookie",
    "authorization",
    "content-type",
    "content-language",
    "range",
    "referer",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
    "cache-control",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

/// Response headers that decide something; those that start with `access-control-` do too.
const OF_RESPONSES: [&str; 11] = [
    "vary",
    "location",
    "set-cookie",
    "timing-allow-origin",
    "content-type",
    "x-content-type-options",
    "cross-origin-resource-policy",
    "cross-origin-embedder-policy",
    "referrer-policy",
    "strict-transport-security",
    "www-authenticate",
];

/// The lines of a request that are told; `own` are the script's headers.
pub(super) fn of_request(
    sent: &HeaderList,
    own: &HeaderList,
    detail: Detail,
) -> Vec<(String, String)> {
    let matters = |name: &HeaderName| OF_REQUESTS.contains(&name.as_str()) || own.contains(name);
    lines(sent, matters, detail)
}

/// The lines of a response that are told.
pub(super) fn of_response(came: &HeaderList, detail: Detail) -> Vec<(String, String)> {
    let matters = |name: &HeaderName| {
        name.as_str().starts_with("access-control-") || OF_RESPONSES.contains(&name.as_str())
    };
    lines(came, matters, detail)
}

fn lines(
    headers: &HeaderList,
    matters: impl Fn(&HeaderName) -> bool,
    detail: Detail,
) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| detail == Detail::Everything || matters(name))
        .map(|(name, value)| (title(name), shown(name, value, detail)))
        .collect()
}

/// The value; of a credential only what it is called.
fn shown(name: &HeaderName, value: &HeaderValue, detail: Detail) -> String {
    let value = value.isomorphic_decode();
    if detail == Detail::Everything || !is_secret(name) {
        return value.into_owned();
    }
    match name.as_str() {
        "cookie" => {
            let names = value.split(';').map(|pair| nameless(pair.trim()));
            names.collect::<Vec<_>>().join("; ")
        }
        "set-cookie" => match value.split_once(';') {
            Some((pair, attributes)) => format!("{};{attributes}", nameless(pair)),
            None => nameless(&value),
        },
        _ => match value.split_once(' ') {
            Some((scheme, _)) => format!("{scheme} …"),
            None => "…".to_owned(),
        },
    }
}

/// `name=value` without the value.
fn nameless(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{name}=…"),
        None => "…".to_owned(),
    }
}

/// The name as people write it: `Access-Control-Allow-Origin`.
pub(crate) fn title(name: &HeaderName) -> String {
    match name.as_str() {
        "etag" => return "ETag".to_owned(),
        "www-authenticate" => return "WWW-Authenticate".to_owned(),
        _ => {}
    }
    let mut upper = true;
    name.as_str()
        .chars()
        .map(|character| {
            let written = if upper {
                character.to_ascii_uppercase()
            } else {
                character
            };
            upper = character == '-';
            written
        })
        .collect()
}
