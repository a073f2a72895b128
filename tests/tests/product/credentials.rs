//! Cookies, between hosts that have some of their own.

use vetch::{Credentials, ResponseType, UserAgent};
use vetch_tests::{Answer, Internet, Seen, answer};

const ONE: &str = "https://one.example";
const TWO: &str = "https://two.example";

/// Lets whoever asks read with credentials and PUT, sets a cookie that names the server, and redirects `/to/URL`.
fn generous(seen: &Seen) -> Answer {
    let name = seen.origin.trim_start_matches("https://");
    let set_cookie = format!("from={name}; Path=/");
    let origin = seen.header("origin").unwrap_or("none");
    let mut headers = vec![
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("set-cookie", set_cookie.as_str()),
    ];
    if seen.method() == "OPTIONS" {
        headers.push(("access-control-allow-methods", "PUT"));
        return answer("200 OK", &headers, "");
    }
    match seen.target().strip_prefix("/to/") {
        None => answer("200 OK", &headers, ""),
        Some(location) => {
            headers.push(("location", location));
            answer("307 Temporary Redirect", &headers, "")
        }
    }
}

fn cors(internet: &Internet) -> Vec<String> {
    internet.seen().iter().map(Seen::cors).collect()
}

fn named(name: &str) -> [(String, String); 1] {
    [("from".to_owned(), name.to_owned())]
}

async fn put(ua: &UserAgent, url: &str) {
    let page = ua.page("https://app.example/").expect("a page");
    let fetch = page
        .fetch(url)
        .method("PUT")
        .credentials(Credentials::Include);
    fetch.send().await.expect("a response");
}

#[tokio::test]
async fn each_host_gets_back_what_it_has_set_and_a_preflight_carries_none() {
    let internet = Internet::start(&[ONE, TWO], generous).await;
    let ua = internet.user_agent();
    for url in [ONE, TWO, ONE] {
        ua.clear_preflight_cache();
        put(&ua, url).await;
    }
    let preflight = "Access-Control-Request-Method: PUT\r\nOrigin: https://app.example\r\n";
    let first = "Origin: https://app.example\r\n";
    let second = "Origin: https://app.example\r\nCookie: from=one.example\r\n";
    assert_eq!(
        cors(&internet),
        [preflight, first, preflight, first, preflight, second]
    );
    assert_eq!(ua.cookies(TWO), named("two.example"));
}

/// J10: `Set-Cookie` of a redirect counts for the next hop, not only at the end.
#[tokio::test]
async fn each_hop_has_the_cookies_of_its_host() {
    let internet = Internet::start(&[ONE, TWO], generous).await;
    let ua = internet.user_agent();
    ua.set_cookie(TWO, "mine=2").expect("a cookie");
    let page = ua.page("https://app.example/").expect("a page");
    let fetch = page.fetch(format!("{ONE}/to/{TWO}/end"));
    let response = fetch.credentials(Credentials::Include).send().await;
    assert_eq!(response.expect("a response").kind(), ResponseType::Cors);
    assert_eq!(
        cors(&internet),
        [
            "Origin: https://app.example\r\n",
            "Origin: null\r\nCookie: mine=2\r\n"
        ]
    );
    // The redirect's own cookie counts too.
    assert_eq!(ua.cookies(ONE), named("one.example"));
}

#[tokio::test]
async fn a_detour_over_another_host_loses_the_cookies_of_home() {
    let internet = Internet::start(&[ONE, TWO], generous).await;
    let ua = internet.user_agent();
    for url in [ONE, TWO] {
        ua.set_cookie(url, "mine=1").expect("a cookie");
    }
    let page = ua.page(ONE).expect("a page");
    let fetch = page.fetch(format!("/to/{TWO}/to/{ONE}/end"));
    let response = fetch.send().await.expect("a response");
    assert_eq!(response.kind(), ResponseType::Cors);
    assert_eq!(
        internet.asked(),
        [
            format!("GET {ONE}/to/{TWO}/to/{ONE}/end"),
            format!("GET {TWO}/to/{ONE}/end"),
            format!("GET {ONE}/end"),
        ]
    );
    assert_eq!(
        cors(&internet),
        [
            "Cookie: mine=1\r\n",
            "Origin: https://one.example\r\n",
            "Origin: null\r\n"
        ]
    );
}

#[tokio::test]
async fn a_secure_cookie_stays_on_tls() {
    let plain = "http://one.example";
    let internet = Internet::start(&[ONE, plain], generous).await;
    let ua = internet.user_agent();
    ua.set_cookie(ONE, "mine=1; Secure").expect("a cookie");
    for url in [ONE, plain] {
        put(&ua, url).await;
    }
    let cookies: Vec<_> = internet
        .seen()
        .iter()
        .filter(|seen| seen.method() == "PUT")
        .map(|seen| seen.header("cookie").map(str::to_owned))
        .collect();
    let set = Some("from=one.example".to_owned());
    assert_eq!(cookies, [Some("mine=1".to_owned()), set]);
}
