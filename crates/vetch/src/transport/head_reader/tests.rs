use super::*;

type Case<T> = (&'static str, &'static [u8], T);
type Headers = &'static [(&'static str, &'static [u8])];

/// What is lost of the responses that follow on a request, however their bytes are cut.
fn lost(responses: &[u8]) -> Lost {
    let read = |cut: usize| {
        let mut reader = HeadReader::default();
        let parts = reader.lost_parts();
        reader.begin();
        let (first, second) = responses.split_at(cut);
        reader.read(first);
        reader.read(second);
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
            "an empty line before it",
            b"\r\nHTTP/1.1 200 \xe9\r\n\r\n",
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
    let cases: [Case<Headers>; 12] = [
        ("none", b"a: b\r\n", &[]),
        ("a tab is none", b"a: b\tc\r\n", &[]),
        ("bytes beyond ASCII are none", b"a: \xe9\r\n", &[]),
        ("01", b"A: b\x01c\r\n", &[("a", b"b\x01c")]),
        ("DEL, a bare line feed", b"a:\x7f\n", &[("a", b"\x7f")]),
        (
            "white space goes, VT and FF stay",
            b"a: \t\x0bb\x0c \r\n",
            &[("a", b"\x0bb\x0c")],
        ),
        (
            "in order, among others",
            b"a: 1\r\nb: \x01\r\nc: 2\r\nb: \x02\r\n",
            &[("b", b"\x01"), ("b", b"\x02")],
        ),
        (
            "before a fold",
            b"a: b\x01\r\n c\r\nd: e\r\n",
            &[("a", b"b\x01 c")],
        ),
        (
            "in a fold",
            b"a: b\r\n\t \x01c\r\n d\r\n",
            &[("a", b"b \x01c d")],
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
                .map(|(name, value)| {
                    let value = HeaderValue::normalize(value).unwrap();
                    (HeaderName::from_static(name), value)
                })
                .collect(),
        };
        assert_eq!(lost(&response), expected, "{name}");
    }
}

#[test]
fn a_response_has_nothing_of_the_one_before() {
    let mut reader = HeadReader::default();
    let parts = reader.lost_parts();
    let texts = ["\u{e9}", "", "\u{ea}"].map(|text| {
        reader.begin();
        reader.read(format!("HTTP/1.1 200 {text}\r\ncontent-length: 0\r\n\r\n").as_bytes());
        let lost = parts.clone().into_lost();
        lost.and_then(|lost| lost.status_text)
    });
    let text = |text: &'static str| Some(Bytes::from_static(text.as_bytes()));
    assert_eq!(texts, [text("\u{e9}"), None, text("\u{ea}")]);
}

#[test]
fn what_was_lost_when_it_was_cloned_stays() {
    let mut reader = HeadReader::default();
    reader.begin();
    reader.read(b"HTTP/1.1 200 OK\r\na: \x01\r\n\r\n");
    let first = reader.lost_parts().clone();
    reader.begin();
    reader.read(b"HTTP/1.1 200 OK\r\na: \x02\r\n\r\n");
    let value = |parts: LostParts| parts.into_lost().unwrap().headers.remove(0).1;
    assert_eq!(value(reader.lost_parts().clone()), "\u{2}");
    assert_eq!(value(first), "\u{1}");
}

#[test]
fn a_body_that_goes_out_meanwhile_changes_nothing() {
    let mut reader = HeadReader::default();
    let parts = reader.lost_parts();
    let answer =
        b"HTTP/1.1 103 \r\nx: 200 \xe8\r\n\r\nHTTP/1.1 200 \xe9\r\na: \x01\r\n\r\nx 200 \xff\nrest";
    for byte in answer {
        reader.begin();
        reader.read(&[*byte]);
    }
    let lost = parts.clone().into_lost().unwrap();
    assert_eq!(lost.status_text.unwrap(), &b"\xe9"[..]);
    assert_eq!(lost.headers.len(), 1);
}

#[test]
fn a_line_without_end_is_given_up() {
    for beginning in ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\na: "] {
        let mut reader = HeadReader::default();
        reader.begin();
        reader.read(beginning.as_bytes());
        for _ in 0..=LINE_BYTES / 1_000 {
            reader.read(&[0xe9; 1_000]);
        }
        assert_eq!(reader.place, Place::Behind);
        assert!(reader.line.is_empty());
    }
}
