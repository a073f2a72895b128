//! What floods of HTTP/2 frames cost in memory.
#![cfg(target_os = "linux")]

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use crate::http2_server::{
    Attack, CONTINUATION, DATA, END_HEADERS, HEADERS, PING, RST_STREAM, SETTINGS, STATUS_200,
    WINDOW_UPDATE, acceptor, attacking, frame, next_frame,
};
use crate::measure::{Fetches, MOST_KIBIBYTES, assert_bounded};
use crate::server::{Connection, Server};

/// Of settings that they hold, without which the client's windows are of 64 KiB; of a `PING` that it is the answer.
const ACK: u8 = 1;

/// A fetch that meets that.
async fn of(attack: Attack, path: &str) -> Fetches {
    let server = attacking(attack).await;
    let url = format!("https://{}{path}", server.address());
    Fetches::of(url)
}

/// How long what nothing else ends goes on.
const FLOOD: Duration = Duration::from_secs(2);

/// The second again and again.
fn flood(first: Vec<u8>, then: &[u8]) -> Attack {
    Attack {
        first,
        then: then.repeat(1_000),
        ..Attack::default()
    }
}

/// A head of status 103 with that behind it.
fn early_hints(rest: &[u8]) -> Vec<u8> {
    let block = [&[8, 3, b'1', b'0', b'3'], rest].concat();
    frame(HEADERS, END_HEADERS, 1, &block)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_frames_that_answer_nothing() {
    for (what, then) in [
        ("settings", frame(SETTINGS, 0, 0, &[])),
        (
            "long settings",
            frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 9].repeat(1_000)),
        ),
        ("pings", frame(PING, 0, 0, &[0; 8])),
        ("window updates", frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])),
        (
            "window updates of the stream",
            frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]),
        ),
        ("frames of an unknown kind", frame(0x42, 0, 0, &[0; 64])),
    ] {
        let fetches = of(flood(Vec::new(), &then), "/").await.timeout(FLOOD);
        assert_bounded(what, fetches, "timed-out", MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_pings_whose_answers_are_not_read() {
    let attack = Attack {
        is_deaf: true,
        ..flood(Vec::new(), &frame(PING, 0, 0, &[0; 8]))
    };
    let fetches = of(attack, "/").await.timeout(FLOOD);
    assert_bounded("pings unread", fetches, "timed-out", MOST_KIBIBYTES).await;
}

/// Answers the connection's first request as the attack says, and goes on when all that it sent has been read.
///
/// A server that does not wait fills the queue of the layer below with what one turn of the connection's task reads, which
/// is the machine's luck.
async fn in_step(connection: Connection, acceptor: TlsAcceptor, attack: Attack) -> io::Result<()> {
    let mut stream = acceptor.accept(connection.into_stream()).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    stream.read_exact(&mut [0; 24]).await?;
    while next_frame(&mut stream).await?.0 != HEADERS {}
    stream.write_all(&attack.first).await?;
    loop {
        stream.write_all(&attack.then).await?;
        stream.write_all(&frame(PING, 0, 0, &[0; 8])).await?;
        stream.flush().await?;
        while !matches!(next_frame(&mut stream).await?, (PING, ACK, _)) {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_informational_responses_over_http2() {
    // A header without value goes into the table of HPACK, and then a byte stands for it.
    let first = early_hints(&[0x40, 1, b'a', 0]);
    for headers in [0, 1, 100] {
        let attack = flood(first.clone(), &early_hints(&vec![0xbe; headers]));
        let acceptor = acceptor();
        let server =
            Server::start(move |connection| in_step(connection, acceptor.clone(), attack.clone()));
        let fetches = Fetches::of(format!("https://{}/", server.await.address()));
        let what = format!("1xx of {headers} headers");
        assert_bounded(&what, fetches.timeout(FLOOD), "timed-out", MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_frames_that_end_the_fetch() {
    let head = |flags| frame(HEADERS, flags, 1, &[STATUS_200]);
    let reset = frame(RST_STREAM, 0, 1, &[0, 0, 0, 2]);
    let continuation = frame(CONTINUATION, 0, 1, &[]);
    let data = frame(DATA, 0, 1, &[]);
    for (what, first, then, outcome) in [
        ("resets", Vec::new(), reset, "connection-closed"),
        (
            "empty continuation",
            head(0),
            continuation,
            "headers-too-long",
        ),
        ("empty data", head(END_HEADERS), data, "connection-closed"),
    ] {
        let fetches = of(flood(first, &then), "/").await;
        assert_bounded(what, fetches, outcome, MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_data_that_waits_to_be_read() {
    // More than fits into the stream's window; frames cost more than what is in them.
    for bytes in [1, 128, 16 << 10] {
        let agreed = frame(SETTINGS, ACK, 0, &[]);
        let head = frame(HEADERS, END_HEADERS, 1, &[STATUS_200]);
        let data = frame(DATA, 0, 1, &vec![b'a'; bytes]);
        let fetches = of(flood([agreed, head].concat(), &data), "/unread").await;
        let what = format!("data by {bytes}");
        assert_bounded(&what, fetches, "connection-closed", MOST_KIBIBYTES).await;
    }
}
