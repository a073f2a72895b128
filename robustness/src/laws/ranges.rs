//! A value of `Range`: it parses as the steps say, with and without white space.

use vetch_core::infrastructure::range_values::{Whitespace, parse_single_range};

use crate::steps::ranges::{number, parse_single};

/// The bytes are the value.
pub fn hold(bytes: &[u8]) {
    for whitespace in [Whitespace::Allowed, Whitespace::Refused] {
        let filled = |digits: &[u8]| number(digits, bytes.len());
        let parsed = parse_single_range(bytes, whitespace)
            .map(|range| (range.start.map(filled), range.end.map(filled)));
        assert_eq!(parsed, parse_single(bytes, whitespace), "{whitespace:?}");
    }
}
