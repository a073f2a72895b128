//! Response bodies: decoded, bounded in size and time, and read once.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
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
    /// Nothing for a null body, and at the end; apart, since responses are handed on several times.
    unread: Option<Box<Unread>>,
}

struct Unread {
    source: Source,
    bounds: Bounds,
    taken: u64,
    /// Runs only while the body keeps us waiting.
    alarm: Option<Pin<Box<Sleep>>>,
    /// Where the body comes from, for the error.
    place: Place,
}

enum Source {
    Plain(WireBody),
    Coded(Decoded),
    /// Bytes that are there, which cannot fail.
    Bytes(Bytes),
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

impl Bounds {
    const NONE: Self = Self {
        bytes: u64::MAX,
        deadline: None,
    };
}

impl ResponseBody {
    pub(crate) const fn null() -> Self {
        Self { unread: None }
    }

    pub(crate) fn of_bytes(bytes: Bytes, place: Place) -> Self {
        Self::new(Source::Bytes(bytes), place, Bounds::NONE)
    }

    /// The body that came with those headers.
    pub(crate) fn of_network(
        body: WireBody,
        headers: &HeaderList,
        place: Place,
        bounds: Bounds,
    ) -> Self {
        let source = match content_codings::handle(body, headers) {
            Ok(coded) => Source::Coded(coded),
            Err(plain) => Source::Plain(plain),
        };
        Self::new(source, place, bounds)
    }

    fn new(source: Source, place: Place, bounds: Bounds) -> Self {
        Self {
            unread: Some(Box::new(Unread {
                source,
                bounds,
                taken: 0,
                alarm: None,
                place,
            })),
        }
    }

    /// The next piece, never an empty one, or nothing at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetworkError> {
        let Some(unread) = &mut self.unread else {
            return Ok(None);
        };
        let chunk = poll_fn(|context| unread.poll_chunk(context)).await;
        if let Some(Ok(chunk)) = chunk {
            return Ok(Some(chunk));
        }
        // After an error the connection goes, and reading on finds the end.
        match (chunk, self.unread.take()) {
            (Some(Err(failure)), Some(unread)) => {
                Err(unread.place.error(Reason::Transport(failure)))
            }
            _ => Ok(None),
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
        let mut bytes = self.bytes().await?;
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.advance(3);
        }
        // What is UTF-8 keeps its memory.
        Ok(String::from_utf8(bytes.into())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// The rest of the body, read as JSON.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, JsonError> {
        let text = self.text().await?;
        Ok(serde_json::from_str(&text)?)
    }
}

impl Unread {
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        match self.source.poll_chunk(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.taken += chunk.len() as u64;
                if self.taken > self.bounds.bytes {
                    return Poll::Ready(Some(Err(TransportFailure::BodyTooLong {
                        limit: self.bounds.bytes,
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
        let Some(deadline) = self.bounds.deadline else {
            return Poll::Pending;
        };
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline.at())));
        ready!(alarm.as_mut().poll(context));
        Poll::Ready(Some(Err(deadline.missed())))
    }
}

impl Source {
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        loop {
            let chunk = match self {
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
        let Some(unread) = &self.unread else {
            return f.write_str("ResponseBody(over)");
        };
        let source = match &unread.source {
            Source::Bytes(_) => "bytes",
            Source::Plain(_) => "plain",
            Source::Coded(_) => "coded",
        };
        write!(f, "ResponseBody({source}, {} bytes taken)", unread.taken)
    }
}
