use super::*;

type Case<T> = (&'static str, &'static [u8], T);
type Headers = &'static [(&'static str, &'static [u8], usize)];

const REQUEST: &[u8] = b"PUT /a?b HTTP/1.1\r\nhost: a.example\r\n\r\n";

fn reader() -> HeadReader {
    HeadReader::new(100)
}

/// What is lost of the responses that follow on a request, however their bytes are cut.
fn lost(responses: &[u8]) -> Lost {
    let read = |cut: usize| {
        let mut reader = reader();
        let parts = reader.lost_parts();
        reader.wrote(REQUEST);
        let (first, second) = responses.split_at(cut);
        reader.read(first).unwrap();
        reader.read(second).unwrap();
        parts.clone().into_lost().unwrap_or_default()
    };
    let whole = read(0);
    for cut in 1..responses.len() {
        assert_eq!(read(cut), whole, "cut at {cut}");
    }
    whole
}

#[test]
fn a_status_text_beyond_ascii_is_kept_and_no_other() {
    let cases: [Case<Option<&[u8]>>; 10] = [
        ("Latin-1", b"HTTP/1.1 200 caf\xe9\r\n\r\n", Some(b"caf\xe9")),
        (
            "a bare line feed",
            b"HTTP/1.0 200 \xff\n\n",
            Some(b"\xff"),
        ),
        (
            "white space stays",
            b"HTTP/1.1 200  \xe9 \r\n\r\n",
            Some(b" \xe9 "),
        ),
        (
            "empty lines before it",
            b"\r\n\r\n\nHTTP/1.1 200 \xe9\r\n\r\n",
            Some(b"\xe9"),
        ),
        (
            "after 1xx heads, whatever they have",
            b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \xe8\r\nlink: \xe7\r\n\r\nHTTP/1.1 200 \xe9\r\n\r\n",
            Some(b"\xe9"),
        ),
        (
            "not that of a 1xx head",
            b"HTTP/1.1 103 \xe8\r\nx: \x01\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            None,
        ),
        ("ASCII", b"HTTP/1.1 200 cafe\r\n\r\n", None),
        ("only the version", b"HTTP/1.1\xe9\r\n\r\n", None),
        (
            "a body",
            b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 \xe9\r\n\r\n",
            None,
        ),
        ("a head that goes on", b"HTTP/1.1 200 \xe9\r\nx: y\r\n", None),
    ];
    for (name, response, expected) in cases {
        let expected = Lost {
            status_text: expected.map(Bytes::from_static),
            headers: Vec::new(),
        };
        assert_eq!(lost(response), expected, "{name}");
    }
}

#[test]
fn headers_with_control_bytes_are_kept_and_no_others() {
    let cases: [Case<Headers>; 13] = [
        ("none", b"a: b\r\n", &[]),
        ("a tab is none", b"a: b\tc\r\n", &[]),
        ("bytes beyond ASCII are none", b"a: \xe9\r\n", &[]),
        ("01", b"A: b\x01c\r\n", &[("a", b"b\x01c", 0)]),
        ("DEL, a bare line feed", b"a:\x7f\n", &[("a", b"\x7f", 0)]),
        (
            "white space goes, VT and FF stay",
            b"a: \t\x0bb\x0c \r\n",
            &[("a", b"\x0bb\x0c", 0)],
        ),
        (
            "in order, among others",
            b"a: 1\r\nb: \x01\r\nc: 2\r\nb: \x02\r\n",
            &[("b", b"\x01", 0), ("b", b"\x02", 1)],
        ),
        (
            "behind others of its name",
            b"b: 1\r\nB: 2\r\nb: \x01\r\nb: 3\r\nb: \x02\r\n",
            &[("b", b"\x01", 2), ("b", b"\x02", 4)],
        ),
        (
            "before a fold",
            b"a: b\x01\r\n c\r\nd: e\r\n",
            &[("a", b"b\x01 c", 0)],
        ),
        (
            "in a fold",
            b"a: b\r\n\t \x01c\r\n d\r\n",
            &[("a", b"b \x01c d", 0)],
        ),
        ("a name with one is none", b"a\x01: b\r\n", &[]),
        ("a line without a colon is none", b"a\x01b\r\n", &[]),
        ("a name before a space is none", b"a : b\x01\r\n", &[]),
    ];
    for (name, headers, expected) in cases {
        let response = [b"HTTP/1.1 200 OK\r\n", headers, b"\r\nb: \x01\r\n"].concat();
        let expected = Lost {
            status_text: None,
            headers: expected
                .iter()
                .map(|(name, value, before)| LostHeader {
                    name: HeaderName::from_static(name),
                    value: HeaderValue::normalize(value).unwrap(),
                    before: *before,
                })
                .collect(),
        };
        assert_eq!(lost(&response), expected, "{name}");
    }
}

