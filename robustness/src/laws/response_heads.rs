//! Heads of HTTP/1 responses: what hyper's parser gives of them and what is found lost are, together, what the lines say.

mod by_the_lines;

use vetch_core::HeaderList;

use by_the_lines::{Values, by_the_lines, joined};
use head_reader::{HeadReader, Lost, LostHeader};

/// The reader itself, which is no public item of vetch.
#[path = "../../../crates/vetch/src/transport/head_reader.rs"]
mod head_reader;

/// What the reader asks of the module beside it in vetch.
mod failure {
    /// No bytes here are as many.
    pub(super) const HTTP1_HEAD_BYTES: usize = 1 << 20;
}

/// How many header lines a head may have: few, so that some have more.
const MOST_HEADERS: usize = 4;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

/// The bytes are what comes upon a request: empty lines, heads, a body.
pub fn hold(responses: &[u8]) {
    let lost = lost([responses]);
    cutting(responses, &lost);
    let Some((status_text, headers)) = by_httparse(responses) else {
        return;
    };
    following(responses);
    adding_up(responses, (status_text, headers), lost);
}

/// What is lost of the responses that follow on a request, which come in these pieces.
fn lost<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Lost {
    let mut reader = HeadReader::new(MOST_HEADERS);
    answer(&mut reader, pieces)
}

fn answer<'a>(reader: &mut HeadReader, pieces: impl IntoIterator<Item = &'a [u8]>) -> Lost {
    reader.wrote(REQUEST);
    for piece in pieces {
        reader.read(piece).expect("few informational responses");
    }
    reader.lost_parts().clone().into_lost().unwrap_or_default()
}

/// How the bytes are cut changes nothing.
fn cutting(responses: &[u8], whole: &Lost) {
    for length in [1, 2, 3, 7, 61] {
        assert_eq!(lost(responses.chunks(length)), *whole, "cut by {length}");
    }
    let lines = responses.split_inclusive(|byte| *byte == b'\n');
    assert_eq!(lost(lines), *whole, "cut behind each line");
    // A head that comes by itself may be read in another way than by its lines.
    let heads = responses.chunk_by(|before, next| !(*before == b'\n' && *next == b'H'));
    assert_eq!(lost(heads), *whole, "cut before each head");
}

/// Behind a whole head the next response has what is lost of its own, and nothing else.
fn following(responses: &[u8]) {
    let mut reader = HeadReader::new(MOST_HEADERS);
    answer(&mut reader, [responses]);
    let next = answer(&mut reader, [&b"HTTP/1.1 200 \xe9\r\na: \x01\r\n\r\n"[..]]);
    assert_eq!(next.status_text.as_deref(), Some(&b"\xe9"[..]));
    let headers = next.headers.iter();
    let headers: Vec<_> = headers
        .map(|lost| (lost.name.as_str(), lost.value.as_bytes(), lost.before))
        .collect();
    assert_eq!(headers, [("a", &b"\x01"[..], 0)]);
    let plain = answer(&mut reader, [&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
    assert_eq!(plain, Lost::default());
}

/// What was parsed and what was lost are what the lines say.
fn adding_up(responses: &[u8], (text, mut headers): (Vec<u8>, HeaderList), lost: Lost) {
    let (whole_text, whole_headers) = by_the_lines(responses);
    assert_eq!(lost.status_text.map_or(text, Vec::from), whole_text);
    for LostHeader {
        name,
        value,
        before,
    } in lost.headers
    {
        headers.insert(name, value, before);
    }
    if whole_headers.values().map(Vec::len).sum::<usize>() > MOST_HEADERS {
        // Then so many are kept that the limit is seen to be passed.
        assert!(headers.len() > MOST_HEADERS);
        return;
    }
    let mut values = Values::new();
    for (name, value) in headers.iter() {
        let values = values.entry(name.to_string()).or_default();
        values.push(value.as_bytes().to_vec());
    }
    assert_eq!(values, whole_headers);
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
            let name = header.name.parse().expect("a name");
            (name, joined(&lines))
        });
        return Some((response.reason?.into(), headers.collect()));
    }
}
