//! A server that sets cookies and sees cookies.

use std::sync::{Arc, Mutex};

use vetch::transport::{Sending, Transport, WireBody, WireRequest, WireResponse};
use vetch::vetch_core::{IncomingResponse, Status};
use vetch::{HeaderList, HeaderName, HeaderValue};

/// Every server there is; clones are the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Server(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The `Set-Cookie` lines of the next answer.
    sets: Vec<HeaderValue>,
    /// `Cookie` of the last request.
    was_sent: Option<HeaderValue>,
}

impl Server {
    /// The next answer has these lines of `Set-Cookie`.
    pub(super) fn sets(&self, lines: Vec<HeaderValue>) {
        self.0.lock().expect("no panic").sets = lines;
    }

    /// `Cookie` of the last request.
    pub(super) fn was_sent(&self) -> Option<HeaderValue> {
        self.0.lock().expect("no panic").was_sent.take()
    }
}

impl Transport for Server {
    fn send(&self, request: WireRequest) -> Sending<'_> {
        let mut state = self.0.lock().expect("no panic");
        let mut sent = request.outgoing.header_list.values_of("cookie");
        state.was_sent = sent.next().cloned();
        assert_eq!(sent.next(), None, "a second line of `Cookie`");
        let lines = std::mem::take(&mut state.sets).into_iter();
        let name = HeaderName::from_static("set-cookie");
        let headers: HeaderList = lines.map(|line| (name.clone(), line)).collect();
        let head = IncomingResponse::new(Status::OK, "OK", headers);
        let body = WireBody::from("");
        Box::pin(async { Ok(WireResponse { head, body }) })
    }
}
