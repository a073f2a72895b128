//! Origins and sites: what is read is what was written, and the relations are relations.

use url::Url;
use vetch_core::infrastructure::origins::{
    are_same_origin, are_same_site, is_potentially_trustworthy,
};
use vetch_core::{Environment, Origin};

use super::texts;

/// Each line is an origin or a URL; neighbours are held against each other.
pub fn hold(bytes: &[u8]) {
    let texts = texts(bytes);
    for text in &texts {
        serialisation(text);
    }
    let urls: Vec<Url> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    for url in &urls {
        let _ = is_potentially_trustworthy(url);
        relations(url, url);
    }
    for pair in urls.windows(2) {
        relations(&pair[0], &pair[1]);
    }
}

/// An origin's serialisation is that origin, and the URL library's.
fn serialisation(text: &str) {
    let parsed = Origin::parse(text);
    assert_eq!(Environment::of_origin(text).is_ok(), parsed.is_ok());
    let Ok(origin) = parsed else { return };
    let written = origin.to_string();
    assert_eq!(Origin::parse(&written).as_ref(), Ok(&origin), "{text:?}");
    let Ok(url) = written.parse::<Url>() else {
        assert_eq!(written, "null");
        return;
    };
    assert!(origin.is_same_origin_with_url(&url));
    if let url::Origin::Tuple(..) = url.origin() {
        assert_eq!(url.origin().ascii_serialization(), written);
    }
}

fn relations(a: &Url, b: &Url) {
    let same_origin = are_same_origin(a, b);
    let same_site = are_same_site(a, b);
    assert_eq!(same_origin, are_same_origin(b, a), "{a} {b}");
    assert_eq!(same_site, are_same_site(b, a), "{a} {b}");
    assert!(!same_origin || same_site, "{a} {b}");
    // Without a look at hosts first.
    let are_equal = Origin::of(a).is_some_and(|origin| Some(origin) == Origin::of(b));
    assert_eq!(same_origin, are_equal, "{a} {b}");
    if a.scheme() != "blob" && b.scheme() != "blob" {
        // The URL library is another reader of the same standard; its opaque origins equal nothing.
        assert_eq!(same_origin, a.origin() == b.origin(), "{a} {b}");
    }
    if let Some(origin) = Origin::of(a) {
        assert!(origin.is_same_origin_with_url(a));
        assert_eq!(origin.is_same_origin_with_url(b), same_origin, "{a} {b}");
        assert_eq!(origin.is_same_site_with_url(b), same_site, "{a} {b}");
        assert!(!same_site || origin.is_schemelessly_same_site_with_url(b));
    }
}
