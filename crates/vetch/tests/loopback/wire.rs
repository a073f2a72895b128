//! What goes over the wire, byte for byte.

use vetch::Credentials;

use crate::server::{Server, answer, granted, open, page};
use crate::stack;

const AGENT: &str = concat!("vetch/", env!("CARGO_PKG_VERSION"));

#[tokio::test]
async fn a_simple_get() {
    let server = Server::start(|_| open(&[], "hello")).await;
    let ua = stack::user_agent();
    let url = server.url("/items?page=1#fragment");
    let mut response = page(&ua).fetch(url).send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "hello");
    let host = server.address();
    assert_eq!(
        server.seen()[0].head,
        format!(
            "GET /items?page=1 HTTP/1.1\r\n\
             Host: {host}\r\n\
             Accept: */*\r\n\
             Accept-Language: en-US,en;q=0.9\r\n\
             Referer: http://page.example/\r\n\
             Origin: http://page.example\r\n\
             Sec-Fetch-Dest: empty\r\n\
             Sec-Fetch-Mode: cors\r\n\
             Sec-Fetch-Site: cross-site\r\n\
             User-Agent: {AGENT}\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
        )
    );
}

#[tokio::test]
async fn a_pages_path_is_percent_encoded_as_a_requests_is() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let page = ua.page(&server.url("/p^q")).expect("a page");
    page.fetch("/a^b").send().await.expect("a response");
    let seen = &server.seen()[0];
    assert_eq!(seen.target(), "/a%5Eb");
    assert_eq!(seen.header("referer"), Some(&*server.url("/p%5Eq")));
}

#[tokio::test]
async fn a_preflighted_put_after_its_preflight() {
    let server = Server::start(|seen| match seen.method() {
        "OPTIONS" => granted(),
        _ => open(&[], ""),
    })
    .await;
    let ua = stack::user_agent();
    let fetch = page(&ua).fetch(server.url("/items/7")).method("put");
    let fetch = fetch.header("X-Token", "1").body("text");
    fetch.send().await.expect("a response");
    let host = server.address();
    let seen = server.seen();
    assert_eq!(
        seen[0].head,
        format!(
            "OPTIONS /items/7 HTTP/1.1\r\n\
             Host: {host}\r\n\
             Accept: */*\r\n\
             Access-Control-Request-Method: PUT\r\n\
             Access-Control-Request-Headers: x-token\r\n\
             Referer: http://page.example/\r\n\
             Origin: http://page.example\r\n\
             Sec-Fetch-Dest: empty\r\n\
             Sec-Fetch-Mode: cors\r\n\
             Sec-Fetch-Site: cross-site\r\n\
             User-Agent: {AGENT}\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
        )
    );
    assert_eq!(
        seen[1].head,
        format!(
            "PUT /items/7 HTTP/1.1\r\n\
             Host: {host}\r\n\
             X-Token: 1\r\n\
             Content-Type: text/plain;charset=UTF-8\r\n\
             Accept: */*\r\n\
             Accept-Language: en-US,en;q=0.9\r\n\
             Content-Length: 4\r\n\
             Referer: http://page.example/\r\n\
             Origin: http://page.example\r\n\
             Sec-Fetch-Dest: empty\r\n\
             Sec-Fetch-Mode: cors\r\n\
             Sec-Fetch-Site: cross-site\r\n\
             User-Agent: {AGENT}\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
        )
    );
    assert_eq!(seen[1].body, b"text");
}

#[tokio::test]
async fn a_credentialed_get() {
    let server = Server::start(|_| {
        let allow = [
            ("access-control-allow-origin", "http://page.example"),
            ("access-control-allow-credentials", "true"),
        ];
        answer("200 OK", &allow, "")
    })
    .await;
    let ua = stack::user_agent();
    let url = server.url("/resources/credentialed-content/");
    ua.set_cookie(&url, "pageAccess=2").expect("a cookie");
    let fetch = page(&ua).fetch(&*url).credentials(Credentials::Include);
    let response = fetch.send().await.expect("a response");
    let host = server.address();
    assert_eq!(
        server.seen()[0].head,
        format!(
            "GET /resources/credentialed-content/ HTTP/1.1\r\n\
             Host: {host}\r\n\
             Accept: */*\r\n\
             Accept-Language: en-US,en;q=0.9\r\n\
             Referer: http://page.example/\r\n\
             Origin: http://page.example\r\n\
             Sec-Fetch-Dest: empty\r\n\
             Sec-Fetch-Mode: cors\r\n\
             Sec-Fetch-Site: cross-site\r\n\
             User-Agent: {AGENT}\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\n\
             Cookie: pageAccess=2\r\n\r\n"
        )
    );
    let record = &response.exchanges()[0];
    assert_eq!(
        *record.request_headers.get("cookie").expect("sent"),
        "pageAccess=2"
    );
    assert!(!format!("{record:?}").contains("pageAccess"));
}

