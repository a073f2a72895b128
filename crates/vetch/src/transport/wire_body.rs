//! Bodies on the wire, before anything is decoded.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use vetch_core::TransportFailure;

#[cfg(feature = "hyper")]
use super::abandonment::ConnectionUse;
use super::failure;
use super::head::BodyEnd;

/// The chunks of a request's stream body; an error ends the exchange.
pub type BodyStream =
    Pin<Box<dyn Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> + Send>>;

/// A request's body, which every network stack of the `http-body` crate's kind can send.
#[non_exhaustive]
pub enum RequestBody {
    /// No body, or none with this exchange.
    Empty,
    /// Bytes, which can be sent again.
    Bytes(Bytes),
    /// A stream, which must not go over HTTP/1.x unless the embedder asked for it.
    Stream(BodyStream),
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Self::Stream(stream) => stream.as_mut().poll_next(context).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// A response's body as received.
///
/// ```
/// use vetch::transport::WireBody;
/// let body = WireBody::from("bytes that are there already");
/// ```
pub struct WireBody(Received);

enum Received {
    Any(Mutex<Erased>),
    /// The usual one, without a further layer around it.
    Reqwest(::reqwest::Body, BodyEnd, failure::Context),
    #[cfg(feature = "hyper")]
    Hyper {
        body: hyper::body::Incoming,
        end: BodyEnd,
        failing: failure::Context,
        /// So that its connection stays.
        _connection_use: Option<ConnectionUse>,
    },
}

type Erased = Pin<Box<dyn Body<Data = Bytes, Error = TransportFailure> + Send>>;

impl WireBody {
    /// A body of any kind whose errors are transport failures.
    pub fn new(body: impl Body<Data = Bytes, Error = TransportFailure> + Send + 'static) -> Self {
        // The mutex makes responses `Sync`, which not every stack's bodies are; nobody ever waits for it.
        Self(Received::Any(Mutex::new(Box::pin(body))))
    }

    pub(super) fn of_reqwest(
        body: ::reqwest::Body,
        end: BodyEnd,
        context: failure::Context,
    ) -> Self {
        Self(Received::Reqwest(body, end, context))
    }

    #[cfg(feature = "hyper")]
    pub(super) fn of_hyper(
        body: hyper::body::Incoming,
        end: BodyEnd,
        failing: failure::Context,
        connection_use: Option<ConnectionUse>,
    ) -> Self {
        Self(Received::Hyper {
            body,
            end,
            failing,
            _connection_use: connection_use,
        })
    }
}

impl<T: Into<Bytes>> From<T> for WireBody {
    fn from(bytes: T) -> Self {
        Self::new(Full::new(bytes.into()).map_err(|never: Infallible| match never {}))
    }
}

impl fmt::Debug for WireBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WireBody")
    }
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = TransportFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportFailure>>> {
        match &mut self.0 {
            Received::Any(body) => {
                let body = body.get_mut().unwrap_or_else(PoisonError::into_inner);
                body.as_mut().poll_frame(context)
            }
            Received::Reqwest(body, end, failing) => {
                ended(Pin::new(body).poll_frame(context), *end, |error| {
                    failure::of_reqwest(error, *failing)
                })
            }
            #[cfg(feature = "hyper")]
            Received::Hyper {
                body, end, failing, ..
            } => ended(Pin::new(body).poll_frame(context), *end, |error| {
                failure::of_body(error, *failing)
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Received::Any(body) => body
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_end_stream(),
            Received::Reqwest(body, ..) => body.is_end_stream(),
            #[cfg(feature = "hyper")]
            Received::Hyper { body, .. } => body.is_end_stream(),
        }
    }
}

/// A stack's frame in our terms; where only the connection's end ends the body, any end of it will do.
fn ended<E: Error + 'static>(
    polled: Poll<Option<Result<Frame<Bytes>, E>>>,
    end: BodyEnd,
    failure: impl FnOnce(&E) -> TransportFailure,
) -> Poll<Option<Result<Frame<Bytes>, TransportFailure>>> {
    polled.map(|frame| match frame {
        Some(Err(error)) if end == BodyEnd::Connection && failure::is_unclean_end(&error) => None,
        Some(Err(error)) => Some(Err(failure(&error))),
        Some(Ok(frame)) => Some(Ok(frame)),
        None => None,
    })
}
