//! The table of redirect chains: the taint they leave and the origin that is sent.

use serde::Deserialize;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::requests::RedirectTaint;

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    origin: String,
    urls: Vec<String>,
}

#[test]
fn redirect_taint() {
    let table = include_str!("../../../../fixtures/cases/redirect_taint.json");
    cases::check(table, |input: &Input| {
        let client = Environment::of_origin(&input.origin).expect("an origin");
        let request = cases::request(client, &input.urls);
        let taint = match request.redirect_taint() {
            RedirectTaint::SameOrigin => "same-origin",
            RedirectTaint::SameSite => "same-site",
            RedirectTaint::CrossSite => "cross-site",
        };
        (
            taint.to_owned(),
            request.byte_serialized_origin().to_string(),
        )
    });
}
