//! A server that does to each connection what the attack is, and what its victim makes of it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vetch::{FetchError, NetworkError, Page, UserAgent, UserAgentBuilder};

use crate::stack;

/// The head of an answer that every origin may read, without its empty line.
pub(crate) const OPEN: &str = "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n";

/// For what should come soon; a busy machine is slow.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Longer than any of these tests: another limit must end it.
const LONG: Duration = Duration::from_mins(5);

pub(crate) struct Server {
    address: SocketAddr,
    count: Arc<Count>,
}

#[derive(Debug, Default)]
struct Count {
    accepted: AtomicUsize,
    ended: AtomicUsize,
    sent: AtomicUsize,
    requests: AtomicUsize,
}

/// One connection to the server.
pub(crate) struct Connection {
    stream: TcpStream,
    /// The first is 0.
    pub(crate) number: usize,
    count: Arc<Count>,
    unread: Vec<u8>,
}

impl Server {
    /// On each connection, that attack until it ends or the client has gone.
    pub(crate) async fn start<A, F>(attack: A) -> Self
    where
        A: Fn(Connection) -> F + Send + Sync + 'static,
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let count = Arc::<Count>::default();
        let counted = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // What is sent in pieces comes in pieces, and soon.
                let _ = stream.set_nodelay(true);
                let connection = Connection {
                    stream,
                    number: counted.accepted.fetch_add(1, Ordering::SeqCst),
                    count: Arc::clone(&counted),
                    unread: Vec::new(),
                };
                let (attack, counted) = (attack(connection), Arc::clone(&counted));
                tokio::spawn(async move {
                    // A client that hangs up is what most attacks come to.
                    let _ = attack.await;
                    counted.ended.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, count }
    }

    /// Answers every request with those bytes and goes on.
    pub(crate) async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::start(move |mut connection| {
            let bytes = Arc::clone(&bytes);
            async move {
                loop {
                    connection.request().await?;
                    connection.send(&bytes).await?;
                }
            }
        })
        .await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections there have been.
    pub(crate) fn accepted(&self) -> usize {
        self.count.accepted.load(Ordering::SeqCst)
    }

    /// How many of them still are.
    pub(crate) fn open(&self) -> usize {
        self.accepted() - self.count.ended.load(Ordering::SeqCst)
    }

    /// How many bytes have been sent.
    pub(crate) fn sent(&self) -> usize {
        self.count.sent.load(Ordering::SeqCst)
    }

    /// How many requests have come.
    pub(crate) fn requests(&self) -> usize {
        self.count.requests.load(Ordering::SeqCst)
    }

    /// Wait until every connection has ended, which the client's side must do.
    pub(crate) async fn all_gone(&self) {
        eventually("connections end", || self.open() == 0).await;
    }
}

/// Wait until it is so.
pub(crate) async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect(what);
}

impl Connection {
    /// The next request's head; what its method is comes first.
    pub(crate) async fn request(&mut self) -> io::Result<String> {
        loop {
            let end = self
                .unread
                .windows(4)
                .position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let head: Vec<u8> = self.unread.drain(..end + 4).collect();
                self.count.requests.fetch_add(1, Ordering::SeqCst);
                return Ok(String::from_utf8_lossy(&head).into_owned());
            }
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let mut bytes = bytes.as_ref();
        while !bytes.is_empty() {
            let sent = self.stream.write(bytes).await?;
            self.count.sent.fetch_add(sent, Ordering::SeqCst);
            bytes = &bytes[sent..];
        }
        Ok(())
    }

    /// Send the same again and again until the client has gone.
    pub(crate) async fn flood(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        loop {
            self.send(&bytes).await?;
        }
    }

    /// Wait until the client has gone.
    pub(crate) async fn until_gone(&mut self) -> io::Result<()> {
        let mut ignored = [0; 4096];
        while self.stream.read(&mut ignored).await? > 0 {}
        Ok(())
    }

    /// Say that nothing more comes, and go on listening.
    pub(crate) async fn half_close(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// End the connection with a reset.
    pub(crate) fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }

    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }
}

/// What a request asks for: the second word of its head.
pub(crate) fn target(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// The value of that header in a request's head.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find_map(|(named, value)| named.eq_ignore_ascii_case(name).then_some(value))
}

/// A user agent whose fetches may take long: another limit must end them.
pub(crate) fn patient() -> UserAgent {
    build(stack::builder().timeout(LONG).connect_timeout(LONG))
}

/// A user agent whose fetches may take little time.
pub(crate) fn hurried() -> UserAgent {
    let builder = stack::builder().connect_timeout(LONG);
    build(builder.timeout(Duration::from_millis(300)))
}

/// What [`hurried`] says.
pub(crate) const TOO_LATE: (&str, &str) = ("timed-out", "the fetch took longer than 300 ms");

pub(crate) fn build(builder: UserAgentBuilder) -> UserAgent {
    builder.build().expect("a user agent")
}

/// A page on another origin than every server here.
pub(crate) fn page(ua: &UserAgent) -> Page {
    ua.page("http://page.example/start").expect("a page")
}

/// The body of a GET as text, or code and sentence of why there is none.
pub(crate) async fn get(ua: &UserAgent, url: String) -> Result<String, (String, String)> {
    let mut response = page(ua)
        .fetch(url)
        .send()
        .await
        .map_err(|error| told(&error))?;
    response.text().await.map_err(|error| why(&error))
}

/// The code and the sentence of a GET that must fail.
pub(crate) async fn refused(ua: &UserAgent, url: String) -> (String, String) {
    get(ua, url).await.expect_err("a failure")
}

/// The status of a PUT that asks first.
pub(crate) async fn put(ua: &UserAgent, url: String) -> Result<u16, (String, String)> {
    let fetch = page(ua).fetch(url).method("PUT").header("X-Token", "1");
    let response = fetch.send().await.map_err(|error| told(&error))?;
    Ok(response.status())
}

pub(crate) fn told(error: &FetchError) -> (String, String) {
    why(error.network_error().expect("a network error"))
}

pub(crate) fn why(error: &NetworkError) -> (String, String) {
    (error.code(), error.to_string())
}

/// The code is that, and the sentence has those words.
#[track_caller]
pub(crate) fn assert_why(came: &(String, String), (code, words): (&str, &str)) {
    assert_eq!(came.0, code, "{}", came.1);
    assert!(came.1.contains(words), "{:?} has no {words:?}", came.1);
}
