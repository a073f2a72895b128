//! A transcript's responses as bytes for a socket: where it has only a line in brackets, bytes that fit the head.

use vetch_tests::Answer;

use vetch_transcripts::transcript::{Message, Payload, Response, Transcript};

/// What the servers do about each request of a transcript, in order.
pub(crate) fn answers(transcript: &Transcript) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut messages = transcript.messages.iter().peekable();
    while let Some(message) = messages.next() {
        assert!(
            matches!(message, Message::Request(_)),
            "a response to nothing"
        );
        let answer = match messages.peek() {
            Some(Message::Response(response)) => {
                messages.next();
                of_response(response)
            }
            _ => Answer::Nothing,
        };
        answers.push(answer);
    }
    answers
}

fn of_response(response: &Response) -> Answer {
    let get = |name: &str| {
        let line = response.lines.iter().find(|line| line.0 == name);
        line.map(|(_, value)| value.as_str())
    };
    let length = get("content-length").map(|length| length.parse().expect("a length"));
    let mut bytes = response.head.clone();
    let is_framed = match (&response.body, length) {
        (Payload::None, _) => matches!(response.status, 204 | 304),
        (Payload::Bytes(body), _) => {
            bytes.extend_from_slice(body);
            true
        }
        (Payload::Marked, Some(length)) => {
            bytes.extend(match get("content-encoding") {
                None => vec![b'x'; length],
                Some("gzip") => gzip(length),
                Some(other) => panic!("{other} is not made here"),
            });
            true
        }
        (Payload::Marked, None) if get("transfer-encoding") == Some("chunked") => {
            bytes.extend_from_slice(b"5\r\n<data\r\n2\r\n/>\r\n0\r\n\r\n");
            true
        }
        (Payload::Marked, None) => {
            bytes.extend_from_slice(b"until the end");
            false
        }
    };
    if is_framed {
        Answer::Bytes(bytes)
    } else {
        Answer::Last(bytes)
    }
}

/// A gzip of that length, of one stored block.
fn gzip(length: usize) -> Vec<u8> {
    let text = vec![b'x'; length - 23];
    let size = u16::try_from(text.len()).expect("a short body");
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    bytes.extend(size.to_le_bytes());
    bytes.extend((!size).to_le_bytes());
    bytes.extend_from_slice(&text);
    bytes.extend(crc32(&text).to_le_bytes());
    bytes.extend(u32::from(size).to_le_bytes());
    assert_eq!(bytes.len(), length);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            let carry = if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            (crc >> 1) ^ carry
        })
    });
    !crc
}