#[test]
fn a_response_has_nothing_of_the_one_before() {
    let mut reader = reader();
    let parts = reader.lost_parts();
    let texts = ["\u{e9}", "", "\u{ea}"].map(|text| {
        reader.wrote(REQUEST);
        reader
            .read(format!("HTTP/1.1 200 {text}\r\ncontent-length: 0\r\n\r\n").as_bytes())
            .unwrap();
        let lost = parts.clone().into_lost();
        lost.and_then(|lost| lost.status_text)
    });
    let text = |text: &'static str| Some(Bytes::from_static(text.as_bytes()));
    assert_eq!(texts, [text("\u{e9}"), None, text("\u{ea}")]);
}

#[test]
fn what_was_lost_when_it_was_cloned_stays() {
    let mut reader = reader();
    reader.wrote(REQUEST);
    reader.read(b"HTTP/1.1 200 OK\r\na: \x01\r\n\r\n").unwrap();
    let first = reader.lost_parts().clone();
    reader.wrote(REQUEST);
    reader.read(b"HTTP/1.1 200 OK\r\na: \x02\r\n\r\n").unwrap();
    let value = |parts: LostParts| parts.into_lost().unwrap().headers.remove(0).value;
    assert_eq!(value(reader.lost_parts().clone()), "\u{2}");
    assert_eq!(value(first), "\u{1}");
}

#[test]
fn a_body_that_goes_out_meanwhile_changes_nothing() {
    let mut reader = reader();
    let parts = reader.lost_parts();
    reader.wrote(REQUEST);
    let answer = b"HTTP/1.1 103 \r\nx: 200 \xe8\r\n\r\nHTTP/1.1 200 \xe9\r\na: \x01\r\n\r\n";
    for byte in answer {
        reader.read(&[*byte]).unwrap();
        if reader.place != Place::Behind {
            reader.wrote(REQUEST);
        }
        reader.wrote(b"more of a body, HTTP/1.1\r\n");
    }
    // Nor does a body that comes while it goes out, and looks like a head; the next response has its own.
    reader.read(b"HTTP/1.1 200 OK\r\na: \x02\r\n\r\n").unwrap();
    reader.wrote(b"the rest");
    reader.read(b"HTTP/1.1 200 OK\r\na: \x03\r\nH").unwrap();
    let lost = parts.clone().into_lost().unwrap();
    assert_eq!(lost.status_text.unwrap(), &b"\xe9"[..]);
    assert_eq!(lost.headers[0].value, "\u{1}");
    assert_eq!(lost.headers.len(), 1);
    reader.wrote(REQUEST);
    reader.read(b"HTTP/1.1 200 OK\r\nb: \x04\r\n\r\n").unwrap();
    let lost = parts.clone().into_lost().unwrap();
    assert_eq!(lost.headers[0].name, "b");
    assert_eq!(lost.headers.len(), 1);
}

#[test]
fn no_more_headers_are_kept_than_a_head_may_have() {
    let mut reader = reader();
    let parts = reader.lost_parts();
    reader.wrote(REQUEST);
    reader.read(b"HTTP/1.1 200 OK\r\n").unwrap();
    for _ in 0..1_000 {
        reader.read(b"a: \x01\r\n").unwrap();
    }
    reader.read(b"\r\n").unwrap();
    // One more, so that the head is refused.
    assert_eq!(parts.clone().into_lost().unwrap().headers.len(), 101);
}

#[test]
fn a_line_without_end_is_given_up() {
    for beginning in ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\na: "] {
        let mut reader = reader();
        reader.wrote(REQUEST);
        reader.read(beginning.as_bytes()).unwrap();
        for _ in 0..=LINE_BYTES / 1_000 {
            reader.read(&[0xe9; 1_000]).unwrap();
        }
        assert_eq!(reader.place, Place::Behind);
        assert!(reader.line.is_empty());
    }
}

/// How many of such parts, cut into pieces, it takes before an answer, while a body goes out that looks like requests.
fn taken_before_an_answer(part: &[u8], piece: usize) -> usize {
    let mut reader = reader();
    reader.wrote(REQUEST);
    let mut taken = 0;
    loop {
        for piece in part.chunks(piece) {
            if reader.read(piece).is_err() {
                return taken;
            }
            reader.wrote(REQUEST);
        }
        taken += 1;
    }
}

#[test]
fn informational_responses_have_a_limit() {
    let parts: [&[u8]; 3] = [
        b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"\r\n\r\n\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
    ];
    for part in parts {
        for piece in [1, 7, part.len()] {
            let taken = taken_before_an_answer(part, piece);
            assert_eq!(taken, INFORMATIONAL_BYTES / part.len(), "{piece}");
        }
    }
}

#[test]
fn informational_responses_count_for_their_own_answer_only() {
    let mut reader = reader();
    let half = b"HTTP/1.1 103 \r\n\r\n".repeat(INFORMATIONAL_BYTES / 34);
    for _ in 0..4 {
        reader.wrote(REQUEST);
        reader.read(&half).unwrap();
        reader.read(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    }
}
