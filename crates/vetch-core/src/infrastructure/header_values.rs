//! Header values · fetch.spec.whatwg.org/#concept-header-value
//! In: bytes. Out: header values, and the lists that the Standard reads from them.
//! Differs: nothing.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use bytes::Bytes;

use short::Short;

mod short;

/// A header value: bytes without NUL, CR or LF, and without a tab or space at either end.
///
/// Wider than `http::HeaderValue`, which refuses control bytes that the Standard allows (and then calls unsafe).
///
/// fetch.spec.whatwg.org/#concept-header-value
///
/// ```
/// use vetch_core::HeaderValue;
/// assert_eq!(HeaderValue::normalize(" a\tb \r\n").unwrap().as_bytes(), b"a\tb");
/// assert!(HeaderValue::normalize("a\0b").is_err());
/// ```
#[derive(Clone)]
pub struct HeaderValue(Repr);

/// How a value is kept: equal ones not always alike.
#[derive(Clone)]
enum Repr {
    /// What HTTP libraries speak: such a value goes from them and to them as it is.
    Plain(http::HeaderValue),
    /// One that they could speak.
    Short(Short),
    /// With control bytes.
    Wide(Bytes),
}

/// The bytes cannot be a header value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeaderValue {
    /// NUL, CR or LF stands inside the value.
    #[error("byte 0x{byte:02x} at position {position} cannot stand in a header value")]
    ForbiddenByte {
        /// The byte.
        byte: u8,
        /// Where it stands, counted from 0 after normalisation.
        position: usize,
    },
    /// A code point above U+00FF cannot be isomorphic-encoded.
    #[error("{character:?} is not a byte (code points up to U+00FF are)")]
    NotAByte {
        /// The code point.
        character: char,
    },
}

impl HeaderValue {
    /// A value from text known when the program is compiled.
    ///
    /// # Panics
    ///
    /// When the text is no header value; in a `const` that is a compile error.
    pub const fn from_static(value: &'static str) -> Self {
        let bytes = value.as_bytes();
        assert!(
            !matches!(bytes, [b'\t' | b' ', ..] | [.., b'\t' | b' ']),
            "not a header value"
        );
        let mut is_plain = true;
        let mut position = 0;
        while position < bytes.len() {
            assert!(
                !matches!(bytes[position], 0 | b'\n' | b'\r'),
                "not a header value"
            );
            is_plain &= is_plain_byte(bytes[position]) && bytes[position].is_ascii();
            position += 1;
        }
        Self(if is_plain {
            Repr::Plain(http::HeaderValue::from_static(value))
        } else {
            Repr::Wide(Bytes::from_static(bytes))
        })
    }

    /// Normalise, then check: HTTP whitespace at both ends goes, NUL, CR or LF inside is an error.
    ///
    /// fetch.spec.whatwg.org/#concept-header-value-normalize
    pub fn normalize(potential: impl AsRef<[u8]>) -> Result<Self, InvalidHeaderValue> {
        let value = trim_http_whitespace(potential.as_ref());
        Self::short(value).map_or_else(|| Self::in_own_memory(value), Ok)
    }

    fn short(value: &[u8]) -> Option<Self> {
        let short = Short::new(value)?;
        let is_plain = value.iter().all(|byte| is_plain_byte(*byte));
        is_plain.then_some(Self(Repr::Short(short)))
    }

    fn in_own_memory(value: &[u8]) -> Result<Self, InvalidHeaderValue> {
        if let Ok(value) = http::HeaderValue::from_bytes(value) {
            return Ok(Self(Repr::Plain(value)));
        }
        let mut bytes = value.iter().copied().enumerate();
        match bytes.find(|(_, byte)| matches!(byte, 0 | b'\n' | b'\r')) {
            Some((position, byte)) => Err(InvalidHeaderValue::ForbiddenByte { byte, position }),
            None => Ok(Self(Repr::Wide(Bytes::copy_from_slice(value)))),
        }
    }

    /// A value whose code points are its bytes, normalised: what a script's `ByteString` is.
    pub fn from_byte_string(text: &str) -> Result<Self, InvalidHeaderValue> {
        if text.is_ascii() {
            return Self::normalize(text);
        }
        let bytes = text
            .chars()
            .map(|character| {
                u8::try_from(character).map_err(|_| InvalidHeaderValue::NotAByte { character })
            })
            .collect::<Result<Vec<u8>, _>>()?;
        Self::normalize(bytes)
    }

    /// Values joined by `, `, which may leave a space at an end where a joined value is empty.
    pub(crate) fn from_joined(joined: Vec<u8>) -> Self {
        Self::short(&joined).unwrap_or_else(|| {
            Self(match http::HeaderValue::from_bytes(&joined) {
                Ok(value) => Repr::Plain(value),
                Err(_) => Repr::Wide(Bytes::from(joined)),
            })
        })
    }

    /// The same value, of which neither a clone nor [`into_http`](Self::into_http) takes memory any more; the first clone
    /// of bytes does.
    #[must_use]
    pub fn into_shared(self) -> Self {
        let shared = match &self.0 {
            Repr::Short(value) => Self::in_own_memory(value.as_bytes()).unwrap_or(self),
            Repr::Plain(_) | Repr::Wide(_) => self,
        };
        drop(shared.clone());
        shared
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Plain(value) => value.as_bytes(),
            Repr::Short(value) => value.as_bytes(),
            Repr::Wide(bytes) => bytes,
        }
    }

    /// The value in the type that HTTP libraries speak; nothing for one with control bytes, which they do not send.
    #[inline]
    pub fn into_http(self) -> Option<http::HeaderValue> {
        match self.0 {
            Repr::Plain(value) => Some(value),
            Repr::Short(value) => value.to_http(),
            // One of a `from_static` may be wide for its bytes beyond ASCII alone.
            Repr::Wide(bytes) => http::HeaderValue::from_maybe_shared(bytes).ok(),
        }
    }

    /// The value as text, each byte one code point.
    pub fn isomorphic_decode(&self) -> Cow<'_, str> {
        isomorphic_decode(self.as_bytes())
    }
}

