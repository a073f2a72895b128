//! A real HTTP server on loopback, with a hyper of its own on a thread of its own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A server that is up until the test ends.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Start it; every path has its own behaviour, see [`answer`].
    pub(crate) fn start() -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (ready, address) = std::sync::mpsc::channel();
        let recorded = Arc::clone(&seen);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
                ready
                    .send(listener.local_addr().expect("an address"))
                    .expect("the test waits");
                serve(listener, recorded).await;
            });
        });
        Self {
            address: address.recv().expect("the server starts"),
            seen,
        }
    }

    /// Its URL with that path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What `--resolve` wants, so that `http://HOST/` leads here.
    pub(crate) fn resolve(&self, host: &str) -> String {
        format!("{host}:80:{}", self.address)
    }

    /// Method and path of what came since the last call, with `!` where there was a cookie.
    pub(crate) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().expect("no test panicked in it"))
    }
}

async fn serve(listener: TcpListener, seen: Arc<Mutex<Vec<String>>>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let seen = Arc::clone(&seen);
        let service = service_fn(move |request: Request<Incoming>| {
            let cookie = if request.headers().contains_key("cookie") {
                "!"
            } else {
                ""
            };
            let line = format!("{} {}{cookie}", request.method(), request.uri().path());
            seen.lock().expect("no test panicked in it").push(line);
            async move { Ok::<_, Infallible>(answer(request).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let preflight = head.method == Method::OPTIONS;
    let origin = head.headers.get("origin").cloned();
    match head.uri.path() {
        // Echoes the body and its type, allows everything for a minute.
        "/echo" if preflight => answer_of(
            204,
            &[
                ("access-control-allow-origin", b"*"),
                ("access-control-allow-methods", b"*"),
                ("access-control-allow-headers", b"*"),
                ("access-control-max-age", b"60"),
            ],
            "",
        ),
        "/echo" => {
            let content_type = head.headers.get("content-type").cloned();
            let mut response = answer_of(
                200,
                &[
                    ("access-control-allow-origin", b"*"),
                    ("access-control-expose-headers", b"x-content-type"),
                ],
                body,
            );
            let content_type = content_type.unwrap_or(HeaderValue::from_static("none"));
            response
                .headers_mut()
                .insert("x-content-type", content_type);
            response
        }
        // Headers in an order and with bytes that a client may get wrong.
        "/headers" => answer_of(
            200,
            &[
                ("x-b", b"2"),
                ("access-control-allow-origin", b"*"),
                ("access-control-expose-headers", b"*"),
                ("x-a", b"caf\xe9"),
                ("x-b", b"1"),
            ],
            Bytes::from_static(b"\xff\x00"),
        ),
        // Credentials, for whoever asks.
        "/private" => {
            let mut response = answer_of(
                200,
                &[
                    ("access-control-allow-credentials", b"true"),
                    ("vary", b"Origin"),
                    ("set-cookie", b"seen=1; Path=/"),
                ],
                "private",
            );
            if let Some(origin) = origin {
                response
                    .headers_mut()
                    .insert("access-control-allow-origin", origin);
            }
            response
        }
        "/moved" => answer_of(
            302,
            &[
                ("access-control-allow-origin", b"*"),
                ("location", b"/echo"),
            ],
            "",
        ),
        "/slow" => {
            tokio::time::sleep(Duration::from_millis(300)).await;
            answer_of(200, &[("access-control-allow-origin", b"*")], "slow")
        }
        // Says what the terminal must not obey.
        "/escape" => answer_of(200, &[("access-control-allow-origin", b"*\xc2\x9b31m")], ""),
        // Allows GET only, without the header.
        "/stingy" if preflight => answer_of(
            200,
            &[
                ("access-control-allow-origin", b"*"),
                ("access-control-allow-methods", b"GET"),
            ],
            "",
        ),
        "/teapot" => answer_of(418, &[], ""),
        _ => answer_of(200, &[("content-type", b"text/plain")], "no CORS here"),
    }
}

fn answer_of(
    status: u16,
    headers: &[(&'static str, &[u8])],
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value).expect("a value");
        response
            .headers_mut()
            .append(HeaderName::from_static(name), value);
    }
    response
}
