//! The table of `Access-Control-Allow-*` values and the verdict of the CORS check on them.

use serde::Deserialize;
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::requests::CredentialsMode;
use vetch_core::{ExchangeKind, NetworkError, Reason};

use crate::cases::{self, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    #[serde(default = "origin")]
    origin: String,
    #[serde(default = "urls")]
    urls: Vec<String>,
    credentials: String,
    /// Lines of `Access-Control-Allow-Origin`.
    allow_origin: Vec<String>,
    /// Lines of `Access-Control-Allow-Credentials`.
    #[serde(default)]
    allow_credentials: Vec<String>,
}

fn origin() -> String {
    "https://a.example".to_owned()
}

fn urls() -> Vec<String> {
    vec!["https://b.example/".to_owned()]
}

#[test]
fn cors_checks() {
    let table = include_str!("../../../../fixtures/cases/cors_check.json");
    cases::check(table, |input: &Input| {
        let client = Environment::of_origin(&input.origin).expect("an origin");
        let mut request = cases::request(client, &input.urls);
        request.credentials_mode = named(&CredentialsMode::ALL, &input.credentials);
        let headers = cases::lines(&[
            ("access-control-allow-origin", &input.allow_origin),
            ("access-control-allow-credentials", &input.allow_credentials),
        ]);
        let failures = cors_check(&request, &headers).err().unwrap_or_default();
        let code = |failure| {
            let url = request.current_url().as_ref().clone();
            NetworkError::new(Reason::CorsCheck(failure), ExchangeKind::Request, url).code()
        };
        failures.into_iter().map(code).collect::<Vec<_>>()
    });
}
