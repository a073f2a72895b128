//! Limits on heads.

use vetch::Limits;

use crate::server::{Server, answer, open, page};
use crate::stack;

async fn get(limits: Limits, lines: usize, bytes: usize) -> Result<u16, (String, String)> {
    let server = Server::start(move |_| {
        let value = "a".repeat(bytes);
        let lines = vec![("x-a", &*value); lines];
        open(&lines, "")
    })
    .await;
    let ua = stack::builder()
        .limits(limits)
        .build()
        .expect("a user agent");
    match page(&ua).fetch(server.url("/")).send().await {
        Ok(response) => Ok(response.status()),
        Err(error) => {
            let network_error = error.network_error().expect("a network error");
            Err((network_error.code(), error.to_string()))
        }
    }
}

#[tokio::test]
async fn header_bytes() {
    let limits = Limits::default().with_header_bytes(10_000);
    assert_eq!(get(limits, 5, 1_000).await, Ok(200));
    let (code, sentence) = get(limits, 5, 2_000).await.expect_err("too long");
    assert_eq!(code, "headers-too-long");
    assert!(sentence.contains("10000 bytes"), "{sentence}");
    // Twice hyper's bound, since one read may bring as much again as is allowed, and then the head is whole.
    let (code, sentence) = get(Limits::default(), 5, 200_000)
        .await
        .expect_err("too long");
    assert_eq!(code, "headers-too-long", "{sentence}");
    assert!(sentence.contains("417792 bytes"), "{sentence}");
}

#[tokio::test]
async fn header_lines() {
    assert_eq!(get(Limits::default(), 250, 1).await, Ok(200));
    for lines in [255, 300] {
        let (code, sentence) = get(Limits::default(), lines, 1)
            .await
            .expect_err("too many");
        assert_eq!(code, "headers-too-long");
        assert!(sentence.contains("256 lines"), "{sentence}");
    }
}

#[tokio::test]
async fn a_body_without_a_coding() {
    let server = Server::start(|_| {
        answer(
            "200 OK",
            &[("access-control-allow-origin", "*")],
            "12345678",
        )
    })
    .await;
    let limits = Limits::default().with_body_bytes(7);
    let ua = stack::builder()
        .limits(limits)
        .build()
        .expect("a user agent");
    let mut response = page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect("a head");
    assert_eq!(
        response.bytes().await.expect_err("too long").code(),
        "body-too-long"
    );
}
