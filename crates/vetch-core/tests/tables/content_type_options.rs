//! The table of `X-Content-Type-Options` values and what they block.

use serde::Deserialize;
use vetch_core::http_extensions::content_type_options::{
    determine_nosniff, should_be_blocked_due_to_nosniff,
};
use vetch_core::infrastructure::requests::Destination;

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    destination: String,
    x_content_type_options: Vec<String>,
    content_type: Vec<String>,
    nosniff: bool,
}

#[test]
fn content_type_options() {
    let table = include_str!("../../../../fixtures/cases/content_type_options.json");
    cases::check(table, |input: &Input| {
        let destination = Destination::parse(&input.destination).expect("a destination");
        let headers = cases::lines(&[
            ("x-content-type-options", &input.x_content_type_options),
            ("content-type", &input.content_type),
        ]);
        if determine_nosniff(&headers) != input.nosniff {
            return "not the nosniff expected".to_owned();
        }
        match should_be_blocked_due_to_nosniff(destination, &headers) {
            Ok(()) => "allowed".to_owned(),
            Err(_) => "blocked".to_owned(),
        }
    });
}
