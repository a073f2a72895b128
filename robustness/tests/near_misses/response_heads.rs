//! Responses that are what hyper's parser reads, or nearly so.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Empty lines, heads, a body.
pub(crate) fn near_responses() -> impl Strategy<Value = Vec<u8>> {
    let body = prop_oneof![head(), text()];
    (
        mostly(b"", &[b"\r\n", b"\n", b"\r"]),
        vec(head(), 1..4),
        body,
    )
        .prop_map(|(before, heads, body)| [before, &heads.concat(), &body].concat())
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
