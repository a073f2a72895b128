//! MIME types · fetch.spec.whatwg.org/#content-type-header and mimesniff.spec.whatwg.org/#parsing-a-mime-type
//! In: a header list, or one value's bytes. Out: the MIME type, or only its essence.
//! Differs: parameters are read by `data-url`, which checks other bytes of a quoted one than its value.

use data_url::mime::Mime;

use super::header_values::{get_decode_and_split, is_token_byte};
use super::headers::HeaderList;

/// Type and subtype of a MIME type, borrowed as they were written.
///
/// mimesniff.spec.whatwg.org/#mime-type-essence
///
/// ```
/// use vetch_core::infrastructure::mime_types::essence;
/// let found = essence(b"Text/HTML; charset=\"").unwrap();
/// assert!(found.is("text/html"));
/// assert_eq!(found.to_string(), "text/html");
/// assert!(essence(b"text").is_none());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Essence<'a> {
    type_: &'a [u8],
    subtype: &'a [u8],
}

/// Parse a MIME type from bytes as far as its essence; parameters cannot make it fail, so they are not read.
///
/// mimesniff.spec.whatwg.org/#parse-a-mime-type-from-bytes
pub fn essence(value: &[u8]) -> Option<Essence<'_>> {
    // 1. White space at both ends goes.
    let value = trim_http_whitespace(value);
    // 3. to 6. The type, up to the slash; a token.
    let slash = value.iter().position(|byte| *byte == b'/')?;
    let (type_, rest) = value.split_at(slash);
    // 7. to 9. The subtype, up to a semicolon; a token.
    let subtype = rest.get(1..)?.split(|byte| *byte == b';').next()?;
    let subtype = trim_http_whitespace_end(subtype);
    (is_token(type_) && is_token(subtype)).then_some(Essence { type_, subtype })
}

/// Whether the essence is one of those: `essence(value)` and [`Essence::is`] in one.
///
/// They are made of tokens, and so is what equals one of them; that need not be looked at.
pub fn is_one_of(value: &[u8], essences: &[&str]) -> bool {
    let value = trim_http_whitespace_start(value);
    essences.iter().any(|essence| {
        value
            .split_at_checked(essence.len())
            .is_some_and(|(start, rest)| {
                start.eq_ignore_ascii_case(essence.as_bytes())
                    && matches!(trim_http_whitespace_start(rest), [] | [b';', ..])
            })
    })
}

/// Extract a MIME type: the last value that parses, with the charset of earlier values of the same essence.
///
/// fetch.spec.whatwg.org/#concept-header-extract-mime-type
pub fn extract_a_mime_type(headers: &HeaderList) -> Option<Mime> {
    // 1. to 3. Nothing known yet; the essence is `mime_type`'s.
    let mut charset: Option<String> = None;
    let mut mime_type: Option<Mime> = None;
    // 4. and 5. Absent is a failure.
    let values = headers.get_decode_and_split("content-type")?;
    // 6. Each value in order.
    for value in values {
        // 6.1. and 6.2. What does not parse, and `*/*`, is passed over.
        let Some(mut next) = parse(&value).filter(|found| !found.matches("*", "*")) else {
            continue;
        };
        let own_charset = next.get_parameter("charset").map(str::to_owned);
        let same_essence =
            mime_type.is_some_and(|before| before.matches(&next.type_, &next.subtype));
        if !same_essence {
            // 6.4. A new essence forgets the charset so far.
            charset = own_charset;
        } else if let (None, Some(inherited)) = (own_charset, &charset) {
            // 6.5. The same essence without a charset inherits it.
            let parameter = ("charset".to_owned(), inherited.clone());
            next.parameters.push(parameter);
        }
        // 6.3. This one is the answer so far.
        mime_type = Some(next);
    }
    // 7. and 8. None parsed is a failure.
    mime_type
}

/// Extract a MIME type as far as its essence, given the whole value of `Content-Type`.
///
/// Parameters cannot change which item is the last that parses, so they are not read, however many a server sends.
///
/// fetch.spec.whatwg.org/#concept-header-extract-mime-type
pub fn extract_an_essence(value: &[u8]) -> Option<Essence<'_>> {
    get_decode_and_split(value)
        .filter_map(essence)
        .filter(|found| !found.is("*/*"))
        .last()
}

/// A JavaScript MIME type · mimesniff.spec.whatwg.org/#javascript-mime-type
pub fn is_javascript_mime_type(essence: Essence<'_>) -> bool {
    JAVASCRIPT.iter().any(|javascript| essence.is(javascript))
}

