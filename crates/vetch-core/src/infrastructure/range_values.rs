//! Range values · fetch.spec.whatwg.org/#simple-range-header-value
//! In: the bytes of a `Range` value. Out: the single byte range they name.
//! Differs: numbers stay digits, so that no size of integer is refused.

/// A single byte range: start and end as the digits given, leading zeros removed; one of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleRange<'a> {
    /// First byte; missing in `bytes=-500`.
    pub start: Option<&'a [u8]>,
    /// Last byte; missing in `bytes=0-`.
    pub end: Option<&'a [u8]>,
}

/// Whether tabs and spaces may stand around `=` and `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whitespace {
    /// They may, as in a request that a server reads.
    Allowed,
    /// They may not, as in a CORS-safelisted `Range`.
    Refused,
}

/// Parse a single range header value; nothing is the Standard's failure.
///
/// fetch.spec.whatwg.org/#simple-range-header-value
///
/// ```
/// use vetch_core::infrastructure::range_values::{Whitespace, parse_single_range};
/// assert!(parse_single_range(b"bytes=0-99", Whitespace::Refused).is_some());
/// assert!(parse_single_range(b"bytes=9-1", Whitespace::Refused).is_none());
/// ```
pub fn parse_single_range(value: &[u8], whitespace: Whitespace) -> Option<SingleRange<'_>> {
    // 2–4.
    let rest = skip(value.strip_prefix(b"bytes")?, whitespace);
    // 5–7.
    let rest = skip(rest.strip_prefix(b"=")?, whitespace);
    // 8–9.
    let (start, rest) = digits(rest);
    // 10–13.
    let rest = skip(rest, whitespace);
    let rest = skip(rest.strip_prefix(b"-")?, whitespace);
    // 14–15.
    let (end, rest) = digits(rest);
    // 16.
    if !rest.is_empty() {
        return None;
    }
    match (start, end) {
        // 17.
        (None, None) => None,
        // 18.
        (Some(start), Some(end)) if is_greater(start, end) => None,
        _ => Some(SingleRange { start, end }),
    }
}

fn skip(bytes: &[u8], whitespace: Whitespace) -> &[u8] {
    match whitespace {
        Whitespace::Refused => bytes,
        Whitespace::Allowed => {
            let blanks = bytes
                .iter()
                .take_while(|byte| matches!(byte, b'\t' | b' '))
                .count();
            &bytes[blanks..]
        }
    }
}

/// The leading digits without their leading zeros (nothing when there is no digit), and the rest.
fn digits(bytes: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let count = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = bytes.split_at(count);
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    ((count > 0).then(|| &digits[zeros..]), rest)
}

/// Compares digits without leading zeros as numbers of any size.
fn is_greater(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) > (b.len(), b)
}
