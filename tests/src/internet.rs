//! Several origins on loopback, under the names that they have in the world.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;
use vetch::{UserAgent, UserAgentBuilder};

use crate::messages::{Answer, Seen, read};
use crate::{Authority, ServerCertificate};

/// A server for each of some origins, `http` and `https` with their default ports, and one log of what came to all.
///
/// It is up as long as the runtime that it was started on.
///
/// ```
/// use vetch_tests::{Internet, answer};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let open = [("access-control-allow-origin", "*")];
/// let internet = Internet::start(&["https://api.example"], move |_| answer("200 OK", &open, "hello")).await;
/// let page = internet.user_agent().page("https://app.example/")?;
/// assert_eq!(page.fetch("https://api.example/").send().await?.text().await?, "hello");
/// assert_eq!(internet.seen()[0].cors(), "Origin: https://app.example\r\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Internet {
    authority: Authority,
    places: Vec<Place>,
    log: Arc<Log>,
}

#[derive(Debug)]
struct Place {
    host: String,
    port: u16,
    address: SocketAddr,
}

#[derive(Debug, Default)]
struct Log {
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
}

impl Internet {
    /// Servers for these origins, their certificates from a new authority; `answer` answers for all.
    pub async fn start(
        origins: &[&str],
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let authority = Authority::new();
        let certificates = |host: &str| authority.issue(host);
        let (places, log) = start(origins, certificates, answer).await;
        Self {
            authority,
            places,
            log,
        }
    }

    /// The same, with certificates of the caller's; the authority then has issued none.
    pub async fn with_certificates(
        origins: &[&str],
        certificates: impl FnMut(&str) -> ServerCertificate,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let (places, log) = start(origins, certificates, answer).await;
        Self {
            authority: Authority::new(),
            places,
            log,
        }
    }

    /// A user agent that finds every server, and trusts none of those that speak TLS. It gives up after ten seconds.
    pub fn builder(&self) -> UserAgentBuilder {
        let builder = UserAgent::builder().timeout(Duration::from_secs(10));
        self.places.iter().fold(builder, |builder, place| {
            builder.resolve(&place.host, place.port, place.address)
        })
    }

    /// A user agent that finds and trusts every server.
    pub fn user_agent(&self) -> UserAgent {
        let builder = self
            .builder()
            .root_certificate_pem(self.authority.pem().as_bytes());
        builder.build().expect("a user agent")
    }

    /// The authority that has issued the certificates.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What the command's `--resolve` wants, one for each server.
    pub fn resolve_flags(&self) -> Vec<String> {
        let flags = self
            .places
            .iter()
            .map(|place| format!("--resolve={}:{}:{}", place.host, place.port, place.address));
        flags.collect()
    }

    /// What has come to all servers, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.log.seen.lock().expect("a lock").clone()
    }

    /// Method and URL of all that has come, in order.
    pub fn asked(&self) -> Vec<String> {
        let seen = self.seen();
        let asked = seen
            .iter()
            .map(|seen| format!("{} {}", seen.method(), seen.url()));
        asked.collect()
    }
}

async fn start(
    origins: &[&str],
    mut certificates: impl FnMut(&str) -> ServerCertificate,
    answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
) -> (Vec<Place>, Arc<Log>) {
    let (log, answer) = (Arc::<Log>::default(), Arc::new(answer));
    let mut places = Vec::new();
    for origin in origins {
        let url: Url = origin.parse().expect("a URL");
        let host = url.host_str().expect("a host").to_owned();
        let port = url.port_or_known_default().expect("a port");
        assert!(
            matches!(port, 80 | 443),
            "{origin} has a port, which cannot be mapped"
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        // Of HTTP/1.1 a test can read and write the bytes.
        let acceptor = (port == 443).then(|| certificates(&host).server_config("http/1.1"));
        let server = Server {
            origin: (*origin).to_owned(),
            acceptor: acceptor.map(TlsAcceptor::from),
            log: Arc::clone(&log),
            answer: Arc::clone(&answer),
        };
        tokio::spawn(Arc::new(server).accept(listener));
        places.push(Place {
            host,
            port,
            address,
        });
    }
    (places, log)
}

struct Server<F> {
    origin: String,
    /// None speaks plain HTTP.
    acceptor: Option<TlsAcceptor>,
    log: Arc<Log>,
    answer: Arc<F>,
}

impl<F: Fn(&Seen) -> Answer + Send + Sync + 'static> Server<F> {
    async fn accept(self: Arc<Self>, listener: TcpListener) {
        while let Ok((connection, _)) = listener.accept().await {
            let server = Arc::clone(&self);
            tokio::spawn(async move {
                match &server.acceptor {
                    None => server.serve(connection).await,
                    Some(acceptor) => {
                        // A client that does not trust us hangs up, which is what some tests want.
                        if let Ok(connection) = acceptor.accept(connection).await {
                            server.serve(connection).await;
                        }
                    }
                }
            });
        }
    }

    async fn serve(&self, mut connection: impl AsyncRead + AsyncWrite + Unpin) {
        let number = self.log.connections.fetch_add(1, Ordering::Relaxed);
        let mut buffer = Vec::new();
        while let Some(seen) = read(&mut connection, &mut buffer, (&self.origin, number)).await {
            self.log.seen.lock().expect("a lock").push(seen.clone());
            let (bytes, goes_on) = match (self.answer)(&seen) {
                Answer::Bytes(bytes) => (bytes, true),
                Answer::Last(bytes) => (bytes, false),
                Answer::Nothing => return,
            };
            if connection.write_all(&bytes).await.is_err() || connection.flush().await.is_err() {
                return;
            }
            if !goes_on {
                // A client that has gone needs no farewell.
                let _ = connection.shutdown().await;
                return;
            }
        }
    }
}
