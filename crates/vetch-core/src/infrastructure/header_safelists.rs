//! Header safelists · fetch.spec.whatwg.org/#cors-safelisted-request-header
//! In: headers. Out: whether they may cross origins without asking, and the rule that says no.
//! Differs: by profile only.

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE,
    CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, PRAGMA, RANGE,
};

use super::forbidden_headers::is_forbidden_response_header_name;
use super::header_values::HeaderValue;
use super::headers::{
    HeaderList, HeaderName, HeaderNameSet, convert_header_names_to_a_sorted_lowercase_set,
};
use super::mime_types;
use super::range_values::{Whitespace, parse_single_range};
use crate::profile::{
    BytesBeyondAscii, ClientHints, RangeUnit, RepeatedNames, RequestHeaderRules, TypeGrammar,
};

/// A value longer than this many bytes is unsafe.
pub const SAFELISTED_VALUE_LIMIT: usize = 128;

/// Safelisted values longer than this many bytes together are unsafe.
pub const SAFELISTED_TOTAL_LIMIT: usize = 1024;

/// The rule that makes a request header unsafe.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Unsafe {
    /// The name is not safelisted.
    #[error(
        "only Accept, Accept-Language, Content-Language, Content-Type and Range can go without asking"
    )]
    Name,
    /// The value is too long.
    #[error("the value has {length} bytes, {SAFELISTED_VALUE_LIMIT} are allowed")]
    Length {
        /// Length in bytes.
        length: usize,
    },
    /// The value has a byte that the header's rule does not allow.
    #[error("the value has the byte 0x{byte:02x}")]
    Byte {
        /// The first such byte.
        byte: u8,
    },
    /// The MIME type does not parse or is none of the three that a form can send.
    #[error("the type is not application/x-www-form-urlencoded, multipart/form-data or text/plain")]
    ContentType,
    /// The range is not a single one with a start.
    #[error("the range is not of the form bytes=START- or bytes=START-END")]
    Range,
    /// The safelisted values are too long together.
    #[error(
        "the safelisted values have {length} bytes together, {SAFELISTED_TOTAL_LIMIT} are allowed"
    )]
    Total {
        /// Length of all safelisted values in bytes.
        length: usize,
    },
}

/// CORS-safelisted request-header: nothing when it is safelisted, else the rule that says no.
///
/// fetch.spec.whatwg.org/#cors-safelisted-request-header
///
/// ```
/// use vetch_core::{HeaderName, HeaderValue, profile::RequestHeaderRules, infrastructure::header_safelists::{Unsafe, unsafe_request_header}};
/// let judge = |name, value| unsafe_request_header(
///     &HeaderName::from_static(name), &HeaderValue::from_static(value), &RequestHeaderRules::SPEC);
/// assert_eq!(judge("content-type", "text/plain;charset=UTF-8"), None);
/// assert_eq!(judge("content-type", "application/json"), Some(Unsafe::ContentType));
/// ```
pub fn unsafe_request_header(
    name: &HeaderName,
    value: &HeaderValue,
    rules: &RequestHeaderRules,
) -> Option<Unsafe> {
    let value = value.as_bytes();
    // The name is looked at first, which no answer depends on, so that the rule given is the telling one.
    let value_rule: fn(&[u8], &RequestHeaderRules) -> _ = match *name {
        ACCEPT => unsafe_accept,
        ACCEPT_LANGUAGE | CONTENT_LANGUAGE => unsafe_language,
        CONTENT_TYPE => unsafe_content_type,
        RANGE => unsafe_range,
        _ if is_safe_client_hint(name, value, rules) => return None,
        _ => return Some(Unsafe::Name),
    };
    // 1.
    if value.len() > SAFELISTED_VALUE_LIMIT {
        return Some(Unsafe::Length {
            length: value.len(),
        });
    }
    // 2–3.
    value_rule(value, rules)
}

fn unsafe_accept(value: &[u8], rules: &RequestHeaderRules) -> Option<Unsafe> {
    first_byte(value, &UNSAFE_BYTES).or_else(|| match rules.beyond_ascii {
        BytesBeyondAscii::Safe => None,
        BytesBeyondAscii::Unsafe => {
            let byte = value.iter().copied().find(|byte| !byte.is_ascii())?;
            Some(Unsafe::Byte { byte })
        }
    })
}

fn unsafe_language(value: &[u8], _rules: &RequestHeaderRules) -> Option<Unsafe> {
    first_byte(value, &UNSAFE_LANGUAGE_BYTES)
}

fn unsafe_content_type(value: &[u8], rules: &RequestHeaderRules) -> Option<Unsafe> {
    unsafe_accept(value, rules).or_else(|| {
        if rules.type_grammar == TypeGrammar::Strict
            && (value.contains(&b',') || has_empty_parameter(value))
        {
            return Some(Unsafe::ContentType);
        }
        let safelisted = mime_types::is_one_of(value, &SAFELISTED_ESSENCES);
        (!safelisted).then_some(Unsafe::ContentType)
    })
}

