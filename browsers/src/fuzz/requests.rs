//! What a page asks for.

use super::dice::Dice;
use super::values::{
    BLOB_TYPES, BOUNDARY_BYTES, CACHE_MODES, CONTENT_TYPES, INTEGRITIES, METHODS, PLAIN_HEADERS,
    RANGES, REFERRER_POLICIES, REFERRERS, SAFELISTED_NAMES,
};
use crate::roles::Role;
use crate::scenario::{Body, RequestDescription};

/// A request for that path at that role.
pub(super) fn request(dice: &mut Dice, role: Role, path: &str) -> RequestDescription {
    let suffix = dice.weighted(&[(90, ""), (4, "?q"), (3, "#f"), (3, "?a=b#f")]);
    let mut request = RequestDescription {
        url: format!("{{{role}}}{path}{suffix}"),
        method: dice.weighted(METHODS).map(String::from),
        headers: headers(dice),
        ..RequestDescription::default()
    };
    body(dice, &mut request);
    if dice.percent(20) {
        request.initiator = Some("xhr".into());
        request.with_credentials = dice.percent(35);
        request.upload_listeners = dice.percent(35);
    } else {
        fetch_members(dice, &mut request);
    }
    request
}

/// The same with one thing changed, or nothing.
pub(super) fn change(dice: &mut Dice, request: &mut RequestDescription) {
    match dice.number(0..=7) {
        0 | 1 => request.method = dice.weighted(METHODS).map(String::from),
        2 => request.headers = headers(dice),
        3 => {
            request.headers.pop();
        }
        4 if request.initiator.is_some() => request.with_credentials = !request.with_credentials,
        4 => request.credentials = credentials(dice),
        5 if request.initiator.is_none() => {
            request.cache = dice.percent(60).then(|| dice.pick(CACHE_MODES).into());
        }
        5 => request.upload_listeners = !request.upload_listeners,
        _ => {}
    }
}

fn fetch_members(dice: &mut Dice, request: &mut RequestDescription) {
    let mode = dice.weighted(&[
        (78, None),
        (4, Some("cors")),
        (12, Some("no-cors")),
        (6, Some("same-origin")),
    ]);
    request.mode = mode.map(String::from);
    request.credentials = credentials(dice);
    let redirect = dice.weighted(&[
        (86, None),
        (2, Some("follow")),
        (5, Some("error")),
        (7, Some("manual")),
    ]);
    request.redirect = redirect.map(String::from);
    if dice.percent(6) {
        request.cache = Some(dice.pick(CACHE_MODES).into());
    }
    if dice.percent(8) {
        request.referrer_policy = Some(dice.pick(REFERRER_POLICIES).into());
    }
    if dice.percent(3) {
        request.referrer = Some(dice.pick(REFERRERS).into());
    }
    if dice.percent(2) {
        request.integrity = Some(dice.pick(INTEGRITIES).into());
    }
    request.keepalive = dice.percent(2);
}

fn credentials(dice: &mut Dice) -> Option<String> {
    let credentials = dice.weighted(&[
        (40, None),
        (32, Some("include")),
        (14, Some("omit")),
        (14, Some("same-origin")),
    ]);
    credentials.map(String::from)
}

fn headers(dice: &mut Dice) -> Vec<(String, String)> {
    let count = dice.weighted(&[(40, 0), (32, 1), (16, 2), (8, 3), (4, 4)]);
    let mut headers: Vec<(String, String)> = Vec::new();
    for _ in 0..count {
        headers.push(header(dice));
    }
    if dice.percent(1) {
        headers = many_lines(dice);
    }
    headers
}

fn header(dice: &mut Dice) -> (String, String) {
    if dice.percent(60) {
        let (name, value) = dice.weighted(PLAIN_HEADERS);
        return (name.into(), value.into());
    }
    let name = dice.weighted(SAFELISTED_NAMES);
    let value = match name {
        "Range" => dice.weighted(RANGES).into(),
        "Content-Type" | "CONTENT-TYPE" if dice.percent(80) => dice.weighted(CONTENT_TYPES).into(),
        "Content-Type" | "CONTENT-TYPE" => format!("text/plain;a={}", odd_value(dice)),
        _ => odd_value(dice),
    };
    (name.into(), value)
}

/// A safe value, one that is just as long as may be or a byte longer, or one with a byte at a boundary.
fn odd_value(dice: &mut Dice) -> String {
    match dice.number(0..=9) {
        0 => "a".repeat(128),
        1 => "a".repeat(129),
        2 => String::new(),
        3..=5 => "en".into(),
        _ => format!("a{}b", dice.pick(BOUNDARY_BYTES)),
    }
}

/// Values that are safe one by one, and together at or above 1024 bytes.
fn many_lines(dice: &mut Dice) -> Vec<(String, String)> {
    let names = [
        "Accept",
        "Accept-Language",
        "Content-Language",
        "Content-Type",
    ];
    let lines = dice.number(7..=9);
    let line = |at: usize| {
        let value = match names[at % names.len()] {
            "Content-Type" => format!("text/plain;a={}", "b".repeat(115)),
            _ => "a".repeat(128),
        };
        (names[at % names.len()].to_owned(), value)
    };
    (0..lines).map(line).collect()
}

fn body(dice: &mut Dice, request: &mut RequestDescription) {
    let method = request.method.as_deref().unwrap_or("GET");
    let bodiless = ["GET", "HEAD"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(method));
    if !dice.percent(if bodiless { 2 } else { 55 }) {
        return;
    }
    match dice.number(0..=9) {
        0..=4 => request.body = Some(Body::Text("x".into())),
        // With a Content-Type of the script's own, nothing on the wire says how the parts are told apart.
        5 if !names(request, "content-type") => {
            request.body = Some(Body::Form(vec![("a".into(), "b".into())]));
        }
        6 => request.body = Some(Body::Text(String::new())),
        _ => {
            request.body = Some(Body::Text("a=b".into()));
            request.body_type = Some(dice.percent(85).then(|| dice.pick(BLOB_TYPES).into()));
        }
    }
}

fn names(request: &RequestDescription, name: &str) -> bool {
    let mut names = request.headers.iter().map(|(name, _)| name);
    names.any(|given| given.eq_ignore_ascii_case(name))
}
