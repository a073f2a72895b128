//! A host that was written without its scheme, like `api.example/items` or `localhost:8080`.
//! In: a text. Out: the URL that is meant.

use url::{Host, ParseError, Url};

/// The URL that is meant when only its scheme is missing; on the own machine servers rarely have TLS.
pub(crate) fn with_scheme(written: &str) -> Option<Url> {
    if !starts_with_host(written) {
        return None;
    }
    let url = Url::parse(&format!("http://{written}")).ok()?;
    if is_loopback(&url) {
        Some(url)
    } else {
        Url::parse(&format!("https://{written}")).ok()
    }
}

/// A name with a dot, or `localhost`, at the place where the URL parser looks for the scheme.
fn starts_with_host(written: &str) -> bool {
    let is_host = |name: &str| name == "localhost" || name.contains('.');
    match Url::parse(written) {
        Err(ParseError::RelativeUrlWithoutBase) => {
            let host = written.split(['/', '?', '#', ':']).next();
            host.is_some_and(is_host)
        }
        // What follows the colon is a port, not the rest of a URL.
        Ok(parsed) => {
            is_host(parsed.scheme()) && parsed.path().starts_with(|c: char| c.is_ascii_digit())
        }
        Err(_) => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn only_a_host_without_a_scheme_gets_one() {
        let rows = [
            ("api.example/x", Some("https://api.example/x")),
            ("api.example:8443/x", Some("https://api.example:8443/x")),
            ("api.example:443", Some("https://api.example/")),
            ("127.0.0.1:8080", Some("http://127.0.0.1:8080/")),
            ("localhost", Some("http://localhost/")),
            ("localhost:3000", Some("http://localhost:3000/")),
            ("https://api.example:99999/", None),
            ("https://api .example/", None),
            ("mailto:me@a.example", None),
            ("items/7.json", None),
            ("/items", None),
            ("a b.example", None),
            ("", None),
        ];
        for (written, meant) in rows {
            let url = with_scheme(written);
            assert_eq!(url.as_ref().map(url::Url::as_str), meant, "{written}");
        }
    }
}