/// The types that a form can send without a script.
const SAFELISTED_ESSENCES: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
];

/// Whether a semicolon follows another with nothing but blanks between.
fn has_empty_parameter(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b';').collect();
    let between = parts.get(1..parts.len() - 1).unwrap_or_default();
    between.iter().any(|part| part.trim_ascii().is_empty())
}

fn unsafe_range(value: &[u8], rules: &RequestHeaderRules) -> Option<Unsafe> {
    let lower;
    let value = match rules.range_unit {
        RangeUnit::LowerCase => value,
        RangeUnit::AnyCase => {
            lower = value.to_ascii_lowercase();
            &lower
        }
    };
    let is_counted = |digits: Option<&[u8]>| {
        rules.range_limit.is_none_or(|limit| {
            digits.is_none_or(|digits| number(digits).is_some_and(|number| number <= limit))
        })
    };
    let safelisted = parse_single_range(value, Whitespace::Refused).is_some_and(|range| {
        range.start.is_some() && is_counted(range.start) && is_counted(range.end)
    });
    (!safelisted).then_some(Unsafe::Range)
}

/// The number that these digits are, unless it is too large; none are zero.
fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| {
        number
            .checked_mul(10)?
            .checked_add(u64::from(digit.wrapping_sub(b'0')))
    })
}

/// Whether a profile takes that header for a client hint with a value of its grammar.
fn is_safe_client_hint(name: &HeaderName, value: &[u8], rules: &RequestHeaderRules) -> bool {
    if rules.client_hints == ClientHints::Unsafe {
        return false;
    }
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    match name.as_str() {
        "device-memory" | "dpr" | "downlink" => match value.iter().position(|byte| *byte == b'.') {
            None => is_number(value),
            Some(point) => is_number(&value[..point]) && is_number(&value[point + 1..]),
        },
        "rtt" | "viewport-width" | "width" => is_number(value),
        "ect" => matches!(value, b"slow-2g" | b"2g" | b"3g" | b"4g"),
        "save-data" => value.eq_ignore_ascii_case(b"on"),
        "intervention" => true,
        _ => false,
    }
}

fn first_byte(value: &[u8], unsafe_bytes: &[bool; 256]) -> Option<Unsafe> {
    value
        .iter()
        .copied()
        .find(|byte| unsafe_bytes[usize::from(*byte)])
        .map(|byte| Unsafe::Byte { byte })
}

/// One answer per byte, as this is asked for each byte of each value of each request.
static UNSAFE_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        table[byte as usize] = is_cors_unsafe_request_header_byte(byte);
        byte -= 1;
    }
    table[0] = is_cors_unsafe_request_header_byte(0);
    table
};

static UNSAFE_LANGUAGE_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        table[byte as usize] = !is_language_byte(byte);
        byte -= 1;
    }
    table[0] = !is_language_byte(0);
    table
};

/// What a safelisted `Accept-Language` or `Content-Language` consists of.
const fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
}

/// CORS-unsafe request-header byte · fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
pub const fn is_cors_unsafe_request_header_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t')
        || matches!(
            byte,
            b'"' | b'('
                | b')'
                | b':'
                | b'<'
                | b'>'
                | b'?'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'{'
                | b'}'
                | 0x7F
        )
}

/// The headers that a preflight must name, each with its rule, in the list's order and with repeats.
///
/// Nothing is allocated until one is found.
pub fn unsafe_request_headers<'a>(
    headers: &'a HeaderList,
    rules: &RequestHeaderRules,
) -> impl Iterator<Item = (&'a HeaderName, Unsafe)> {
    let rules = *rules;
    let total = unsafe_total(headers, &rules);
    headers.iter().filter_map(move |(name, value)| {
        unsafe_request_header(name, value, &rules)
            .or_else(|| total.clone())
            .map(|rule| (name, rule))
    })
}

/// Step 5 of CORS-unsafe request-header names: the safelisted headers turn unsafe when they are too long together.
fn unsafe_total(headers: &HeaderList, rules: &RequestHeaderRules) -> Option<Unsafe> {
    let length_of = |(_, value): (_, &HeaderValue)| value.as_bytes().len();
    // Hardly ever are all values together too long, and only then does it matter which are safelisted.
    if !is_too_long(headers.iter().map(length_of).sum(), rules) {
        return None;
    }
    let is_safelisted = |(name, value): &(&HeaderName, &HeaderValue)| {
        unsafe_request_header(name, value, rules).is_none()
    };
    let length = headers.iter().filter(is_safelisted).map(length_of).sum();
    is_too_long(length, rules).then_some(Unsafe::Total { length })
}

