//! Request bodies, with the types that they imply.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use vetch_core::fetch_api::request_class::InitBody;
use vetch_core::fetch_api::xhr::{XhrBody, XhrText};

use crate::transport::BodyStream;

/// A request's body.
///
/// ```
/// use vetch::Body;
/// let text: Body = "a string in JavaScript".into();
/// assert_eq!(text.content_type(), Some("text/plain;charset=UTF-8"));
/// let bytes: Body = vec![1, 2, 3].into();
/// assert_eq!(bytes.content_type(), None);
/// ```
pub struct Body {
    pub(crate) source: Source,
    content_type: Option<String>,
    text: XhrText,
}

/// Where the bytes come from.
pub(crate) enum Source {
    Null,
    Bytes(Bytes),
    Stream(BodyStream),
}

impl Body {
    /// No body at all, which is not the same as a body of no bytes.
    pub fn empty() -> Self {
        Self::new(Source::Null, None, XhrText::Bytes)
    }

    /// Bytes, which imply no type: an `ArrayBuffer` in JavaScript.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(bytes.into()), None, XhrText::Bytes)
    }

    /// Text, which implies `text/plain;charset=UTF-8`: a string in JavaScript.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(
            Source::Bytes(text.into().into()),
            Some("text/plain;charset=UTF-8"),
            XhrText::Text,
        )
    }

    /// A stream, which is read once, always asks first, and goes over HTTP/2 only: a `ReadableStream` in JavaScript.
    ///
    /// It needs [`FetchBuilder::duplex_half`](crate::FetchBuilder::duplex_half).
    ///
    /// ```
    /// # use futures_core::Stream;
    /// # fn from_somewhere(chunks: impl Stream<Item = std::io::Result<Vec<u8>>> + Send + 'static) {
    /// let body = vetch::Body::stream(chunks);
    /// # }
    /// ```
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let stream = Box::pin(Erased(Box::pin(stream)));
        Self::new(Source::Stream(stream), None, XhrText::Bytes)
    }

    /// The same body with another implied type, as a `Blob` has one; it counts where the request names no `Content-Type`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The type that the body implies.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What the algorithms need to know of it.
    pub(crate) fn init(&self) -> Option<InitBody> {
        let body = match &self.source {
            Source::Null => return None,
            Source::Bytes(bytes) => vetch_core::Body::Replayable {
                length: bytes.len() as u64,
            },
            Source::Stream(_) => vetch_core::Body::Stream,
        };
        Some(InitBody {
            body,
            content_type: self.content_type.clone(),
        })
    }

    pub(crate) fn xhr_init(&self) -> Option<XhrBody> {
        self.init().map(|init| XhrBody {
            init,
            text: self.text,
        })
    }

    fn new(source: Source, content_type: Option<&str>, text: XhrText) -> Self {
        Self {
            source,
            content_type: content_type.map(str::to_owned),
            text,
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Source::Null => f.write_str("Body(null)"),
            Source::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Source::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

/// A stream whose chunks and errors are of one type whatever the caller's are.
struct Erased<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Erased<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    type Item = Result<Bytes, Box<dyn Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0
            .as_mut()
            .poll_next(context)
            .map(|item| item.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}
