//! A server that speaks TLS with a certificate of its own authority, HTTP/2 and HTTP/1.1, and echoes bodies.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use vetch::UserAgentBuilder;

use crate::stack;

pub(crate) struct TlsServer {
    address: SocketAddr,
    authority: Authority,
    seen: Arc<Mutex<Vec<Seen>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) version: http::Version,
    pub(crate) headers: Vec<String>,
    pub(crate) client_certificate: bool,
    pub(crate) connection: usize,
}

struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate, key)
    }
}

impl TlsServer {
    pub(crate) async fn start() -> Self {
        let authority = Authority::new();
        let acceptor = TlsAcceptor::from(Arc::new(config(&authority)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                connection += 1;
                let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let client_certificate = stream.get_ref().1.peer_certificates().is_some();
                    let service = service_fn(move |request| {
                        let log = Arc::clone(&log);
                        echo(request, log, client_certificate, connection)
                    });
                    let server = auto::Builder::new(TokioExecutor::new());
                    // A client that hangs up is no failure of the server's.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self {
            address,
            authority,
            seen,
        }
    }

    /// A server that answers every connection with these bytes and hangs up, which TLS is not told.
    pub(crate) async fn hanging_up(answer: &'static str) -> Self {
        let authority = Authority::new();
        let mut config = config(&authority);
        config.alpn_protocols.clear();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut request = [0; 4096];
                // A request fits into one read here; what it says does not matter.
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.flush().await;
                // Without the layer that would say goodbye.
                let (tcp, _) = stream.into_inner();
                drop(tcp);
            }
        });
        let seen = Arc::default();
        Self {
            address,
            authority,
            seen,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn authority_pem(&self) -> &str {
        &self.authority.pem
    }

    /// A user agent that trusts this server.
    pub(crate) fn trusting(&self) -> UserAgentBuilder {
        stack::builder().root_certificate_pem(self.authority.pem.as_bytes())
    }

    /// A client certificate and its key.
    pub(crate) fn client_identity(&self) -> String {
        let (certificate, key) = self.authority.issue("client.example");
        certificate.pem() + &key.serialize_pem()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a lock").clone()
    }
}

fn config(authority: &Authority) -> rustls::ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let (certificate, key) = authority.issue("127.0.0.1");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der.clone()).expect("an authority");
    let clients =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .expect("a verifier");
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

async fn echo(
    request: hyper::Request<Incoming>,
    log: Arc<Mutex<Vec<Seen>>>,
    client_certificate: bool,
    connection: usize,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let origin = parts.headers.get("origin").cloned();
    let headers = parts.headers.iter();
    let headers = headers
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    log.lock().expect("a lock").push(Seen {
        method: parts.method.to_string(),
        version: parts.version,
        headers,
        client_certificate,
        connection,
    });
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    let mut response = hyper::Response::builder()
        .header("access-control-allow-methods", "PUT")
        .header("access-control-allow-credentials", "true");
    if let Some(origin) = origin {
        response = response.header("access-control-allow-origin", origin);
    }
    let body = Full::new(body.unwrap_or_default());
    Ok(response.body(body).expect("a response"))
}
