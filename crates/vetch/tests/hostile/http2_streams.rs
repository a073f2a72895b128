//! Attacks on one stream of HTTP/2: the others of its connection get their answers.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use vetch::Credentials;

use crate::http2::{get, user_agent_for};
use crate::http2_server::{
    Attack, DATA, END_HEADERS, END_STREAM, HEADERS, SETTINGS, STATUS_200, WINDOW_UPDATE, acceptor,
    answer, attacking, frame, read, write,
};
use crate::server::{Connection, PATIENCE, Server};

/// How much of a stream comes before it is read: what hyper's clients allow.
const WINDOW: usize = 2 << 20;

/// What a connection's second request is answered with, while each other one is answered as it should be.
async fn attacking_the_second(attack: Attack) -> Server {
    let acceptor = acceptor();
    Server::start(move |connection| serve(connection, acceptor.clone(), attack.clone())).await
}

async fn serve(connection: Connection, acceptor: TlsAcceptor, attack: Attack) -> io::Result<()> {
    let mut stream = acceptor.accept(connection.into_stream()).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    stream.read_exact(&mut [0; 24]).await?;
    let (requests, mut streams) = mpsc::unbounded_channel();
    let (reader, mut writer) = tokio::io::split(stream);
    let reading = read(reader, requests, attack.is_deaf);
    let writing = async {
        if let Some(first) = streams.recv().await {
            writer.write_all(&answer(first)).await?;
            writer.flush().await?;
        }
        write(writer, streams, attack).await
    };
    tokio::try_join!(reading, writing).map(drop)
}

/// While a stream of the connection is flooded with that, the others are answered.
async fn assert_left_alone(flood: &[u8]) {
    let server = attacking_the_second(Attack {
        then: flood.repeat(100),
        ..Attack::default()
    });
    let (server, ua) = (Arc::new(server.await), user_agent_for(PATIENCE));
    assert_eq!(get(&ua, &server).await.as_deref(), Ok("stream 1"));
    // Of two at once, one is answered, and the other one's stream is the flooded one.
    let mut pair = JoinSet::new();
    for _ in 0..2 {
        let (ua, server) = (ua.clone(), Arc::clone(&server));
        pair.spawn(async move { get(&ua, &server).await });
    }
    let first = pair.join_next().await.expect("two").expect("no panic");
    assert_eq!(first.as_deref(), Ok("stream 5"));
    for stream in (7..27).step_by(2) {
        assert_eq!(get(&ua, &server).await, Ok(format!("stream {stream}")));
    }
    assert!(pair.try_join_next().is_none());
    assert_eq!((server.accepted(), server.open()), (1, 1));
}

#[tokio::test]
async fn informational_responses_beside_other_streams() {
    assert_left_alone(&frame(HEADERS, END_HEADERS, 3, &[8, 3, b'1', b'0', b'3'])).await;
}

#[tokio::test]
async fn window_updates_beside_other_streams() {
    assert_left_alone(&frame(WINDOW_UPDATE, 0, 3, &[0, 0, 0, 1])).await;
}

/// So much data of the first stream.
fn data(bytes: usize) -> Vec<u8> {
    let bytes = vec![b'a'; bytes];
    let frames = bytes.chunks(16 << 10).map(|chunk| frame(DATA, 0, 1, chunk));
    frames.flatten().collect()
}

#[tokio::test]
async fn data_that_nobody_reads_beside_other_streams() {
    let closed = Err("connection-closed".to_owned());
    for (bytes, then, outcome) in [
        (data(WINDOW), Vec::new(), Ok(WINDOW)),
        (data(WINDOW + 1), data(1 << 20), closed),
    ] {
        // The client's settings hold from their acknowledgement on; before, its windows are of 64 KiB.
        let acknowledgement = frame(SETTINGS, 1, 0, &[]);
        let head = frame(HEADERS, END_HEADERS, 1, &[STATUS_200]);
        let end = if then.is_empty() {
            frame(DATA, END_STREAM, 1, &[])
        } else {
            Vec::new()
        };
        let server = attacking(Attack {
            first: [acknowledgement, head, bytes, end].concat(),
            then,
            ..Attack::default()
        });
        let (server, ua) = (server.await, user_agent_for(PATIENCE));
        let url = format!("https://{}/", server.address());
        let fetch = ua.page(&url).expect("a page").fetch(&url);
        let fetch = fetch.credentials(Credentials::Omit);
        let mut response = fetch.send().await.expect("a head");
        for stream in (3..27).step_by(2) {
            assert_eq!(get(&ua, &server).await, Ok(format!("stream {stream}")));
        }
        assert_eq!((server.accepted(), server.open()), (1, 1));
        let came = response.bytes().await.map(|body| body.len());
        assert_eq!(came.map_err(|error| error.code()), outcome);
    }
}
