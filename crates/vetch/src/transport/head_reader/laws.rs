//! Laws for any response: how its bytes are cut changes nothing, and what hyper's parser gives and what is lost of it are,
//! together, what its lines say.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use vetch_core::HeaderList;

use super::*;

/// How many header lines a head may have: few, so that some have more.
const MOST_HEADERS: usize = 4;

/// What is lost of the responses that follow on a request, which come in these pieces.
fn lost<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Lost {
    let mut reader = HeadReader::new(MOST_HEADERS);
    reader.wrote(b"GET / HTTP/1.1\r\n\r\n");
    for piece in pieces {
        reader.read(piece).unwrap();
    }
    reader.lost_parts().clone().into_lost().unwrap_or_default()
}

/// The final head as `httparse` reads it, with the options and the numbers of hyper; nothing where it refuses one, or where
/// one is not whole.
fn by_httparse(mut responses: &[u8]) -> Option<(Vec<u8>, HeaderList)> {
    let mut config = httparse::ParserConfig::default();
    config
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS + 1];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = config.parse_response(&mut response, responses);
        let httparse::Status::Complete(length) = parsed.ok()? else {
            return None;
        };
        if matches!(response.code?, 100 | 102..=199) {
            responses = &responses[length..];
            continue;
        }
        let headers = response.headers.iter().map(|header| {
            let lines: Vec<&[u8]> = header.value.split(|byte| *byte == b'\n').collect();
            (header.name.parse().unwrap(), joined(&lines))
        });
        return Some((response.reason?.into(), headers.collect()));
    }
}

/// The values of each name, in order.
type Values = BTreeMap<String, Vec<Vec<u8>>>;

/// The final head as its lines say: the status text, and each header, whatever its value has.
fn by_the_lines(responses: &[u8]) -> (Vec<u8>, Values) {
    let lines = responses.split(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    loop {
        let status_line = lines.find(|line| !line.is_empty()).unwrap();
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
fn joined(lines: &[&[u8]]) -> HeaderValue {
    let lines: Vec<&[u8]> = lines.iter().copied().map(without_blanks).collect();
    HeaderValue::normalize(lines.join(&b' ')).unwrap()
}

fn without_blanks(mut line: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r'] = line {
        line = rest;
    }
    line
}

fn one_of(pieces: &'static [&'static [u8]]) -> impl Strategy<Value = &'static [u8]> + Clone {
    select(pieces)
}

/// Mostly the first, sometimes one of the others.
fn mostly(
    first: &'static [u8],
    others: &'static [&'static [u8]],
) -> impl Strategy<Value = &'static [u8]> + Clone {
    prop_oneof![6 => Just(first), 1 => one_of(others)]
}

fn line_end() -> impl Strategy<Value = &'static [u8]> + Clone {
    mostly(
        b"\r\n",
        &[b"\n", b"\n", b"\n", b"\n", b"\n", b"\r", b"\r\r\n"],
    )
}

/// Bytes of a value or of a status text: any, but seldom one with which a head is refused.
fn text() -> impl Strategy<Value = Vec<u8>> + Clone {
    let telling = select(b" \t,:=aZ9\x7f\x01\x0b\x0c\x1f\x80\xe9\xff".to_vec());
    let byte = prop_oneof![20 => b' '..=b'~', 20 => telling, 1 => any::<u8>()];
    vec(byte, 0..6)
}

fn status_line() -> impl Strategy<Value = Vec<u8>> {
    let version = mostly(
        b"HTTP/1.1 ",
        &[
            b"HTTP/1.0 ",
            b"HTTP/1.2 ",
            b"HTTP/2 ",
            b"HTTP/1.1  ",
            b"HTTP",
        ],
    );
    let status = prop_oneof![
        4 => Just(&b"200"[..]),
        2 => one_of(&[b"100", b"103", b"199"]),
        1 => one_of(&[b"101", b"404", b"099", b"1000", b"1", b""]),
    ];
    let text = prop_oneof![
        2 => one_of(&[b"", b" ", b" OK", b" caf\xe9", b" \xe9 "]).prop_map(<[u8]>::to_vec),
        1 => "[ -~]{0,9}".prop_map(|text| format!(" {text}").into_bytes()),
        1 => vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..6).prop_map(|text| [b" ", &*text].concat()),
    ];
    (version, status, text, line_end())
        .prop_map(|(version, status, text, end)| [version, status, &text, end].concat())
}

