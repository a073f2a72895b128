//! Bytes as text that comes back as the same bytes.
//!
//! The store takes text, and trims from names, values and attributes what Unicode calls white space. Among the code points
//! up to U+00FF that would be two bytes which are none in a header, and may be the end of a letter in UTF-8. So a byte beyond
//! ASCII is the Braille pattern of its number: there are as many of them as bytes, and none is white space.

use std::borrow::Cow;

/// U+2800, the pattern without any dot.
const BLANK: u32 = 0x2800;

pub(super) fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => bytes.iter().copied().map(character).collect(),
    }
}

/// The bytes of a text that was made of them.
pub(super) fn of_text(text: &str) -> Vec<u8> {
    text.chars().filter_map(byte).collect()
}

fn character(byte: u8) -> char {
    let pattern = char::from_u32(BLANK + u32::from(byte));
    pattern.filter(|_| !byte.is_ascii()).unwrap_or(byte.into())
}

fn byte(character: char) -> Option<u8> {
    let number = u32::from(character);
    u8::try_from(number.checked_sub(BLANK).unwrap_or(number)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_none_beyond_ascii_is_white_space() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let text = as_text(&all);
        assert_eq!(of_text(&text), all);
        assert_eq!(text.chars().count(), 256);
        assert!(
            text.chars()
                .skip(128)
                .all(|character| !character.is_whitespace())
        );
    }
}
