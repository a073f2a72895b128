//! The head of a response read line by line, without regard to what any parser keeps of it.

use std::collections::BTreeMap;

use vetch_core::{HeaderName, HeaderValue};

/// The values of each name, in order.
pub(super) type Values = BTreeMap<String, Vec<Vec<u8>>>;

/// The final head as its lines say: the status text, and each header, whatever its value has.
pub(super) fn by_the_lines(responses: &[u8]) -> (Vec<u8>, Values) {
    let lines = responses.split(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    loop {
        let status_line = lines.find(|line| !line.is_empty()).expect("a status line");
        let head: Vec<&[u8]> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        // Behind `HTTP/1.1 `, three digits, then a space and the text.
        let (status, text) = status_line[9..].split_at(3);
        if status[0] == b'1' && status != b"101" {
            continue;
        }
        let text = text.strip_prefix(b" ").unwrap_or_default();
        return (text.to_vec(), headers(&head));
    }
}

fn headers(lines: &[&[u8]]) -> Values {
    let is_first = |line: &[u8]| !line.starts_with(b" ") && !line.starts_with(b"\t");
    let mut headers = Values::new();
    for group in lines.chunk_by(|_, next| !is_first(next)) {
        let Some(colon) = group[0].iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = group[0].split_at(colon);
        if let Ok(name) = HeaderName::from_bytes(name) {
            let value = joined(&[&[&value[1..]], &group[1..]].concat());
            let values = headers.entry(name.to_string()).or_default();
            values.push(value.as_bytes().to_vec());
        }
    }
    headers
}

/// A value of its lines, with a space for each fold · RFC 9112, section 5.2
pub(super) fn joined(lines: &[&[u8]]) -> HeaderValue {
    let lines: Vec<&[u8]> = lines.iter().copied().map(without_blanks).collect();
    HeaderValue::normalize(lines.join(&b' ')).expect("no NUL, which no parser takes")
}

fn without_blanks(mut line: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r'] = line {
        line = rest;
    }
    line
}
