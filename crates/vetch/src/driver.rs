//! The loop that takes the machine's exchanges to the wire: cookies, limits, time, and the record of it all.

use std::sync::Arc;

use bytes::Bytes;
use tracing::Instrument as _;
use vetch_core::fetch_api::request_class::Constructed;
use vetch_core::neighbours::subresource_integrity::IntegrityMismatch;
use vetch_core::profile::SwitchedProtocols;
use vetch_core::trace::Record;
use vetch_core::{
    Credentials, Exchange, FilteredResponse, Outcome, OutgoingRequest, Profile, Status, Step,
    TransportFailure,
};

use crate::body::Source;
use crate::deadline::Deadline;
use crate::discard::discard;
use crate::exchanges::SentRequest;
use crate::response_body::{Bounds, Place, ResponseBody};
use crate::transport::{RequestBody, Sending, WireBody, WireRequest, WireResponse};
use crate::user_agent::Inner;
use crate::{ExchangeRecord, FetchError, Response, UserAgent};

/// Run one fetch to its end, or to where it is dropped.
pub(crate) async fn run(
    user_agent: &UserAgent,
    constructed: Constructed,
    source: Source,
) -> Result<Response, FetchError> {
    let inner = &*user_agent.0;
    let mut driver = Driver {
        inner,
        source,
        deadline: inner.timeout.and_then(Deadline::after),
        exchanges: Vec::new(),
        body: None,
    };
    let mut step = vetch_core::fetch(constructed.request, &inner.agent, inner.clock.now());
    let mut outcome = loop {
        match step {
            Step::Send(exchange) => step = driver.exchange(exchange).await,
            Step::Done(outcome) => break outcome,
        }
    };
    outcome.trace.prepend_remarks(constructed.remarks);
    driver.finish(outcome).await
}

struct Driver<'a> {
    inner: &'a Inner,
    source: Source,
    deadline: Option<Deadline>,
    exchanges: Vec<ExchangeRecord>,
    /// What follows the head last given to the machine.
    body: Option<WireBody>,
}

