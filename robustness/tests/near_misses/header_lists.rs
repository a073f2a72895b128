//! Header lists that are safelisted, or let an origin read, or nearly so.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{near_ranges, pieces, telling_bytes};

/// Lines of a request, safelisted or nearly so.
pub(crate) fn near_safelists() -> impl Strategy<Value = Vec<u8>> {
    let name = select(NAMES);
    let value = prop_oneof![
        2 => near_types(),
        2 => near_ranges(),
        2 => telling_bytes(b"aZ09 *,-.;=/+'~_!\t\x7f\xe9"),
        1 => near_limit(),
    ];
    let line = (name, value).prop_map(|(name, value)| [name.as_bytes(), b":", &*value].concat());
    vec(line, 0..4).prop_map(|lines| lines.join(&b'\n'))
}

/// Safelisted types or nearly so, with parameters.
fn near_types() -> impl Strategy<Value = Vec<u8>> {
    let essence = select(ESSENCES);
    let rest = pieces(PARAMETERS);
    (essence, prop_oneof![1 => Just(Vec::new()), 2 => rest])
        .prop_map(|(essence, rest)| [essence.as_bytes(), &*rest].concat())
}

/// Values as long as one may be, give or take a byte.
fn near_limit() -> impl Strategy<Value = Vec<u8>> {
    let beginning = select(BEGINNINGS);
    (beginning, 127..130_usize).prop_map(|(beginning, length)| {
        let fill = "9".repeat(length - beginning.len());
        [beginning, &fill].concat().into_bytes()
    })
}

/// Safelisted lines, all together as long as they may be, give or take a byte; and one among them that may not count.
pub(crate) fn near_total() -> impl Strategy<Value = Vec<u8>> {
    let names = vec(
        select(&["accept", "accept-language", "content-language"][..]),
        9..12,
    );
    let one_more = select(MORE);
    (names, 1_023..1_027_usize, one_more).prop_map(|(names, total, one_more)| {
        let (each, rest) = (total / names.len(), total % names.len());
        let lines = names.iter().enumerate().map(|(place, name)| {
            let length = each + usize::from(place < rest);
            format!("{name}:{}\n", "a".repeat(length))
        });
        [lines.collect::<String>(), one_more.to_owned()]
            .concat()
            .into_bytes()
    })
}

/// Lines of a response that let an origin read it, or nearly so.
pub(crate) fn near_permissions() -> impl Strategy<Value = Vec<u8>> {
    let origin = select(ORIGINS);
    let credentials = select(CREDENTIALS);
    let lines = (
        lines(
            &["access-control-allow-origin", "Access-Control-Allow-Origin"],
            origin,
        ),
        lines(
            &[
                "access-control-allow-credentials",
                "Access-Control-Allow-Credentials",
            ],
            credentials,
        ),
    );
    lines.prop_map(|(origins, credentials)| [origins, credentials].concat())
}

/// Mostly one line, sometimes none or more, of such a name and value; the value has blanks around it, or a byte too much.
fn lines(
    names: &'static [&'static str],
    values: impl Strategy<Value = &'static str> + Clone,
) -> impl Strategy<Value = Vec<u8>> {
    let around = || prop_oneof![4 => Just(&b""[..]), 2 => Just(&b" \t"[..]), 1 => select(ODD)];
    let line =
        (select(names), around(), values, around()).prop_map(|(name, before, value, behind)| {
            [
                name.as_bytes(),
                b":",
                before,
                value.as_bytes(),
                behind,
                b"\n",
            ]
            .concat()
        });
    let few = prop_oneof![6 => vec(line.clone(), 1), 1 => vec(line, 0..4)];
    few.prop_map(|lines| lines.concat())
}

/// What is no blank, or no byte of a value.
const ODD: &[&[u8]] = &[b"\x0b", b"\xa0", b"\x01", b","];

const NAMES: &[&str] = &[
    "accept",
    "Accept-Language",
    "content-language",
    "content-type",
    "CONTENT-TYPE",
    "range",
    "Range",
    "authorization",
    "x-a",
];

const ESSENCES: &[&str] = &[
    "text/plain",
    "Text/Plain",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/html",
    "text/plain2",
    "text",
    "application/json",
];

const BEGINNINGS: &[&str] = &[
    "",
    "text/plain;a=",
    "bytes=0-",
    "bytes=",
    "multipart/form-data;",
];

const MORE: &[&str] = &[
    "",
    "",
    "x-a:1",
    "accept:\"",
    "range:bytes=0-",
    "content-type:a/b",
];

const ORIGINS: &[&str] = &[
    "*",
    "*",
    "null",
    "https://a.example",
    "https://a.example",
    "http://p.example:8080",
    "https://A.example",
    "HTTPS://a.example",
    "NULL",
    "https://a.example/",
    "https://a.example:443",
    "http://a.example",
    "http://p.example",
    "https://a.example, https://a.example",
    "https://a.example https://b.example",
    "*, *",
    "**",
    "\"*\"",
    "",
];

const CREDENTIALS: &[&str] = &[
    "true",
    "true",
    "true",
    "true",
    "TRUE",
    "True",
    "true, true",
    "true,",
    "\"true\"",
    "false",
    "1",
    "",
];

const PARAMETERS: &[&str] = &[
    ";",
    " ",
    "\t",
    "charset",
    "=",
    "utf-8",
    "a",
    ",",
    "/",
    "+json",
    "text/plain",
    "\x7f",
];
