//! Cookies go and come only with credentials.

use std::time::Duration;

use vetch::{Credentials, WithCredentials};

use crate::server::{Server, answer, open, page};
use crate::stack;

async fn server() -> Server {
    Server::start(|seen| {
        let credentialed = [
            ("access-control-allow-origin", "http://page.example"),
            ("access-control-allow-credentials", "true"),
            ("set-cookie", "id=7; HttpOnly; Path=/"),
            ("set-cookie", "theme=dark; Path=/sub"),
        ];
        match seen.target() {
            "/blocked" => answer("200 OK", &credentialed[2..], ""),
            _ => answer("200 OK", &credentialed, ""),
        }
    })
    .await
}

#[tokio::test]
async fn included_only_with_credentials() {
    let (server, ua) = (server().await, stack::user_agent());
    let (page, url) = (page(&ua), server.url("/sub/a"));
    page.fetch(&*url).send().await.expect("a response");
    assert!(
        ua.cookies(&url).is_empty(),
        "Set-Cookie without credentials"
    );
    let include = || page.fetch(&*url).credentials(Credentials::Include).send();
    include().await.expect("a response");
    include().await.expect("a response");
    let xhr = page
        .xhr("GET", &*url)
        .with_credentials(WithCredentials::Yes);
    xhr.send().await.expect("a response");
    page.fetch(&*url).send().await.expect("a response");
    let cookies: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("cookie").map(str::to_owned))
        .collect();
    let both = Some("theme=dark; id=7".to_owned());
    assert_eq!(cookies, [None, None, both.clone(), both, None]);
    ua.clear_cookies();
    assert!(ua.cookies(&url).is_empty());
}

#[tokio::test]
async fn stored_although_the_cors_check_fails() {
    let (server, ua) = (server().await, stack::user_agent());
    let url = server.url("/blocked");
    let fetch = page(&ua).fetch(&*url).credentials(Credentials::Include);
    let error = fetch.send().await.expect_err("blocked");
    assert_eq!(
        error.network_error().expect("one").code(),
        "missing-allow-origin-header"
    );
    assert_eq!(ua.cookies(&url), [("id".to_owned(), "7".to_owned())]);
}

#[tokio::test]
async fn never_on_a_preflight() {
    let server = Server::start(|seen| {
        let mut headers = vec![
            ("access-control-allow-origin", "http://page.example"),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "PUT"),
        ];
        if seen.method() == "OPTIONS" {
            headers.push(("set-cookie", "from=preflight"));
        }
        answer("200 OK", &headers, "")
    })
    .await;
    let ua = stack::user_agent();
    let url = server.url("/");
    ua.set_cookie(&url, "a=b").expect("a cookie");
    let fetch = page(&ua)
        .fetch(&*url)
        .method("PUT")
        .credentials(Credentials::Include);
    fetch.send().await.expect("a response");
    let seen = server.seen();
    assert_eq!(
        (seen[0].header("cookie"), seen[1].header("cookie")),
        (None, Some("a=b"))
    );
    assert_eq!(ua.cookies(&url).len(), 1);
}

#[test]
fn a_public_suffix_and_a_foreign_domain_are_refused() {
    let ua = stack::user_agent();
    let set = |value: &str| ua.set_cookie("https://shop.example.co.uk/", value);
    assert!(set("a=b; Domain=example.co.uk").is_ok());
    for domain in ["co.uk", ".co.uk", "CO.UK", "Co.uk", "uk", "other.example"] {
        assert!(set(&format!("a=b; Domain={domain}")).is_err(), "{domain}");
    }
    assert_eq!(ua.cookies("https://www.example.co.uk/").len(), 1);
    assert!(set("a=b; Domain=example.co.uk; Max-Age=0").is_ok());
    assert!(ua.cookies("https://www.example.co.uk/").is_empty());
}