impl Driver<'_> {
    async fn exchange(&mut self, exchange: Exchange) -> Step {
        if let Some(body) = self.body.take() {
            discard(body);
        }
        let inner = self.inner;
        let (mut outgoing, awaited) = exchange.into_request();
        if outgoing.credentials == Credentials::Include
            && let Some(cookie) = inner.cookies.header(&outgoing.url, inner.clock.ahead())
        {
            outgoing.header_list.append(http::header::COOKIE, cookie);
        }
        let recorded = inner.agent.record != Record::Nothing;
        let sent = recorded.then(|| SentRequest::of(&outgoing));
        let (credentials, url) = (outgoing.credentials, Arc::clone(&outgoing.url));
        match self.send(outgoing).await {
            Ok(response) => {
                let head = response.head;
                self.body = Some(response.body);
                if credentials == Credentials::Include {
                    // Also when the CORS check then fails: the answer came all the same.
                    let ahead = inner.clock.ahead();
                    inner.cookies.receive(&url, &head.header_list, ahead);
                }
                self.exchanges.extend(sent.map(|sent| sent.answered(&head)));
                awaited.receive(head, &inner.agent, inner.clock.now())
            }
            Err(failure) => {
                let sent = sent.filter(|_| !failure.is_before_sending());
                self.exchanges.extend(sent.map(SentRequest::unanswered));
                awaited.fail(failure, &inner.agent)
            }
        }
    }

    async fn send(&mut self, outgoing: OutgoingRequest) -> Result<WireResponse, TransportFailure> {
        let span = span(&outgoing);
        let request = WireRequest {
            body: self.request_body(&outgoing),
            outgoing,
        };
        let sending = in_time(self.inner.transport.send(request), self.deadline);
        let response = sending.instrument(span.clone()).await;
        let response = response.and_then(|response| {
            self.inner.limits.check(&response.head.header_list)?;
            check_status(response.head.status, &self.inner.agent.profile)?;
            Ok(response)
        });
        let _entered = span.entered();
        match &response {
            Ok(response) => {
                tracing::debug!(target: "vetch", status = response.head.status.as_u16(), "answered");
            }
            Err(failure) => tracing::debug!(target: "vetch", %failure, "failed"),
        }
        response
    }

    /// The body as this exchange wants it: a preflight has none, and a redirect may have taken it away.
    fn request_body(&mut self, outgoing: &OutgoingRequest) -> RequestBody {
        match (outgoing.body, &mut self.source) {
            (vetch_core::Body::Replayable { .. }, Source::Bytes(bytes)) => {
                RequestBody::Bytes(Bytes::clone(bytes))
            }
            (vetch_core::Body::Stream, source @ Source::Stream(_)) => {
                match std::mem::replace(source, Source::Null) {
                    Source::Stream(stream) => RequestBody::Stream(stream),
                    _ => RequestBody::Empty,
                }
            }
            _ => RequestBody::Empty,
        }
    }

    async fn finish(mut self, outcome: Outcome) -> Result<Response, FetchError> {
        let filtered = match outcome.verdict {
            Ok(filtered) => filtered,
            Err(error) => {
                if let Some(body) = self.body.take() {
                    discard(body);
                }
                return Err(FetchError::network(error, self.exchanges, outcome.trace));
            }
        };
        let mut body = self.response_body(&filtered);
        if let Some(metadata) = outcome.integrity_metadata
            && !metadata.is_empty()
        {
            let checked = body.bytes().await.and_then(|bytes| {
                let refuse = |mismatch: IntegrityMismatch| {
                    Place::of(filtered.internal()).error(mismatch.into())
                };
                metadata.matches(&bytes).map_err(refuse).map(|()| bytes)
            });
            match checked {
                Ok(bytes) => body = ResponseBody::of_bytes(bytes, Place::of(filtered.internal())),
                Err(error) => {
                    return Err(FetchError::network(error, self.exchanges, outcome.trace));
                }
            }
        }
        Ok(Response::new(filtered, body, self.exchanges, outcome.trace))
    }

    /// The internal response's body; the response keeps it from the page where it must.
    fn response_body(&mut self, filtered: &FilteredResponse) -> ResponseBody {
        let internal = filtered.internal();
        let network = self.body.take();
        match (&internal.body, network) {
            (vetch_core::ResponseBody::Network, Some(body)) => {
                let bounds = Bounds {
                    bytes: self.inner.limits.body_bytes(),
                    deadline: self.deadline,
                };
                ResponseBody::of_network(body, &internal.header_list, Place::of(internal), bounds)
            }
            (vetch_core::ResponseBody::Bytes(bytes), _) => {
                ResponseBody::of_bytes(bytes.clone(), Place::of(internal))
            }
            (_, unread) => {
                if let Some(body) = unread {
                    discard(body);
                }
                ResponseBody::null()
            }
        }
    }
}

/// HTTP-network fetch, on a status from 100 to 199: another head should follow. A stack reads on by itself; one of the
/// embedder's own may know nothing of it.
// DIFFERS: a 101 is a failure (`switched_protocols`), where the text reads on for another head: hyper takes nothing that
// comes after it for HTTP.
fn check_status(status: Status, profile: &Profile) -> Result<(), TransportFailure> {
    let detail = match status.as_u16() {
        101 if profile.switched_protocols == SwitchedProtocols::AnAnswer => return Ok(()),
        101 => "it switches protocols (status 101), which nobody asked for".to_owned(),
        status @ 100..200 => format!("another head should follow the status {status}"),
        _ => return Ok(()),
    };
    Err(TransportFailure::Malformed { detail })
}

async fn in_time(
    sending: Sending<'_>,
    deadline: Option<Deadline>,
) -> Result<WireResponse, TransportFailure> {
    match deadline {
        None => sending.await,
        Some(deadline) => tokio::time::timeout_at(deadline.at(), sending)
            .await
            .unwrap_or_else(|_| Err(deadline.missed())),
    }
}

/// Without query, header values or user name, any of which may be a secret.
fn span(outgoing: &OutgoingRequest) -> tracing::Span {
    tracing::debug_span!(
        target: "vetch",
        "exchange",
        kind = outgoing.kind.as_str(),
        method = outgoing.method.as_str(),
        host = outgoing.url.host_str(),
        port = outgoing.url.port_or_known_default(),
        path = outgoing.url.path(),
    )
}
