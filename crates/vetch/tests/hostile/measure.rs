//! What an attack costs in memory: the peak of a process that does nothing else, above what one plain fetch takes.
//!
//! Linux tells a process's peak, and can be told to start anew.
#![cfg(target_os = "linux")]

use std::process::Command;
use std::time::Duration;

use vetch::{Credentials, Limits, UserAgent};

use crate::server::{OPEN, Server, build, page, put};
use crate::stack;

/// A decoder's largest window is 16 MiB (`br`); allocators and buffers take some more.
pub(crate) const MOST_KIBIBYTES: u64 = 32 << 10;

/// What the process does.
pub(crate) struct Fetches {
    url: String,
    count: usize,
    /// How long each may take.
    timeout: Duration,
}

impl Fetches {
    /// One, which may take longer than any of these tests.
    pub(crate) const fn of(url: String) -> Self {
        Self {
            url,
            count: 1,
            timeout: Duration::from_mins(5),
        }
    }

    pub(crate) fn count(self, count: usize) -> Self {
        Self { count, ..self }
    }

    /// For what nothing else ends.
    pub(crate) fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

/// What comes of the last one, and what they make of the peak, in KiB.
pub(crate) async fn measured(fetches: Fetches) -> (String, u64) {
    let name = module_path!();
    let (_, module) = name.split_once("::").expect("a test's module");
    let test = format!("{module}::in_its_own_process");
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", &test, "--ignored", "--nocapture"])
            .env("VETCH_TEST_URL", fetches.url)
            .env("VETCH_TEST_FETCHES", fetches.count.to_string())
            .env("VETCH_TEST_SECONDS", fetches.timeout.as_secs().to_string())
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

/// The outcome is that, and the peak no more than that.
pub(crate) async fn assert_bounded(what: &str, fetches: Fetches, outcome: &str, most: u64) {
    let (code, kibibytes) = measured(fetches).await;
    println!("{what}: {kibibytes} KiB");
    assert_eq!(code, outcome, "{what}");
    assert!(kibibytes < most, "{what}: {kibibytes} KiB");
}

#[tokio::test]
#[ignore = "run by the tests of memory, in a process of its own"]
async fn in_its_own_process() {
    let told = |name| std::env::var(name).expect("set by the test");
    let number = |name| told(name).parse::<u64>().expect("a number");
    let builder = stack::builder()
        .danger_accept_invalid_certificates()
        .limits(Limits::default().with_body_bytes(1 << 30))
        .timeout(Duration::from_secs(number("VETCH_TEST_SECONDS")));
    let (ua, url) = (build(builder), told("VETCH_TEST_URL"));
    let warm_up = Server::answering(format!("{OPEN}content-length: 0\r\n\r\n")).await;
    once(&ua, &warm_up.url("/")).await;
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak starts anew");
    let before = peak();
    let mut code = String::new();
    for _ in 0..number("VETCH_TEST_FETCHES") {
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

/// How long the page lets the body of `/unread` wait.
const UNREAD: Duration = Duration::from_secs(1);

/// A fetch whose body is read and thrown away.
async fn once(ua: &UserAgent, url: &str) -> String {
    if url.ends_with("/preflight") {
        return put(ua, url.to_owned())
            .await
            .map_or_else(|(code, _)| code, |status| status.to_string());
    }
    // What is written in HTTP/2 frames grants nothing.
    let is_own = url.starts_with("https:");
    let page = if is_own {
        ua.page(url).expect("a page")
    } else {
        page(ua)
    };
    let fetch = page.fetch(url);
    let fetch = if url.ends_with("/credentials") {
        fetch.credentials(Credentials::Include)
    } else {
        fetch
    };
    let mut response = match fetch.send().await {
        Ok(response) => response,
        Err(error) => return error.network_error().expect("one").code(),
    };
    if url.ends_with("/unread") {
        tokio::time::sleep(UNREAD).await;
    }
    let mut taken = 0;
    loop {
        match response.body().chunk().await {
            Ok(Some(chunk)) => taken += chunk.len(),
            Ok(None) => return format!("{taken}"),
            Err(error) => return error.code(),
        }
    }
}
