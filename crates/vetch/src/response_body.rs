//! Response bodies: decoded, bounded in size and time, and read once.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use serde::de::DeserializeOwned;
use tokio::time::Sleep;
use url::Url;
use vetch_core::infrastructure::responses::InternalResponse;
use vetch_core::{ExchangeKind, HeaderList, NetworkError, Reason, TransportFailure};

use crate::content_codings::{self, Decoded};
use crate::deadline::Deadline;
use crate::transport::WireBody;

/// A response's body, its content codings undone.
///
/// ```no_run
/// # async fn example(mut response: vetch::Response) -> Result<(), vetch::NetworkError> {
/// let body = response.body();
/// let first = body.chunk().await?;
/// let rest = body.bytes().await?;
/// # Ok(())
/// # }
/// ```
pub struct ResponseBody {
    state: State,
    limit: u64,
    taken: u64,
    deadline: Option<Deadline>,
    /// Runs only while the body keeps us waiting.
    alarm: Option<Pin<Box<Sleep>>>,
    /// Where the body comes from, for the error; nothing for one that cannot fail.
    place: Option<Place>,
}

enum State {
    /// Null, at its end, or broken.
    Over,
    Bytes(Bytes),
    Plain(WireBody),
    Coded(Decoded),
}

/// The body is not the JSON that was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The body could not be read.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The body is not JSON, or not of that shape.
    #[error("the body is not the JSON that was asked for: {0}")]
    Json(#[from] serde_json::Error),
}

/// Where a response comes from, for the errors that its body may yet meet.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    url: Arc<Url>,
    hop: usize,
}

impl Place {
    pub(crate) fn of(response: &InternalResponse) -> Self {
        Self {
            url: Arc::clone(response.url_list.current()),
            hop: response.url_list.len() - 1,
        }
    }

    pub(crate) fn error(self, reason: Reason) -> NetworkError {
        NetworkError::new(reason, ExchangeKind::Request, Url::clone(&self.url)).at_hop(self.hop)
    }
}

/// What bounds a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) bytes: u64,
    pub(crate) deadline: Option<Deadline>,
}

impl ResponseBody {
    pub(crate) fn null() -> Self {
        Self::new(State::Over, None)
    }

    pub(crate) fn of_bytes(bytes: Bytes) -> Self {
        Self::new(State::Bytes(bytes), None)
    }

    /// The body that came with those headers.
    pub(crate) fn of_network(body: WireBody, headers: &HeaderList, place: Place) -> Self {
        let state = match content_codings::handle(body, headers) {
            Ok(coded) => State::Coded(coded),
            Err(plain) => State::Plain(plain),
        };
        Self::new(state, Some(place))
    }

    #[must_use]
    pub(crate) fn within(mut self, bounds: Bounds) -> Self {
        self.limit = bounds.bytes;
        self.deadline = bounds.deadline;
        self
    }

    fn new(state: State, place: Option<Place>) -> Self {
        Self {
            state,
            limit: u64::MAX,
            taken: 0,
            deadline: None,
            alarm: None,
            place,
        }
    }

    /// The next piece, never an empty one, or nothing at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetworkError> {
        let chunk = poll_fn(|context| self.poll_chunk(context)).await;
        match chunk {
            Some(Ok(chunk)) => Ok(Some(chunk)),
            None => {
                self.state = State::Over;
                Ok(None)
            }
            Some(Err(failure)) => {
                // The connection goes, and reading on finds the end.
                self.state = State::Over;
                match self.place.take() {
                    Some(place) => Err(place.error(Reason::Transport(failure))),
                    None => Ok(None),
                }
            }
        }
    }

    /// The rest of the body.
    pub async fn bytes(&mut self) -> Result<Bytes, NetworkError> {
        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let mut bytes = BytesMut::with_capacity((first.len() + second.len()) * 2);
        bytes.extend_from_slice(&first);
        bytes.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// The rest of the body as `text()` has it: UTF-8 decode, which leaves a byte order mark out and replaces what is
    /// not UTF-8.
    ///
    /// encoding.spec.whatwg.org/#utf-8-decode
    pub async fn text(&mut self) -> Result<String, NetworkError> {
        let bytes = self.bytes().await?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The rest of the body, read as JSON.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, JsonError> {
        let text = self.text().await?;
        Ok(serde_json::from_str(&text)?)
    }

    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        match self.state.poll_chunk(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.taken += chunk.len() as u64;
                if self.taken > self.limit {
                    return Poll::Ready(Some(Err(TransportFailure::BodyTooLong {
                        limit: self.limit,
                    })));
                }
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Pending => self.poll_deadline(context),
            over @ Poll::Ready(_) => over,
        }
    }

    fn poll_deadline(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        let Some(deadline) = self.deadline else {
            return Poll::Pending;
        };
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline.at())));
        ready!(alarm.as_mut().poll(context));
        Poll::Ready(Some(Err(deadline.missed())))
    }
}

impl State {
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        loop {
            let chunk = match self {
                Self::Over => return Poll::Ready(None),
                Self::Bytes(bytes) => {
                    let bytes = std::mem::take(bytes);
                    return Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)));
                }
                Self::Plain(body) => match ready!(Pin::new(body).poll_frame(context)) {
                    // Trailers are no part of the body.
                    Some(Ok(frame)) => Some(Ok(frame.into_data().unwrap_or_default())),
                    Some(Err(failure)) => Some(Err(failure)),
                    None => None,
                },
                Self::Coded(body) => ready!(body.poll_chunk(context)),
            };
            if !matches!(&chunk, Some(Ok(chunk)) if chunk.is_empty()) {
                return Poll::Ready(chunk);
            }
        }
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match &self.state {
            State::Over => "over",
            State::Bytes(_) => "bytes",
            State::Plain(_) => "plain",
            State::Coded(_) => "coded",
        };
        write!(f, "ResponseBody({state}, {} bytes taken)", self.taken)
    }
}
