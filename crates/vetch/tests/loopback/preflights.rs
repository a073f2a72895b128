//! The preflight cache, through the wire.

use std::time::Duration;

use vetch::{Decision, Page};

use crate::server::{Server, granted, open, page};
use crate::stack;

async fn server() -> Server {
    Server::start(|seen| match seen.method() {
        "OPTIONS" => granted(),
        _ => open(&[], "done"),
    })
    .await
}

async fn put(page: &Page, url: &str) -> vetch::Response {
    let fetch = page.fetch(url).method("PUT").header("X-Token", "1");
    fetch.send().await.expect("a response")
}

#[tokio::test]
async fn two_equal_puts_make_one_preflight_until_it_expires() {
    let (server, ua) = (server().await, stack::user_agent());
    let (page, url) = (page(&ua), server.url("/"));
    put(&page, &url).await;
    let second = put(&page, &url).await;
    assert_eq!(server.methods(), ["OPTIONS", "PUT", "PUT"]);
    assert!(second.decisions().contains(&Decision::PreflightCacheHit));
    ua.advance(Duration::from_secs(61));
    put(&page, &url).await;
    assert_eq!(server.count("OPTIONS"), 2);
    ua.clear_preflight_cache();
    put(&page, &url).await;
    assert_eq!(server.count("OPTIONS"), 3);
}

#[tokio::test]
async fn a_hundred_fetches_at_once_share_one_cache() {
    let (server, ua) = (server().await, stack::user_agent());
    let (page, url) = (page(&ua), server.url("/"));
    put(&page, &url).await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (page, url) = (page.clone(), url.clone());
            tokio::spawn(async move { put(&page, &url).await.status() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("no panic"), 200);
    }
    assert_eq!(server.count("OPTIONS"), 1);
    assert_eq!(server.count("PUT"), 101);
    assert_eq!(ua.agent_state().preflight_cache.statistics().hits, 100);
}

#[tokio::test]
async fn the_exchanges_tell_the_preflight_from_the_request() {
    let (server, ua) = (server().await, stack::user_agent());
    let response = put(&page(&ua), &server.url("/")).await;
    let kinds: Vec<_> = response
        .exchanges()
        .iter()
        .map(|exchange| {
            (
                exchange.kind.as_str(),
                exchange.method.as_str(),
                exchange.status,
            )
        })
        .collect();
    let expected = [
        ("preflight", "OPTIONS", Some(204)),
        ("request", "PUT", Some(200)),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(response.exchanges()[0].status_text, "No Content");
}

#[tokio::test]
async fn a_refused_preflight_sends_no_request() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let fetch = page(&ua).fetch(server.url("/")).method("PUT");
    let error = fetch.send().await.expect_err("refused");
    assert_eq!(server.methods(), ["OPTIONS"]);
    let network_error = error.network_error().expect("a network error");
    assert_eq!(
        network_error.code(),
        "method-disallowed-by-preflight-response"
    );
    assert_eq!(error.exchanges().len(), 1);
}

#[tokio::test]
async fn nothing_is_kept_when_nothing_is_to_be_recorded() {
    let server = server().await;
    let ua = stack::builder().record(vetch::Record::Nothing).build();
    let response = put(&page(&ua.expect("a user agent")), &server.url("/")).await;
    assert!(response.exchanges().is_empty() && response.decisions().is_empty());
}

#[tokio::test]
async fn short_answers_nobody_reads_leave_the_connection_usable() {
    let server = Server::start(|seen| match seen.method() {
        "OPTIONS" => {
            let allow = [("access-control-allow-methods", "PUT")];
            open(&allow, "a body that nobody reads")
        }
        _ => open(&[], ""),
    })
    .await;
    let ua = stack::user_agent();
    let fetch = page(&ua).fetch(server.url("/")).method("PUT");
    fetch.send().await.expect("a response");
    assert!(server.connections() <= 2);
    assert_eq!(server.methods(), ["OPTIONS", "PUT"]);
}
