//! Lines of the session's input: bytes up to a line feed, bounded.
//! In: a reader. Out: lines, each whole or with what is wrong with it; a bad line never ends the session.

use std::io::{BufRead, ErrorKind};

/// A line longer than this many bytes is refused (64 MiB), so that no input can take all memory.
pub(crate) const LINE_LIMIT: usize = 64 * 1024 * 1024;

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Text.
    Text(String),
    /// It has more bytes than allowed; they were read and dropped.
    TooLong,
    /// It is not UTF-8, from that byte on.
    NotUtf8(usize),
}

/// The next line, or nothing at the end of the input (or where it cannot be read any further).
pub(crate) fn next(reader: &mut impl BufRead, limit: usize) -> Option<Line> {
    let mut bytes = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        if available.is_empty() {
            break;
        }
        any = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        if bytes.len() + part.len() > limit {
            too_long = true;
            bytes = Vec::new();
        }
        if !too_long {
            bytes.extend_from_slice(part);
        }
        let used = end.map_or(available.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            break;
        }
    }
    any.then(|| finished(bytes, too_long))
}

fn finished(mut bytes: Vec<u8>, too_long: bool) -> Line {
    if too_long {
        return Line::TooLong;
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    match String::from_utf8(bytes) {
        Ok(text) => Line::Text(text),
        Err(error) => Line::NotUtf8(error.utf8_error().valid_up_to()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, next};
    use std::io::BufReader;

    #[test]
    fn a_bad_line_leaves_the_next_one_whole() {
        let input = &b"one\r\n123456789\n\xff\n\nlast"[..];
        // A buffer smaller than the lines, so that they come in parts.
        let mut reader = BufReader::with_capacity(2, input);
        let lines: Vec<Line> = std::iter::from_fn(|| next(&mut reader, 8)).collect();
        let text = |text: &str| Line::Text(text.to_owned());
        assert_eq!(
            lines,
            [
                text("one"),
                Line::TooLong,
                Line::NotUtf8(0),
                text(""),
                text("last")
            ]
        );
    }
}