impl From<http::HeaderValue> for HeaderValue {
    /// What an HTTP library received, normalised.
    fn from(value: http::HeaderValue) -> Self {
        let bytes = value.as_bytes();
        let normalized = trim_http_whitespace(bytes);
        if normalized.len() == bytes.len() {
            return Self(Repr::Plain(value));
        }
        Self::from_joined(normalized.to_vec())
    }
}

impl From<u64> for HeaderValue {
    /// The number in decimal digits.
    fn from(number: u64) -> Self {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number);
        Self::short(digits.as_bytes()).unwrap_or_else(|| Self(Repr::Plain(number.into())))
    }
}

impl Default for HeaderValue {
    /// The empty value.
    fn default() -> Self {
        Self::from_static("")
    }
}

impl PartialEq for HeaderValue {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for HeaderValue {}

impl PartialOrd for HeaderValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HeaderValue {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for HeaderValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl std::fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.isomorphic_decode())
    }
}

impl std::fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.isomorphic_decode())
    }
}

impl PartialEq<[u8]> for HeaderValue {
    fn eq(&self, other: &[u8]) -> bool {
        self.as_bytes() == other
    }
}

impl PartialEq<&str> for HeaderValue {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

/// Whether HTTP libraries take the byte for one of a value.
const fn is_plain_byte(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..)
}

/// Text in which each byte is one code point (Latin-1).
///
/// infra.spec.whatwg.org/#isomorphic-decode
pub fn isomorphic_decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// Get, decode and split a header value: at commas outside of quoted strings, with tabs and spaces trimmed.
///
/// Never empty: a value without a comma is one item, an empty value is one empty item.
/// The items stay bytes; decoding them isomorphically changes nothing that is asked here.
///
/// fetch.spec.whatwg.org/#header-value-get-decode-and-split
///
/// ```
/// use vetch_core::infrastructure::header_values::get_decode_and_split;
/// let items: Vec<_> = get_decode_and_split(b"a, \"b,c\" ,").collect();
/// assert_eq!(items, [&b"a"[..], b"\"b,c\"", b""]);
/// ```
pub fn get_decode_and_split(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let input = rest?;
        let end = end_of_item(input);
        rest = input.get(end + 1..);
        Some(trim_tab_or_space(&input[..end]))
    })
}

/// The position of the first comma outside of a quoted string, or the end.
fn end_of_item(input: &[u8]) -> usize {
    let mut quoted = false;
    let mut bytes = input.iter().enumerate();
    while let Some((position, byte)) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            // Inside quotes a backslash takes the next byte with it; outside it is a byte like any other.
            b'\\' if quoted => {
                bytes.next();
            }
            b',' if !quoted => return position,
            _ => {}
        }
    }
    input.len()
}

/// The bytes without HTTP whitespace at either end.
fn trim_http_whitespace(mut bytes: &[u8]) -> &[u8] {
    while let [b'\t' | b'\n' | b'\r' | b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b'\t' | b'\n' | b'\r' | b' '] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bytes without HTTP tab or space at either end.
pub(crate) fn trim_tab_or_space(mut bytes: &[u8]) -> &[u8] {
    while let [b'\t' | b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b'\t' | b' '] = bytes {
        bytes = rest;
    }
    bytes
}

/// Extract header values by an ABNF of the shape `#token`: the tokens, or nothing when an item is no token.
///
/// Empty items are passed over, as RFC 9110 section 5.6.1.2 asks of a recipient; so an empty value is an empty list.
///
/// fetch.spec.whatwg.org/#extract-header-values
pub fn extract_tokens(value: &[u8]) -> Option<Vec<&[u8]>> {
    tokens(value).collect()
}

/// The items of such a value one by one, nothing in the place of the first that is no token, and none after that.
pub(super) fn tokens(value: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = value;
    std::iter::from_fn(move || {
        while let [b',' | b'\t' | b' ', after @ ..] = rest {
            rest = after;
        }
        if rest.is_empty() {
            return None;
        }
        let is_end = |byte: &u8| !is_token_byte(*byte);
        let end = rest.iter().position(is_end).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        let after = trim_tab_or_space(after);
        let is_whole = matches!(after, [] | [b',', ..]) && !token.is_empty();
        rest = if is_whole { after } else { &[] };
        Some(is_whole.then_some(token))
    })
}

/// HTTP's `tchar` · RFC 9110 section 5.6.2
pub(crate) fn is_token_byte(byte: u8) -> bool {
    TOKEN_BYTES[usize::from(byte)]
}

/// One answer per byte, as this is asked for each byte of each list and type.
static TOKEN_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        table[byte as usize] = is_tchar(byte);
        byte -= 1;
    }
    table
};

const fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_no_larger_than_that_of_http() {
        assert_eq!(size_of::<HeaderValue>(), size_of::<http::HeaderValue>());
    }

    #[test]
    fn the_table_of_token_bytes_says_what_the_rule_says() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_token_byte(byte), is_tchar(byte), "{byte}");
        }
    }
}
