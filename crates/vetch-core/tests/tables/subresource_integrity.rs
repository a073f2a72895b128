//! The table of integrity metadata and the bodies that match it.

use serde::Deserialize;
use vetch_core::neighbours::subresource_integrity::IntegrityMetadata;

use crate::cases;

#[derive(Deserialize)]
struct Input {
    integrity: String,
    body: String,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Mismatch {
    wanted: Vec<String>,
    got: String,
}

#[test]
fn subresource_integrity() {
    let table = include_str!("../../../../fixtures/cases/subresource_integrity.json");
    cases::check(table, |input: &Input| {
        IntegrityMetadata::parse(&input.integrity)
            .matches(input.body.as_bytes())
            .err()
            .map(|mismatch| Mismatch {
                wanted: mismatch.wanted,
                got: mismatch.got,
            })
    });
}
