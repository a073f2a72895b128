//! What the attacks cost in memory: the peak of a process that does nothing else, above what one plain fetch takes.
//!
//! Linux tells a process's peak, and can be told to start anew.
#![cfg(target_os = "linux")]

use std::process::Command;

use vetch::{Credentials, Limits, UserAgent};

use crate::bodies::{CODINGS, bomb, coded};
use crate::server::{OPEN, Server, build, page, put};
use crate::stack;

/// A decoder's largest window is 16 MiB (`br`); allocators and buffers take some more.
const MOST_KIBIBYTES: u64 = 32 << 10;

/// What one fetch of the URL, or many, make of the peak.
async fn measured(url: &str, fetches: usize) -> (String, u64) {
    let (url, name) = (url.to_owned(), module_path!());
    let (_, module) = name.split_once("::").expect("a test's module");
    let test = format!("{module}::in_its_own_process");
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", &test, "--ignored", "--nocapture"])
            .env("VETCH_TEST_URL", url)
            .env("VETCH_TEST_FETCHES", fetches.to_string())
            .output()
            .expect("a process")
    });
    let output = child.await.expect("no panic");
    let printed = String::from_utf8_lossy(&output.stdout);
    let told = printed.lines().find_map(|line| line.split_once("outcome "));
    let told = told.and_then(|(_, told)| told.split_once(' '));
    let (code, kibibytes) = told.unwrap_or_else(|| panic!("no outcome: {output:?}"));
    (code.to_owned(), kibibytes.parse().expect("a number"))
}

#[tokio::test]
#[ignore = "run by the tests below, in a process of its own"]
async fn in_its_own_process() {
    let url = std::env::var("VETCH_TEST_URL").expect("set by the test");
    let fetches = std::env::var("VETCH_TEST_FETCHES").expect("set by the test");
    let fetches: usize = fetches.parse().expect("a number");
    let limits = Limits::default().with_body_bytes(1 << 30);
    let ua = build(stack::builder().limits(limits));
    let warm_up = Server::answering(format!("{OPEN}content-length: 0\r\n\r\n")).await;
    once(&ua, &warm_up.url("/")).await;
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak starts anew");
    let before = peak();
    let mut code = String::new();
    for _ in 0..fetches {
        code = once(&ua, &url).await;
    }
    println!("\noutcome {code} {}", peak() - before);
}

/// A process's peak of memory, in KiB.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.expect("a peak").parse().expect("a number")
}

/// A fetch whose body is read and thrown away.
async fn once(ua: &UserAgent, url: &str) -> String {
    if url.ends_with("/preflight") {
        return put(ua, url.to_owned())
            .await
            .map_or_else(|(code, _)| code, |status| status.to_string());
    }
    let fetch = page(ua).fetch(url);
    let fetch = if url.ends_with("/credentials") {
        fetch.credentials(Credentials::Include)
    } else {
        fetch
    };
    let mut response = match fetch.send().await {
        Ok(response) => response,
        Err(error) => return error.network_error().expect("one").code(),
    };
    let mut taken = 0;
    loop {
        match response.body().chunk().await {
            Ok(Some(chunk)) => taken += chunk.len(),
            Ok(None) => return format!("{taken}"),
            Err(error) => return error.code(),
        }
    }
}

/// The outcome is that, and the peak is bounded.
async fn assert_bounded(what: &str, url: &str, fetches: usize, outcome: &str) {
    let (code, kibibytes) = measured(url, fetches).await;
    println!("{what}: {kibibytes} KiB");
    assert_eq!(code, outcome, "{what}");
    assert!(kibibytes < MOST_KIBIBYTES, "{what}: {kibibytes} KiB");
}

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
    let (code, kibibytes) = measured(&server.url("/"), 1).await;
    assert_eq!(code, "too-many-redirects");
    assert!(
        (3_000..MOST_KIBIBYTES).contains(&kibibytes),
        "{kibibytes} KiB"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_decompression_bombs() {
    for coding in CODINGS {
        let server = Server::answering(coded(coding, &bomb(coding, 64).await)).await;
        assert_bounded(coding, &server.url("/"), 1, "67108864").await;
    }
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
        assert_bounded(again, &server.url("/"), 10, outcome).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_endless_preflight_bodies() {
    let server = Server::start(|mut connection| async move {
        let head = connection.request().await?;
        if head.starts_with("OPTIONS ") {
            let granted = "access-control-allow-methods: PUT\r\naccess-control-allow-headers: x-token\r\naccess-control-max-age: 0\r\n";
            connection.send(format!("{OPEN}{granted}\r\n")).await?;
            return connection.flood(vec![b'a'; 64 << 10]).await;
        }
        connection.send(format!("{OPEN}content-length: 0\r\n\r\n")).await
    })
    .await;
    assert_bounded("preflights", &server.url("/preflight"), 50, "200").await;
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
    let (code, kibibytes) = measured(&server.url("/credentials"), 100).await;
    println!("cookies: {kibibytes} KiB");
    assert_eq!(code, "wildcard-origin-not-allowed");
    assert!(kibibytes < 16 << 10, "{kibibytes} KiB");
}
