//! A connection whose responses' heads are read as their bytes go by, for what hyper does not keep of them, and
//! for informational responses without end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::head_reader::HeadReader;

type Stream = TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>;

/// What came of a head that hyper loses goes along with the response, by `Connected::extra`.
pub(super) struct WatchedConnection {
    stream: Stream,
    /// Nothing over HTTP/2, of whose heads nothing is lost.
    reader: Option<HeadReader>,
}

impl WatchedConnection {
    /// `most_headers` is how many header lines a head may have.
    pub(super) fn new(stream: MaybeHttpsStream<TokioIo<TcpStream>>, most_headers: usize) -> Self {
        let is_http2 = stream.connected().is_negotiated_h2();
        Self {
            stream: TokioIo::new(stream),
            reader: (!is_http2).then(|| HeadReader::new(most_headers)),
        }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut Stream> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// These bytes go out, or as many of them as the connection takes.
    fn wrote(&mut self, bytes: &[u8]) {
        if let Some(reader) = &mut self.reader {
            reader.wrote(bytes);
        }
    }
}

impl Connection for WatchedConnection {
    /// Without what the streams below tell of addresses, which would be copied for each response.
    fn connected(&self) -> Connected {
        match &self.reader {
            Some(reader) => Connected::new().extra(reader.lost_parts()),
            None => Connected::new().negotiated_h2(),
        }
    }
}

impl AsyncRead for WatchedConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.as_mut().stream().poll_read(context, buffer))?;
        if let Some(reader) = &mut self.reader {
            let came = buffer.filled().get(before..).unwrap_or_default();
            reader.read(came).map_err(io::Error::other)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for WatchedConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wrote(bytes);
        self.stream().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wrote(slices.first().map_or(&[], |first| &**first));
        self.stream().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}
