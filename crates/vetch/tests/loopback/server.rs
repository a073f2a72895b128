//! A server that answers with the bytes it is told, and remembers the bytes it got.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vetch::{Page, UserAgent};

/// One request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (candidate, value) = line.split_once(": ")?;
            candidate.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (seen, connections) = (Arc::clone(&server.seen), Arc::clone(&server.connections));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                *connections.lock().expect("a lock") += 1;
                tokio::spawn(serve(connection, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        server
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a lock").clone()
    }

    pub(crate) fn methods(&self) -> Vec<String> {
        let seen = self.seen();
        seen.iter().map(|seen| seen.method().to_owned()).collect()
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        let methods = self.methods();
        methods.iter().filter(|seen| *seen == method).count()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().expect("a lock")
    }
}

async fn serve(
    mut connection: TcpStream,
    log: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<impl Fn(&Seen) -> Vec<u8>>,
) {
    let mut buffer = Vec::new();
    while let Some(seen) = read_request(&mut connection, &mut buffer).await {
        let bytes = answer(&seen);
        let close = bytes
            .windows(b"connection: close".len())
            .any(|window| window == b"connection: close");
        log.lock().expect("a lock").push(seen);
        if connection.write_all(&bytes).await.is_err() || close {
            return;
        }
    }
}

async fn read_request(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let end = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n") {
            break end + 4;
        }
        read_more(connection, buffer).await?;
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let head: String = head.iter().copied().map(char::from).collect();
    let mut seen = Seen {
        head,
        body: Vec::new(),
    };
    let end = if seen.header("transfer-encoding").is_some() {
        loop {
            if let Some(end) = find(buffer, b"0\r\n\r\n") {
                break end + 5;
            }
            read_more(connection, buffer).await?;
        }
    } else {
        let length = seen.header("content-length").map(str::parse::<usize>);
        let length = length.map_or(0, |length| length.expect("a length"));
        while buffer.len() < length {
            read_more(connection, buffer).await?;
        }
        length
    };
    seen.body = buffer.drain(..end).collect();
    Some(seen)
}

async fn read_more(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let read = connection.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// A whole answer with its length.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// An answer that every origin may read.
pub(crate) fn open(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut all = vec![("access-control-allow-origin", "*")];
    all.extend_from_slice(headers);
    answer("200 OK", &all, body)
}

/// An answer that allows PUT and one header, for a minute.
pub(crate) fn granted() -> Vec<u8> {
    answer(
        "204 No Content",
        &[
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "PUT"),
            ("access-control-allow-headers", "x-token"),
            ("access-control-max-age", "60"),
        ],
        "",
    )
}

/// A page on another origin than every server here.
pub(crate) fn page(ua: &UserAgent) -> Page {
    ua.page("http://page.example/start").expect("a page")
}
