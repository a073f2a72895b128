//! Attacks with HTTP/2 frames.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::io::ReaderStream;
use vetch::{Body, Credentials, UserAgent};

use crate::http2_server::{
    Attack, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PUSH_PROMISE,
    RST_STREAM, SETTINGS, STATUS_200, WINDOW_UPDATE, answer, attacking, frame,
};
use crate::server::{PATIENCE, Server, build, eventually};
use crate::stack;

/// A header line of about a hundred bytes, spelled out.
fn header_line() -> Vec<u8> {
    [&[0, 1, b'a', 100][..], &[b'x'; 100]].concat()
}

/// A head in one HEADERS frame and so many of CONTINUATION, with that in each of these.
fn head_of(start: &[u8], continuations: usize, each: &[u8]) -> Vec<u8> {
    let mut frames = frame(HEADERS, END_STREAM, 1, start);
    for _ in 1..continuations {
        frames.extend(frame(CONTINUATION, 0, 1, each));
    }
    frames.extend(frame(CONTINUATION, END_HEADERS, 1, each));
    frames
}

async fn once(first: Vec<u8>) -> Server {
    attacking(Attack {
        first,
        ..Attack::default()
    })
    .await
}

async fn flooding(first: Vec<u8>, then: Vec<u8>) -> Server {
    attacking(Attack {
        first,
        then,
        ..Attack::default()
    })
    .await
}

fn user_agent() -> UserAgent {
    user_agent_for(Duration::from_secs(1))
}

/// One whose fetches may take so long.
pub(crate) fn user_agent_for(limit: Duration) -> UserAgent {
    let builder = stack::builder().danger_accept_invalid_certificates();
    build(builder.timeout(limit))
}

/// The body, or the error's code.
pub(crate) async fn get(ua: &UserAgent, server: &Server) -> Result<String, String> {
    let url = format!("https://{}/", server.address());
    let fetch = ua.page(&url).expect("a page").fetch(&url);
    let mut response = fetch
        .credentials(Credentials::Omit)
        .send()
        .await
        .map_err(|error| error.network_error().expect("a network error").code())?;
    response.text().await.map_err(|error| error.code())
}

/// The fetch fails like that, and its connection closes by itself; so it is with the next.
async fn assert_closes(server: Server, code: &str) {
    let ua = user_agent();
    for fetches in 1..=2 {
        assert_eq!(get(&ua, &server).await, Err(code.to_owned()));
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches);
    }
}

/// The fetch fails like that, and its connection stays, on which the next one comes to that.
async fn assert_stays(server: Server, code: &str, next: Result<&str, &str>) {
    let ua = user_agent();
    assert_eq!(get(&ua, &server).await, Err(code.to_owned()));
    let came = get(&ua, &server).await;
    assert_eq!(came.as_deref().map_err(|code| &**code), next);
    assert_eq!((server.accepted(), server.open()), (1, 1));
    ua.clear_connections();
    server.all_gone().await;
}

/// What the second request of a connection is answered with.
const NEXT: Result<&str, &str> = Ok("stream 3");

#[tokio::test]
async fn endless_continuation() {
    let first = frame(HEADERS, 0, 1, &[STATUS_200]);
    let then = frame(CONTINUATION, 0, 1, &header_line().repeat(100));
    assert_closes(flooding(first, then).await, "headers-too-long").await;
}

#[tokio::test]
async fn endless_continuation_without_content() {
    let first = frame(HEADERS, 0, 1, &[STATUS_200]);
    let then = frame(CONTINUATION, 0, 1, &[]);
    assert_closes(flooding(first, then).await, "headers-too-long").await;
}

#[tokio::test]
async fn headers_above_the_limit() {
    let frames = head_of(&[STATUS_200], 41, &header_line().repeat(150));
    assert_stays(once(frames).await, "connection-closed", NEXT).await;
}

#[tokio::test]
async fn headers_between_the_limit_and_twice_the_limit() {
    // 300 lines, and 18 of 15 kB.
    let long = [&[0, 1, b'a', 0x7f, 0x81, 0x78][..], &[b'x'; 15_488]].concat();
    for frames in [
        head_of(&[STATUS_200], 2, &header_line().repeat(150)),
        head_of(&[STATUS_200], 18, &long),
    ] {
        assert_stays(once(frames).await, "headers-too-long", NEXT).await;
    }
}

#[tokio::test]
async fn headers_that_are_one_stored_header_ten_thousand_times() {
    // It goes into the table of HPACK, and then a byte stands for its 4 000.
    let stored = [
        &[STATUS_200, 0x40, 1, b'a', 0x7f, 0xa1, 0x1e][..],
        &[b'x'; 4_000],
    ]
    .concat();
    let frames = head_of(&stored, 1, &[0xbe; 10_000]);
    assert_closes(once(frames).await, "headers-too-long").await;
}

#[tokio::test]
async fn headers_one_byte_at_a_time() {
    let server = attacking(Attack {
        // A frame of 16 384 bytes.
        first: vec![0, 0x40, 0, HEADERS, END_HEADERS, 0, 0, 0, 1, STATUS_200],
        then: vec![0],
        pause: Duration::from_millis(20),
        ..Attack::default()
    })
    .await;
    let ua = user_agent();
    let mut fetches = 0;
    while server.accepted() <= 1 && fetches < 8 {
        assert_eq!(get(&ua, &server).await, Err("timed-out".to_owned()));
        fetches += 1;
    }
    // After five seconds in vain the connection is left; to connect has taken a part of the first.
    let left_by = if stack::SEES_ITS_CONNECTIONS {
        6..8
    } else {
        8..9
    };
    assert!(left_by.contains(&fetches), "{fetches}");
    if stack::SEES_ITS_CONNECTIONS {
        eventually("the first connection ends", || server.open() == 1).await;
    }
}