#[tokio::test]
async fn an_empty_post_says_that_it_is_empty() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let fetch = page(&ua).fetch(server.url("/")).method("POST");
    fetch.send().await.expect("a response");
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn userinfo_is_never_sent() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let url = format!("http://user:secret@{}/", server.address());
    page(&ua).xhr("GET", url).send().await.expect("a response");
    assert_eq!(server.seen()[0].header("authorization"), None);
    assert_eq!(server.seen()[0].target(), "/");
}

#[tokio::test]
async fn header_bytes_above_ascii_go_and_come_as_they_are() {
    let server = Server::start(|_| {
        let mut bytes = b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n".to_vec();
        bytes.extend_from_slice(b"content-language: fran\xe7ais\r\ncontent-length: 0\r\n\r\n");
        bytes
    })
    .await;
    let ua = stack::user_agent();
    let same_origin = ua.page(&server.url("/")).expect("a page");
    let fetch = same_origin.fetch("/").header("X-Name", "Andr\u{e9}");
    let response = fetch.send().await.expect("a response");
    assert_eq!(server.seen()[0].header("x-name"), Some("Andr\u{e9}"));
    assert_eq!(
        response.header("content-language").as_deref(),
        Some("fran\u{e7}ais")
    );
}

#[tokio::test]
async fn the_status_text_is_the_one_that_was_sent() {
    let latin = "caf\u{e9} ferm\u{e9}";
    let expected = [
        ("404 Nobody Home", 404, "Nobody Home"),
        ("404 ", 404, ""),
        ("799 Odd", 799, "Odd"),
        ("404 caf\u{e9} ferm\u{e9}", 404, stack::beyond_ascii(latin)),
        ("404 Not Found", 404, "Not Found"),
        ("404  \u{ff} ", 404, stack::beyond_ascii(" \u{ff} ")),
        ("404 ", 404, ""),
        ("200 \u{80}", 200, stack::beyond_ascii("\u{80}")),
    ];
    let server = Server::start(move |seen| {
        let number: usize = seen.target()[1..].parse().expect("a number");
        let (status_line, ..) = expected[number];
        let mut bytes = b"HTTP/1.1 103 Fr\xfch\r\nlink: </>\r\n\r\nHTTP/1.1 ".to_vec();
        bytes.extend(status_line.chars().map(|code_point| code_point as u8));
        bytes.extend(b"\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n");
        bytes
    })
    .await;
    let ua = stack::user_agent();
    for (number, (status_line, status, text)) in expected.into_iter().enumerate() {
        let fetch = page(&ua).fetch(server.url(&format!("/{number}")));
        let response = fetch.send().await.expect(status_line);
        assert_eq!(
            (response.status(), response.status_text()),
            (status, text.to_owned())
        );
    }
    assert_eq!(server.connections(), 1, "each line is one of many");
}

#[tokio::test]
async fn repeated_headers_keep_their_order() {
    let server = Server::start(|_| {
        let headers = [
            ("access-control-expose-headers", "x-a"),
            ("x-a", "1"),
            ("content-language", "en"),
            ("x-a", ""),
            ("x-a", "2"),
        ];
        open(&headers, "")
    })
    .await;
    let ua = stack::user_agent();
    let response = page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect("a response");
    assert_eq!(response.header("X-A").as_deref(), Some("1, , 2"));
    assert_eq!(response.headers().values_of("x-a").count(), 3);
}

#[tokio::test]
async fn nothing_is_read_from_the_environment_or_added_by_the_network_stack() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::builder()
        .user_agent("me/1")
        .accept_language("de")
        .build();
    let ua = ua.expect("a user agent");
    page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect("a response");
    let seen = server.seen();
    assert_eq!(seen[0].header("user-agent"), Some("me/1"));
    assert_eq!(seen[0].header("accept-language"), Some("de"));
    assert_eq!(seen[0].head.lines().count(), 1 + 10 + 1);
    let error = stack::builder().accept_language("de;q=0.9\u{7f}").build();
    assert_eq!(error.expect_err("not safelisted").what, "accept_language");
}

#[tokio::test]
async fn a_misdirected_request_is_asked_again_over_a_new_connection() {
    let server = Server::start(|_| answer("421 Misdirected Request", &[], "")).await;
    let ua = stack::user_agent();
    let same_origin = ua.page(&server.url("/")).expect("a page");
    let response = same_origin.fetch(server.url("/items")).send().await;
    assert_eq!(response.expect("a response").status(), 421);
    assert_eq!(server.methods(), ["GET", "GET"]);
    assert_eq!(server.connections(), 2);
}
