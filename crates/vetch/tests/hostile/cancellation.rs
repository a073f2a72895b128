//! Fetches that are dropped wherever they are.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Notify;
use vetch::UserAgent;

use crate::server::{OPEN, Server, eventually, header, page, patient, put};

const GRANTED: &str = "access-control-allow-methods: PUT\r\naccess-control-allow-headers: x-token\r\naccess-control-max-age: 600\r\n";

const URLS: usize = 7;

/// A server on a runtime of its own, so that the test's has the client's tasks only. Its answers come in pieces, and say
/// what was asked.
fn server() -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.block_on(Server::start(|mut connection| async move {
        loop {
            let head = connection.request().await?;
            let granted = if head.starts_with("OPTIONS ") {
                GRANTED
            } else {
                ""
            };
            let body = answer_to(header(&head, "x-token").unwrap_or_default());
            let length = body.len();
            let whole = format!("{OPEN}{granted}content-length: {length}\r\n\r\n{body}");
            for piece in whole.as_bytes().chunks(40) {
                connection.send(piece).await?;
                tokio::task::yield_now().await;
            }
        }
    }));
    (runtime, server)
}

/// The body for the request with that token, which no other has.
fn answer_to(token: &str) -> String {
    format!("{token} ").repeat(20)
}

fn client() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// No task is left that was not there before, and no connection.
async fn assert_nothing_stays(ua: &UserAgent, server: &Server, before: usize) {
    ua.clear_connections();
    eventually("connections end", || server.open() == 0).await;
    let alive = || Handle::current().metrics().num_alive_tasks();
    eventually("tasks end", || alive() <= before).await;
}

/// A preflighted PUT with that token, and its body.
async fn put_with_token(ua: UserAgent, url: String, token: usize) -> String {
    let fetch = page(&ua).fetch(url).method("PUT");
    let fetch = fetch.header("X-Token", token.to_string());
    let mut response = fetch.send().await.expect("a response");
    response.text().await.expect("a body")
}

/// What comes of the future, which is dropped when it has been looked at that many times.
pub(crate) async fn looked_at<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Numbers that look random and are the same each time.
pub(crate) fn numbers() -> impl Iterator<Item = usize> {
    let mut state = 0x9e37_79b9_u32;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        usize::try_from(state).unwrap_or_default()
    })
}

#[test]
fn dropped_at_random_points() {
    let (_runtime, server) = server();
    client().block_on(drop_at_random_points(&server));
}

async fn drop_at_random_points(server: &Server) {
    let ua = patient();
    let before = Handle::current().metrics().num_alive_tasks();
    let (mut dropped, mut ended) = (0, 0);
    let mut numbers = numbers();
    for n in 0..600 {
        if n % 50 == 0 {
            ua.clear_preflight_cache();
        }
        let polls = numbers.next().unwrap_or_default() % 12;
        let url = server.url(&format!("/{}", n % URLS));
        match looked_at(polls, put_with_token(ua.clone(), url, n)).await {
            None => dropped += 1,
            Some(body) => {
                assert_eq!(body, answer_to(&n.to_string()));
                ended += 1;
            }
        }
    }
    assert!(
        dropped > 100 && ended > 10,
        "{dropped} dropped, {ended} ended"
    );
    // What is in the cache is whole: method and header name, or neither.
    let cache = &ua.agent_state().preflight_cache;
    let (keys, entries) = (cache.len(), cache.export(ua.now()).len());
    assert!(keys <= URLS, "{keys} keys");
    assert_eq!(entries, 2 * keys);
    for url in 0..URLS {
        let (token, url) = (1_000 + url, server.url(&format!("/{url}")));
        let body = put_with_token(ua.clone(), url, token).await;
        assert_eq!(body, answer_to(&token.to_string()));
    }
    assert_nothing_stays(&ua, server, before).await;
}

#[tokio::test]
async fn dropped_while_its_preflight_is_in_flight() {
    let dropped = Arc::new(Notify::new());
    let told = Arc::clone(&dropped);
    let server = Server::start(move |mut connection| {
        let told = Arc::clone(&told);
        async move {
            connection.request().await?;
            told.notified().await;
            let answer = format!("{OPEN}{GRANTED}content-length: 0\r\n\r\n");
            connection.send(answer).await?;
            // The PUT, if it came after all.
            connection.request().await.map(drop)
        }
    })
    .await;
    let ua = patient();
    let (fetching, url) = (ua.clone(), server.url("/"));
    let fetch = tokio::spawn(async move { put(&fetching, url).await });
    eventually("the preflight comes", || server.requests() == 1).await;
    fetch.abort();
    assert!(fetch.await.expect_err("no end").is_cancelled());
    dropped.notify_one();
    ua.clear_connections();
    server.all_gone().await;
    assert_eq!((server.accepted(), server.requests()), (1, 1));
    assert_eq!(ua.agent_state().preflight_cache.export(ua.now()), []);
}

#[test]
fn dropped_in_crowds() {
    let (_runtime, server) = server();
    client().block_on(drop_in_crowds(&server));
}

async fn drop_in_crowds(server: &Server) {
    let ua = patient();
    let before = Handle::current().metrics().num_alive_tasks();
    let mut numbers = numbers();
    for crowd in 0..10 {
        let token = |n| crowd * 50 + n;
        let fetches: Vec<_> = (0..50)
            .map(|n| {
                let url = server.url(&format!("/{n}"));
                tokio::spawn(put_with_token(ua.clone(), url, token(n)))
            })
            .collect();
        let micros = u64::try_from(numbers.next().unwrap_or_default() % 20_000).unwrap_or_default();
        tokio::time::sleep(Duration::from_micros(micros)).await;
        for (n, fetch) in fetches.into_iter().enumerate() {
            if n % 5 == 0 {
                // These go on while their neighbours end.
                let body = fetch.await.expect("no panic");
                assert_eq!(body, answer_to(&token(n).to_string()));
            } else {
                fetch.abort();
            }
        }
    }
    assert_nothing_stays(&ua, server, before).await;
}
