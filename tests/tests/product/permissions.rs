//! Who asks, and who may read: over TLS, between hosts that have names.

use vetch::{ResponseType, UserAgent};
use vetch_tests::{Answer, Internet, Seen, answer};

const AGENT: &str = concat!("User-Agent: vetch/", env!("CARGO_PKG_VERSION"), "\r\n");

/// Lets every origin PUT with `X-Token`, and read.
fn open(seen: &Seen) -> Answer {
    let allow = ("access-control-allow-origin", "*");
    match seen.method() {
        "OPTIONS" => {
            let methods = ("access-control-allow-methods", "PUT");
            let headers = ("access-control-allow-headers", "X-Token");
            answer("204 No Content", &[allow, methods, headers], "")
        }
        _ => answer("200 OK", &[allow], "hello"),
    }
}

/// The head of a request from `https://app.example`, where it asks `https://api.example`.
fn head(line: &str, own: &str, after: &str, length: &str) -> String {
    format!(
        "{line} HTTP/1.1\r\n{own}Accept: */*\r\n{after}{length}\
         Referer: https://app.example/\r\n\
         Origin: https://app.example\r\n\
         Sec-Fetch-Dest: empty\r\n\
         Sec-Fetch-Mode: cors\r\n\
         Sec-Fetch-Site: cross-site\r\n\
         {AGENT}\
         Accept-Encoding: gzip, deflate, br, zstd\r\n\
         Host: api.example\r\n\r\n"
    )
}

#[tokio::test]
async fn a_preflighted_put_over_tls_is_these_bytes() {
    let internet = Internet::start(&["https://api.example"], open).await;
    let ua = internet.user_agent();
    let page = ua.page("https://app.example/start?secret").expect("a page");
    let fetch = page.fetch("https://api.example/items/7").method("PUT");
    let fetch = fetch.header("X-Token", "1").body("text");
    let mut response = fetch.send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "hello");
    let preflight = head(
        "OPTIONS /items/7",
        "",
        "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-token\r\n",
        "",
    );
    let request = head(
        "PUT /items/7",
        "X-Token: 1\r\nContent-Type: text/plain;charset=UTF-8\r\n",
        "Accept-Language: en-US,en;q=0.9\r\n",
        "Content-Length: 4\r\n",
    );
    let seen = internet.seen();
    let heads: Vec<&str> = seen.iter().map(|seen| seen.head.as_str()).collect();
    assert_eq!(heads, [preflight, request]);
    assert_eq!(seen[1].body, b"text");
    assert_eq!(seen[0].connection, seen[1].connection);
}

/// Page, URL, type, and the lines `Origin`, `Referer` and `Sec-Fetch-Site`.
type Row = (
    &'static str,
    &'static str,
    ResponseType,
    [Option<&'static str>; 3],
);

const WHO_ASKS: &[Row] = &[
    (
        "https://api.example/start",
        "https://api.example/",
        ResponseType::Basic,
        [None, Some("https://api.example/start"), Some("same-origin")],
    ),
    (
        "http://api.example/start",
        "https://api.example/",
        ResponseType::Cors,
        [
            Some("http://api.example"),
            Some("http://api.example/"),
            Some("cross-site"),
        ],
    ),
    (
        "https://www.shop.example/start",
        "https://api.shop.example/",
        ResponseType::Cors,
        [
            Some("https://www.shop.example"),
            Some("https://www.shop.example/"),
            Some("same-site"),
        ],
    ),
    (
        "https://api.example:8443/start",
        "https://api.example/",
        ResponseType::Cors,
        [
            Some("https://api.example:8443"),
            Some("https://api.example:8443/"),
            Some("same-site"),
        ],
    ),
    (
        "https://api.example/start",
        "http://api.example/",
        ResponseType::Cors,
        [Some("https://api.example"), None, None],
    ),
];

#[tokio::test]
async fn an_origin_is_scheme_host_and_port_and_a_site_is_less() {
    for (page, url, kind, lines) in WHO_ASKS {
        let origin = url.trim_end_matches('/');
        let internet = Internet::start(&[origin], open).await;
        let page = internet.user_agent().page(page).expect("a page");
        let response = page.fetch(*url).send().await.expect("a response");
        assert_eq!(response.kind(), *kind, "{page:?} {url}");
        let seen = &internet.seen()[0];
        let sent = ["origin", "referer", "sec-fetch-site"].map(|name| seen.header(name));
        assert_eq!(sent, *lines, "{page:?} {url}");
    }
}

#[tokio::test]
async fn only_the_origin_that_the_server_names_may_read() {
    let internet = Internet::start(&["https://api.example"], |_| {
        answer(
            "200 OK",
            &[("access-control-allow-origin", "https://app.example")],
            "",
        )
    })
    .await;
    let ua = internet.user_agent();
    assert_eq!(code(&ua, "https://app.example").await, None);
    for origin in [
        "http://app.example",
        "https://app.example:8443",
        "https://www.app.example",
        "https://app.example.evil.example",
        "null",
    ] {
        let code = code(&ua, origin).await;
        assert_eq!(code.as_deref(), Some("allow-origin-mismatch"), "{origin}");
        let seen = internet.seen();
        let last = seen.last().expect("the request went out all the same");
        assert_eq!(last.cors(), format!("Origin: {origin}\r\n"));
    }
}

async fn code(ua: &UserAgent, origin: &str) -> Option<String> {
    let page = ua.page_of_origin(origin).expect("an origin");
    let error = page.fetch("https://api.example/").send().await.err()?;
    Some(error.network_error().expect("a network error").code())
}
