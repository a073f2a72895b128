//! As a response's: whether it passes the CORS check is what the steps say.

use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::{CredentialsMode, Environment, HeaderList, Request};

use crate::steps;
use crate::steps::header_values::Header;

/// The pairs are the list's.
pub(super) fn hold(list: &HeaderList, headers: &[Header<'_>]) {
    for (page, urls, serialized) in REQUESTS {
        let mut request = request(page, urls);
        for (name, credentials_mode) in CredentialsMode::ALL {
            request.credentials_mode = credentials_mode;
            let verdict = cors_check(&request, list);
            let by_the_steps =
                steps::cors_check::cors_check(credentials_mode, serialized.as_bytes(), headers);
            assert_eq!(
                verdict.is_ok(),
                by_the_steps,
                "{serialized}, {name}: {verdict:?}"
            );
            // A failure has its reasons.
            assert_ne!(verdict, Err(Vec::new()));
        }
    }
}

/// A page's origin, where its request has been led, and the origin that it sends then.
const REQUESTS: [(&str, &[&str], &str); 4] = [
    (
        "https://a.example",
        &["https://b.example/"],
        "https://a.example",
    ),
    (
        "https://a.example",
        &["https://b.example/", "https://c.example/"],
        "null",
    ),
    ("null", &["https://b.example/"], "null"),
    (
        "http://p.example:8080",
        &["http://p.example/"],
        "http://p.example:8080",
    ),
];

fn request(page: &str, urls: &[&str]) -> Request {
    let page = Environment::of_origin(page).expect("an origin");
    let constructed = construct(urls[0], RequestInit::default(), &page.into());
    let mut request = constructed.expect("a request").request;
    for url in &urls[1..] {
        request.url_list.append(url.parse().expect("a URL"));
    }
    request
}
