//! Attacks with redirects.

use std::sync::Arc;

use crate::server::{OPEN, Server, assert_why, get, patient, refused};

fn found(location: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\naccess-control-allow-origin: *\r\nlocation: {location}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn endless_redirect() {
    let server = Server::answering(found("/", "")).await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("too-many-redirects", "more than 20 redirects"));
    assert_eq!((server.requests(), server.accepted()), (21, 1));
}

#[tokio::test]
async fn redirect_to_itself_with_a_growing_url() {
    // Doubles with each hop.
    let server = Server::start(|mut connection| async move {
        loop {
            let head = connection.request().await?;
            let target = head.split(' ').nth(1).unwrap_or_default();
            connection
                .send(found(&format!("{target}{target}"), ""))
                .await?;
        }
    })
    .await;
    let came = refused(&patient(), server.url("/growing/")).await;
    assert_why(&came, ("url-too-long", "more than 65534 bytes"));
    assert_eq!(
        server.requests(),
        13,
        "9 bytes, doubled until they are above 65 534"
    );
}

#[tokio::test]
async fn redirect_to_a_url_above_every_limit() {
    let server = Server::answering(found(&format!("/{}", "a".repeat(100_000)), "")).await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("url-too-long", "more than 65534 bytes"));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn redirects_with_endless_bodies() {
    let server = Server::start(|mut connection| async move {
        let head = connection.request().await?;
        if head.starts_with("GET /end ") {
            return connection
                .send(format!("{OPEN}content-length: 5\r\n\r\nhello"))
                .await;
        }
        let target = if connection.number < 5 { "/" } else { "/end" };
        connection
            .send(format!(
                "HTTP/1.1 302 Found\r\naccess-control-allow-origin: *\r\nlocation: {target}\r\n\r\n"
            ))
            .await?;
        connection.flood(vec![b'a'; 16 << 10]).await
    })
    .await;
    let ua = patient();
    assert_eq!(get(&ua, server.url("/")).await.as_deref(), Ok("hello"));
    assert_eq!(server.accepted(), 7);
    server.all_gone().await;
}

#[tokio::test]
async fn redirects_that_go_nowhere() {
    for (location, code) in [
        ("http://", "redirect-invalid-location"),
        ("http://[::1", "redirect-invalid-location"),
        ("javascript:alert(1)", "redirect-disabled-scheme"),
        ("data:text/plain,evil", "redirect-disabled-scheme"),
        ("file:///etc/passwd", "redirect-disabled-scheme"),
        ("http://127.0.0.1:25/", "bad-port"),
    ] {
        let server = Server::answering(found(location, "")).await;
        let came = refused(&patient(), server.url("/")).await;
        assert_eq!(came.0, code, "{location}: {}", came.1);
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn location_with_nul_cr_or_another_response() {
    for location in ["/a\0b", "/a\rb", "/a\rHTTP/1.1 200 OK"] {
        let location: Arc<str> = location.into();
        let server = Server::start(move |mut connection| {
            let location = Arc::clone(&location);
            async move {
                loop {
                    let head = connection.request().await?;
                    if head.starts_with("GET / ") {
                        connection.send(found(&location, "")).await?;
                    } else {
                        connection
                            .send(format!("{OPEN}content-length: 4\r\n\r\nevil"))
                            .await?;
                    }
                }
            }
        })
        .await;
        // The line is no header line, so there is nowhere to go, and the answer is the page's as it came.
        let came = get(&patient(), server.url("/")).await;
        assert_ne!(came.as_deref(), Ok("evil"));
        assert_eq!(server.requests(), 1);
    }
}
