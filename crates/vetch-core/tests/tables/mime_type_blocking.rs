//! The table of MIME types that a script must not have.

use serde::Deserialize;
use vetch_core::infrastructure::mime_type_blocking::should_be_blocked_due_to_mime_type;
use vetch_core::infrastructure::requests::Destination;

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    destination: String,
    content_type: Vec<String>,
}

#[test]
fn mime_type_blocking() {
    let table = include_str!("../../../../fixtures/cases/mime_type_blocking.json");
    cases::check(table, |input: &Input| {
        let destination = Destination::parse(&input.destination).expect("a destination");
        let headers = cases::lines(&[("content-type", &input.content_type)]);
        should_be_blocked_due_to_mime_type(destination, &headers)
            .err()
            .map(|block| block.mime_type)
    });
}
