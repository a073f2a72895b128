//! Reading MIME types, step by step.

use super::header_values::{get_decode_and_split, is_token, quoted_string};

/// A MIME type · mimesniff.spec.whatwg.org/#mime-type-representation
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MimeType {
    /// Type.
    pub r#type: String,
    /// Subtype.
    pub subtype: String,
    /// Parameters in order.
    pub parameters: Vec<(String, String)>,
}

const HTTP_WHITESPACE: [char; 4] = ['\t', '\n', '\r', ' '];

/// Parse a MIME type · mimesniff.spec.whatwg.org/#parse-a-mime-type
pub fn parse(input: &str) -> Option<MimeType> {
    let input: Vec<char> = input.trim_matches(HTTP_WHITESPACE).chars().collect();
    let mut position = 0;
    let r#type = collect(&input, &mut position, |c| c != '/');
    if !is_token(&r#type) || position >= input.len() {
        return None;
    }
    position += 1;
    let subtype = collect(&input, &mut position, |c| c != ';');
    let subtype = subtype.trim_end_matches(HTTP_WHITESPACE);
    if !is_token(subtype) {
        return None;
    }
    let mut mime_type = MimeType {
        r#type: r#type.to_ascii_lowercase(),
        subtype: subtype.to_ascii_lowercase(),
        parameters: Vec::new(),
    };
    while position < input.len() {
        position += 1;
        collect(&input, &mut position, |c| HTTP_WHITESPACE.contains(&c));
        let name = collect(&input, &mut position, |c| !matches!(c, ';' | '='));
        let name = name.to_ascii_lowercase();
        if input.get(position) == Some(&';') {
            continue;
        }
        position += 1;
        if position >= input.len() {
            break;
        }
        let value = if input[position] == '"' {
            let (_, value) = quoted_string(&input, &mut position);
            collect(&input, &mut position, |c| c != ';');
            value
        } else {
            let value = collect(&input, &mut position, |c| c != ';');
            let value = value.trim_end_matches(HTTP_WHITESPACE);
            if value.is_empty() {
                continue;
            }
            value.to_owned()
        };
        if is_token(&name)
            && value.chars().all(is_quoted_string_token)
            && mime_type.parameter(&name).is_none()
        {
            mime_type.parameters.push((name, value));
        }
    }
    Some(mime_type)
}

/// Extract a MIME type · fetch.spec.whatwg.org/#concept-header-extract-mime-type
///
/// Given the combined value of `Content-Type`.
pub fn extract(value: &[u8]) -> Option<MimeType> {
    let mut charset: Option<String> = None;
    let mut essence: Option<(String, String)> = None;
    let mut mime_type: Option<MimeType> = None;
    for value in get_decode_and_split(value) {
        let Some(temporary) = parse(&value).filter(|found| found.essence() != ("*", "*")) else {
            continue;
        };
        let (r#type, subtype) = temporary.essence();
        let own_essence = Some((r#type.to_owned(), subtype.to_owned()));
        let own_charset = temporary.parameter("charset").map(str::to_owned);
        let found = mime_type.insert(temporary);
        if essence != own_essence {
            charset = own_charset;
            essence = own_essence;
        } else if let (None, Some(charset)) = (own_charset, &charset) {
            found
                .parameters
                .push(("charset".to_owned(), charset.clone()));
        }
    }
    mime_type
}

impl MimeType {
    /// Type and subtype.
    pub fn essence(&self) -> (&str, &str) {
        (&self.r#type, &self.subtype)
    }

    fn parameter(&self, wanted: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        parameters.find_map(|(name, value)| (name == wanted).then_some(value.as_str()))
    }
}

/// Collect a sequence of code points · infra.spec.whatwg.org/#collect-a-sequence-of-code-points
fn collect(input: &[char], position: &mut usize, condition: impl Fn(char) -> bool) -> String {
    let start = *position;
    while input.get(*position).copied().is_some_and(&condition) {
        *position += 1;
    }
    input
        .get(start..*position)
        .unwrap_or_default()
        .iter()
        .collect()
}

/// mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point
fn is_quoted_string_token(c: char) -> bool {
    matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')
}
