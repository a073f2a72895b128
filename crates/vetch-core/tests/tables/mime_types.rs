//! The table of `Content-Type` values and what is extracted from them.

use serde::Deserialize;
use vetch_core::infrastructure::mime_types::extract_a_mime_type;

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    content_type: Vec<String>,
}

#[test]
fn mime_types() {
    let table = include_str!("../../../../fixtures/cases/mime_types.json");
    cases::check(table, |input: &Input| {
        let headers = cases::lines(&[("content-type", &input.content_type)]);
        extract_a_mime_type(&headers).map(|mime_type| mime_type.to_string())
    });
}
