//! Bodies that nobody reads: those of preflights, redirects and refused answers.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http_body::Body as _;
use http_body_util::BodyExt as _;

use crate::transport::WireBody;

/// Read to the end what is short, so that the connection can be used again; let go of the rest, which closes it.
pub(crate) fn discard(mut body: WireBody) {
    let mut left = MOST_BYTES;
    let mut context = Context::from_waker(Waker::noop());
    // A short body has usually come with the head, and is read without waiting.
    while !body.is_end_stream() {
        match Pin::new(&mut body).poll_frame(&mut context) {
            Poll::Ready(Some(Ok(frame))) => {
                left = left.saturating_sub(frame.data_ref().map_or(0, bytes::Bytes::len));
                if left == 0 {
                    return;
                }
            }
            Poll::Ready(_) => return,
            Poll::Pending => {
                tokio::spawn(tokio::time::timeout(PATIENCE, drain(body, left)));
                return;
            }
        }
    }
}

async fn drain(mut body: WireBody, mut left: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, bytes::Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// Cheaper to read than a new connection.
const MOST_BYTES: usize = 64 << 10;

const PATIENCE: Duration = Duration::from_secs(1);
