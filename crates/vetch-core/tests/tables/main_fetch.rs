//! The table of requests and how main fetch classifies them.

use serde::Deserialize;
use vetch_core::fetching::main_fetch::{classify, needs_preflight, preflight_causes, prepare};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::methods;
use vetch_core::infrastructure::requests::{InitiatorType, Mode, RedirectMode, Request};
use vetch_core::trace::{Classification, PreflightCause};
use vetch_core::{ExchangeKind, NetworkError, Profile};

use crate::cases::{self, TAINTINGS, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Input {
    origin: String,
    urls: Vec<String>,
    mode: String,
    redirect: String,
    tainting: String,
    method: String,
    headers: Vec<(String, String)>,
    unsafe_request: bool,
    use_cors_preflight: bool,
    local_urls_only: bool,
    /// `fetch` or `xhr`
    initiator: String,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            origin: "https://a.example".to_owned(),
            urls: Vec::new(),
            mode: "cors".to_owned(),
            redirect: "follow".to_owned(),
            tainting: "basic".to_owned(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            unsafe_request: true,
            use_cors_preflight: false,
            local_urls_only: false,
            initiator: "fetch".to_owned(),
        }
    }
}

impl Input {
    fn request(&self) -> Request {
        let client = Environment::of_origin(&self.origin).expect("an origin");
        let mut request = cases::request(client, &self.urls);
        request.mode = named(&Mode::ALL, &self.mode);
        request.redirect_mode = named(&RedirectMode::ALL, &self.redirect);
        request.response_tainting = named(&TAINTINGS, &self.tainting);
        request.method = methods::parse(self.method.as_bytes()).expect("a method");
        request.header_list = cases::header_list(&self.headers);
        request.unsafe_request = self.unsafe_request;
        request.use_cors_preflight = self.use_cors_preflight;
        request.local_urls_only = self.local_urls_only;
        request.initiator_type = match self.initiator.as_str() {
            "fetch" => InitiatorType::Fetch,
            "xhr" => InitiatorType::XmlHttpRequest,
            other => panic!("{other} is no initiator"),
        };
        request
    }
}

#[test]
fn classifications() {
    let table = include_str!("../../../../fixtures/cases/main_fetch.json");
    cases::check(table, |input: &Input| {
        let mut request = input.request();
        match prepare(&mut request, &Profile::SPEC)
            .and_then(|()| classify(&request, &Profile::SPEC))
        {
            Ok(Classification::Basic) => "basic".to_owned(),
            Ok(Classification::Opaque) => "opaque".to_owned(),
            Ok(Classification::Cors) => "cors".to_owned(),
            Ok(Classification::CorsWithPreflight) => "cors with preflight".to_owned(),
            Err(reason) => {
                let url = request.current_url().as_ref().clone();
                NetworkError::new(reason, ExchangeKind::Request, url).code()
            }
        }
    });
}

#[test]
fn causes() {
    let table = include_str!("../../../../fixtures/cases/preflight_causes.json");
    cases::check(table, |input: &Input| {
        let request = input.request();
        let causes = preflight_causes(&request, &Profile::SPEC);
        assert_eq!(
            !causes.is_empty(),
            needs_preflight(&request, &Profile::SPEC),
            "a preflight has a cause"
        );
        let text = |cause: &PreflightCause| match cause {
            PreflightCause::Method { method } => format!("method {method}"),
            PreflightCause::Header { name, .. } => format!("header {name}"),
            PreflightCause::Flag => "flag".to_owned(),
            other => panic!("{other} is new"),
        };
        causes.iter().map(text).collect::<Vec<_>>()
    });
}
