//! Each way in which a network fails has a name of its own.

use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use vetch::{FetchError, Profile, TransportFailure, UserAgent};

use crate::server::{Server, open, page};
use crate::stack;

fn code(error: &FetchError) -> String {
    error.network_error().expect("a network error").code()
}

async fn code_of(answer: &'static [u8]) -> (String, String) {
    let server = Server::start(|_| answer.to_vec()).await;
    let error = page(&stack::user_agent())
        .fetch(server.url("/"))
        .send()
        .await;
    let error = error.expect_err("a failure");
    (code(&error), error.to_string())
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    drop(listener);
    let error = page(&stack::user_agent())
        .fetch(url)
        .send()
        .await
        .expect_err("refused");
    assert_eq!(code(&error), "connection-failed");
    assert!(error.to_string().contains("refused"), "{error}");
    // Without a connection nothing was sent.
    assert!(error.exchanges().is_empty());
}

#[tokio::test]
async fn nobody_has_that_name() {
    let fetch = page(&stack::user_agent()).fetch("http://nobody.invalid/");
    let error = fetch.send().await.expect_err("unknown");
    assert_eq!(code(&error), "name-not-resolved");
    assert!(error.to_string().contains("nobody.invalid"), "{error}");
}

#[tokio::test]
async fn localhost_names_are_loopback() {
    let server = Server::start(|_| open(&[], "")).await;
    let url = format!("http://sub.localhost:{}/", server.address().port());
    let response = page(&stack::user_agent())
        .fetch(url)
        .send()
        .await
        .expect("a response");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn the_answer_is_not_http() {
    let (code, sentence) = code_of(b"SSH-2.0-OpenSSH_9.9\r\n\r\n").await;
    assert_eq!(code, "malformed-response", "{sentence}");
}

/// A row of the table: what the server says, and the status that the page gets or the error's code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    profile: String,
    status: String,
    expected: String,
}

#[tokio::test]
async fn informational_statuses() {
    let table = include_str!("../../../../fixtures/cases/informational_statuses.json");
    let cases: Vec<Case> = serde_json::from_str(table).expect("a table");
    for case in cases {
        let head = format!(
            "HTTP/1.1 {}\r\naccess-control-allow-origin: *\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
            case.status
        );
        let server = Server::start(move |_| head.clone().into_bytes()).await;
        let profile = Profile::ALL
            .into_iter()
            .find(|known| known.name == case.profile);
        let ua = stack::builder()
            .profile(profile.expect("a profile"))
            .build();
        let page = page(&ua.expect("a user agent"));
        let actual = match page.fetch(server.url("/")).send().await {
            Ok(response) => response.status().to_string(),
            Err(error) => code(&error),
        };
        assert_eq!(actual, case.expected, "{}", case.name);
    }
}

#[tokio::test]
async fn early_hints_are_not_the_answer() {
    let server = Server::start(|_| {
        let hints = b"HTTP/1.1 103 Early Hints\r\nx-a: 1\r\n\r\n".to_vec();
        [hints, open(&[], "")].concat()
    })
    .await;
    let fetch = page(&stack::user_agent()).fetch(server.url("/"));
    let response = fetch.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    let received = &response.exchanges()[0].response_headers;
    assert!(!received.contains("x-a"), "{received:?}");
}

#[tokio::test]
async fn the_answer_ends_in_its_head() {
    let (code, sentence) = code_of(b"HTTP/1.1 200 OK\r\nconnection: close\r\n").await;
    assert_eq!(code, "connection-closed", "{sentence}");
}

#[tokio::test]
async fn the_answer_ends_in_its_body() {
    let server = Server::start(|_| {
        b"HTTP/1.1 200 OK\r\nconnection: close\r\naccess-control-allow-origin: *\r\ncontent-length: 9\r\n\r\ncut".to_vec()
    })
    .await;
    let fetch = page(&stack::user_agent()).fetch(server.url("/"));
    let mut response = fetch.send().await.expect("a head");
    let error = response.text().await.expect_err("cut");
    assert_eq!(error.code(), "connection-closed");
}

/// Accepts, sends these bytes, and then says nothing more; tells when the client has gone.
async fn silent(first: &'static [u8]) -> (String, oneshot::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (gone, has_gone) = oneshot::channel();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut buffer = [0; 4096];
        let read = connection.read(&mut buffer).await.expect("a request");
        assert!(read > 0);
        connection.write_all(first).await.expect("written");
        while connection
            .read(&mut buffer)
            .await
            .is_ok_and(|read| read > 0)
        {}
        gone.send(()).expect("someone waits");
    });
    (address.to_string(), has_gone)
}

fn hurried() -> UserAgent {
    let builder = stack::builder().timeout(Duration::from_millis(150));
    let builder = builder.connect_timeout(Duration::from_millis(100));
    builder.build().expect("a user agent")
}

