//! The tables of bytes: what normalising makes of them, and how a value splits.

use serde::Deserialize;
use vetch_core::infrastructure::header_values::{
    HeaderValue, InvalidHeaderValue, get_decode_and_split, isomorphic_decode,
};

use crate::cases;

/// Code points that are bytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    value: String,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
enum Normalized {
    Value(String),
    ForbiddenByte { byte: u8, position: usize },
    NotAByte(char),
}

#[test]
fn normalize() {
    let table = include_str!("../../../../fixtures/cases/header_values.json");
    cases::check(table, |input: &Input| {
        match HeaderValue::from_byte_string(&input.value) {
            Ok(value) => Normalized::Value(value.isomorphic_decode().into_owned()),
            Err(InvalidHeaderValue::ForbiddenByte { byte, position }) => {
                Normalized::ForbiddenByte { byte, position }
            }
            Err(InvalidHeaderValue::NotAByte { character }) => Normalized::NotAByte(character),
            Err(other) => panic!("{other}"),
        }
    });
}

#[test]
fn split() {
    let table = include_str!("../../../../fixtures/cases/get_decode_and_split.json");
    cases::check(table, |input: &Input| {
        let bytes: Vec<u8> = input
            .value
            .chars()
            .map(|c| u8::try_from(c).expect("a byte"))
            .collect();
        let items = get_decode_and_split(&bytes);
        items
            .map(|item| isomorphic_decode(item).into_owned())
            .collect::<Vec<_>>()
    });
}

#[test]
#[should_panic(expected = "not a header value")]
fn a_static_value_has_no_space_at_its_end() {
    let _ = HeaderValue::from_static("text/plain ");
}

#[test]
#[should_panic(expected = "not a header value")]
fn a_static_value_has_no_tab_at_its_start() {
    let _ = HeaderValue::from_static("\ttext/plain");
}
