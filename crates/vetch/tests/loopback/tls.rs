//! TLS: whom to trust, and who is shown a client certificate.

use std::process::Command;

use vetch::Credentials;

use crate::server::{Server, open, page};
use crate::stack;
use crate::tls_server::TlsServer;

#[tokio::test]
async fn http_2_is_spoken_where_the_server_does_and_nothing_is_added_to_it() {
    let server = TlsServer::start().await;
    let ua = server.trusting().build().expect("a user agent");
    let response = page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect("a response");
    assert_eq!(response.status(), 200);
    let seen = &server.seen()[0];
    assert_eq!(seen.version, http::Version::HTTP_2);
    let names: Vec<_> = seen
        .headers
        .iter()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert_eq!(
        names,
        [
            "accept",
            "accept-language",
            "referer",
            "origin",
            "sec-fetch-dest",
            "sec-fetch-mode",
            "sec-fetch-site",
            "user-agent",
            "accept-encoding"
        ]
    );
}

#[tokio::test]
async fn an_unknown_authority_is_a_failure_of_tls() {
    let server = TlsServer::start().await;
    let error = page(&stack::user_agent())
        .fetch(server.url("/"))
        .send()
        .await;
    let error = error.expect_err("not trusted");
    assert_eq!(error.network_error().expect("one").code(), "tls-failed");
    let ua = stack::builder()
        .danger_accept_invalid_certificates()
        .build();
    let fetch = page(&ua.expect("a user agent")).fetch(server.url("/"));
    assert_eq!(fetch.send().await.expect("a response").status(), 200);
}

#[tokio::test]
async fn a_client_certificate_goes_only_with_credentials() {
    let server = TlsServer::start().await;
    let identity = server.client_identity();
    let ua = server
        .trusting()
        .client_identity_pem(identity.as_bytes())
        .build();
    let page = page(&ua.expect("a user agent"));
    let url = server.url("/");
    page.fetch(&*url).send().await.expect("a response");
    let put = page
        .fetch(&*url)
        .method("PUT")
        .credentials(Credentials::Include);
    put.send().await.expect("a response");
    page.fetch(&*url).send().await.expect("a response");
    let seen = server.seen();
    let certificates: Vec<_> = seen
        .iter()
        .map(|seen| (&*seen.method, seen.client_certificate))
        .collect();
    let expected = [
        ("GET", false),
        ("OPTIONS", false),
        ("PUT", true),
        ("GET", false),
    ];
    assert_eq!(certificates, expected);
    assert_eq!(seen[0].connection, seen[1].connection);
    assert_ne!(seen[1].connection, seen[2].connection);
}

#[tokio::test]
async fn another_top_level_site_gets_connections_of_its_own() {
    let server = TlsServer::start().await;
    let ua = server.trusting().build().expect("a user agent");
    for site in [
        "https://a.example",
        "https://b.example",
        "https://a.example",
    ] {
        let page = ua.page_of_origin(site).expect("a page");
        page.fetch(server.url("/"))
            .send()
            .await
            .expect("a response");
    }
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [1, 2, 1]);
}

#[tokio::test]
async fn a_body_that_the_connection_ends_may_end_without_a_goodbye() {
    let answers = [
        (
            "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\nall",
            "all",
        ),
        (
            "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 9\r\n\r\nnot all",
            "connection-closed",
        ),
        (
            "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\n3\r\nnot\r\n",
            "connection-closed",
        ),
    ];
    for (answer, expected) in answers {
        let server = TlsServer::hanging_up(answer).await;
        let ua = server.trusting().build().expect("a user agent");
        let response = page(&ua).fetch(server.url("/")).send().await;
        let text = response.expect("a response").text().await;
        let got = text.unwrap_or_else(|error| error.code());
        assert_eq!(got, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_status_text_comes_through_tls_as_it_was_sent() {
    // In UTF-8, of which a page sees each byte.
    let server = TlsServer::hanging_up("HTTP/1.1 200 \u{e9}\r\ncontent-length: 0\r\n\r\n").await;
    let ua = server.trusting().build().expect("a user agent");
    let same_origin = ua.page(&server.url("/")).expect("a page");
    let response = same_origin.fetch("/").send().await.expect("a response");
    assert_eq!(response.status_text(), stack::beyond_ascii("\u{c3}\u{a9}"));
}

#[test]
fn what_is_no_certificate_is_said_when_building() {
    let error = stack::builder().root_certificate_pem(b"hello").build();
    assert_eq!(error.expect_err("no PEM").what, "root_certificate_pem");
    let error = stack::builder().client_identity_pem(b"hello").build();
    assert_eq!(error.expect_err("no PEM").what, "client_identity_pem");
}

#[tokio::test]
async fn a_name_can_be_sent_to_an_address() {
    let server = Server::start(|_| open(&[], "")).await;
    let port = server.address().port();
    let ua = stack::builder()
        .resolve("API.example", port, server.address())
        .resolve("plain.example", 80, server.address())
        .build()
        .expect("a user agent");
    for url in [
        format!("http://api.example:{port}/"),
        "http://plain.example/".to_owned(),
    ] {
        page(&ua).fetch(url).send().await.expect("a response");
    }
    let hosts: Vec<_> = server
        .seen()
        .iter()
        .filter_map(|seen| seen.header("host").map(str::to_owned))
        .collect();
    assert_eq!(
        hosts,
        [format!("api.example:{port}"), "plain.example".to_owned()]
    );
}

/// The environment is the process's, so these run in one of their own.
fn in_a_process_with(ssl_cert_file: &std::path::Path, plain: &str, secure: &str) -> String {
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "tls::in_its_own_process",
            "--ignored",
            "--nocapture",
        ])
        .env("SSL_CERT_FILE", ssl_cert_file)
        .env_remove("SSL_CERT_DIR")
        .env("VETCH_TEST_PLAIN", plain)
        .env("VETCH_TEST_SECURE", secure)
        .output()
        .expect("a process");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
#[ignore = "run by the tests below, with an environment of its own"]
async fn in_its_own_process() {
    let ua = stack::user_agent();
    for variable in ["VETCH_TEST_PLAIN", "VETCH_TEST_SECURE"] {
        let url = std::env::var(variable).expect("set by the test");
        match page(&ua).fetch(url).send().await {
            Ok(response) => println!("{variable}={}", response.status()),
            Err(error) => println!("{variable}={error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ssl_cert_file_is_honoured() {
    let server = TlsServer::start().await;
    let plain = Server::start(|_| open(&[], "")).await;
    let file = std::env::temp_dir().join(format!("vetch-{}.pem", server.address().port()));
    std::fs::write(&file, server.authority_pem()).expect("written");
    let output = in_a_process_with(&file, &plain.url("/"), &server.url("/"));
    std::fs::remove_file(&file).expect("removed");
    assert!(output.contains("VETCH_TEST_SECURE=200"), "{output}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_any_authority_plain_http_works_and_https_says_why_not() {
    let server = TlsServer::start().await;
    let plain = Server::start(|_| open(&[], "")).await;
    let missing = std::path::Path::new("/nonexistent/roots.pem");
    let output = in_a_process_with(missing, &plain.url("/"), &server.url("/"));
    assert!(output.contains("VETCH_TEST_PLAIN=200"), "{output}");
    assert!(
        output.contains("no certificate authority is trusted"),
        "{output}"
    );
}
