//! What one scenario says: a page, what the page does step by step, and what the servers answer.
//!
//! The types are the format of `fixtures/scenarios/<family>.json` (an array; see [`crate::family`] for its tables), and
//! need no browser: a replay reads the same files.
//!
//! Answers are keyed `"<METHOD> <path>"`, with `PREFLIGHT` as the method of an `OPTIONS` that carries
//! `Access-Control-Request-Method`, and `*` for any method. A path with a query is tried before the same path without.
//! Paths do not name the role: a scenario uses each path on one origin only. The step's answers are tried before the
//! scenario's; each list is used up hit by hit, and its last answer repeats. What nobody scripted gets a friendly
//! answer: a preflight 204 that allows all it asks for, anything else 200 with `ok`, readable by every origin.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::roles::Role;

/// One scenario. Its name is a sentence that names the rule, and is unique in its family.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// The rule in one sentence.
    pub name: String,
    /// Where the page comes from.
    #[serde(default = "same")]
    pub page: Role,
    /// Where the page around the frame comes from; the page's own origin unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Role>,
    /// A frame whose origin is opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
    /// Response headers of the page (its referrer policy, say).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub page_headers: Vec<(String, String)>,
    /// Cookies that a top-level visit left behind, before the first step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<PlantedCookie>,
    /// What the servers answer in any step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: Answers,
    /// What the page does, one after the other.
    pub steps: Vec<Step>,
    /// Run with nothing beside it, because it leaves its folder (HTTP authentication, say).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// How a frame comes by an opaque origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// `<iframe sandbox="allow-scripts">`
    Sandboxed,
    /// A `data:` URL.
    Data,
}

/// A cookie set by a visit to a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantedCookie {
    /// Which site is visited.
    pub at: Role,
    /// Its `Set-Cookie`.
    pub value: String,
}

/// One request and what answers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// What the page does.
    pub request: RequestDescription,
    /// What the servers answer in this step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: Answers,
    /// How long to wait after the outcome, for requests that outlive it or for a cache entry to age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then_wait_ms: Option<u64>,
}

/// `"<METHOD> <path>"` to one answer per hit.
pub type Answers = BTreeMap<String, Vec<Answer>>;

/// One scripted answer, sent as told. Only `Content-Length` is added, where the headers do not frame the body.
///
/// Header values are bytes by code point, and may use, besides the templates of [`crate::places`], `{origin}` (the
/// request's Origin), `{acrm}`, `{acrh}` (its Access-Control-Request-Method and -Headers).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// The status code.
    #[serde(default = "ok")]
    pub status: u16,
    /// The reason phrase; the usual one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_text: Option<String>,
    /// Header lines, in order, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Adds, after the headers, what lets every origin read the answer, with credentials too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow: bool,
    /// Closes the connection instead of answering.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hang_up: bool,
    /// Heads of 1xx answers that come before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interim: Vec<Interim>,
    /// How long the server thinks first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// A head that another follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interim {
    /// The status code.
    pub status: u16,
    /// Header lines, in order, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

/// The members of a session's request that describe what a script asks for; absent ones take the API's default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are members of the session's request, each with its name"
)]
pub struct RequestDescription {
    /// The URL, with a role: `{cross}/a`.
    pub url: String,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A value's code points are bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The request's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Absent: what the body's kind implies. `null`: none. A string: that of a Blob (or of `URLSearchParams`).
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub body_type: Option<Option<String>>,
    /// `cors`, `no-cors`, `same-origin`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `omit`, `same-origin`, `include`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// The cache mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// The redirect mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// A URL, or empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// A referrer policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer_policy: Option<String>,
    /// Subresource integrity metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
    /// Outlives the page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keepalive: bool,
    /// `half`, for stream bodies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplex: Option<String>,
    /// Which API or element asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiator: Option<String>,
    /// An element's `crossorigin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crossorigin: Option<String>,
    /// XMLHttpRequest: listeners on `upload` before `send()`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub upload_listeners: bool,
    /// XMLHttpRequest: listeners on `upload` after `send()`, too late to ask for a preflight.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub late_upload_listeners: bool,
    /// XMLHttpRequest: `withCredentials`; EventSource too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub with_credentials: bool,
    /// The script gives up after so long: an AbortController's signal, or XMLHttpRequest's `abort()`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_after_ms: Option<u64>,
    /// XMLHttpRequest: `timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// The outcome says whether PerformanceResourceTiming shows its times.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub timing: bool,
}

/// Bytes, written as readably as they allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// UTF-8.
    Text(String),
    /// Anything.
    Base64(String),
    /// Chunks of a stream, each in Base64.
    Stream(Vec<String>),
    /// One character so many times.
    Repeat(char, usize),
    /// Names and values of a `FormData`.
    Form(Vec<(String, String)>),
}

fn same() -> Role {
    Role::SAME
}

fn ok() -> u16 {
    200
}

/// Tells `null` from absent.
#[expect(
    clippy::option_option,
    reason = "absent, null and a string are three answers"
)]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
