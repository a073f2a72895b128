//! Proxies that the environment names: passed by, unless asked for.

use std::process::Command;

use vetch::transport::{Sending, Transport, WireRequest};

use crate::server::{Server, open, page};
use crate::stack;

/// Where the child's requests go to, and where its proxy is.
const URL: &str = "VETCH_TEST_URL";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_asks_goes_through_the_proxy_of_the_environment() {
    let (server, proxy) = (
        Server::start(|_| open(&[], "")).await,
        Server::start(|_| open(&[], "")).await,
    );
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "proxies::with_its_own_environment", "--ignored"])
        .env(URL, server.url("/items"))
        .env("http_proxy", proxy.url("/"))
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
    let targets = |server: &Server| -> Vec<String> {
        let seen = server.seen().into_iter();
        let target = |head: &str| head.split(' ').nth(1).expect("a target").to_owned();
        seen.map(|seen| target(&seen.head)).collect()
    };
    assert_eq!(targets(&server), ["/items"]);
    assert_eq!(targets(&proxy), [server.url("/items")]);
}

#[tokio::test]
#[ignore = "run by the test above, with an environment of its own"]
async fn with_its_own_environment() {
    let url = std::env::var(URL).expect("set by the test");
    for builder in [
        stack::builder(),
        stack::builder().proxies_from_environment(),
    ] {
        let ua = builder.build().expect("a user agent");
        let answer = page(&ua).fetch(&*url).send().await;
        assert_eq!(answer.expect("a response").status(), 200);
    }
}

#[derive(Debug)]
struct NoNetwork;

impl Transport for NoNetwork {
    fn send<'a>(&'a self, _request: WireRequest<'a>) -> Sending<'a> {
        unreachable!("no user agent has it")
    }
}

#[test]
fn only_reqwest_knows_them() {
    let asked = stack::builder().proxies_from_environment();
    let error = asked.transport(NoNetwork).build();
    assert_eq!(
        error.expect_err("refused").to_string(),
        "proxies_from_environment: only reqwest knows proxies; leave the other network stack out"
    );
}
