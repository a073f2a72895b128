//! The table of methods: which are methods, forbidden, safelisted, and what normalising makes of them.

use serde::Deserialize;
use vetch_core::infrastructure::methods::{is_cors_safelisted, is_forbidden, normalize, parse};

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    method: String,
}

/// What is found of a method; of what is none, only whether it is forbidden.
#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    normalized: Option<String>,
    /// As written, before it is normalised.
    safelisted: bool,
    forbidden: bool,
}

#[test]
fn methods() {
    let table = include_str!("../../../../fixtures/cases/methods.json");
    cases::check(table, |input: &Input| {
        let method = parse(input.method.as_bytes());
        Expected {
            safelisted: method.as_ref().is_some_and(is_cors_safelisted),
            normalized: method.map(|method| normalize(method).to_string()),
            forbidden: is_forbidden(input.method.as_bytes()),
        }
    });
}
