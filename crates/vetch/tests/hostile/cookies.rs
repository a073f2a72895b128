//! Floods of `Set-Cookie`.

use vetch::{Credentials, UserAgent};

use crate::server::{OPEN, Server, build, page, patient};
use crate::stack;

/// Each answer sets that many cookies with new names.
async fn flooding(cookies: usize, value: &'static str) -> Server {
    Server::start(move |mut connection| async move {
        for answer in 0_usize.. {
            connection.request().await?;
            let lines: String = (0..cookies).fold(String::new(), |lines, n| {
                lines + &format!("set-cookie: c{answer}-{n}={value}\r\n")
            });
            connection
                .send(format!("{OPEN}{lines}content-length: 0\r\n\r\n"))
                .await?;
        }
        Ok(())
    })
    .await
}

async fn fetch_with_credentials(ua: &UserAgent, url: String) {
    let fetch = page(ua).fetch(url).credentials(Credentials::Include);
    // `*` is no grant with credentials, and the cookies are set all the same.
    fetch.send().await.expect_err("the page may not read it");
}

#[tokio::test]
async fn set_cookie_flood() {
    let (server, ua) = (flooding(250, "1").await, patient());
    ua.set_cookie("http://other.example/", "kept=1")
        .expect("a cookie");
    for _ in 0..8 {
        fetch_with_credentials(&ua, server.url("/")).await;
    }
    let cookies = ua.cookies(&server.url("/"));
    assert_eq!(cookies.len(), 180);
    assert_eq!(cookies[179].0, "c7-249", "the newest stay");
    assert_eq!(ua.cookies("http://other.example/").len(), 1);
}

#[tokio::test]
async fn set_cookie_flood_from_many_sites() {
    const SITES: usize = 40;
    let server = flooding(180, "1").await;
    let host = |site: usize| format!("flood{site}.example");
    let builder = (0..SITES).fold(stack::builder(), |builder, site| {
        builder.resolve(&host(site), 80, server.address())
    });
    let ua = build(builder);
    ua.set_cookie("http://other.example/", "kept=1")
        .expect("a cookie");
    for site in 0..SITES {
        fetch_with_credentials(&ua, format!("http://{}/", host(site))).await;
    }
    let of_site = |site| ua.cookies(&format!("http://flood{site}.example/")).len();
    assert_eq!((0..40).map(of_site).sum::<usize>(), 3_299);
    assert_eq!(ua.cookies("http://other.example/").len(), 1);
}

#[tokio::test]
async fn cookies_that_are_too_long() {
    let ua = patient();
    let url = "http://app.example/";
    let value = |bytes| "a".repeat(bytes);
    let path = |bytes| format!("p=1; Path=/{}", value(bytes));
    // Two bytes each.
    let beyond_ascii = |letters| format!("p=1; Path=/{}", "\u{e9}".repeat(letters));
    let attribute = |bytes| format!("n=1; x={}", value(bytes));
    for (line, words) in [
        (
            format!("a={}", value(4_096)),
            "4096 bytes in name and value",
        ),
        (format!("{}=", value(4_097)), "4096 bytes in name and value"),
        (path(1_024), "1024 bytes in its path"),
        (beyond_ascii(512), "1024 bytes in its path"),
        (attribute(10_000), "8192 bytes in its line"),
    ] {
        let refused = ua.set_cookie(url, &line).expect_err(words);
        assert!(refused.reason.contains(words), "{}", refused.reason);
    }
    let lines = [
        format!("a={}", value(4_095)),
        path(1_023),
        beyond_ascii(511),
        attribute(8_000),
    ];
    for line in &lines {
        ua.set_cookie(url, line).expect("a cookie");
    }
    // A server's are bounded in the same way.
    let too_long = format!("b={}", value(4_096));
    let set = format!(
        "{OPEN}set-cookie: {too_long}\r\nset-cookie: {}\r\ncontent-length: 0\r\n\r\n",
        lines[0]
    );
    let server = Server::answering(set).await;
    fetch_with_credentials(&ua, server.url("/")).await;
    let cookies = ua.cookies(&server.url("/"));
    assert_eq!(cookies.len(), 1);
    assert_eq!(cookies[0].0, "a");
}

#[tokio::test]
async fn set_cookie_with_nul_or_cr() {
    for line in [
        "a=1\0; Path=/",
        "a=1\r; Path=/",
        "\0a=1",
        "a\r=1",
        "a=1; Path=/\0",
    ] {
        let server = Server::answering(format!(
            "{OPEN}set-cookie: {line}\r\nset-cookie: b=1\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        let ua = patient();
        fetch_with_credentials(&ua, server.url("/")).await;
        let cookies = ua.cookies(&server.url("/"));
        assert!(
            cookies.iter().all(|(name, _)| name == "b"),
            "{line:?}: {cookies:?}"
        );
    }
}
