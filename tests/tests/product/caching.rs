//! The preflight cache over TLS: what is asked once, of whom, and until when.

use std::time::Duration;

use vetch::{Credentials, Page, ReferrerPolicy};
use vetch_tests::{Answer, Internet, Seen, answer};

const LONG: &str = "https://long.example";
const SHORT: &str = "https://short.example";

/// Lets everyone PUT: `long.example` for a minute, `short.example` without a word on how long.
fn open(seen: &Seen) -> Answer {
    let origin = seen.header("origin").unwrap_or("none");
    let mut headers = vec![
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-headers", "x-token"),
    ];
    if seen.origin == LONG {
        headers.push(("access-control-max-age", "60"));
    }
    answer("200 OK", &headers, "")
}

async fn put(page: &Page, url: &str) {
    let fetch = page.fetch(url).method("PUT").header("X-Token", "1");
    fetch.send().await.expect("a response");
}

/// The hosts that were asked by a preflight since the last look.
struct Preflights<'a> {
    internet: &'a Internet,
    looked_at: usize,
}

impl Preflights<'_> {
    fn since(&mut self) -> Vec<String> {
        let seen = self.internet.seen();
        let new = &seen[self.looked_at..];
        self.looked_at = seen.len();
        let preflights = new.iter().filter(|seen| seen.method() == "OPTIONS");
        preflights.map(|seen| seen.origin.clone()).collect()
    }
}

#[tokio::test]
async fn each_host_is_asked_once_until_its_own_answer_is_too_old() {
    let internet = Internet::start(&[LONG, SHORT], open).await;
    let ua = internet.user_agent();
    let page = ua.page("https://app.example/").expect("a page");
    let mut preflights = Preflights {
        internet: &internet,
        looked_at: 0,
    };
    for (seconds, asked) in [
        (0, &[LONG, SHORT][..]),
        (0, &[]),
        (4, &[]),
        (2, &[SHORT]),
        (53, &[SHORT]),
        (2, &[LONG]),
    ] {
        ua.advance(Duration::from_secs(seconds));
        for url in [LONG, SHORT] {
            put(&page, url).await;
        }
        assert_eq!(preflights.since(), asked, "after {seconds} s more");
    }
    let puts = internet
        .asked()
        .iter()
        .filter(|line| line.starts_with("PUT"))
        .count();
    assert_eq!(puts, 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_fetches_at_once_share_the_answers_of_two_hosts() {
    let internet = Internet::start(&[LONG, SHORT], open).await;
    let page = internet
        .user_agent()
        .page("https://app.example/")
        .expect("a page");
    for url in [LONG, SHORT] {
        put(&page, url).await;
    }
    let tasks: Vec<_> = (0..100)
        .map(|number| {
            let url = if number % 2 == 0 { LONG } else { SHORT };
            let fetch = page.fetch(format!("{url}/?{number}")).method("PUT");
            // The URL of what was asked, and not that of a fetch beside it.
            let asked = page.fetch(url).method("PUT").header("X-Token", "1");
            (tokio::spawn(asked.send()), tokio::spawn(fetch.send()))
        })
        .collect();
    for (asked, other) in tasks {
        assert_eq!(
            asked.await.expect("no panic").expect("a response").status(),
            200
        );
        assert_eq!(
            other.await.expect("no panic").expect("a response").status(),
            200
        );
    }
    let count = |wanted: &str| {
        let asked = internet.asked();
        asked.iter().filter(|line| line.starts_with(wanted)).count()
    };
    assert_eq!(count("PUT"), 202);
    // Two for the two answers that are shared, and one for each URL that nobody had asked of.
    assert_eq!(count("OPTIONS"), 102);
    assert_eq!(count("OPTIONS https://long.example/?"), 50);
}

#[tokio::test]
async fn an_answer_is_only_for_whom_it_was_given() {
    let internet = Internet::start(&[LONG], open).await;
    let ua = internet.user_agent();
    let page = ua.page("https://app.example/").expect("a page");
    let mut preflights = Preflights {
        internet: &internet,
        looked_at: 0,
    };
    put(&page, LONG).await;
    assert_eq!(preflights.since().len(), 1);
    // The same origin on another page of the same site needs no answer of its own.
    let other_page = ua.page("https://app.example/other").expect("a page");
    put(
        &other_page.referrer_policy(ReferrerPolicy::NoReferrer),
        LONG,
    )
    .await;
    assert_eq!(preflights.since().len(), 0);
    let other_origin = ua.page("https://www.app.example/").expect("a page");
    put(&other_origin, LONG).await;
    assert_eq!(preflights.since().len(), 1);
    let news = vetch::Origin::parse("https://news.example").expect("an origin");
    put(&page.clone().top_level_site(&news), LONG).await;
    assert_eq!(preflights.since().len(), 1);
    let credentialed = || {
        let fetch = page.fetch(LONG).method("PUT").header("X-Token", "1");
        fetch.credentials(Credentials::Include).send()
    };
    for asked in [1, 0] {
        credentialed().await.expect("a response");
        assert_eq!(preflights.since().len(), asked);
    }
    // What was allowed with credentials is allowed without.
    ua.clear_preflight_cache();
    credentialed().await.expect("a response");
    put(&page, LONG).await;
    assert_eq!(preflights.since().len(), 1);
}
