//! Redirects are followed by the machine, not by the network stack.

use vetch::{Profile, RedirectMode, ResponseType};

use crate::server::{Server, answer, open, page};
use crate::stack;

#[tokio::test]
async fn each_hop_is_an_exchange_of_its_own() {
    let target = Server::start(|seen| {
        assert_eq!(seen.method(), "GET");
        open(&[], seen.header("origin").unwrap_or("none"))
    })
    .await;
    let location = target.url("/end");
    let server = Server::start(move |_| {
        let headers = [
            ("access-control-allow-origin", "*"),
            ("location", &*location),
        ];
        answer("303 See Other", &headers, "a body that nobody reads")
    })
    .await;
    let ua = stack::user_agent();
    let fetch = page(&ua)
        .fetch(server.url("/start#top"))
        .method("POST")
        .body("text");
    let mut response = fetch.send().await.expect("a response");
    assert!(response.redirected());
    assert_eq!(response.url(), target.url("/end"));
    assert_eq!(response.text().await.expect("a body"), "null");
    let statuses: Vec<_> = response
        .exchanges()
        .iter()
        .map(|exchange| exchange.status)
        .collect();
    assert_eq!(statuses, [Some(303), Some(200)]);
    assert_eq!(target.seen()[0].header("content-length"), None);
    assert_eq!(server.seen()[0].body, b"text");
}

#[tokio::test]
async fn a_307_sends_the_body_again() {
    let server = Server::start(|seen| match seen.target() {
        "/start" => {
            let headers = [("access-control-allow-origin", "*"), ("location", "/end")];
            answer("307 Temporary Redirect", &headers, "")
        }
        _ => open(&[], &seen.body),
    })
    .await;
    let ua = stack::user_agent();
    let fetch = page(&ua)
        .fetch(server.url("/start"))
        .method("POST")
        .body("text");
    let mut response = fetch.send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "text");
}

#[tokio::test]
async fn manual_hands_over_an_opaque_redirect() {
    let server = Server::start(|_| {
        answer(
            "302 Found",
            &[("access-control-allow-origin", "*"), ("location", "/end")],
            "",
        )
    })
    .await;
    let ua = stack::user_agent();
    let fetch = page(&ua)
        .fetch(server.url("/"))
        .redirect(RedirectMode::Manual);
    let response = fetch.send().await.expect("a response");
    assert_eq!(response.kind(), ResponseType::OpaqueRedirect);
    assert!(!response.has_body());
    assert_eq!(response.unfiltered().status.as_u16(), 302);
    assert_eq!(server.methods(), ["GET"]);
}

#[tokio::test]
async fn the_body_of_a_manual_redirect_is_read_where_a_profile_shows_it() {
    let server = Server::start(|_| {
        answer(
            "302 Found",
            &[("access-control-allow-origin", "*")],
            "nowhere",
        )
    })
    .await;
    for (profile, seen) in [(Profile::SPEC, ""), (Profile::WEBKIT, "nowhere")] {
        let ua = stack::builder()
            .profile(profile)
            .build()
            .expect("a user agent");
        let fetch = page(&ua)
            .fetch(server.url("/"))
            .redirect(RedirectMode::Manual);
        let mut response = fetch.send().await.expect("a response");
        assert_eq!(response.kind(), ResponseType::OpaqueRedirect);
        assert_eq!(response.has_body(), !seen.is_empty(), "{}", profile.name);
        assert_eq!(response.text().await.expect("a body"), seen);
    }
}

#[tokio::test]
async fn an_endless_loop_ends_after_twenty() {
    let server = Server::start(|_| {
        answer(
            "302 Found",
            &[("access-control-allow-origin", "*"), ("location", "/")],
            "",
        )
    })
    .await;
    let ua = stack::user_agent();
    let error = page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect_err("a loop");
    assert_eq!(
        error.network_error().expect("one").code(),
        "too-many-redirects"
    );
    assert_eq!(error.exchanges().len(), 21);
}
