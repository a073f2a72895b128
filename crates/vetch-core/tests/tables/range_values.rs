//! The table of `Range` values, read with and without whitespace.

use serde::Deserialize;
use vetch_core::infrastructure::range_values::{Whitespace, parse_single_range};

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    value: String,
}

/// Start and end as decimal digits.
type Range = (Option<String>, Option<String>);

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    refused: Option<Range>,
    allowed: Option<Range>,
}

#[test]
fn single_ranges() {
    let table = include_str!("../../../../fixtures/cases/range_values.json");
    cases::check(table, |input: &Input| {
        let read = |whitespace| {
            let range = parse_single_range(input.value.as_bytes(), whitespace)?;
            Some((range.start.map(number), range.end.map(number)))
        };
        Expected {
            refused: read(Whitespace::Refused),
            allowed: read(Whitespace::Allowed),
        }
    });
}

/// Digits as a number is written; the core leaves none of a zero.
fn number(digits: &[u8]) -> String {
    match digits {
        b"" => "0".to_owned(),
        _ => String::from_utf8(digits.to_vec()).expect("digits"),
    }
}