/// Whether the CORS-unsafe request-header names are not empty: the same question, answered in one pass.
///
/// fetch.spec.whatwg.org/#cors-unsafe-request-header-names
pub fn has_cors_unsafe_request_header_names(
    headers: &HeaderList,
    rules: &RequestHeaderRules,
) -> bool {
    let mut length = 0;
    for (name, value) in headers.iter() {
        if unsafe_request_header(name, value, rules).is_some() {
            return true;
        }
        length += value.as_bytes().len();
    }
    is_too_long(length, rules)
}

/// Whether safelisted values of that length together are unsafe.
fn is_too_long(length: usize, rules: &RequestHeaderRules) -> bool {
    length > SAFELISTED_TOTAL_LIMIT && rules.repeated != RepeatedNames::EachLineForItself
}

/// CORS-unsafe request-header names: sorted, unique, lower-case.
///
/// fetch.spec.whatwg.org/#cors-unsafe-request-header-names
pub fn cors_unsafe_request_header_names(
    headers: &HeaderList,
    rules: &RequestHeaderRules,
) -> Vec<HeaderName> {
    let are_all = unsafe_total(headers, rules).is_some();
    let is_unsafe = |(name, value): &(&HeaderName, &HeaderValue)| {
        are_all || unsafe_request_header(name, value, rules).is_some()
    };
    let headers = headers.iter().filter(is_unsafe);
    convert_header_names_to_a_sorted_lowercase_set(headers.map(|(name, _)| name))
}

/// CORS non-wildcard request-header name: `Authorization`.
///
/// fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
pub fn is_cors_non_wildcard_request_header_name(name: &HeaderName) -> bool {
    *name == AUTHORIZATION
}

/// Privileged no-CORS request-header name: `Range`.
///
/// fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
pub fn is_privileged_no_cors_request_header_name(name: &HeaderName) -> bool {
    *name == RANGE
}

/// No-CORS-safelisted request-header name.
///
/// fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
pub fn is_no_cors_safelisted_request_header_name(name: &HeaderName) -> bool {
    [ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE].contains(name)
}

/// No-CORS-safelisted request-header.
///
/// fetch.spec.whatwg.org/#no-cors-safelisted-request-header
pub fn is_no_cors_safelisted_request_header(
    name: &HeaderName,
    value: &HeaderValue,
    rules: &RequestHeaderRules,
) -> bool {
    let without_hints = RequestHeaderRules {
        client_hints: ClientHints::Unsafe,
        ..*rules
    };
    !is_privileged_no_cors_request_header_name(name)
        && unsafe_request_header(name, value, &without_hints).is_none()
}

/// Request-body-header name: those that go when a redirect drops the body.
///
/// fetch.spec.whatwg.org/#request-body-header-name
pub const REQUEST_BODY_HEADER_NAMES: [HeaderName; 4] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LOCATION,
    CONTENT_TYPE,
];

/// CORS-exposed header-name list · fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExposedHeaderNames {
    /// These.
    Listed(Vec<HeaderName>),
    /// All that the response has.
    All,
}

impl ExposedHeaderNames {
    /// The same, to be asked about one name after the other.
    pub fn as_set(&self) -> HeaderNameSet<'_> {
        match self {
            Self::Listed(names) => HeaderNameSet::new(names),
            Self::All => HeaderNameSet::all(),
        }
    }
}

/// CORS-safelisted response-header name, given the CORS-exposed header-name list.
///
/// fetch.spec.whatwg.org/#cors-safelisted-response-header-name
#[inline]
pub fn is_cors_safelisted_response_header_name(
    name: &HeaderName,
    exposed: &HeaderNameSet<'_>,
) -> bool {
    matches!(
        *name,
        CACHE_CONTROL
            | CONTENT_LANGUAGE
            | CONTENT_LENGTH
            | CONTENT_TYPE
            | EXPIRES
            | LAST_MODIFIED
            | PRAGMA
    ) || (!exposed.is_empty() && is_exposed(name, exposed))
}

/// Apart, since most responses expose nothing and each of their headers is asked about.
fn is_exposed(name: &HeaderName, exposed: &HeaderNameSet<'_>) -> bool {
    exposed.contains(name) && !is_forbidden_response_header_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_the_rules_say() {
        for byte in 0..=u8::MAX {
            let (unsafe_byte, unsafe_in_language) = (
                UNSAFE_BYTES[usize::from(byte)],
                UNSAFE_LANGUAGE_BYTES[usize::from(byte)],
            );
            assert_eq!(
                unsafe_byte,
                is_cors_unsafe_request_header_byte(byte),
                "{byte}"
            );
            assert_eq!(unsafe_in_language, !is_language_byte(byte), "{byte}");
        }
    }
}
