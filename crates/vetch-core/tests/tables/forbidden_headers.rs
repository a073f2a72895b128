//! The tables of headers that no script sets or sees.

use serde::Deserialize;
use vetch_core::infrastructure::forbidden_headers::{
    Forbidden, forbidden_request_header, is_forbidden_response_header_name,
};

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    header: String,
    #[serde(default)]
    value: String,
}

#[test]
fn forbidden_request_headers() {
    let table = include_str!("../../../../fixtures/cases/forbidden_request_headers.json");
    cases::check(table, |input: &Input| {
        let (name, value) = cases::header(&input.header, &input.value);
        forbidden_request_header(&name, &value).map(|found| match found {
            Forbidden::Name => "name".to_owned(),
            Forbidden::Prefix { prefix } => format!("prefix {prefix}"),
            Forbidden::MethodOverride { method } => format!("method {method}"),
            other => panic!("{other} is new"),
        })
    });
}

#[test]
fn forbidden_response_header_names() {
    let table = include_str!("../../../../fixtures/cases/forbidden_response_header_names.json");
    cases::check(table, |input: &Input| {
        is_forbidden_response_header_name(&cases::header(&input.header, "").0)
    });
}
