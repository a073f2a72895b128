//! The seam to a network stack: one HTTP exchange in, a head and a body out.
//!
//! A [`Transport`] neither follows redirects nor keeps cookies nor decodes bodies; all of that is done above it.

#[cfg(feature = "hyper")]
mod abandonment;
mod failure;
mod head;
#[cfg(feature = "hyper")]
mod head_reader;
#[cfg(feature = "hyper")]
mod hyper_client;
mod no_verification;
mod pool;
mod reqwest;
mod resolver;
mod root_as_server;
#[cfg(feature = "hyper")]
mod silence;
mod tls;
#[cfg(feature = "tower")]
mod tower_services;
#[cfg(feature = "hyper")]
mod upload;
#[cfg(feature = "hyper")]
mod watched_connection;
mod wire_body;

use std::fmt::Debug;
use std::pin::Pin;

use vetch_core::{IncomingResponse, OutgoingRequest, TransportFailure};

#[cfg(feature = "hyper")]
pub(crate) use hyper_client::HyperTransport;
pub(crate) use pool::PoolSettings;
pub(crate) use reqwest::ReqwestTransport;
pub(crate) use tls::{Verification, parse_certificates, parse_identity};
#[cfg(feature = "tower")]
pub use tower_services::TowerTransport;
pub use wire_body::{BodyStream, RequestBody, WireBody};

/// What a [`Transport`]'s method returns: a future that is `Send`.
pub type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<WireResponse, TransportFailure>> + Send + 'a>>;

/// A network stack. hyper-util's client is one (the feature `hyper`), reqwest another, and so are services in the same
/// process (`TowerTransport`, the feature `tower`).
///
/// ```
/// use vetch::transport::{Sending, Transport, WireBody, WireRequest, WireResponse};
/// use vetch::vetch_core::{HeaderList, IncomingResponse, Status};
///
/// /// Answers everything with the same head.
/// #[derive(Debug)]
/// struct Allows;
///
/// impl Transport for Allows {
///     fn send(&self, _request: WireRequest) -> Sending<'_> {
///         let allow = http::HeaderName::from_static("access-control-allow-origin");
///         let headers = HeaderList::from_iter([(allow, vetch::HeaderValue::from_static("*"))]);
///         let head = IncomingResponse::new(Status::OK, "OK", headers);
///         Box::pin(async { Ok(WireResponse { head, body: WireBody::from("hello") }) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ua = vetch::UserAgent::builder().transport(Allows).build()?;
/// let mut response = ua.page("https://app.example/")?.fetch("https://api.example/").send().await?;
/// assert_eq!(response.text().await?, "hello");
/// # Ok(())
/// # }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Put the request on the wire and wait for the head of the final response. Dropping the future gives up.
    ///
    /// The header list of [`WireRequest::outgoing`] goes out, in its order, with `Host` and framing added and nothing else.
    fn send(&self, request: WireRequest) -> Sending<'_>;

    /// Close idle connections; running exchanges end on theirs.
    fn close_idle_connections(&self) {}
}

/// One request for a [`Transport`].
#[derive(Debug)]
#[non_exhaustive]
pub struct WireRequest {
    /// What the machine wants sent, with `Cookie` among its headers.
    pub outgoing: OutgoingRequest,
    /// The body.
    pub body: RequestBody,
}

/// What came back.
#[derive(Debug)]
pub struct WireResponse {
    /// The head as received.
    pub head: IncomingResponse,
    /// The body as received, content codings included.
    pub body: WireBody,
}
