//! Lone surrogates, which strings of JavaScript may have and text may not.
//! In: JSON. Out: the same with U+FFFD in their places, as converting to a `USVString` has it.

use std::borrow::Cow;

/// JSON whose strings are text. `JSON.stringify` and others write a lone surrogate as an escape, so the bytes are UTF-8
/// all the same.
pub(super) fn replaced(json: &str) -> Cow<'_, str> {
    let mut text = String::new();
    let mut rest = json;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        let length = match (code_unit(escape), escape.get(ESCAPE..).and_then(code_unit)) {
            (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 2 * ESCAPE,
            (Some(0xD800..0xE000), _) => {
                text.push_str(before);
                text.push_str("\\ufffd");
                rest = escape.get(ESCAPE..).unwrap_or_default();
                continue;
            }
            (Some(_), _) => ESCAPE,
            // The character behind a backslash may be another one.
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let end = before.len() + length;
        text.push_str(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    if text.is_empty() {
        return Cow::Borrowed(json);
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The code unit of an escape at the beginning of the text.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
}

/// How long `\ud800` is.
const ESCAPE: usize = 6;

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn lone_surrogates_are_replaced_and_nothing_else() {
        let cases = [
            (r#""a""#, r#""a""#),
            (r#""\ud800""#, r#""\ufffd""#),
            (r#""\uDC00a\ud8""#, r#""\ufffda\ud8""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\\ud800 \\\ud800""#, r#""\\ud800 \\\ufffd""#),
            (r#""\n\u00e9\"é\ud800é""#, r#""\n\u00e9\"é\ufffdé""#),
            (r#""\é\u+123\"#, r#""\é\u+123\"#),
        ];
        for (json, expected) in cases {
            assert_eq!(replaced(json), expected);
        }
    }
}
