//! The tables of origins: read, taken from URLs, and compared.

use serde::Deserialize;
use url::Url;
use vetch_core::infrastructure::origins::{InvalidOrigin, Origin, are_same_origin, are_same_site};

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    origin: String,
}

#[test]
fn parse() {
    let table = include_str!("../../../../fixtures/cases/origins.json");
    cases::check(table, |input: &Text| match Origin::parse(&input.origin) {
        Ok(origin) => origin.to_string(),
        Err(InvalidOrigin::NotAUrl { .. }) => "not a URL".to_owned(),
        Err(InvalidOrigin::NoHost { .. }) => "no host".to_owned(),
        Err(InvalidOrigin::HasPart { part, fixed, .. }) => format!("has a {part}, write {fixed}"),
        Err(other) => panic!("{other}"),
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    url: String,
}

#[test]
fn of_urls() {
    let table = include_str!("../../../../fixtures/cases/url_origins.json");
    cases::check(table, |input: &Address| {
        Origin::of(&input.url.parse().expect("a URL")).map(|origin| origin.to_string())
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: String,
    b: String,
}

#[test]
fn relations() {
    let table = include_str!("../../../../fixtures/cases/origin_relations.json");
    cases::check(table, |Pair { a, b }: &Pair| {
        let origin = Origin::parse(a).expect("an origin");
        let b = &b.parse().expect("a URL");
        let found = [
            origin.is_same_origin_with_url(b),
            origin.is_same_site_with_url(b),
            origin.is_schemelessly_same_site_with_url(b),
        ];
        if let Ok(a) = Url::parse(a) {
            let of_urls = [are_same_origin(&a, b), are_same_site(&a, b)];
            assert_eq!(
                of_urls,
                found[..2],
                "two URLs compare as their origins do: {a} and {b}"
            );
            let turned = [are_same_origin(b, &a), are_same_site(b, &a)];
            assert_eq!(turned, of_urls, "both ways round: {a} and {b}");
        }
        match found {
            [true, true, true] => "same origin",
            [false, true, true] => "same site",
            [false, false, true] => "same site but for the scheme",
            [false, false, false] => "cross-site",
            _ => "contradiction",
        }
        .to_owned()
    });
}
