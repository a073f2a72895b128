//! The servers of the demo: one listener on loopback for each origin.
//! In: a user agent in the making. Out: the same, with the names of the origins leading to the listeners.

use std::convert::Infallible;
use std::io::Error;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use vetch::UserAgentBuilder;

/// The origins' hosts; all are served on port 80 as far as the URLs go.
const HOSTS: [&str; 2] = ["api.demo.localhost", "mirror.localhost"];

/// Start a listener for each host. They live as long as the runtime.
pub(super) async fn start(mut builder: UserAgentBuilder) -> Result<UserAgentBuilder, Error> {
    for host in HOSTS {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        builder = builder.resolve(host, 80, listener.local_addr()?);
        tokio::spawn(serve(listener));
    }
    Ok(builder)
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(&request)) });
        // A connection that breaks off is the client's affair.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn answer(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = Response::new(Full::default());
    let headers = response.headers_mut();
    let value = http::HeaderValue::from_static;
    headers.insert(header::CONTENT_TYPE, value("application/json"));
    match (request.method(), request.uri().path()) {
        (_, "/public" | "/mirror") => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value("*"));
            headers.insert("x-request-id", value("7f3a"));
        }
        (method, "/items/7" | "/session") => {
            if let Some(origin) = origin {
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            }
            headers.insert(header::VARY, value("Origin"));
            if request.uri().path() == "/session" {
                headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, value("true"));
            }
            if *method == Method::OPTIONS {
                headers.remove(header::CONTENT_TYPE);
                headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, value("GET, PUT"));
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    value("Content-Type, X-Token"),
                );
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, value("86400"));
                *response.status_mut() = StatusCode::NO_CONTENT;
                return response;
            }
        }
        (_, "/moved") => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value("*"));
            headers.insert(header::LOCATION, value("http://mirror.localhost/mirror"));
            *response.status_mut() = StatusCode::FOUND;
            return response;
        }
        _ => {}
    }
    *response.body_mut() = Full::from("{\"hello\":\"page\"}");
    response
}