#[tokio::test]
async fn a_public_suffix_with_a_byte_that_idna_leaves_out_is_refused() {
    let server = Server::start(|_| {
        // AD is the soft hyphen where each byte is the code point of its number.
        let mut bytes = b"HTTP/1.1 200 OK\r\nset-cookie: a=b; Domain=co.u\xadk\r\n".to_vec();
        bytes.extend_from_slice(b"set-cookie: kept=1\r\ncontent-length: 0\r\n\r\n");
        bytes
    })
    .await;
    let builder = stack::builder().resolve("shop.example.co.uk", 80, server.address());
    let ua = builder.build().expect("a user agent");
    let url = "http://shop.example.co.uk/";
    let same_origin = ua.page(url).expect("a page");
    same_origin.fetch(url).send().await.expect("a response");
    assert_eq!(ua.cookies(url), [("kept".to_owned(), "1".to_owned())]);
    assert_eq!(ua.cookies("http://other.co.uk/"), []);
}

#[test]
fn a_public_suffix_that_is_a_host_has_cookies_of_its_own() {
    let ua = stack::user_agent();
    ua.set_cookie("https://co.uk/", "a=b; Domain=co.uk")
        .unwrap();
    assert_eq!(ua.cookies("https://co.uk/").len(), 1);
    assert!(ua.cookies("https://shop.co.uk/").is_empty());
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_come_back_as_they_were() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let page = ua.page(&server.url("/")).expect("a page");
    ua.set_cookie(&server.url("/"), "name=Andr\u{e9}")
        .expect("a cookie");
    page.fetch("/").send().await.expect("a response");
    // As UTF-8, each byte one code point.
    assert_eq!(
        server.seen()[0].header("cookie"),
        Some("name=Andr\u{c3}\u{a9}")
    );
    assert_eq!(ua.cookies(&server.url("/"))[0].1, "Andr\u{e9}");
}

#[test]
fn only_blanks_around_a_value_go() {
    let ua = stack::user_agent();
    // The last byte of `à` is that of a no-break space, too.
    for value in ["voil\u{e0}", "\u{a0}x\u{85}", "\u{3000}"] {
        ua.set_cookie("https://api.example/", &format!(" a\t=\t{value} ; Path=/"))
            .expect("a cookie");
        assert_eq!(ua.cookies("https://api.example/")[0].1, value);
    }
}

#[test]
fn a_path_is_told_as_requests_tell_it() {
    let ua = stack::user_agent();
    ua.set_cookie("https://api.example/a^b/c", "id=7")
        .expect("a cookie");
    let id = [("id".to_owned(), "7".to_owned())];
    assert_eq!(ua.cookies("https://api.example/a%5Eb/d"), id);
    assert_eq!(ua.cookies("https://api.example/a^b/d"), id);
}

#[test]
fn an_advance_of_the_clock_expires_cookies() {
    let url = "https://api.example/";
    let ua = stack::user_agent();
    let names = || {
        let pairs = ua.cookies(url).into_iter();
        pairs.map(|(name, _)| name).collect::<Vec<_>>()
    };
    ua.set_cookie(url, "short=1; Max-Age=60").unwrap();
    ua.set_cookie(url, "long=1; Max-Age=600").unwrap();
    ua.set_cookie(url, "session=1").unwrap();
    ua.advance(Duration::from_secs(61));
    assert_eq!(names(), ["long", "session"]);
    ua.set_cookie(url, "new=1; Max-Age=60").unwrap();
    assert_eq!(names(), ["long", "session", "new"]);
    ua.advance(Duration::from_mins(1));
    assert_eq!(names(), ["long", "session"]);
}

#[test]
fn a_secure_cookie_is_not_taken_over_plain_http_but_from_this_machine() {
    let ua = stack::user_agent();
    let is_taken = |url: &str| ua.set_cookie(url, "a=b; Secure").is_ok();
    assert!(!is_taken("http://api.example/"));
    assert!(ua.cookies("https://api.example/").is_empty());
    for url in [
        "https://api.example/",
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ] {
        assert!(is_taken(url), "{url}");
    }
}

