//! A server of HTTP/2 that writes its frames by hand.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_rustls::{TlsAcceptor, rustls};

use crate::server::{Connection, Server};

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// In the table of HPACK.
pub(crate) const STATUS_200: u8 = 0x88;

pub(crate) fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes();
    let head = [
        length[1], length[2], length[3], kind, flags, 0, 0, 0, stream,
    ];
    [&head, payload].concat()
}

/// What a connection's first request is answered with. Each later one is answered as it should be, unless what came before
/// leaves no room for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attack {
    pub(crate) first: Vec<u8>,
    /// Again and again.
    pub(crate) then: Vec<u8>,
    /// Between one time and the next.
    pub(crate) pause: Duration,
    /// Whether nothing is read after the first request.
    pub(crate) is_deaf: bool,
}

pub(crate) async fn attacking(attack: Attack) -> Server {
    let acceptor = acceptor();
    Server::start(move |connection| serve(connection, acceptor.clone(), attack.clone())).await
}

async fn serve(connection: Connection, acceptor: TlsAcceptor, attack: Attack) -> io::Result<()> {
    let mut stream = acceptor.accept(connection.into_stream()).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    let (requests, streams) = mpsc::unbounded_channel();
    let (reader, writer) = tokio::io::split(stream);
    let reading = read(reader, requests, attack.is_deaf);
    tokio::try_join!(reading, write(writer, streams, attack)).map(drop)
}

/// Tells each request's stream.
pub(crate) async fn read(
    mut reader: impl AsyncRead + Unpin,
    requests: mpsc::UnboundedSender<u8>,
    is_deaf: bool,
) -> io::Result<()> {
    loop {
        let (kind, _, stream) = next_frame(&mut reader).await?;
        if kind == HEADERS {
            let _ = requests.send(stream);
            if is_deaf {
                return Ok(());
            }
        }
    }
}

/// The kind, flags and stream of the next frame.
pub(crate) async fn next_frame(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, u8, u8)> {
    let mut head = [0; 9];
    reader.read_exact(&mut head).await?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    reader.read_exact(&mut payload).await?;
    Ok((head[3], head[4], head[8]))
}

pub(crate) async fn write(
    mut writer: impl AsyncWrite + Unpin,
    mut streams: mpsc::UnboundedReceiver<u8>,
    attack: Attack,
) -> io::Result<()> {
    streams.recv().await;
    writer.write_all(&attack.first).await?;
    loop {
        let next = if attack.then.is_empty() {
            streams.recv().await
        } else {
            writer.write_all(&attack.then).await?;
            tokio::time::sleep(attack.pause).await;
            streams.try_recv().ok()
        };
        if let Some(stream) = next {
            writer.write_all(&answer(stream)).await?;
        }
        writer.flush().await?;
    }
}

/// One that names its stream.
pub(crate) fn answer(stream: u8) -> Vec<u8> {
    let body = format!("stream {stream}");
    let mut frames = frame(HEADERS, END_HEADERS, stream, &[STATUS_200]);
    frames.extend(frame(DATA, END_STREAM, stream, body.as_bytes()));
    frames
}

pub(crate) fn acceptor() -> TlsAcceptor {
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
