//! A request's body on its way, which may go on after the response has come.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::RequestBody;
use super::abandonment::ConnectionUse;

/// The body, and once the response has come the use of the connection.
#[derive(Debug)]
pub(super) struct Upload {
    body: RequestBody,
    connection_use: Option<LaterUse>,
}

/// What a response brings to the request's body, so that their connection is not abandoned before it has gone.
pub(super) type LaterUse = Arc<OnceLock<ConnectionUse>>;

impl Upload {
    /// Of that body.
    pub(super) fn new(body: RequestBody) -> Self {
        Self {
            body,
            connection_use: None,
        }
    }

    /// Where to put the use of the connection; nothing where there is no body.
    pub(super) fn later_use(&mut self) -> Option<LaterUse> {
        if self.body.is_end_stream() {
            return None;
        }
        let later = self.connection_use.get_or_insert_default();
        Some(Arc::clone(later))
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = <RequestBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
