//! Attacks with HTTP/2 frames.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, rustls};
use vetch::{Credentials, UserAgent};

use crate::server::{Connection, Server, build, eventually};
use crate::stack;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_HEADERS: u8 = 4;

/// In the table of HPACK.
const STATUS_200: u8 = 0x88;

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes();
    let head = [
        length[1], length[2], length[3], kind, flags, 0, 0, 0, stream,
    ];
    [&head, payload].concat()
}

/// A header line of about a hundred bytes, spelled out.
fn header_line() -> Vec<u8> {
    [&[0, 1, b'a', 100][..], &[b'x'; 100]].concat()
}

/// Waits for the first request, sends the first frames, then the others again and again.
async fn flooding(first: Vec<u8>, again: Vec<u8>) -> Server {
    let acceptor = acceptor();
    Server::start(move |connection| {
        attack(connection, acceptor.clone(), (first.clone(), again.clone()))
    })
    .await
}

async fn attack(
    connection: Connection,
    acceptor: TlsAcceptor,
    (first, again): (Vec<u8>, Vec<u8>),
) -> io::Result<()> {
    let mut stream = acceptor.accept(connection.into_stream()).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await?;
        if head[3] == HEADERS {
            break;
        }
    }
    stream.write_all(&first).await?;
    while !again.is_empty() {
        stream.write_all(&again).await?;
    }
    let mut ignored = [0; 4_096];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}

fn acceptor() -> TlsAcceptor {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

fn user_agent() -> UserAgent {
    let builder = stack::builder().danger_accept_invalid_certificates();
    build(builder.timeout(Duration::from_secs(3)))
}

/// The error's code; the connection must end.
async fn refused(server: &Server) -> String {
    let ua = user_agent();
    let url = format!("https://{}/", server.address());
    let error = match ua
        .page(&url)
        .expect("a page")
        .fetch(&url)
        .credentials(Credentials::Omit)
        .send()
        .await
    {
        Err(error) => error.network_error().expect("a network error").clone(),
        Ok(mut response) => response.bytes().await.expect_err("no whole body"),
    };
    ua.clear_connections();
    drop(ua);
    eventually("connections end", || server.open() == 0).await;
    error.code()
}

#[tokio::test]
async fn endless_continuation() {
    let first = frame(HEADERS, 0, 1, &[STATUS_200]);
    let again = frame(CONTINUATION, 0, 1, &header_line().repeat(100));
    assert_eq!(
        refused(&flooding(first, again).await).await,
        "headers-too-long"
    );
}

#[tokio::test]
async fn endless_continuation_without_content() {
    let first = frame(HEADERS, 0, 1, &[STATUS_200]);
    let again = frame(CONTINUATION, 0, 1, &[]);
    assert_eq!(
        refused(&flooding(first, again).await).await,
        "headers-too-long"
    );
}

#[tokio::test]
async fn headers_above_the_limit() {
    let mut frames = frame(HEADERS, 0, 1, &[STATUS_200]);
    let lines = header_line().repeat(150);
    for _ in 0..40 {
        frames.extend(frame(CONTINUATION, 0, 1, &lines));
    }
    frames.extend(frame(CONTINUATION, END_HEADERS, 1, &lines));
    assert_eq!(
        refused(&flooding(frames, Vec::new()).await).await,
        "connection-closed"
    );
}

#[tokio::test]
async fn resets_without_end() {
    let reset = frame(RST_STREAM, 0, 1, &[0, 0, 0, 2]);
    assert_eq!(
        refused(&flooding(Vec::new(), reset.repeat(100)).await).await,
        "connection-closed"
    );
}

#[tokio::test]
async fn settings_without_end() {
    let again = frame(SETTINGS, 0, 0, &[]).repeat(100);
    assert_eq!(
        refused(&flooding(Vec::new(), again).await).await,
        "timed-out"
    );
}

#[tokio::test]
async fn pings_without_end() {
    let again = frame(PING, 0, 0, &[0; 8]).repeat(100);
    assert_eq!(
        refused(&flooding(Vec::new(), again).await).await,
        "timed-out"
    );
}

#[tokio::test]
async fn empty_data_without_end() {
    let first = frame(HEADERS, END_HEADERS, 1, &[STATUS_200]);
    let again = frame(DATA, 0, 1, &[]).repeat(100);
    assert_eq!(
        refused(&flooding(first, again).await).await,
        "connection-closed"
    );
}

#[tokio::test]
async fn window_that_overflows() {
    let first = frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]);
    assert_eq!(
        refused(&flooding(first, Vec::new()).await).await,
        "connection-closed"
    );
}

#[tokio::test]
async fn going_away_without_an_answer() {
    let first = frame(GOAWAY, 0, 0, &[0; 8]);
    assert_eq!(
        refused(&flooding(first, Vec::new()).await).await,
        "connection-closed"
    );
}
