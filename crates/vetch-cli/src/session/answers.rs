//! Answers: the objects that a session writes, and `--json` with them.
//! In: what became of a fetch or an op. Out: JSON, by the contract's names and in its order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;
use vetch::ExchangeRecord;
use vetch_core::{HeaderList, NetworkError, Remark};

use crate::engine::{Performed, Seen};
use crate::request_description::Mistake;

/// An answer, with the id of its line; `--json` has no id.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<T> {
    /// As it was written, or null; left out where there is no line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Box<RawValue>>,
    #[serde(flatten)]
    pub(crate) content: T,
}

/// What an answer says.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Content {
    /// The page has a response.
    #[serde(rename_all = "camelCase")]
    Response {
        response: ResponseObject,
        #[serde(skip_serializing_if = "Option::is_none")]
        timing_allow_passed: Option<bool>,
        #[serde(flatten)]
        told: Told,
    },
    /// A network error.
    Error {
        error: ErrorObject,
        #[serde(flatten)]
        told: Told,
    },
    /// The API would throw, or the line is no op.
    Invalid { invalid: InvalidObject },
    /// An op went well.
    Ok(OkObject),
}

/// What is told besides.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    exchanges: Vec<ExchangeObject>,
    remarks: Vec<RemarkObject>,
    /// Only where there is one: what other profiles would have done differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<DifferenceObject>,
}

/// What another profile would do differently.
#[derive(Debug, Serialize)]
pub(crate) struct DifferenceObject {
    profile: &'static str,
    difference: String,
}

/// A response as the page sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResponseObject {
    r#type: &'static str,
    url: String,
    redirected: bool,
    status: u16,
    status_text: String,
    headers: Vec<(String, String)>,
    body: Option<BodyObject>,
}

/// A body: text when it is UTF-8.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum BodyObject {
    Text(String),
    Base64(String),
}

/// A network error.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorObject {
    code: String,
    cdp: Option<String>,
    message: String,
    hint: String,
    kind: &'static str,
}

/// The first mistake, and the others if there are any.
#[derive(Debug, Serialize)]
pub(crate) struct InvalidObject {
    field: String,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<MistakeObject>,
}

#[derive(Debug, Serialize)]
struct MistakeObject {
    field: String,
    message: String,
}

/// One exchange as it went over the wire.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExchangeObject {
    kind: &'static str,
    method: String,
    url: String,
    request_headers: Vec<(String, String)>,
    status: Option<u16>,
    response_headers: Option<Vec<(String, String)>>,
}

/// Something odd.
#[derive(Debug, Serialize)]
pub(crate) struct RemarkObject {
    code: &'static str,
    message: String,
}

/// What an op other than fetch answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OkObject {
    pub(crate) ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cookies: Option<Vec<CookieObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) preflight_cache: Option<PreflightCacheObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) running_fetches: Option<usize>,
}

/// A cookie.
#[derive(Debug, Serialize)]
pub(crate) struct CookieObject {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The preflight cache in numbers.
#[derive(Debug, Serialize)]
pub(crate) struct PreflightCacheObject {
    pub(crate) entries: usize,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) insertions: u64,
    pub(crate) evictions: u64,
}

impl<T: Serialize> Answer<T> {
    /// One line of JSON, with its end.
    pub(crate) fn to_line(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_else(|error| {
            // Not reached: every part is a string, a number or a list of them.
            format!("{{\"invalid\":{{\"field\":\"answer\",\"message\":\"{error}\"}}}}")
        });
        line.push('\n');
        line
    }
}

impl From<Performed> for Content {
    fn from(performed: Performed) -> Self {
        let told = Told {
            exchanges: performed.exchanges.iter().map(exchange_object).collect(),
            remarks: remarks(&performed.remarks),
            profiles: differences(performed.differences),
        };
        match performed.verdict {
            Ok(seen) => Self::Response {
                timing_allow_passed: performed.timing_allow_passed,
                response: response_object(seen),
                told,
            },
            Err(error) => Self::Error {
                error: ErrorObject::from(&error),
                told,
            },
        }
    }
}

impl From<Vec<Mistake>> for Content {
    fn from(mistakes: Vec<Mistake>) -> Self {
        Self::Invalid {
            invalid: mistakes.into(),
        }
    }
}

impl From<Vec<Mistake>> for InvalidObject {
    fn from(mistakes: Vec<Mistake>) -> Self {
        let mut mistakes = mistakes.into_iter();
        let first = mistakes
            .next()
            .unwrap_or_else(|| Mistake::new("request", "it cannot be made"));
        Self {
            field: first.field,
            message: first.message,
            others: mistakes
                .map(|Mistake { field, message }| MistakeObject { field, message })
                .collect(),
        }
    }
}

impl From<&NetworkError> for ErrorObject {
    fn from(error: &NetworkError) -> Self {
        Self {
            code: error.code(),
            cdp: error.cdp(),
            message: error.to_string(),
            // One would not be enough.
            hint: error.hints().join("; and "),
            kind: error.kind().as_str(),
        }
    }
}

impl OkObject {
    /// `{"ok":true}`
    pub(crate) fn plain() -> Self {
        Self {
            ok: true,
            cookies: None,
            preflight_cache: None,
            running_fetches: None,
        }
    }
}

/// The remarks' objects.
pub(crate) fn remarks(remarks: &[Remark]) -> Vec<RemarkObject> {
    remarks
        .iter()
        .map(|remark| RemarkObject {
            code: remark.code(),
            message: remark.to_string(),
        })
        .collect()
}

/// The differences' objects.
pub(crate) fn differences(differences: Vec<(&'static str, String)>) -> Vec<DifferenceObject> {
    differences
        .into_iter()
        .map(|(profile, difference)| DifferenceObject {
            profile,
            difference,
        })
        .collect()
}

/// Headers as pairs, each byte of a value one code point.
pub(crate) fn pairs(headers: &HeaderList) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.isomorphic_decode().into_owned()))
        .collect()
}

fn response_object(seen: Seen) -> ResponseObject {
    ResponseObject {
        r#type: seen.kind.as_str(),
        url: seen.url,
        redirected: seen.redirected,
        status: seen.status,
        status_text: seen.status_text,
        headers: pairs(&seen.headers),
        body: seen.body.map(|body| body_object(&body.bytes)),
    }
}

fn body_object(bytes: &[u8]) -> BodyObject {
    match std::str::from_utf8(bytes) {
        Ok(text) => BodyObject::Text(text.to_owned()),
        Err(_) => BodyObject::Base64(STANDARD.encode(bytes)),
    }
}

/// A fragment never goes over the wire.
fn without_fragment(url: &Url) -> &str {
    let text = url.as_str();
    let fragment = url
        .fragment()
        .map_or(0, |fragment| "#".len() + fragment.len());
    &text[..text.len() - fragment]
}

fn exchange_object(exchange: &ExchangeRecord) -> ExchangeObject {
    ExchangeObject {
        kind: exchange.kind.as_str(),
        method: exchange.method.to_string(),
        url: without_fragment(&exchange.url).to_owned(),
        request_headers: pairs(&exchange.request_headers),
        status: exchange.status,
        response_headers: exchange.status.map(|_| pairs(&exchange.response_headers)),
    }
}
