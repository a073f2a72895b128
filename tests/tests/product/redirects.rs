//! Redirects across origins, plain and TLS: what each hop is told of who asks, and which redirects end a fetch.

use std::collections::HashMap;

use vetch::UserAgent;
use vetch_tests::{Answer, Internet, Seen, answer};

type Lines = &'static [(&'static str, &'static str)];

/// An open `Access-Control-Allow-Origin`.
const OPEN: (&str, &str) = ("access-control-allow-origin", "*");

/// Answers by URL: the status and the header lines.
fn by_url(rows: &[(&'static str, &'static str, Lines)]) -> impl Fn(&Seen) -> Answer + use<> {
    let rows: HashMap<_, _> = rows
        .iter()
        .map(|(url, status, lines)| (*url, (*status, *lines)))
        .collect();
    move |seen| {
        let Some((status, lines)) = rows.get(seen.url().as_str()) else {
            panic!("nobody expects {}", seen.url());
        };
        answer(status, lines, "")
    }
}

async fn get(ua: &UserAgent, url: &str) -> Result<vetch::Response, String> {
    let page = ua.page("https://app.example/start").expect("a page");
    let result = page.fetch(url).send().await;
    result.map_err(|error| error.network_error().expect("a network error").code())
}

fn heads(internet: &Internet, names: &[&str]) -> Vec<String> {
    let line = |seen: &Seen| {
        let values = names.iter().map(|name| seen.header(name).unwrap_or("-"));
        format!("{}: {}", seen.url(), values.collect::<Vec<_>>().join(" "))
    };
    internet.seen().iter().map(line).collect()
}

#[tokio::test]
async fn the_second_foreign_origin_is_told_null_over_http_and_over_tls() {
    for scheme in ["http", "https"] {
        let origins = ["one", "two", "three"].map(|host| format!("{scheme}://{host}.example"));
        let next = origins.clone();
        let internet = Internet::start(&origins.each_ref().map(String::as_str), move |seen| {
            let place = next.iter().position(|origin| *origin == seen.origin);
            let location = place.and_then(|place| next.get(place + 1));
            match location {
                Some(location) => answer("302 Found", &[OPEN, ("location", location)], ""),
                None => answer("200 OK", &[OPEN], "end"),
            }
        })
        .await;
        let response = get(&internet.user_agent(), &origins[0])
            .await
            .expect("a response");
        assert!(response.redirected());
        assert_eq!(response.url(), format!("{scheme}://three.example/"));
        let cors: Vec<String> = internet.seen().iter().map(Seen::cors).collect();
        assert_eq!(
            cors,
            [
                "Origin: https://app.example\r\n",
                "Origin: null\r\n",
                "Origin: null\r\n"
            ]
        );
    }
}

#[tokio::test]
async fn the_first_origin_after_home_is_told_the_truth() {
    let internet = Internet::start(
        &["https://app.example", "https://one.example"],
        by_url(&[
            (
                "https://app.example/out",
                "302 Found",
                &[("location", "https://one.example/")],
            ),
            (
                "https://one.example/",
                "302 Found",
                &[OPEN, ("location", "https://app.example/in")],
            ),
            (
                "https://app.example/in",
                "200 OK",
                &[("access-control-allow-origin", "null")],
            ),
        ]),
    )
    .await;
    let response = get(&internet.user_agent(), "/out")
        .await
        .expect("a response");
    assert_eq!(response.kind(), vetch::ResponseType::Cors);
    assert_eq!(
        heads(&internet, &["origin", "referer", "sec-fetch-site"]),
        [
            "https://app.example/out: - https://app.example/start same-origin",
            "https://one.example/: https://app.example https://app.example/ cross-site",
            "https://app.example/in: null https://app.example/ cross-site",
        ]
    );
}

