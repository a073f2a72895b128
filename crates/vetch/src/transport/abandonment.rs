//! A connection that nobody can use any more closes, whatever its server does.
//!
//! hyper ends one over HTTP/2 by itself once the server has read what is still to be said, and allows the streams that
//! are still waited for. A hostile one does neither.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Sleep;

/// Held by all who may use a connection: its pool, each exchange on it, and each body that goes or comes over it.
#[derive(Debug, Clone)]
pub(super) struct ConnectionUse {
    _counted: mpsc::Sender<Infallible>,
}

/// The connection's side.
#[derive(Debug)]
pub(super) struct Abandonment {
    uses: mpsc::Receiver<Infallible>,
    /// Since nobody is left.
    grace: Option<Pin<Box<Sleep>>>,
}

impl Abandonment {
    /// With the first use.
    pub(super) fn new() -> (Self, ConnectionUse) {
        let (counted, uses) = mpsc::channel(1);
        let first = ConnectionUse { _counted: counted };
        (Self { uses, grace: None }, first)
    }

    /// An error once the connection has been abandoned for long enough to close in an orderly way; until then, the task
    /// is woken for it.
    pub(super) fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.poll(context) {
            Poll::Pending => Ok(()),
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.grace.is_none() {
            // Nothing is ever sent.
            ready!(self.uses.poll_recv(context));
        }
        let grace = self
            .grace
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(GRACE)));
        grace.as_mut().poll(context)
    }
}

const GRACE: Duration = Duration::from_secs(1);