impl Essence<'_> {
    /// Whether its type, which stands before the slash, is that one, in any case.
    pub fn has_type(&self, type_: &str) -> bool {
        self.type_.eq_ignore_ascii_case(type_.as_bytes())
    }

    /// Whether it is that essence, in any case.
    pub fn is(&self, essence: &str) -> bool {
        let (written, type_) = (essence.as_bytes(), self.type_.len());
        written.len() == type_ + 1 + self.subtype.len()
            && written[type_] == b'/'
            && written[..type_].eq_ignore_ascii_case(self.type_)
            && written[type_ + 1..].eq_ignore_ascii_case(self.subtype)
    }
}

impl PartialEq for Essence<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.type_.eq_ignore_ascii_case(other.type_)
            && self.subtype.eq_ignore_ascii_case(other.subtype)
    }
}

impl Eq for Essence<'_> {}

/// In lower case.
impl std::fmt::Display for Essence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        let bytes = self.type_.iter().chain(b"/").chain(self.subtype);
        for byte in bytes {
            f.write_char(char::from(byte.to_ascii_lowercase()))?;
        }
        Ok(())
    }
}

/// Parse a MIME type · mimesniff.spec.whatwg.org/#parse-a-mime-type
pub(crate) fn parse(value: &str) -> Option<Mime> {
    // DIFFERS: of a quoted parameter, `data-url` checks all bytes up to the first semicolon, those after the closing quote too; only control bytes tell.
    value.parse().ok().map(with_parameters_once)
}

/// The same with the first of equal parameters; `data-url` compares names before it lower-cases them, so that
/// `a=1;A=2` comes out twice.
pub(crate) fn with_parameters_once(mut mime_type: Mime) -> Mime {
    let mut position = 0;
    while let Some((name, _)) = mime_type.parameters.get(position) {
        let mut earlier = mime_type.parameters.iter().take(position);
        if earlier.any(|(known, _)| known == name) {
            mime_type.parameters.remove(position);
        } else {
            position += 1;
        }
    }
    mime_type
}

fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_token_byte(*byte))
}

/// fetch.spec.whatwg.org/#http-whitespace
fn trim_http_whitespace(bytes: &[u8]) -> &[u8] {
    trim_http_whitespace_end(trim_http_whitespace_start(bytes))
}

fn trim_http_whitespace_start(mut bytes: &[u8]) -> &[u8] {
    while let [b'\t' | b'\n' | b'\r' | b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

fn trim_http_whitespace_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b'\t' | b'\n' | b'\r' | b' '] = bytes {
        bytes = rest;
    }
    bytes
}

const JAVASCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::header_values::{HeaderValue, isomorphic_decode};
    use super::*;

    #[test]
    fn essence_is_compared_in_any_case_and_shown_in_lower_case() {
        let found = essence(b" TEXT/Plain ;x").expect("parses");
        assert!(found.is("text/plain") && found.is("TEXT/plain"));
        for other in [
            "text/html",
            "text",
            "text/plane",
            "test/plain",
            "textaplain",
        ] {
            assert!(!found.is(other), "{other}");
        }
        assert_ne!(found, essence(b"test/plain").expect("parses"));
        assert_ne!(found, essence(b"text/plane").expect("parses"));
        assert_eq!(found.to_string(), "text/plain");
    }

    #[test]
    fn a_parameter_name_counts_once_in_any_case() {
        let found = parse("text/html;charset=a;CHARSET=b").expect("parses");
        assert_eq!(found.to_string(), "text/html;charset=a");
    }

    fn essence_text(mime_type: &Mime) -> String {
        format!("{}/{}", mime_type.type_, mime_type.subtype)
    }

    /// Bytes of which many are what the parser looks for, with whole types among them: of bytes alone hardly one parses.
    fn near_mime_type() -> impl Strategy<Value = Vec<u8>> {
        let telling = prop::sample::select(b" \t\r\n/;=\"\\,aZ*+.\x00\x7f\xe9".to_vec());
        let byte = prop_oneof![9 => telling, 1 => any::<u8>()].prop_map(|byte| vec![byte]);
        let whole = prop::sample::select(vec!["text/HTML", ", */*", ";charset=\"x\"", "a/Z+b"]);
        let piece = prop_oneof![1 => byte, 1 => whole.prop_map(|whole| whole.as_bytes().to_vec())];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn essence_agrees_with_the_whole_parser(value in near_mime_type()) {
            let whole = parse(&isomorphic_decode(&value)).map(|found| essence_text(&found));
            let short = essence(&value).map(|found| found.to_string());
            prop_assert_eq!(short, whole);
        }

        #[test]
        fn extracted_essence_agrees_with_the_whole_extraction(value in near_mime_type()) {
            let Ok(value) = HeaderValue::normalize(value) else { return Ok(()) };
            let headers = HeaderList::from_iter([(http::header::CONTENT_TYPE, value.clone())]);
            let whole = extract_a_mime_type(&headers).map(|found| essence_text(&found));
            let short = extract_an_essence(value.as_bytes()).map(|found| found.to_string());
            prop_assert_eq!(short, whole);
        }
    }
}
