//! Proxies that the environment names are passed by: what they see and answer would be the page's.

use std::process::Command;

use crate::server::{Server, open, page};
use crate::stack;

/// Where the child's request goes to.
const URL: &str = "VETCH_TEST_URL";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_the_environment_is_passed_by() {
    let (server, proxy) = (
        Server::start(|_| open(&[], "")).await,
        Server::start(|_| open(&[], "")).await,
    );
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args(["--exact", "proxies::with_its_own_environment", "--ignored"])
        .env(URL, server.url("/items"));
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, proxy.url("/"));
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let output = child.output().expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(
        (server.methods(), proxy.methods()),
        (vec!["GET".to_owned()], vec![])
    );
}

#[tokio::test]
#[ignore = "run by the test above, with an environment of its own"]
async fn with_its_own_environment() {
    let url = std::env::var(URL).expect("set by the test");
    let answer = page(&stack::user_agent()).fetch(&*url).send().await;
    assert_eq!(answer.expect("a response").status(), 200);
}
