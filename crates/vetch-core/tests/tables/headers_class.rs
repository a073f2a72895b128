//! The table of what a `Headers` object takes, by its guard.

use serde::Deserialize;
use vetch_core::fetch_api::headers_class::{Fate, Guard, Headers, InvalidHeader};

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    guard: String,
    calls: Vec<(String, String, String)>,
}

/// What became of each call, and the list in the end.
#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    fates: Vec<String>,
    list: Vec<(String, String)>,
}

const GUARDS: [(&str, Guard); 5] = [
    ("immutable", Guard::Immutable),
    ("request", Guard::Request),
    ("request-no-cors", Guard::RequestNoCors),
    ("response", Guard::Response),
    ("none", Guard::None),
];

#[test]
fn headers_class() {
    let table = include_str!("../../../../fixtures/cases/headers_class.json");
    cases::check(table, |input: &Input| {
        let mut headers = Headers::new(cases::named(&GUARDS, &input.guard));
        let mut fate = |(call, name, value): &(String, String, String)| {
            let fate = match call.as_str() {
                "append" => headers.append(name, value),
                "set" => headers.set(name, value),
                "delete" => headers.delete(name),
                other => panic!("{other} is no call"),
            };
            match fate {
                Ok(Fate::Kept) => "kept",
                Ok(Fate::Dropped { .. }) => "dropped",
                Err(InvalidHeader::Name { .. }) => "throws: name",
                Err(InvalidHeader::Value { .. }) => "throws: value",
                Err(InvalidHeader::Immutable) => "throws: immutable",
                Err(other) => panic!("{other}"),
            }
        };
        let fates = input
            .calls
            .iter()
            .map(|call| fate(call).to_owned())
            .collect();
        let list = cases::pairs(headers.list());
        Expected { fates, list }
    });
}
