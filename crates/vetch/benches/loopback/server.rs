//! A server that does next to nothing, so that the clients are what is measured.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The body of each answer.
pub(crate) const BODY: &str = "{\"item\":7,\"name\":\"a small answer\"}";

/// Of this path no preflight answer is kept.
pub(crate) const UNCACHED: &str = "/uncached";

/// Serves on a thread of its own until the process ends.
pub(crate) fn start() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || serve(|address| tell.send(address).expect("someone waits")));
    told.recv().expect("an address")
}

/// Serves until the process ends; says where once it listens.
pub(crate) fn serve(listening: impl FnOnce(SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        listening(listener.local_addr().expect("an address"));
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(answer(connection));
        }
    });
}

async fn answer(mut connection: TcpStream) {
    let (cached, uncached) = (response(600), response(0));
    connection.set_nodelay(true).expect("TCP");
    let mut buffer = Vec::with_capacity(4096);
    while connection
        .read_buf(&mut buffer)
        .await
        .is_ok_and(|read| read > 0)
    {
        if !buffer.ends_with(b"\r\n\r\n") {
            continue;
        }
        let path = buffer.split(|byte| *byte == b' ').nth(1);
        let response = match path {
            Some(path) if path == UNCACHED.as_bytes() => &uncached,
            _ => &cached,
        };
        buffer.clear();
        if connection.write_all(response.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn response(max_age: u32) -> String {
    format!(
        "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\naccess-control-allow-methods: PUT\r\n\
         access-control-max-age: {max_age}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}