#[tokio::test]
async fn the_server_speaks_no_tls() {
    let (address, _) = silent(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let ua = stack::builder()
        .danger_accept_invalid_certificates()
        .build();
    let fetch = page(&ua.expect("a user agent")).fetch(format!("https://{address}/"));
    let error = fetch.send().await.expect_err("no TLS");
    assert_eq!(code(&error), "tls-failed");
    let hint = error.network_error().expect("one").hint();
    assert_eq!(
        hint,
        "use http:// if this server has no TLS, or its port for https://"
    );
}

#[tokio::test]
async fn no_answer_in_time() {
    let (address, has_gone) = silent(b"").await;
    let fetch = page(&hurried()).fetch(format!("http://{address}/"));
    let error = fetch.send().await.expect_err("too slow");
    assert_eq!(code(&error), "timed-out");
    assert_eq!(error.to_string(), "the fetch took longer than 150 ms");
    has_gone.await.expect("the connection is closed");
}

#[tokio::test]
async fn no_end_of_the_body_in_time() {
    let head =
        b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 9\r\n\r\nhalf";
    let (address, has_gone) = silent(head).await;
    let fetch = page(&hurried()).fetch(format!("http://{address}/"));
    let mut response = fetch.send().await.expect("a head");
    assert_eq!(
        response.body().chunk().await.expect("half").expect("half"),
        "half"
    );
    let error = response.body().chunk().await.expect_err("too slow");
    assert_eq!(error.code(), "timed-out");
    has_gone.await.expect("the connection is closed");
}

#[tokio::test]
async fn no_handshake_in_time() {
    let (address, _) = silent(b"").await;
    let ua = stack::builder()
        .danger_accept_invalid_certificates()
        .connect_timeout(Duration::from_millis(100))
        .build();
    let fetch = page(&ua.expect("a user agent")).fetch(format!("https://{address}/"));
    let error = fetch.send().await.expect_err("too slow");
    let reason = error.network_error().expect("one").reason();
    let expected = TransportFailure::Timeout {
        phase: "connecting",
        limit_millis: 100,
    };
    assert_eq!(*reason, vetch::Reason::Transport(expected));
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let (address, has_gone) = silent(b"").await;
    let fetch = page(&stack::user_agent()).fetch(format!("http://{address}/"));
    let dropped = tokio::time::timeout(Duration::from_millis(100), fetch.send()).await;
    assert!(dropped.is_err());
    let gone = tokio::time::timeout(Duration::from_secs(5), has_gone).await;
    gone.expect("in time").expect("the connection is closed");
}

#[tokio::test]
async fn dropping_a_response_closes_the_connection() {
    let head = b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\nan endless";
    let (address, has_gone) = silent(head).await;
    let fetch = page(&stack::user_agent()).fetch(format!("http://{address}/"));
    drop(fetch.send().await.expect("a head"));
    let gone = tokio::time::timeout(Duration::from_secs(5), has_gone).await;
    gone.expect("in time").expect("the connection is closed");
}

#[tokio::test]
async fn a_control_character_in_a_header_cannot_be_sent() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let same_origin = ua.page(&server.url("/")).expect("a page");
    let error = same_origin.fetch("/").header("X-A", "a\u{1}b").send().await;
    assert_eq!(
        code(&error.expect_err("not HTTP/1.x")),
        "request-not-sendable"
    );
}

#[tokio::test]
async fn folded_lines_are_read() {
    let came = came_of("access-control-allow-origin:\r\n *\r\nx-a: a\r\n\t \r\n b").await;
    assert_eq!(came, Ok(vec!["a  b".to_owned()]));
}

/// What a browser reads of these heads: Chromium, Firefox and WebKit agree on each.
#[tokio::test]
async fn a_header_with_a_control_byte_is_one_and_other_lines_are_passed_over() {
    const OPEN: &str = "access-control-allow-origin: *";
    let several = || Err("multiple-allow-origin-values".to_owned());
    let reads = |values: &[&str]| Ok(values.iter().map(ToString::to_string).collect());
    let cases = [
        ("no header".to_owned(), reads(&[])),
        ("x-a\u{1}: 1".to_owned(), reads(&[])),
        ("x-\u{e9}: 1".to_owned(), reads(&[])),
        ("access-control-allow-origin: \u{1}".to_owned(), several()),
        ("access-control-allow-origin: *\u{7f}".to_owned(), several()),
        ("x-a: a\u{1b}b".to_owned(), reads(&["a\u{1b}b"])),
        ("x-a: \u{b}a\u{c}".to_owned(), reads(&["\u{b}a\u{c}"])),
        ("x-a: a\u{1}\r\n b".to_owned(), reads(&["a\u{1} b"])),
        ("x-a: a\r\n \u{1}b".to_owned(), reads(&["a \u{1}b"])),
        ("x-a: a\r\n\t \r\n \u{1}".to_owned(), reads(&["a  \u{1}"])),
        ("x-a: a\u{1}\r\nx-a: b".to_owned(), reads(&["a\u{1}", "b"])),
    ];
    for (line, browsers) in cases {
        let expected = if stack::READS_ODD_LINES {
            browsers
        } else {
            Err("malformed-response".to_owned())
        };
        assert_eq!(
            came_of(&format!("{OPEN}\r\n{line}")).await,
            expected,
            "{line:?}"
        );
        if expected == several() {
            let line_first = came_of(&format!("{line}\r\n{OPEN}")).await;
            assert_eq!(line_first, expected, "{line:?} first");
        }
    }
}

/// The lines of `X-A` that the page reads of a response with these header lines, or why it reads nothing.
async fn came_of(lines: &str) -> Result<Vec<String>, String> {
    let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\naccess-control-expose-headers: x-a\r\n");
    let head = (head + "content-length: 0\r\n\r\n").into_bytes();
    let server = Server::start(move |_| head.clone()).await;
    let fetch = page(&stack::user_agent()).fetch(server.url("/"));
    let response = fetch.send().await.map_err(|error| code(&error))?;
    let values = response.headers().values_of("x-a");
    Ok(values.map(ToString::to_string).collect())
}
