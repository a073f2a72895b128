//! Where cookies come from and go to.

use url::Url;
use vetch::vetch_core::infrastructure::origins::is_potentially_trustworthy;

/// A URL.
pub(super) struct Place {
    pub(super) url: &'static str,
    /// Its registrable domain, or its host where it has none.
    pub(super) site: &'static str,
}

impl Place {
    /// The place of that letter, whatever its case; of any other byte the first.
    pub(super) fn of(letter: u8) -> &'static Self {
        let number = letter.to_ascii_lowercase().wrapping_sub(b'a');
        PLACES.get(usize::from(number)).unwrap_or(&PLACES[0])
    }

    pub(super) fn url(&self) -> Url {
        self.url.parse().expect("a URL")
    }

    pub(super) fn is_trustworthy(&self) -> bool {
        is_potentially_trustworthy(&self.url())
    }
}

const fn place(url: &'static str, site: &'static str) -> Place {
    Place { url, site }
}

/// From `a` on.
pub(super) static PLACES: [Place; 19] = [
    place("https://a.example/", "a.example"),
    place("http://a.example/", "a.example"),
    place("https://w.a.example/b/c", "a.example"),
    place("http://w.a.example/b/c/d", "a.example"),
    place("https://a.example:8443/b/", "a.example"),
    place("https://b.example/b", "b.example"),
    place("https://a.example./", "a.example."),
    place("https://one.co.uk/", "one.co.uk"),
    place("https://two.co.uk/b/c", "two.co.uk"),
    place("http://two.co.uk/", "two.co.uk"),
    place("https://co.uk/", "co.uk"),
    place("https://xn--9ca.example/", "xn--9ca.example"),
    place("http://localhost/b/", "localhost"),
    place("http://x.localhost/", "x.localhost"),
    place("http://127.0.0.1/", "127.0.0.1"),
    place("http://2.127.0.0.example/", "0.example"),
    place("https://[::1]/", "[::1]"),
    place("https://example/", "example"),
    place("https://one.co.uk./", "one.co.uk."),
];