#[test]
fn plain_http_overlays_no_secure_cookie() {
    let ua = stack::user_agent();
    let secure = "https://app.example/login/";
    ua.set_cookie(secure, "a=b; Secure; Domain=app.example; Path=/login")
        .unwrap();
    for (url, set_cookie, is_taken) in [
        ("http://app.example/login/x", "a=evil", false),
        ("http://app.example/", "a=evil; Path=/login/en", false),
        ("http://sub.app.example/login/x", "a=evil", false),
        ("http://app.example/", "a=evil; Path=/login", false),
        ("http://app.example/", "a=other", true),
        ("http://app.example/", "a=other; Path=/loginx", true),
        ("http://app.example/login/x", "b=other", true),
        ("http://other.example/login/x", "a=other", true),
        ("http://xapp.example/login/x", "a=other", true),
        ("https://app.example/login/x", "a=own", true),
    ] {
        let taken = ua.set_cookie(url, set_cookie);
        assert_eq!(taken.is_ok(), is_taken, "{url} {set_cookie}: {taken:?}");
    }
}

#[test]
fn plain_http_floods_no_secure_cookie_away() {
    let ua = stack::user_agent();
    ua.set_cookie("https://app.example/", "session=1; Secure")
        .unwrap();
    for number in 0..400 {
        let cookie = format!("c{number}=1");
        ua.set_cookie("http://app.example/", &cookie).unwrap();
    }
    let cookies = ua.cookies("https://app.example/");
    assert_eq!(cookies.len(), 180);
    assert_eq!(cookies[0].0, "session");
}

#[test]
fn beside_none_but_secure_cookies_there_is_no_room_for_another() {
    let (ua, url) = (stack::user_agent(), "https://app.example/");
    for number in 0..180 {
        let cookie = format!("c{number}=1; Secure");
        ua.set_cookie(url, &cookie).unwrap();
    }
    let refused = ua.set_cookie(url, "plain=1").expect_err("no room");
    assert!(refused.reason.contains("as many cookies as it may have"));
    assert_eq!(ua.cookies(url)[0].0, "c0");
    ua.set_cookie(url, "new=1; Secure").unwrap();
    let cookies = ua.cookies(url);
    assert_eq!((cookies.len(), &*cookies[179].0), (180, "new"));
}

#[test]
fn a_secure_cookie_that_has_expired_is_overlaid() {
    let ua = stack::user_agent();
    ua.set_cookie("https://app.example/", "a=b; Secure; Max-Age=5")
        .unwrap();
    assert!(ua.set_cookie("http://app.example/", "a=c").is_err());
    ua.advance(Duration::from_secs(6));
    assert!(ua.set_cookie("http://app.example/", "a=c").is_ok());
}

#[test]
fn a_prefix_of_a_name_is_a_promise() {
    let ua = stack::user_agent();
    for (set_cookie, is_taken) in [
        ("__Secure-a=b; Secure", true),
        ("__SECURE-a=b; Secure; Domain=app.example", true),
        ("__Secure-a=b", false),
        ("__Host-a=b; Secure; Path=/", true),
        ("__host-a=b; Secure; Path=/", true),
        ("__Host-a=b; Path=/", false),
        ("__Host-a=b; Secure", false),
        ("__Host-a=b; Secure; Path=/login", false),
        ("__Host-a=b; Secure; Path=/; Domain=app.example", false),
        ("=__Secure-a; Secure", false),
        ("=__Host-a; Secure; Path=/", false),
        ("Secure-__Host-a=b", true),
    ] {
        let taken = ua.set_cookie("https://app.example/", set_cookie);
        assert_eq!(taken.is_ok(), is_taken, "{set_cookie}: {taken:?}");
    }
}

#[test]
fn control_characters_are_refused() {
    let ua = stack::user_agent();
    for value in ["a=b\nc", "a=b\rc", "a=b\0c", "a=b\u{1}c", "a\u{7f}=b"] {
        assert!(
            ua.set_cookie("https://api.example/", value).is_err(),
            "{value:?}"
        );
    }
    assert_eq!(ua.cookies("https://api.example/"), []);
}
