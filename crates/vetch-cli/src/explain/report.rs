//! The report: a forecast as text, and as JSON.
//! In: a forecast. Out: what `vetch explain` writes.

use serde::Serialize;
use vetch_core::trace::{Classification, PreflightCause};
use vetch_core::{Credentials, OutgoingRequest, Profile};

use super::forecast::Forecast;
use super::required::{Header, Required};
use crate::request_description::Wish;
use crate::session::answers::{
    DifferenceObject, ErrorObject, RemarkObject, differences, pairs, remarks,
};
use crate::story::explanation;
use crate::story::headers::title;
use crate::story::paper::{BAD, BOLD, DIM, GOOD, NOTE, PLAIN, Paper, SENT};

/// `vetch explain --json`
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    url: &'a str,
    origin: String,
    profile: &'static str,
    /// `basic`, `opaque`, `cors`, `cors-with-preflight`, or null where it is blocked before.
    classification: Option<&'static str>,
    causes: Vec<CauseObject>,
    preflight: Option<RequestObject>,
    request: Option<RequestObject>,
    required: &'a Required,
    profiles: Vec<DifferenceObject>,
    remarks: Vec<RemarkObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject>,
}

#[derive(Debug, Serialize)]
struct CauseObject {
    /// `method`, `header` or `flag`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    message: String,
}

#[derive(Debug, Serialize)]
struct RequestObject {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    /// Whether cookies and other credentials go with it.
    credentials: bool,
}

/// The forecast as an object.
pub(crate) fn object<'a>(wish: &'a Wish, profile: Profile, forecast: &'a Forecast) -> Report<'a> {
    let request = &wish.constructed.request;
    Report {
        url: request.current_url().as_str(),
        origin: request.origin.to_string(),
        profile: profile.name,
        classification: forecast.classification.as_ref().map(class_name),
        causes: forecast.causes.iter().map(cause_object).collect(),
        preflight: forecast.preflight.as_ref().map(request_object),
        request: forecast.request.as_ref().map(request_object),
        required: &forecast.required,
        profiles: differences(forecast.differences.clone()),
        remarks: remarks(&wish.constructed.remarks),
        error: forecast.error.as_ref().map(ErrorObject::from),
    }
}

/// The forecast as text.
pub(crate) fn text(wish: &Wish, profile: Profile, forecast: &Forecast) -> String {
    let mut paper = Paper::default();
    let request = &wish.constructed.request;
    let title = format!("{} {}", request.method, request.current_url());
    paper.line(0, &[(BOLD, &title)]);
    let from = format!("from {}, rules of {}", request.origin, profile.name);
    paper.line(0, &[(DIM, &from)]);
    paper.gap();
    if let Some(classification) = &forecast.classification {
        paper.line(0, &[(PLAIN, explanation(classification))]);
    }
    for cause in &forecast.causes {
        paper.line(2, &[(PLAIN, &format!("- {cause}"))]);
    }
    if let Some(preflight) = &forecast.preflight {
        tell_request("first it sends", preflight, &mut paper);
        paper.line(
            2,
            &[(
                PLAIN,
                "and the answer must have a status of 200 to 299, and",
            )],
        );
        tell_wanted(&forecast.required.preflight, &mut paper);
    }
    if let Some(request) = &forecast.request {
        let heading = if forecast.preflight.is_some() {
            "then it sends"
        } else {
            "it sends"
        };
        tell_request(heading, request, &mut paper);
        if !forecast.required.response.is_empty() {
            paper.line(2, &[(PLAIN, "and the page may read the answer if it has")]);
            tell_wanted(&forecast.required.response, &mut paper);
        }
    }
    tell_end(wish, forecast, &mut paper);
    paper.into_text()
}

fn tell_request(heading: &str, request: &OutgoingRequest, paper: &mut Paper) {
    paper.gap();
    paper.line(0, &[(BOLD, heading)]);
    let line = format!("{} {}", request.method, request.url);
    paper.line(2, &[(SENT, "> "), (PLAIN, &line)]);
    for (name, value) in request.header_list.iter() {
        let name = format!("{}: ", title(name));
        paper.line(
            2,
            &[(SENT, ">   "), (DIM, &name), (PLAIN, &value.to_string())],
        );
    }
    let credentials = match request.credentials {
        Credentials::Include => "with the cookies and other credentials that are stored for it",
        Credentials::Omit => "without cookies or other credentials",
    };
    paper.line(2, &[(PLAIN, credentials)]);
}

fn tell_wanted(wanted: &[Header], paper: &mut Paper) {
    for header in wanted {
        paper.line(4, &[(GOOD, &header.line())]);
    }
}

fn tell_end(wish: &Wish, forecast: &Forecast, paper: &mut Paper) {
    match &forecast.error {
        Some(error) => {
            paper.gap();
            let words = error.to_string();
            paper.line(0, &[(BAD, "BLOCKED before any network: "), (PLAIN, &words)]);
            paper.line(2, &[(GOOD, "to mend it: "), (PLAIN, &error.hint())]);
            let anchor = format!("the Standard: {}", error.anchor());
            paper.line(2, &[(DIM, &anchor)]);
        }
        None if forecast.request.is_none() => {
            paper.gap();
            paper.line(
                0,
                &[(PLAIN, "it needs no network: the answer is in the URL")],
            );
        }
        None => {}
    }
    if !wish.constructed.remarks.is_empty() || !forecast.differences.is_empty() {
        paper.gap();
    }
    for remark in &wish.constructed.remarks {
        paper.line(0, &[(NOTE, "remark: "), (PLAIN, &remark.to_string())]);
    }
    for (profile, difference) in &forecast.differences {
        paper.line(0, &[(NOTE, &format!("{profile}: ")), (PLAIN, difference)]);
    }
}

const fn class_name(classification: &Classification) -> &'static str {
    match classification {
        Classification::Basic => "basic",
        Classification::Opaque => "opaque",
        Classification::Cors => "cors",
        Classification::CorsWithPreflight => "cors-with-preflight",
    }
}

fn cause_object(cause: &PreflightCause) -> CauseObject {
    let (kind, name) = match cause {
        PreflightCause::Method { method } => ("method", Some(method.to_string())),
        PreflightCause::Header { name, .. } => ("header", Some(name.to_string())),
        _ => ("flag", None),
    };
    CauseObject {
        kind,
        name,
        message: cause.to_string(),
    }
}

fn request_object(request: &OutgoingRequest) -> RequestObject {
    RequestObject {
        method: request.method.to_string(),
        url: request.url.to_string(),
        headers: pairs(&request.header_list),
        credentials: request.credentials == Credentials::Include,
    }
}
