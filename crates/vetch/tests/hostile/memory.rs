//! What attacks with heads, bodies and cookies cost in memory; each server may go on for ever.
#![cfg(target_os = "linux")]

use std::time::Duration;

use crate::measure::{Fetches, MOST_KIBIBYTES, assert_bounded, measured};
use crate::server::{OPEN, Server};
use crate::stack;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_measure_sees_what_is_kept() {
    // Redirects whose heads are kept for the record: 20 of 200 KiB.
    let server = Server::start(|mut connection| async move {
        let padding = "a".repeat(200_000);
        loop {
            connection.request().await?;
            let head = "HTTP/1.1 302 Found\r\naccess-control-allow-origin: *\r\nlocation: /\r\n";
            connection
                .send(format!("{head}x-a: {padding}\r\ncontent-length: 0\r\n\r\n"))
                .await?;
        }
    })
    .await;
    let (code, kibibytes) = measured(Fetches::of(server.url("/"))).await;
    assert_eq!(code, "too-many-redirects");
    assert!(
        (3_000..MOST_KIBIBYTES).contains(&kibibytes),
        "{kibibytes} KiB"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_endless_heads() {
    for again in [
        "x-a: 1\r\n",
        "aaaaaaaaaaaaaaaa",
        "no header\r\n",
        " folded\r\n",
    ] {
        let server = Server::start(move |mut connection| async move {
            connection.request().await?;
            // In one piece: hyper looks at a head when it begins, then not before its end.
            connection.send(format!("{OPEN}{again}")).await?;
            connection.flood(again.repeat(1_000)).await
        })
        .await;
        let is_refused = again == "no header\r\n" && !stack::READS_ODD_LINES;
        let outcome = if is_refused {
            "malformed-response"
        } else {
            "headers-too-long"
        };
        let fetches = Fetches::of(server.url("/")).count(10);
        assert_bounded(again, fetches, outcome, MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_endless_informational_responses() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
        connection.flood(hints.repeat(1_000)).await
    })
    .await;
    let (fetches, outcome) = if stack::COUNTS_INFORMATIONAL_RESPONSES {
        (Fetches::of(server.url("/")).count(10), "headers-too-long")
    } else {
        let fetches = Fetches::of(server.url("/")).timeout(Duration::from_secs(2));
        (fetches, "timed-out")
    };
    assert_bounded("1xx", fetches, outcome, MOST_KIBIBYTES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_endless_chunk_extensions_and_trailers() {
    for (start, again) in [
        ("5;", "extension"),
        ("0\r\n", "x-a: 1\r\n"),
        ("0\r\n", "aaaaaaaaaaaaaaaa"),
    ] {
        let server = Server::start(move |mut connection| async move {
            connection.request().await?;
            let head = format!("{OPEN}transfer-encoding: chunked\r\n\r\n");
            connection.send(head + start).await?;
            connection.flood(again.repeat(1_000)).await
        })
        .await;
        let fetches = Fetches::of(server.url("/")).count(10);
        assert_bounded(again, fetches, "malformed-response", MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_endless_preflight_bodies() {
    let server = Server::start(|mut connection| async move {
        while !connection.request().await?.starts_with("OPTIONS ") {
            connection
                .send(format!("{OPEN}content-length: 0\r\n\r\n"))
                .await?;
        }
        let granted = "access-control-allow-methods: PUT\r\naccess-control-allow-headers: x-token\r\naccess-control-max-age: 0\r\n";
        connection.send(format!("{OPEN}{granted}\r\n")).await?;
        connection.flood(vec![b'a'; 64 << 10]).await
    })
    .await;
    let fetches = Fetches::of(server.url("/preflight")).count(50);
    assert_bounded("preflights", fetches, "200", MOST_KIBIBYTES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_set_cookie_floods() {
    let server = Server::start(|mut connection| async move {
        for answer in 0_usize.. {
            connection.request().await?;
            let lines: String = (0..60).fold(String::new(), |lines, n| {
                lines + &format!("set-cookie: c{answer}-{n}={}\r\n", "v".repeat(4_000))
            });
            connection
                .send(format!("{OPEN}{lines}content-length: 0\r\n\r\n"))
                .await?;
        }
        Ok(())
    })
    .await;
    // 24 MB of cookies, of which 180 × 4 kB are kept.
    let fetches = Fetches::of(server.url("/credentials")).count(100);
    assert_bounded("cookies", fetches, "wildcard-origin-not-allowed", 16 << 10).await;
}
