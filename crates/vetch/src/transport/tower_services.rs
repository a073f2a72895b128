//! The transport to services in the same process: a small internet for tests, without sockets.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, Uri, Version};
use http_body::Body;
use http_body_util::BodyExt as _;
use tower_service::Service;
use url::{Position, Url};
use vetch_core::infrastructure::origins::Origin;
use vetch_core::{OutgoingRequest, TransportFailure};

use super::head;
use super::{RequestBody, Sending, Transport, WireBody, WireRequest, WireResponse};
use crate::BuildError;

/// Services of `tower`'s kind, each mounted at an origin; there is nothing else to connect to.
///
/// An axum `Router` is such a service, so that a test can ask whether a browser's page may use it. A service sees each
/// request as an HTTP/1.1 server would: path and query, `Host`, and the headers in lower case. It counts as one that
/// speaks HTTP/2 too: a stream body, which HTTP/1.x must not carry, comes with that version.
///
/// ```
/// use std::convert::Infallible;
/// use vetch::transport::{RequestBody, TowerTransport};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let api = tower::service_fn(async |request: http::Request<RequestBody>| {
///     let answer = http::Response::builder().header("Access-Control-Allow-Origin", "https://app.example");
///     Ok::<_, Infallible>(answer.body(request.uri().path().to_owned()).unwrap())
/// });
/// let internet = TowerTransport::new().mount("https://api.example", api)?;
/// let ua = vetch::UserAgent::builder().transport(internet).build()?;
///
/// let mut response = ua.page("https://app.example/")?.fetch("https://api.example/items").send().await?;
/// assert_eq!(response.text().await?, "/items");
/// let refused = ua.page("https://evil.example/")?.fetch("https://api.example/items").send().await;
/// assert_eq!(refused.unwrap_err().network_error().unwrap().code(), "allow-origin-mismatch");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct TowerTransport {
    /// By origin as the Standard serialises it.
    services: BTreeMap<String, Box<Mounted>>,
}

/// A service with its types erased.
type Mounted = dyn Fn(Request<RequestBody>) -> Answering + Send + Sync;
type Answering = Pin<Box<dyn Future<Output = Result<WireResponse, TransportFailure>> + Send>>;
type BoxError = Box<dyn Error + Send + Sync>;

impl TowerTransport {
    /// An internet of no origins.
    pub fn new() -> Self {
        Self::default()
    }

    /// Put a service at an origin, in place of one that is there. Each request has a clone of it.
    ///
    /// # Errors
    ///
    /// Where the origin is none: it has a path, or is `null`.
    pub fn mount<S, B>(mut self, origin: &str, service: S) -> Result<Self, BuildError>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let place = Origin::parse(origin).map_err(|reason| refusal(reason.to_string()))?;
        if matches!(place, Origin::Opaque(_)) {
            return Err(refusal("nothing can be mounted at null".to_owned()));
        }
        // The mutex makes it `Sync`, which not every service is; it is held for a clone only.
        let service = Mutex::new(service);
        let mounted = move |request| -> Answering {
            let service = service.lock().unwrap_or_else(PoisonError::into_inner);
            Box::pin(call(service.clone(), request))
        };
        self.services.insert(place.to_string(), Box::new(mounted));
        Ok(self)
    }

    fn answer(&self, request: WireRequest) -> Result<Answering, TransportFailure> {
        let origin = request.outgoing.url.origin().ascii_serialization();
        let Some(mounted) = self.services.get(&origin) else {
            let there: Vec<&str> = self.services.keys().map(String::as_str).collect();
            return Err(TransportFailure::Resolve {
                detail: format!(
                    "no service is mounted at {origin} (mounted: {})",
                    there.join(", ")
                ),
            });
        };
        Ok(mounted(incoming(request.outgoing, request.body)?))
    }
}

/// The request as a server of its origin sees it.
fn incoming(
    outgoing: OutgoingRequest,
    body: RequestBody,
) -> Result<Request<RequestBody>, TransportFailure> {
    head::check_url(&outgoing.url)?;
    let host = head::host(&outgoing.url)?;
    let version = match body {
        RequestBody::Stream(_) => Version::HTTP_2,
        _ => Version::HTTP_11,
    };
    let mut request = Request::new(body);
    *request.version_mut() = version;
    *request.method_mut() = outgoing.method;
    *request.uri_mut() = origin_form(&outgoing.url)?;
    *request.headers_mut() = head::header_map(outgoing.header_list, Some(host))?;
    Ok(request)
}

/// RFC 9112, section 3.2.1
fn origin_form(url: &Url) -> Result<Uri, TransportFailure> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    target.parse().map_err(|reason| head::unsendable(&reason))
}

async fn call<S, B>(
    mut service: S,
    request: Request<RequestBody>,
) -> Result<WireResponse, TransportFailure>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    poll_fn(|context| service.poll_ready(context))
        .await
        .map_err(failure)?;
    let response = service.call(request).await.map_err(failure)?;
    let (parts, body) = response.into_parts();
    Ok(WireResponse {
        head: head::incoming(parts)?,
        body: WireBody::new(body.map_err(failure)),
    })
}

/// A service that fails is a server that hangs up.
fn failure(error: impl Into<BoxError>) -> TransportFailure {
    TransportFailure::Closed {
        detail: error.into().to_string(),
    }
}

fn refusal(reason: String) -> BuildError {
    BuildError {
        what: "mount",
        reason,
    }
}

impl Transport for TowerTransport {
    fn send(&self, request: WireRequest) -> Sending<'_> {
        match self.answer(request) {
            Ok(answering) => answering,
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }
}

impl fmt::Debug for TowerTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins = self.services.keys();
        f.debug_tuple("TowerTransport")
            .field(&origins.collect::<Vec<_>>())
            .finish()
    }
}
