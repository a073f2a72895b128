//! Reading ranges, step by step.

use vetch_core::infrastructure::range_values::Whitespace;

/// A number that a range names: its digits, filled up with zeros, so that any two compare as text.
pub type Number = String;

/// Parse a single range header value · fetch.spec.whatwg.org/#simple-range-header-value
pub fn parse_single(
    value: &[u8],
    whitespace: Whitespace,
) -> Option<(Option<Number>, Option<Number>)> {
    let data: Vec<char> = value.iter().copied().map(char::from).collect();
    let mut position = 5;
    if !data.starts_with(&['b', 'y', 't', 'e', 's']) {
        return None;
    }
    let skip = |position: &mut usize| {
        while whitespace == Whitespace::Allowed && matches!(data.get(*position), Some('\t' | ' ')) {
            *position += 1;
        }
    };
    let digits = |position: &mut usize| {
        let start = *position;
        while data.get(*position).is_some_and(char::is_ascii_digit) {
            *position += 1;
        }
        (*position > start).then(|| number(&value[start..*position], value.len()))
    };
    skip(&mut position);
    if data.get(position) != Some(&'=') {
        return None;
    }
    position += 1;
    skip(&mut position);
    let start = digits(&mut position);
    skip(&mut position);
    if data.get(position) != Some(&'-') {
        return None;
    }
    position += 1;
    skip(&mut position);
    let end = digits(&mut position);
    if position < data.len() || (start.is_none() && end.is_none()) {
        return None;
    }
    if start
        .as_ref()
        .zip(end.as_ref())
        .is_some_and(|(start, end)| start > end)
    {
        return None;
    }
    Some((start, end))
}

/// Digits, filled up with zeros to a width.
pub fn number(digits: &[u8], width: usize) -> Number {
    let digits: String = digits.iter().copied().map(char::from).collect();
    format!("{digits:0>width$}")
}
