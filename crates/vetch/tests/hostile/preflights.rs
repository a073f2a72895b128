//! Attacks with the answer to a preflight, and on the preflight cache.

use std::time::Duration;

use vetch::Page;
use vetch::vetch_core::fetching::cors_preflight_cache::{HEADER_NAMES_PER_KEY, METHODS_PER_KEY};

use crate::server::{OPEN, Server, TOO_LATE, assert_why, build, hurried, page, patient, put};
use crate::stack;

const GRANTED: &str =
    "access-control-allow-methods: PUT\r\naccess-control-allow-headers: x-token\r\n";

/// Answers preflights with that head, and everything else with an empty body.
async fn granting(granted: String) -> Server {
    Server::start(move |mut connection| {
        let granted = granted.clone();
        async move {
            loop {
                let head = connection.request().await?;
                let preflight = head.starts_with("OPTIONS ");
                let granted = if preflight { granted.as_str() } else { "" };
                connection
                    .send(format!("{OPEN}{granted}content-length: 0\r\n\r\n"))
                    .await?;
            }
        }
    })
    .await
}

async fn statuses(page: &Page, url: String) -> Option<u16> {
    let fetch = page.fetch(url).method("PUT").header("X-Token", "1");
    fetch.send().await.ok().map(|response| response.status())
}

#[tokio::test]
async fn preflight_that_never_answers() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.until_gone().await
    })
    .await;
    let came = put(&hurried(), server.url("/"))
        .await
        .expect_err("no answer");
    assert_why(&came, TOO_LATE);
    server.all_gone().await;
    assert_eq!(server.requests(), 1, "no PUT");
}

#[tokio::test]
async fn preflight_answered_with_an_endless_body() {
    let server = Server::start(|mut connection| async move {
        let head = connection.request().await?;
        if head.starts_with("OPTIONS ") {
            connection.send(format!("{OPEN}{GRANTED}\r\n")).await?;
            return connection.flood(vec![b'a'; 16 << 10]).await;
        }
        connection
            .send(format!("{OPEN}content-length: 0\r\n\r\n"))
            .await
    })
    .await;
    assert_eq!(put(&patient(), server.url("/")).await, Ok(200));
    server.all_gone().await;
    assert_eq!(
        server.accepted(),
        2,
        "the preflight's connection is not used again"
    );
    // What is not read waits in the sockets' buffers, which are some megabytes.
    assert!(server.sent() < 64 << 20, "{} bytes sent", server.sent());
}

#[tokio::test]
async fn preflight_answered_with_a_slow_body() {
    let server = Server::start(|mut connection| async move {
        let head = connection.request().await?;
        if head.starts_with("OPTIONS ") {
            connection
                .send(format!("{OPEN}{GRANTED}content-length: 5\r\n\r\n"))
                .await?;
            return connection.until_gone().await;
        }
        connection
            .send(format!("{OPEN}content-length: 0\r\n\r\n"))
            .await
    })
    .await;
    assert_eq!(put(&patient(), server.url("/")).await, Ok(200));
    // The request does not wait for the body, nor use its connection.
    assert_eq!(server.accepted(), 2);
    server.all_gone().await;
}

#[tokio::test]
async fn preflight_answered_with_endless_headers() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send(format!("{OPEN}{GRANTED}")).await?;
        connection
            .flood("access-control-allow-headers: x-token\r\n")
            .await
    })
    .await;
    let came = put(&patient(), server.url("/"))
        .await
        .expect_err("too long");
    assert_why(&came, ("headers-too-long", "256 lines"));
    server.all_gone().await;
    assert_eq!(server.requests(), 1, "no PUT");
}

#[tokio::test]
async fn preflight_that_lists_endless_names() {
    let names: String = (0..20_000).fold(String::new(), |names, n| names + &format!("x-{n},"));
    let server = granting(format!(
        "access-control-allow-methods: PUT\r\naccess-control-allow-headers: {names}x-token\r\n"
    ))
    .await;
    let ua = patient();
    assert_eq!(put(&ua, server.url("/")).await, Ok(200));
    let kept = ua.agent_state().preflight_cache.export(ua.now()).len();
    assert!(kept <= METHODS_PER_KEY + HEADER_NAMES_PER_KEY, "{kept}");
}

#[tokio::test]
async fn max_age_overflow() {
    for (max_age, requests) in [
        ("99999999999999999999999999999999", 3),
        ("18446744073709551616", 3),
        ("4294967296", 3),
        ("2147483648", 3),
        // No number of seconds, so the default of five stands, and has passed.
        ("-1", 4),
        ("-99999999999999999999999999999999", 4),
        ("1e9", 4),
        ("9 9", 4),
    ] {
        let server = granting(format!("{GRANTED}access-control-max-age: {max_age}\r\n")).await;
        let ua = patient();
        assert_eq!(put(&ua, server.url("/")).await, Ok(200));
        ua.advance(Duration::from_secs(6));
        assert_eq!(put(&ua, server.url("/")).await, Ok(200));
        assert_eq!(server.requests(), requests, "{max_age}");
    }
}

#[tokio::test]
async fn clock_at_the_end_of_time() {
    let server = granting(format!("{GRANTED}access-control-max-age: 99999999999\r\n")).await;
    let ua = patient();
    ua.advance(Duration::MAX);
    for _ in 0..2 {
        assert_eq!(put(&ua, server.url("/")).await, Ok(200));
        ua.advance(Duration::MAX);
    }
}

#[tokio::test]
async fn preflight_cache_filling_with_unique_urls() {
    const CAPACITY: usize = 256;
    let kept = format!("{GRANTED}access-control-max-age: 86400\r\n");
    let (hostile, honest) = (granting(kept.clone()).await, granting(kept).await);
    let ua = build(stack::builder().preflight_cache(CAPACITY));
    let honest_page = page(&ua);
    for n in 0..10 {
        assert_eq!(
            statuses(&honest_page, honest.url(&format!("/{n}"))).await,
            Some(200)
        );
    }
    assert_eq!(honest.requests(), 20);
    let hostile_page = ua.page("http://hostile.example/").expect("a page");
    for n in 0..2 * CAPACITY {
        assert_eq!(
            statuses(&hostile_page, hostile.url(&format!("/{n}"))).await,
            Some(200)
        );
    }
    assert!(ua.agent_state().preflight_cache.len() <= CAPACITY);
    for n in 0..10 {
        assert_eq!(
            statuses(&honest_page, honest.url(&format!("/{n}"))).await,
            Some(200)
        );
    }
    assert_eq!(
        honest.requests(),
        30,
        "nothing of the other page's was evicted"
    );
}