/// A header, perhaps folded, or a line that is none.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let name = mostly(
        b"a",
        &[
            b"b", b"B", b"x-c", b"A", b"a ", b" a", b"\x01", b"a\xe9", b"", b"a b",
        ],
    );
    let colon = mostly(b":", &[b": ", b":\t", b" :", b""]);
    let fold = (mostly(b" ", &[b"\t", b" \t "]), text(), line_end())
        .prop_map(|(blank, text, end)| [blank, &text, end].concat());
    let folds = prop_oneof![3 => Just(Vec::new()), 1 => vec(fold, 1..3)];
    let parts = (name, colon, text(), line_end(), folds);
    parts.prop_map(|(name, colon, text, end, folds)| {
        [&[name, colon, &text, end].concat(), &*folds.concat()].concat()
    })
}

fn head() -> impl Strategy<Value = Vec<u8>> {
    let headers = prop_oneof![4 => vec(header(), 0..5), 1 => vec(header(), 0..12)];
    let end = mostly(b"\r\n", &[b"\n", b""]);
    (status_line(), headers, end)
        .prop_map(|(line, headers, end)| [&*line, &headers.concat(), end].concat())
}

/// Empty lines, heads, a body.
fn responses() -> impl Strategy<Value = Vec<u8>> {
    let body = prop_oneof![head(), text()];
    (
        mostly(b"", &[b"\r\n", b"\n", b"\r"]),
        vec(head(), 1..4),
        body,
    )
        .prop_map(|(before, heads, body)| [before, &heads.concat(), &body].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_change_nothing(responses in responses(), cuts in vec(any::<Index>(), 0..4)) {
        let byte_by_byte = lost(responses.chunks(1));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(responses.len())).collect();
        cuts.sort_unstable();
        let ends = cuts.iter().skip(1).copied().chain([responses.len()]);
        let first = &responses[..cuts.first().copied().unwrap_or(responses.len())];
        let pieces = cuts.iter().zip(ends).map(|(start, end)| &responses[*start..end]);
        prop_assert_eq!(&lost([first].into_iter().chain(pieces)), &byte_by_byte);
        prop_assert_eq!(&lost([&*responses]), &byte_by_byte);
    }

    #[test]
    fn nothing_is_lost_of_a_plain_head(responses in responses()) {
        if begins_with_plain_head(&responses) {
            prop_assert_eq!(lost(responses.chunks(1)), Lost::default());
        }
    }

    #[test]
    fn what_is_parsed_and_what_is_lost_are_what_the_lines_say(responses in responses()) {
        let Some((text, mut headers)) = by_httparse(&responses) else {
            return Ok(());
        };
        let lost = lost([&*responses]);
        let (whole_text, whole_headers) = by_the_lines(&responses);
        prop_assert_eq!(lost.status_text.map_or(text, Vec::from), whole_text);
        for LostHeader { name, value, before } in lost.headers {
            headers.insert(name, value, before);
        }
        if whole_headers.values().map(Vec::len).sum::<usize>() > MOST_HEADERS {
            // Then so many are kept that the limit is seen to be passed.
            prop_assert!(headers.len() > MOST_HEADERS);
        } else {
            let mut values = Values::new();
            for (name, value) in headers.iter() {
                let values = values.entry(name.to_string()).or_default();
                values.push(value.as_bytes().to_vec());
            }
            prop_assert_eq!(values, whole_headers);
        }
    }
}
