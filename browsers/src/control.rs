//! What the servers say to the instrument's own pages.
//!
//! | path | answer |
//! | --- | --- |
//! | `GET /control` | the page that runs scenarios in frames, on any role |
//! | `POST /control/next` | a scenario to run, or `null` |
//! | `POST /control/outcome` | writes down what a step came to; the next step begins |
//! | `POST /control/turn` | where to go on, when this role's pages have nothing left |
//! | `GET <folder>/page` | the page of a scenario's frame |
//! | `GET <folder>/plant?<n>` | a visit that leaves the n-th cookie |

use serde::Deserialize;
use serde_json::{Value, json};

use crate::http1::{RawRequest, write_head};
use crate::recording::Usual;
use crate::roles::Role;
use crate::scenario::Scenario;
use crate::stage::Stage;

const CONTROL: &str = include_str!("page/control.js");
const FRAME: &str = include_str!("page/frame.js");

#[derive(Deserialize)]
struct Next {
    alone: bool,
}

#[derive(Deserialize)]
struct Outcome {
    run: usize,
    outcome: Value,
}

/// An answer to a `/control` path, as bytes.
pub fn control(stage: &Stage, role: Role, request: &RawRequest) -> Vec<u8> {
    let value = match request.path() {
        "/control" => {
            let own = |name| request.header(name).unwrap_or_default().to_owned();
            stage.greet(Usual {
                user_agent: own("user-agent"),
                accept_language: own("accept-language"),
            });
            return html(&[], &control_page());
        }
        "/control/next" => serde_json::from_slice(&request.body)
            .map(|next: Next| json!(stage.next(role, next.alone)))
            .unwrap_or_default(),
        "/control/outcome" => {
            if let Ok(Outcome { run, outcome }) = serde_json::from_slice(&request.body) {
                stage.outcome(run, outcome);
            }
            Value::Null
        }
        "/control/turn" => json!(
            stage
                .turn()
                .map(|role| stage.places().origin(role) + "/control")
        ),
        _ => return not_found(),
    };
    page("application/json", &[], &value.to_string())
}

/// The page of a scenario's frame.
pub fn frame(scenario: &Scenario, fill: impl Fn(&str) -> String) -> Vec<u8> {
    let headers: Vec<_> = scenario
        .page_headers
        .iter()
        .map(|(name, value)| (name.clone(), fill(value)))
        .collect();
    html(&headers, FRAME)
}

/// A visit that leaves a cookie behind and goes away.
pub fn plant(scenario: &Scenario, query: &str) -> Vec<u8> {
    let cookie = query
        .parse()
        .ok()
        .and_then(|at: usize| scenario.cookies.get(at));
    let headers: Vec<_> = cookie
        .map(|cookie| ("Set-Cookie".into(), cookie.value.clone()))
        .into_iter()
        .collect();
    html(&headers, "opener.postMessage('planted', '*'); close();")
}

/// Nothing here (a browser's own `/favicon.ico`, say).
pub fn not_found() -> Vec<u8> {
    write_head(404, "Not Found", &[("Content-Length".into(), "0".into())])
}

fn control_page() -> String {
    // `</script>` inside the string must not end the script around it.
    let frame = json!(document(FRAME)).to_string().replace('<', "\\u003c");
    format!("const frameDocument = {frame};\n{CONTROL}")
}

fn document(script: &str) -> String {
    format!(
        "<!doctype html><meta charset=utf-8><title>vetch</title><body><script>\n{script}</script>"
    )
}

fn html(headers: &[(String, String)], script: &str) -> Vec<u8> {
    page("text/html;charset=utf-8", headers, &document(script))
}

fn page(content_type: &str, headers: &[(String, String)], body: &str) -> Vec<u8> {
    let mut all = vec![
        ("Content-Type".into(), content_type.into()),
        ("Content-Length".into(), body.len().to_string()),
        ("Cache-Control".into(), "no-store".into()),
    ];
    all.extend_from_slice(headers);
    let mut bytes = write_head(200, "OK", &all);
    bytes.extend(body.as_bytes());
    bytes
}
