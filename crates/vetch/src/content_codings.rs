//! Content codings: undone while the body streams, and never more of it than is read.
//!
//! The header list keeps `Content-Encoding` and `Content-Length` as received.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use tokio::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};
use tokio_util::io::{ReaderStream, StreamReader};
use vetch_core::infrastructure::headers::Extracted;
use vetch_core::{HeaderList, TransportFailure};

use crate::transport::WireBody;

/// A content coding that browsers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// A body whose codings are being undone.
pub(crate) struct Decoded {
    chunks: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send + Sync>>,
    codings: Vec<Coding>,
    taken: Taken,
}

/// How many coded bytes were taken since the last byte came out of them.
type Taken = Arc<AtomicUsize>;

/// Handle content codings: the body as it is where there are none, or one that is not known.
///
/// fetch.spec.whatwg.org/#handle-content-codings
pub(crate) fn handle(body: WireBody, headers: &HeaderList) -> Result<Decoded, WireBody> {
    match codings(headers) {
        Some(codings) if !codings.is_empty() => Ok(Decoded::new(body, codings)),
        _ => Err(body),
    }
}

/// The codings in the order in which they were applied; nothing when the list is malformed or one is not known.
fn codings(headers: &HeaderList) -> Option<Vec<Coding>> {
    let names = match headers.extract_token_list(&http::header::CONTENT_ENCODING)? {
        Extracted::Failure(_) => return None,
        Extracted::Values(names) => names,
    };
    // Each layer holds a window; nobody honest uses more than two.
    if names.len() > MOST_CODINGS {
        return None;
    }
    let mut codings = Vec::with_capacity(names.len());
    for name in names {
        codings.push(match name.to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Coding::Gzip,
            b"deflate" => Coding::Deflate,
            b"br" => Coding::Brotli,
            b"zstd" => Coding::Zstd,
            b"identity" => continue,
            _ => return None,
        });
    }
    Some(codings)
}

const MOST_CODINGS: usize = 5;

/// A coding that has taken more than this and given nothing is asked for no more: a file name, empty blocks and what is
/// to be skipped may go on for ever.
const MOST_TAKEN_FOR_NOTHING: usize = 1 << 20;

impl Decoded {
    fn new(body: WireBody, codings: Vec<Coding>) -> Self {
        let taken = Taken::default();
        let data = DataOf {
            body,
            taken: Arc::clone(&taken),
        };
        let mut reader: Box<dyn AsyncBufRead + Send + Sync + Unpin> =
            Box::new(StreamReader::new(data));
        for coding in codings.iter().rev() {
            reader = Box::new(BufReader::new(Decoder::Unstarted(Some(reader), *coding)));
        }
        Self {
            chunks: Box::pin(ReaderStream::with_capacity(reader, CHUNK)),
            codings,
            taken,
        }
    }

    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        let chunk = ready!(self.chunks.as_mut().poll_next(context));
        self.taken.store(0, Ordering::Relaxed);
        Poll::Ready(chunk.map(|chunk| chunk.map_err(|error| self.failure(&error))))
    }

    /// The transport's failure if it was one, else what the decoder says.
    fn failure(&self, error: &io::Error) -> TransportFailure {
        let inside = error.get_ref().and_then(|inside| inside.downcast_ref());
        if let Some(CarriedFailure(failure)) = inside {
            return failure.clone();
        }
        let names: Vec<&str> = self.codings.iter().map(|coding| coding.as_str()).collect();
        TransportFailure::Decode {
            coding: names.join(", "),
            detail: error.to_string(),
        }
    }
}

const CHUNK: usize = 16 << 10;

/// A failure on its way through readers, which know only `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct CarriedFailure(TransportFailure);

/// The data frames of a body.
struct DataOf {
    body: WireBody,
    taken: Taken,
}

impl Stream for DataOf {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.taken.load(Ordering::Relaxed) > MOST_TAKEN_FOR_NOTHING {
            let words = format!("{MOST_TAKEN_FOR_NOTHING} bytes decode to nothing");
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::InvalidData, words))));
        }
        loop {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
            return Poll::Ready(match frame {
                None => None,
                Some(Err(failure)) => Some(Err(io::Error::other(CarriedFailure(failure)))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => {
                        self.taken.fetch_add(data.len(), Ordering::Relaxed);
                        Some(Ok(data))
                    }
                    // Trailers.
                    Err(_) => continue,
                },
            });
        }
    }
}

/// One layer. It starts with the first byte: a body without any (an answer to HEAD, an empty 200) is empty, not broken.
enum Decoder<R> {
    Unstarted(Option<R>, Coding),
    Started(Box<dyn AsyncRead + Send + Sync + Unpin>),
}

impl<R: AsyncBufRead + Send + Sync + Unpin + 'static> Decoder<R> {
    fn start(reader: R, coding: Coding, first: u8) -> Box<dyn AsyncRead + Send + Sync + Unpin> {
        match coding {
            Coding::Gzip => Box::new(GzipDecoder::new(reader)),
            // `deflate` means zlib, but servers send bare deflate too, and browsers take both.
            Coding::Deflate if is_zlib(first) => Box::new(ZlibDecoder::new(reader)),
            Coding::Deflate => Box::new(DeflateDecoder::new(reader)),
            Coding::Brotli => Box::new(BrotliDecoder::new(reader)),
            // RFC 9659: a window above 8 MiB is refused, as browsers do.
            Coding::Zstd => {
                let window = [DParameter::window_log_max(23)];
                let mut decoder = ZstdDecoder::with_params(reader, &window);
                // Frames follow each other, and some are to be skipped: RFC 8878 section 3.1.
                decoder.multiple_members(true);
                Box::new(decoder)
            }
        }
    }
}

/// A window of up to 1 GiB, an extension that the decoder knows, RFC 7932 forbids and browsers refuse.
const fn is_large_window_brotli(first: u8) -> bool {
    first & 0x7f == 0x11
}

/// RFC 1950: compression method 8, window of at most 32 KiB.
const fn is_zlib(first: u8) -> bool {
    first & 0x0f == 8 && first >> 4 <= 7
}

impl<R: AsyncBufRead + Send + Sync + Unpin + 'static> AsyncRead for Decoder<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match &mut *self {
                Self::Started(decoder) => return Pin::new(decoder).poll_read(context, buffer),
                Self::Unstarted(reader, coding) => {
                    let Some(source) = reader else {
                        return Poll::Ready(Ok(()));
                    };
                    let first = ready!(Pin::new(source).poll_fill_buf(context))?
                        .first()
                        .copied();
                    let coding = *coding;
                    // Nothing comes: the reader goes, and every later read finds the end too.
                    let (Some(first), Some(source)) = (first, reader.take()) else {
                        return Poll::Ready(Ok(()));
                    };
                    if coding == Coding::Brotli && is_large_window_brotli(first) {
                        let words = "its window is larger than 16 MiB";
                        return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, words)));
                    }
                    *self = Self::Started(Self::start(source, coding, first));
                }
            }
        }
    }
}
