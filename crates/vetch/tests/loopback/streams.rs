//! Request bodies that are streams.

use tokio_util::io::ReaderStream;
use vetch::{Body, FetchBuilder, StreamsOverHttp1};

use crate::server::{Server, answer, open, page};
use crate::stack;
use crate::tls_server::TlsServer;

fn stream() -> Body {
    Body::stream(ReaderStream::with_capacity(&b"a stream of bytes"[..], 6))
}

fn post(fetch: FetchBuilder) -> FetchBuilder {
    fetch.method("POST").body(stream()).duplex_half()
}

#[tokio::test]
async fn over_http_1_it_is_refused_after_the_preflight() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::user_agent();
    let error = post(page(&ua).fetch(server.url("/")))
        .send()
        .await
        .expect_err("refused");
    assert_eq!(
        error.network_error().expect("one").code(),
        "stream-needs-http2"
    );
    assert_eq!(server.methods(), ["OPTIONS"]);
}

#[tokio::test]
async fn over_http_1_it_goes_in_chunks_for_those_who_ask() {
    let server = Server::start(|_| open(&[], "")).await;
    let ua = stack::builder()
        .streams_over_http1(StreamsOverHttp1::Send)
        .build();
    let ua = ua.expect("a user agent");
    post(page(&ua).fetch(server.url("/")))
        .send()
        .await
        .expect("a response");
    assert_eq!(server.methods(), ["OPTIONS", "POST"]);
    assert_eq!(
        String::from_utf8_lossy(&server.seen()[1].body),
        "6\r\na stre\r\n6\r\nam of \r\n5\r\nbytes\r\n0\r\n\r\n"
    );
}

#[tokio::test]
async fn over_http_2_it_goes() {
    let server = TlsServer::start().await;
    let ua = server.trusting().build().expect("a user agent");
    let mut response = post(page(&ua).fetch(server.url("/")))
        .send()
        .await
        .expect("a response");
    assert_eq!(response.text().await.expect("a body"), "a stream of bytes");
    let seen = server.seen();
    assert_eq!(seen[1].version, http::Version::HTTP_2);
    assert_eq!(
        (seen[0].method.as_str(), seen[1].method.as_str()),
        ("OPTIONS", "POST")
    );
    assert_eq!(response.status_text(), "");
}

#[tokio::test]
async fn without_duplex_half_it_is_invalid() {
    let ua = stack::user_agent();
    let fetch = page(&ua)
        .fetch("http://127.0.0.1/")
        .method("POST")
        .body(stream());
    let error = fetch.send().await.expect_err("invalid");
    assert_eq!(
        error.invalid().expect("invalid").problems()[0].field,
        "duplex"
    );
}

#[tokio::test]
async fn a_stream_that_fails_ends_the_fetch() {
    let server = Server::start(|seen| match seen.method() {
        "OPTIONS" => open(&[], ""),
        _ => answer("200 OK", &[], ""),
    })
    .await;
    let ua = stack::builder()
        .streams_over_http1(StreamsOverHttp1::Send)
        .build();
    let broken = ReaderStream::new(Broken);
    let fetch = page(&ua.expect("a user agent"))
        .fetch(server.url("/"))
        .method("POST");
    let error = fetch.body(Body::stream(broken)).duplex_half().send().await;
    let error = error.expect_err("broken");
    let error = error.network_error().expect("one");
    assert_eq!(error.code(), "request-not-sendable");
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

struct Broken;

impl tokio::io::AsyncRead for Broken {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Err(std::io::Error::other("the disk is gone")))
    }
}
