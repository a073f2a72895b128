//! What the machine did, as the lines of a row.

use std::fmt::Write as _;

use vetch_core::fetching::cors_preflight_cache::{CredentialsFlag, EntryToken};
use vetch_core::{
    AgentState, Body, Credentials, ExchangeKind, HeaderName, HeaderValue, Outcome, OutgoingRequest,
    Remark, ResponseBody, Timestamp,
};

/// A request on its way.
pub(crate) fn request(request: &OutgoingRequest, agent: &AgentState) -> Vec<String> {
    let credentials = match request.credentials {
        Credentials::Include => "include",
        Credentials::Omit => "omit",
    };
    let kind = request.kind.as_str();
    let mut lines = vec![format!(
        "{kind} {} {} {credentials}",
        request.method, request.url
    )];
    let mut headers: Vec<String> = request
        .header_list
        .iter()
        .filter(|(name, value)| !is_default(request.kind, name, value, agent))
        .filter(|(name, _)| !name.as_str().starts_with("sec-fetch-"))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    lines.extend(headers);
    lines.extend(sec_fetch(request));
    match request.body {
        Body::None => {}
        Body::Replayable { length } => lines.push(format!("body: {length} bytes")),
        Body::Stream => lines.push("body: stream".to_owned()),
    }
    lines
}

/// Values that every request has and no row is about.
fn is_default(
    kind: ExchangeKind,
    name: &HeaderName,
    value: &HeaderValue,
    agent: &AgentState,
) -> bool {
    let defaults = &agent.default_headers;
    match name.as_str() {
        "accept" => kind == ExchangeKind::Request && *value == "*/*",
        "accept-language" => kind == ExchangeKind::Request && value == defaults.accept_language(),
        "accept-encoding" => *value == defaults.accept_encoding,
        "user-agent" => *value == defaults.user_agent,
        _ => false,
    }
}

fn sec_fetch(request: &OutgoingRequest) -> Option<String> {
    let values: Vec<String> = ["site", "mode", "dest", "user"]
        .into_iter()
        .filter_map(|part| request.header_list.get(&*format!("sec-fetch-{part}")))
        .map(|value| value.to_string())
        .collect();
    (!values.is_empty()).then(|| format!("sec-fetch: {}", values.join(" ")))
}

/// The end of a fetch; `door` are the remarks made before it.
pub(crate) fn outcome(outcome: &Outcome, door: &[Remark]) -> Vec<String> {
    let mut lines = Vec::new();
    match &outcome.verdict {
        Ok(response) => {
            let url = response.url().map_or("-", |url| url.as_str());
            let redirected = if response.is_redirected() {
                " redirected"
            } else {
                ""
            };
            lines.push(format!(
                "{} {} {url}{redirected}",
                response.kind().as_str(),
                response.status()
            ));
            let headers = response.header_list().iter();
            lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
            match response.body() {
                ResponseBody::Network => {}
                ResponseBody::Null => lines.push("body: null".to_owned()),
                ResponseBody::Bytes(bytes) => {
                    lines.push(format!("body: {}", String::from_utf8_lossy(bytes)));
                }
            }
            if outcome.integrity_metadata.is_some() {
                lines.push("body must match the integrity metadata".to_owned());
            }
        }
        Err(error) => {
            let mut first = format!("error {}", error.code());
            if error.exchange() == ExchangeKind::Preflight {
                first.push_str(" of preflight");
            }
            if error.hop() > 0 {
                let _ = write!(first, " at hop {}", error.hop());
            }
            lines.push(first);
            lines.extend(error.cdp().map(|name| format!("cdp: {name}")));
            lines.extend(further(error).map(|code| format!("also: {code}")));
            lines.push(format!("hint: {}", error.hint()));
        }
    }
    let remarks = door.iter().chain(outcome.trace.remarks());
    lines.extend(remarks.map(|remark| format!("remark: {}", remark.code())));
    lines
}

/// The codes of the failures after the first, as each would have alone.
fn further(error: &vetch_core::NetworkError) -> impl Iterator<Item = String> {
    error.reasons().skip(1).map(|reason| {
        vetch_core::NetworkError::new(reason.clone(), error.exchange(), error.url().clone()).code()
    })
}

/// What the preflight cache keeps.
pub(crate) fn kept(agent: &AgentState, now: Timestamp) -> Vec<String> {
    let entries = agent.preflight_cache.export(now);
    entries
        .iter()
        .map(|entry| {
            let token = match &entry.token {
                EntryToken::Method(method) => format!("method {method}"),
                EntryToken::HeaderName(name) => format!("header {name}"),
            };
            let credentials = match entry.credentials {
                CredentialsFlag::Included => "credentialed",
                CredentialsFlag::NotIncluded => "uncredentialed",
            };
            let text = entry.text.as_ref().expect("the texts are kept");
            format!(
                "{} {} {token} {credentials} {} s",
                text.origin, text.url, entry.remaining_seconds
            )
        })
        .collect()
}
