//! A server that does next to nothing, so that the clients are what is measured.

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The body of each answer.
pub(crate) const BODY: &str = "{\"item\":7,\"name\":\"a small answer\"}";

/// Of this path no preflight answer is kept.
pub(crate) const UNCACHED: &str = "/uncached";

/// A PUT of this path may have headers and has [`SENT`] as its body. Its preflights and it are counted.
pub(crate) const COUNTED: &str = "/counted";

/// How many preflights and PUTs there were since this was last asked.
const COUNTS: &str = "/counts";

/// The body of each PUT of [`COUNTED`].
pub(crate) const SENT: &str = "{\"count\":1}";

static PREFLIGHTS: AtomicU64 = AtomicU64::new(0);
static PUTS: AtomicU64 = AtomicU64::new(0);

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
    let answers = Answers::new();
    connection.set_nodelay(true).expect("TCP");
    let mut buffer = Vec::with_capacity(4096);
    while connection
        .read_buf(&mut buffer)
        .await
        .is_ok_and(|read| read > 0)
    {
        if !is_whole(&buffer) {
            continue;
        }
        let response = answers.to(&buffer);
        buffer.clear();
        if connection.write_all(response.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Which requests have a body is known, so that it costs no look at their headers.
fn is_whole(request: &[u8]) -> bool {
    let has_body = request.starts_with(b"PUT ") && path(request) == COUNTED.as_bytes();
    request.ends_with(if has_body {
        SENT.as_bytes()
    } else {
        b"\r\n\r\n"
    })
}

fn path(request: &[u8]) -> &[u8] {
    let mut words = request.split(|byte| *byte == b' ');
    words.nth(1).unwrap_or_default()
}

struct Answers {
    cached: String,
    uncached: String,
    /// To the preflights of [`COUNTED`].
    with_headers: String,
}

impl Answers {
    fn new() -> Self {
        let headers = "access-control-allow-headers: x-token\r\n";
        Self {
            cached: response(600, "", BODY),
            uncached: response(0, "", BODY),
            with_headers: response(600, headers, BODY),
        }
    }

    fn to(&self, request: &[u8]) -> Cow<'_, str> {
        let path = path(request);
        if path == UNCACHED.as_bytes() {
            Cow::Borrowed(&self.uncached)
        } else if path == COUNTED.as_bytes() {
            let is_preflight = request.starts_with(b"OPTIONS ");
            let (count, answer) = if is_preflight {
                (&PREFLIGHTS, &self.with_headers)
            } else {
                (&PUTS, &self.cached)
            };
            count.fetch_add(1, Ordering::Relaxed);
            Cow::Borrowed(answer)
        } else if path == COUNTS.as_bytes() {
            let [preflights, puts] =
                [&PREFLIGHTS, &PUTS].map(|count| count.swap(0, Ordering::Relaxed));
            Cow::Owned(response(0, "", &format!("{preflights} {puts}")))
        } else {
            Cow::Borrowed(&self.cached)
        }
    }
}

fn response(max_age: u32, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\naccess-control-allow-methods: PUT\r\n\
         access-control-max-age: {max_age}\r\n{more}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}