#[tokio::test]
async fn a_preflighted_put_is_asked_for_anew_at_the_next_origin() {
    let internet = Internet::start(&["https://one.example", "https://two.example"], |seen| {
        let headers = ("access-control-allow-headers", "x-token");
        let mut lines = vec![OPEN, ("access-control-allow-methods", "PUT"), headers];
        if seen.origin == "https://one.example" && seen.method() == "PUT" {
            lines.push(("location", "https://two.example/new"));
            return answer("308 Permanent Redirect", &lines, "");
        }
        answer("200 OK", &lines, "")
    })
    .await;
    let page = internet
        .user_agent()
        .page("https://app.example/")
        .expect("a page");
    let fetch = page.fetch("https://one.example/old").method("PUT");
    let fetch = fetch.header("X-Token", "1").body("text");
    fetch.send().await.expect("a response");
    assert_eq!(
        internet.asked(),
        [
            "OPTIONS https://one.example/old",
            "PUT https://one.example/old",
            "OPTIONS https://two.example/new",
            "PUT https://two.example/new",
        ]
    );
    let asks = "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-token\r\n";
    let seen = internet.seen();
    let cors: Vec<String> = seen.iter().map(Seen::cors).collect();
    assert_eq!(
        cors,
        [
            format!("{asks}Origin: https://app.example\r\n"),
            "Origin: https://app.example\r\n".to_owned(),
            format!("{asks}Origin: null\r\n"),
            "Origin: null\r\n".to_owned(),
        ]
    );
    assert_eq!(
        (&seen[1].body, &seen[3].body),
        (&b"text".to_vec(), &b"text".to_vec())
    );
}

#[tokio::test]
async fn a_way_down_to_plain_http_is_told_less_and_up_again_no_more() {
    let internet = Internet::start(
        &[
            "https://one.example",
            "http://two.example",
            "https://three.example",
        ],
        by_url(&[
            (
                "https://one.example/",
                "302 Found",
                &[OPEN, ("location", "http://two.example/")],
            ),
            (
                "http://two.example/",
                "302 Found",
                &[OPEN, ("location", "https://three.example/")],
            ),
            ("https://three.example/", "200 OK", &[OPEN]),
        ]),
    )
    .await;
    get(&internet.user_agent(), "https://one.example/")
        .await
        .expect("a response");
    assert_eq!(
        heads(&internet, &["origin", "referer", "sec-fetch-site"]),
        [
            "https://one.example/: https://app.example https://app.example/ cross-site",
            "http://two.example/: null - -",
            "https://three.example/: null - cross-site",
        ]
    );
}

/// What the first answers, what the second answers, the error's code, and how many requests went out.
const BLOCKED: &[(Lines, Lines, &str, usize)] = &[
    (
        &[("location", "https://two.example/")],
        &[OPEN],
        "missing-allow-origin-header",
        1,
    ),
    (
        &[OPEN, ("location", "https://two.example/")],
        &[],
        "missing-allow-origin-header",
        2,
    ),
    (
        // It is null that asks now.
        &[OPEN, ("location", "https://two.example/")],
        &[("access-control-allow-origin", "https://app.example")],
        "allow-origin-mismatch",
        2,
    ),
    (
        &[OPEN, ("location", "https://user:secret@two.example/")],
        &[OPEN],
        "redirect-contains-credentials",
        1,
    ),
    (
        &[OPEN, ("location", "data:,hello")],
        &[OPEN],
        "redirect-disabled-scheme",
        1,
    ),
    (
        &[OPEN, ("location", "https://two.example:6000/")],
        &[OPEN],
        "bad-port",
        1,
    ),
    (
        &[
            OPEN,
            ("location", "/"),
            ("location", "https://two.example/"),
        ],
        &[OPEN],
        "redirect-several-locations",
        1,
    ),
];

#[tokio::test]
async fn a_redirect_that_may_not_be_followed_sends_nothing_on() {
    for (first, second, code, requests) in BLOCKED {
        let internet = Internet::start(
            &["https://one.example", "https://two.example"],
            by_url(&[
                ("https://one.example/", "302 Found", first),
                ("https://two.example/", "200 OK", second),
            ]),
        )
        .await;
        let error = get(&internet.user_agent(), "https://one.example/").await;
        assert_eq!(error.expect_err("blocked"), *code, "{first:?} {second:?}");
        assert_eq!(internet.asked().len(), *requests, "{first:?} {second:?}");
    }
}
