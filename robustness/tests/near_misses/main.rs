//! Every law for bytes that are nearly what its parser looks for.
//!
//! `PROPTEST_CASES=1000000 cargo test --release -p vetch-robustness --test near_misses` takes it to a million cases each.

mod header_lists;
mod response_heads;

use header_lists::{near_permissions, near_safelists, near_total};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use response_heads::near_responses;
use vetch_robustness::laws;

/// Bytes of which many are what a parser looks for.
fn telling_bytes(telling: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![9 => select(telling), 1 => any::<u8>()], 0..40)
}

/// Pieces that a parser looks for, whole.
fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        9 => select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..3),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Values that are ranges or nearly so, with numbers longer than any integer.
fn near_ranges() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[0-9]{0,3}",
        1 => "0{0,40}[0-9]{18,30}",
        1 => Just("9".repeat(40)),
    ];
    let blank = select(vec!["", "", "", " ", "\t", " \t"]);
    let unit = select(vec![
        "bytes", "bytes", "bytes", "Bytes", "byte", "bytess", "",
    ]);
    let mark = |mark: &'static str| prop_oneof![9 => Just(mark.to_owned()), 1 => "[=,+*-]{0,2}"];
    let parts = (
        unit,
        blank.clone(),
        mark("="),
        blank.clone(),
        piece.clone(),
        blank.clone(),
        mark("-"),
        blank.clone(),
        piece,
        blank,
    );
    parts.prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
        [a, b, &c, d, &e, f, &g, h, &i, j].concat().into_bytes()
    })
}

const NAMES_AND_VALUES: &[&str] = &[
    "\n",
    "\n",
    ":",
    "accept",
    "range",
    "content-type",
    "set-cookie",
    "x-a",
    "X-A",
    ",",
    "\"",
    "\\",
    "; ",
    "text/plain",
    "bytes=0-1",
    " ",
    "\t",
];

const URLS: &[&str] = &[
    "\n",
    "\n",
    "https://",
    "http://",
    "blob:",
    "ftp://",
    "ws:",
    "file://",
    "app://",
    "a.example",
    "b.a.example",
    "co.uk",
    "localhost",
    "[::1]",
    "127.1",
    ":",
    "443",
    "8080",
    "/",
    "?",
    "#",
    "@",
    "..",
    "%",
    "null",
    ".",
];

const COOKIES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "a",
    "b",
    "c",
    "d",
    "i",
    "A",
    "B",
    "1",
    "=",
    "=",
    ";",
    ";",
    "; ",
    "Secure",
    "Domain=",
    ".",
    "a.example",
    "A.example",
    "w.a.example",
    "co.uk",
    "CO.UK",
    "Path=",
    "/",
    "/b",
    "Max-Age=",
    "-",
    "10",
    "__Host-",
    "__secure-",
    "\t",
    "\u{e0}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn headers(bytes in pieces(NAMES_AND_VALUES)) {
        laws::headers::hold(&bytes);
    }

    #[test]
    fn values(bytes in telling_bytes(b" \t,,;\"\"\\\\a")) {
        laws::headers::hold(&[b"x:", &*bytes].concat());
    }

    #[test]
    fn safelists(bytes in near_safelists()) {
        laws::headers::hold(&bytes);
    }

    #[test]
    fn safelisted_totals(bytes in near_total()) {
        laws::headers::hold(&bytes);
    }

    #[test]
    fn cors_checks(bytes in near_permissions()) {
        laws::headers::hold(&bytes);
    }

    #[test]
    fn mime_types(bytes in telling_bytes(b" \t\r\n//;;=\"\\,aZ*+.\x00\x7f\xe9")) {
        laws::mime_types::hold(&bytes);
    }

    #[test]
    fn parameters(bytes in pieces(&[
        "text/plain", "text/html", "*/*", ";", ";", "charset", "=", "=", "\"", "\\", "utf-8", ",", ", ", "\n", " ", "a",
    ])) {
        laws::mime_types::hold(&bytes);
    }

    #[test]
    fn ranges(bytes in near_ranges()) {
        laws::ranges::hold(&bytes);
    }

    #[test]
    fn max_ages(bytes in telling_bytes(b"0123456789999999-+, \n")) {
        laws::max_age::hold(&bytes);
    }

    #[test]
    fn origins(bytes in pieces(URLS)) {
        laws::origins::hold(&bytes);
    }

    #[test]
    fn locations(base in select(&["https://a.example/b/c?d#e", "data:,x"][..]), bytes in pieces(URLS)) {
        laws::locations::hold(&[base.as_bytes(), b"\n", &*bytes].concat());
    }

    #[test]
    fn response_heads(bytes in near_responses()) {
        laws::response_heads::hold(&bytes);
    }

    #[test]
    fn content_codings(bytes in vec(any::<u8>(), 0..200)) {
        laws::content_codings::hold(&bytes);
    }

    #[test]
    fn cookies(bytes in pieces(COOKIES)) {
        laws::cookies::hold(&bytes);
    }

    #[test]
    fn conversations(bytes in vec(any::<u8>(), 0..200)) {
        laws::machine::hold(&bytes);
    }
}
