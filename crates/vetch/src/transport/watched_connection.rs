//! A connection as hyper does not see it: over HTTP/1.x the heads of its responses are read as their bytes go by, for
//! what hyper does not keep of them and for informational responses without end; over HTTP/2 it closes when nobody is
//! left who could use it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::abandonment::{Abandonment, ConnectionUse};
use super::head_reader::HeadReader;

type Stream = TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>;

pub(super) struct WatchedConnection {
    stream: Stream,
    watch: Watch,
}

/// What goes along with each response, by `Connected::extra`, comes from here.
enum Watch {
    /// With what hyper loses of a head.
    Http1(HeadReader),
    /// Of whose heads nothing is lost; with a use of the connection. One over HTTP/1.x needs none: it closes when its
    /// one exchange is dropped.
    Http2 {
        abandonment: Abandonment,
        /// For who asks before the first byte goes or comes.
        first_use: Option<ConnectionUse>,
    },
}

impl WatchedConnection {
    /// `most_headers` is how many header lines a head may have.
    pub(super) fn new(stream: MaybeHttpsStream<TokioIo<TcpStream>>, most_headers: usize) -> Self {
        let watch = if stream.connected().is_negotiated_h2() {
            let (abandonment, first_use) = Abandonment::new();
            Watch::Http2 {
                abandonment,
                first_use: Some(first_use),
            }
        } else {
            Watch::Http1(HeadReader::new(most_headers))
        };
        Self {
            stream: TokioIo::new(stream),
            watch,
        }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut Stream> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// These bytes go out, or as many of them as the connection takes.
    fn wrote(&mut self, bytes: &[u8]) {
        if let Watch::Http1(reader) = &mut self.watch {
            reader.wrote(bytes);
        }
    }

    /// Before anything is done with the connection.
    #[inline]
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if let Watch::Http2 {
            abandonment,
            first_use,
        } = &mut self.watch
        {
            *first_use = None;
            abandonment.check(context)?;
        }
        Ok(())
    }
}

impl Connection for WatchedConnection {
    /// Without what the streams below tell of addresses, which would be copied for each response.
    fn connected(&self) -> Connected {
        match &self.watch {
            Watch::Http1(reader) => Connected::new().extra(reader.lost_parts()),
            Watch::Http2 { first_use, .. } => {
                let connected = Connected::new().negotiated_h2();
                match first_use {
                    Some(first_use) => connected.extra(first_use.clone()),
                    None => connected,
                }
            }
        }
    }
}

impl AsyncRead for WatchedConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        let before = buffer.filled().len();
        ready!(self.as_mut().stream().poll_read(context, buffer))?;
        if let Watch::Http1(reader) = &mut self.watch {
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
        self.check(context)?;
        self.wrote(bytes);
        self.stream().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        self.wrote(slices.first().map_or(&[], |first| &**first));
        self.stream().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        self.stream().poll_shutdown(context)
    }
}