#[tokio::test]
async fn one_resource_that_never_answers() {
    let server = Arc::new(once(Vec::new()).await);
    let ua = user_agent_for(Duration::from_secs(7));
    let (slow, waiting) = (ua.clone(), Arc::clone(&server));
    let slow = tokio::spawn(async move { get(&slow, &waiting).await });
    eventually("it is asked for", || server.open() == 1).await;
    // Others are answered meanwhile, and afterwards, over the same connection.
    while !slow.is_finished() {
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(get(&ua, &server).await.is_ok());
    }
    assert_eq!(slow.await.expect("no panic"), Err("timed-out".to_owned()));
    assert!(get(&ua, &server).await.is_ok());
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn no_answer() {
    assert_stays(once(Vec::new()).await, "timed-out", NEXT).await;
}

#[tokio::test]
async fn resets_without_end() {
    let reset = frame(RST_STREAM, 0, 1, &[0, 0, 0, 2]);
    let server = flooding(Vec::new(), reset.repeat(100)).await;
    assert_stays(server, "connection-closed", NEXT).await;
}

#[tokio::test]
async fn frames_without_end_that_answer_nothing() {
    for then in [
        frame(SETTINGS, 0, 0, &[]),
        frame(PING, 0, 0, &[0; 8]),
        frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]),
        frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]),
        // An informational response, and a frame of a kind that there is not.
        frame(HEADERS, END_HEADERS, 1, &[8, 3, b'1', b'0', b'3']),
        frame(0x42, 0, 0, &[0; 64]),
    ] {
        let server = flooding(Vec::new(), then.repeat(100)).await;
        assert_stays(server, "timed-out", NEXT).await;
    }
}

#[tokio::test]
async fn empty_data_without_end() {
    let first = frame(HEADERS, END_HEADERS, 1, &[STATUS_200]);
    let then = frame(DATA, 0, 1, &[]).repeat(100);
    assert_closes(flooding(first, then).await, "connection-closed").await;
}

#[tokio::test]
async fn window_that_overflows() {
    let first = frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]);
    assert_closes(once(first).await, "connection-closed").await;
}

#[tokio::test]
async fn push_that_nobody_asked_for() {
    let pushed = frame(
        PUSH_PROMISE,
        END_HEADERS,
        1,
        &[0, 0, 0, 2, 0x82, 0x86, 0x84],
    );
    assert_closes(once(pushed).await, "connection-closed").await;
}

#[tokio::test]
async fn answer_to_a_request_that_nobody_sent() {
    for stream in [2, 3] {
        assert_closes(once(answer(stream)).await, "connection-closed").await;
    }
}

#[tokio::test]
async fn going_away_without_an_answer() {
    let first = frame(GOAWAY, 0, 0, &[0; 8]);
    assert_closes(once(first).await, "connection-closed").await;
}

#[tokio::test]
async fn no_streams_allowed_any_more() {
    let none = frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 0]);
    let (server, ua) = (once(none).await, user_agent());
    for _ in 0..3 {
        assert_eq!(get(&ua, &server).await, Err("timed-out".to_owned()));
    }
    assert_eq!((server.accepted(), server.open()), (1, 1));
    ua.clear_connections();
    if stack::SEES_ITS_CONNECTIONS {
        server.all_gone().await;
    }
}

#[tokio::test]
async fn pings_without_end_from_one_that_reads_nothing() {
    let server = attacking(Attack {
        then: frame(PING, 0, 0, &[0; 8]).repeat(1000),
        is_deaf: true,
        ..Attack::default()
    })
    .await;
    // Long enough for what is answered to fill every buffer, so that nothing more can be written.
    let ua = user_agent_for(Duration::from_secs(8));
    assert_eq!(get(&ua, &server).await, Err("timed-out".to_owned()));
    assert_eq!((server.accepted(), server.open()), (1, 1));
    ua.clear_connections();
    if stack::SEES_ITS_CONNECTIONS {
        let start = Instant::now();
        server.all_gone().await;
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

#[tokio::test]
async fn body_that_goes_on_without_its_pool() {
    let server = attacking(Attack {
        first: frame(HEADERS, END_HEADERS, 1, &[STATUS_200]),
        then: frame(DATA, 0, 1, b"x"),
        pause: Duration::from_millis(300),
        ..Attack::default()
    })
    .await;
    let ua = user_agent_for(PATIENCE);
    let url = format!("https://{}/", server.address());
    let fetch = ua.page(&url).expect("a page").fetch(&url);
    let mut response = fetch.send().await.expect("a response");
    ua.clear_connections();
    // For longer than a connection stays that nobody can use any more.
    for _ in 0..8 {
        let chunk = response.body().chunk().await.expect("no error");
        assert!(chunk.is_some());
    }
    drop(response);
    server.all_gone().await;
}

#[tokio::test]
async fn upload_that_goes_on_without_its_pool() {
    let server = once(answer(1)).await;
    let ua = user_agent_for(PATIENCE);
    let url = format!("https://{}/", server.address());
    let (chunks, body) = tokio::io::duplex(16);
    let fetch = ua.page(&url).expect("a page").fetch(&url);
    let body = Body::stream(ReaderStream::new(body));
    let fetch = fetch.method("POST").body(body).duplex_half();
    let mut response = fetch.send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "stream 1");
    drop(response);
    ua.clear_connections();
    // For longer than a connection stays that nobody can use any more.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(server.open(), 1);
    drop(chunks);
    server.all_gone().await;
}
