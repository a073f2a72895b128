//! Where cookies come from and go to.

use std::sync::LazyLock;

use url::Url;
use vetch::vetch_core::infrastructure::origins::is_potentially_trustworthy;

/// A URL.
pub(super) struct Place {
    pub(super) text: &'static str,
    pub(super) url: Url,
    /// Its registrable domain, or its host where it has none.
    pub(super) site: &'static str,
    pub(super) is_trustworthy: bool,
}

impl Place {
    fn new(text: &'static str, site: &'static str) -> Self {
        let url: Url = text.parse().expect("a URL");
        Self {
            text,
            is_trustworthy: is_potentially_trustworthy(&url),
            url,
            site,
        }
    }

    /// The place of that letter, whatever its case; of any other byte the first.
    pub(super) fn of(letter: u8) -> &'static Self {
        let number = letter.to_ascii_lowercase().wrapping_sub(b'a');
        PLACES.get(usize::from(number)).unwrap_or(&PLACES[0])
    }

    pub(super) fn host(&self) -> &str {
        self.url.host_str().expect("a host")
    }
}

/// Every place.
pub(super) static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let places = URLS.iter();
    places.map(|(text, site)| Place::new(text, site)).collect()
});

/// From `a` on.
const URLS: [(&str, &str); 19] = [
    ("https://a.example/", "a.example"),
    ("http://a.example/", "a.example"),
    ("https://w.a.example/b/c", "a.example"),
    ("http://w.a.example/b/c/d", "a.example"),
    ("https://a.example:8443/b/", "a.example"),
    ("https://b.example/b", "b.example"),
    ("https://a.example./", "a.example."),
    ("https://one.co.uk/", "one.co.uk"),
    ("https://two.co.uk/b/c", "two.co.uk"),
    ("http://two.co.uk/", "two.co.uk"),
    ("https://co.uk/", "co.uk"),
    ("https://xn--9ca.example/", "xn--9ca.example"),
    ("http://localhost/b/", "localhost"),
    ("http://x.localhost/", "x.localhost"),
    ("http://127.0.0.1/", "127.0.0.1"),
    ("http://2.127.0.0.example/", "0.example"),
    ("https://[::1]/", "[::1]"),
    ("https://example/", "example"),
    ("https://one.co.uk./", "one.co.uk."),
];
