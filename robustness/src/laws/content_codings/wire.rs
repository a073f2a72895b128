//! A wire whose answer comes in pieces.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use vetch::transport::{Sending, Transport, WireBody, WireRequest, WireResponse};
use vetch::vetch_core::{IncomingResponse, Status};
use vetch::{HeaderList, HeaderName, HeaderValue, Limits, Response, TransportFailure, UserAgent};

/// The answer of that body, with those lines of `Content-Encoding`.
pub(super) async fn fetched(lines: &[String], body: WireBody, limits: Limits) -> Response {
    let lines = lines.iter().map(|line| {
        let value = HeaderValue::from_byte_string(line).expect("a value");
        (HeaderName::from_static("content-encoding"), value)
    });
    let head = IncomingResponse::new(Status::OK, "OK", lines.collect::<HeaderList>());
    let answer = Mutex::new(Some(WireResponse { head, body }));
    let ua = UserAgent::builder()
        .transport(Wire(answer))
        .limits(limits)
        .timeout(None)
        .build();
    let page = ua.expect("a user agent").page("https://a.example/");
    let fetch = page.expect("a page").fetch("/");
    fetch.send().await.expect("the page's own")
}

/// Has one answer.
struct Wire(Mutex<Option<WireResponse>>);

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

impl Transport for Wire {
    fn send(&self, _request: WireRequest) -> Sending<'_> {
        let answer = self.0.lock().expect("no panic").take();
        Box::pin(async { Ok(answer.expect("one fetch")) })
    }
}

/// A body in pieces.
pub(super) struct Pieces(VecDeque<Piece>);

enum Piece {
    Data(Bytes),
    /// Nothing comes yet.
    Pause,
    Break,
}

impl Pieces {
    /// The bytes cut so, or in one piece; where there should come none at once, there is a pause, and an empty frame.
    pub(super) fn of(bytes: &[u8], cuts: &[u8], breaks: bool) -> Self {
        let mut rest = Bytes::copy_from_slice(bytes);
        let mut pieces = VecDeque::new();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            if *cut == 0 {
                pieces.extend([Piece::Pause, Piece::Data(Bytes::new())]);
            }
            let length = usize::from(*cut).clamp(1, rest.len());
            pieces.push_back(Piece::Data(rest.split_to(length)));
        }
        if !rest.is_empty() {
            pieces.push_back(Piece::Data(rest));
        }
        if breaks {
            pieces.push_back(Piece::Break);
        }
        Self(pieces)
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = TransportFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportFailure>>> {
        match self.0.pop_front() {
            Some(Piece::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Piece::Pause) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Piece::Break) => Poll::Ready(Some(Err(broken()))),
            None => Poll::Ready(None),
        }
    }
}

/// How the connection breaks.
pub(super) fn broken() -> TransportFailure {
    TransportFailure::Closed {
        detail: "reset".to_owned(),
    }
}
