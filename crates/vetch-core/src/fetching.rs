//! Chapter 4, Fetching: the machine, the only place that knows the order of the sections; `asking_first` is its
//! part around the preflight.
//!
//! ```text
//! fetch → prepare → classify ─ basic, opaque ─→ scheme fetch ─ data:, about: ─────────────────→ finish
//!            ↑          └ cors ─ preflight? ─ Send(preflight) ─ judge ┐      │ http(s)            ↑
//!            │                       └ cache hit, or none needed ─────┴──────┴→ Send(request) ─ judge
//!            └───────────────────────────── Follow(redirect) ────────────────────────────────────┘
//! ```

mod asking_first;
pub mod cors_check;
pub mod cors_preflight_cache;
pub mod cors_preflight_fetch;
pub mod default_headers;
pub mod http_fetch;
pub mod http_network_fetch;
pub mod http_network_or_cache_fetch;
pub mod http_redirect_fetch;
pub mod main_fetch;
pub mod profile_choices;
pub mod response_remarks;
pub mod scheme_fetch;
pub mod tao_check;

use std::sync::Arc;

use url::Url;

use crate::agent_state::AgentState;
use crate::infrastructure::filtered_responses::FilteredResponse;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::requests::{Body, RedirectTaint, Request};
use crate::infrastructure::responses::{InternalResponse, ResponseBody};
use crate::infrastructure::urls;
use crate::neighbours::subresource_integrity::IntegrityMetadata;
use crate::network_error::{ExchangeKind, NetworkError, Reason, TransportFailure};
use crate::time::Timestamp;
use crate::trace::{Classification, Decision, Trace};
use asking_first::asking;
use cors_preflight_cache::{CacheKey, Failed};
use http_fetch::Next;
use http_network_fetch::{
    APPENDED, Connection, Credentials, IncomingResponse, OutgoingRequest, check_head,
};
use http_network_or_cache_fetch::{check_status, is_misdirected, outgoing_request};
use profile_choices::Memory;
use scheme_fetch::SchemeFetch;

/// What to do next.
#[derive(Debug)]
#[must_use = "a fetch goes on only when its step is taken"]
pub enum Step {
    /// Put this on the wire, then give the exchange the head that came back, or the reason why none did.
    Send(Exchange),
    /// The fetch is over.
    Done(Outcome),
}

/// The end of a fetch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// What the page may see, or why it sees nothing.
    pub verdict: Result<FilteredResponse, NetworkError>,
    /// Integrity metadata that the whole body must match before the page sees a byte of it.
    pub integrity_metadata: Option<IntegrityMetadata>,
    /// Decisions and remarks, as far as they were asked for.
    pub trace: Trace,
}

/// A request that is on its way: take [`Exchange::request`] to the wire and come back with the head.
///
/// The exchange is used up by the answer, so answering twice, or out of order, does not compile.
///
/// ```
/// # use vetch_core::{AgentState, Credentials, Environment, HeaderList, IncomingResponse, Profile, Status, Step, Timestamp};
/// # use vetch_core::fetch_api::request_class::{RequestInit, construct};
/// let agent = AgentState::new(Profile::SPEC);
/// let page = Environment::of_origin("https://app.example").unwrap().into();
/// let request = construct("https://api.example/", RequestInit::default(), &page).unwrap().request;
/// let now = Timestamp::from_millis(0);
/// let Step::Send(exchange) = vetch_core::fetch(request, &agent, now) else { unreachable!() };
/// assert_eq!(exchange.request().credentials, Credentials::Omit);
/// let silent_server = IncomingResponse::new(Status::OK, "OK", HeaderList::new());
/// let Step::Done(outcome) = exchange.receive(silent_server, &agent, now) else { unreachable!() };
/// assert_eq!(outcome.verdict.unwrap_err().code(), "missing-allow-origin-header");
/// ```
#[derive(Debug)]
pub struct Exchange {
    outgoing: OutgoingRequest,
    awaited: AwaitedAnswer,
}

/// What goes on when a request is answered, apart from the request itself: see [`Exchange::into_request`].
#[derive(Debug)]
#[must_use = "a fetch goes on only when its answer is given"]
pub struct AwaitedAnswer {
    fetch: Box<Fetch>,
    kind: ExchangeKind,
    credentials: Credentials,
    connection: Connection,
}

/// What a fetch carries from step to step.
#[derive(Debug)]
struct Fetch {
    request: Request,
    /// Whether a hop was a CORS request with preflight, so that a failure clears the cache.
    asked_first: bool,
    /// The CORS-unsafe request-header names of the hop that asks first.
    unsafe_names: Vec<HeaderName>,
    /// Where the preflight cache keeps what that hop is allowed, once it was made.
    cache_key: Option<CacheKey>,
    memory: Memory,
    trace: Trace,
}

/// Fetch · fetch.spec.whatwg.org/#concept-fetch
///
/// `now` is read when the preflight cache is asked.
// NOT DONE: preloaded responses, priorities and fetch groups belong to the embedder.
// NOT DONE: override fetch: an embedder that has a response of its own gives it without calling the machine.
// NOT DONE: WebDriver BiDi: a request has no WebDriver ids, and nothing is emulated or told to a driver of browsers.
pub fn fetch(mut request: Request, agent: &AgentState, now: Timestamp) -> Step {
    default_headers::append_default_headers(&mut request, agent);
    profile_choices::make(&mut request, &agent.profile);
    let fetch = Box::new(Fetch {
        memory: Memory::of(&request, &agent.profile),
        request,
        asked_first: false,
        unsafe_names: Vec::new(),
        cache_key: None,
        trace: Trace::new(agent.record),
    });
    fetch.main_fetch(agent, now)
}

impl Exchange {
    /// What to put on the wire.
    pub fn request(&self) -> &OutgoingRequest {
        &self.outgoing
    }

    /// What to put on the wire, to keep or to change on the way, and what waits for the answer.
    pub fn into_request(self) -> (OutgoingRequest, AwaitedAnswer) {
        (self.outgoing, self.awaited)
    }

    /// The head of the final response came.
    pub fn receive(self, head: IncomingResponse, agent: &AgentState, now: Timestamp) -> Step {
        self.awaited.receive(head, agent, now)
    }

    /// No usable head came.
    pub fn fail(self, cause: TransportFailure, agent: &AgentState) -> Step {
        self.awaited.fail(cause, agent)
    }
}

impl AwaitedAnswer {
    /// The head of the final response came.
    pub fn receive(self, mut head: IncomingResponse, agent: &AgentState, now: Timestamp) -> Step {
        if let Err(reason) = check_head(&head, &agent.profile) {
            return self.fetch.refuse(vec![reason], self.kind, agent);
        }
        // A preflight has none, whatever the request after it has.
        let body = match self.kind {
            ExchangeKind::Preflight => Body::None,
            ExchangeKind::Request => self.fetch.request.body,
        };
        if is_misdirected(head.status, self.connection, body) {
            return self.fetch.send_again(self.kind, agent);
        }
        head.header_list =
            profile_choices::read(head.header_list, &self.fetch.request, &agent.profile);
        match self.kind {
            ExchangeKind::Preflight => self.fetch.preflight_answered(&head, agent, now),
            ExchangeKind::Request => self.fetch.answered(head, self.credentials, agent, now),
        }
    }

    /// No usable head came.
    pub fn fail(self, cause: TransportFailure, agent: &AgentState) -> Step {
        self.fetch
            .refuse(vec![Reason::Transport(cause)], self.kind, agent)
    }
}

impl Fetch {
    /// Main fetch, until something must be sent or the fetch is over.
    fn main_fetch(mut self: Box<Self>, agent: &AgentState, now: Timestamp) -> Step {
        let classification = main_fetch::prepare(&mut self.request, &agent.profile)
            .and_then(|()| main_fetch::classify(&self.request, &agent.profile));
        let classification = match classification {
            Ok(classification) => classification,
            Err(reason) => return self.refuse(vec![reason], ExchangeKind::Request, agent),
        };
        self.request.response_tainting = classification.response_tainting();
        let request = &self.request;
        self.trace.decide(|| Decision::Classified {
            url: shown(request.current_url()),
            causes: if classification == Classification::CorsWithPreflight {
                main_fetch::preflight_causes(request, &agent.profile)
            } else {
                Vec::new()
            },
            classification: classification.clone(),
        });
        match classification {
            Classification::Basic | Classification::Opaque => self.scheme_fetch(agent),
            Classification::Cors => self.send(agent),
            Classification::CorsWithPreflight => self.ask_first(agent, now),
        }
    }

    fn scheme_fetch(self: Box<Self>, agent: &AgentState) -> Step {
        match scheme_fetch::scheme_fetch(&self.request, &agent.profile) {
            Ok(SchemeFetch::HttpFetch) => self.send(agent),
            Ok(SchemeFetch::Response(response)) => self.filter(*response, agent),
            Err(reason) => self.refuse(vec![reason], ExchangeKind::Request, agent),
        }
    }

    fn send(self: Box<Self>, agent: &AgentState) -> Step {
        let kind = ExchangeKind::Request;
        let (request, profile) = (&self.request, &agent.profile);
        let may_go = self.memory.late_refusals.check(request, profile);
        // A redirect may send them again.
        let own = request.header_list.clone_with_room(APPENDED);
        let mut outgoing = may_go.and_then(|()| outgoing_request(request, own, kind, agent));
        if let Ok(outgoing) = &mut outgoing {
            let headers = &mut outgoing.header_list;
            self.memory.amend(&self.request, headers, agent);
        }
        self.sent(outgoing, kind, agent)
    }

    fn send_preflight_request(self: Box<Self>, mut request: Request, agent: &AgentState) -> Step {
        let kind = ExchangeKind::Preflight;
        let own = std::mem::take(&mut request.header_list);
        let mut outgoing = outgoing_request(&request, own, kind, agent);
        if let Ok(outgoing) = &mut outgoing {
            let headers = &mut outgoing.header_list;
            self.memory
                .amend_preflight(&self.request, headers, &agent.profile);
        }
        self.sent(outgoing, kind, agent)
    }

    /// The same once more, over a new connection.
    fn send_again(self: Box<Self>, kind: ExchangeKind, agent: &AgentState) -> Step {
        let mut step = match kind {
            ExchangeKind::Preflight => self.send_preflight(agent),
            ExchangeKind::Request => self.send(agent),
        };
        if let Step::Send(exchange) = &mut step {
            exchange.outgoing.connection = Connection::New;
            exchange.awaited.connection = Connection::New;
        }
        step
    }

    fn sent(
        self: Box<Self>,
        outgoing: Result<OutgoingRequest, Reason>,
        kind: ExchangeKind,
        agent: &AgentState,
    ) -> Step {
        match outgoing {
            Ok(outgoing) => Step::Send(Exchange {
                awaited: AwaitedAnswer {
                    fetch: self,
                    kind,
                    credentials: outgoing.credentials,
                    connection: outgoing.connection,
                },
                outgoing,
            }),
            Err(reason) => self.refuse(vec![reason], kind, agent),
        }
    }

    fn answered(
        mut self: Box<Self>,
        head: IncomingResponse,
        credentials: Credentials,
        agent: &AgentState,
        now: Timestamp,
    ) -> Step {
        // A preflight's 407 fails by its status anyway, and is told as that.
        if let Err(reason) = check_status(head.status, &agent.profile) {
            return self.refuse(vec![reason], ExchangeKind::Request, agent);
        }
        if self.asked_first
            && let Some(reason) = profile_choices::refused_redirect(head.status, &agent.profile)
        {
            return self.refuse(vec![reason], ExchangeKind::Request, agent);
        }
        let response = InternalResponse {
            url_list: self.request.url_list.clone(),
            status: head.status,
            status_message: head.status_message,
            header_list: head.header_list,
            body: ResponseBody::Network,
            range_requested: self.request.header_list.contains(&http::header::RANGE),
            request_includes_credentials: credentials == Credentials::Include,
            // Both are told at the end of main fetch.
            timing_allow_passed: false,
            redirect_taint: RedirectTaint::SameOrigin,
        };
        self.memory
            .answered(&self.request, &response, &agent.profile);
        match http_fetch::judge(&mut self.request, response, &agent.profile) {
            Err(reasons) => self.refuse(reasons, ExchangeKind::Request, agent),
            Ok(Next::Return(response)) => self.filter(response, agent),
            Ok(Next::OpaqueRedirect(response)) => self.finish(response, agent),
            Ok(Next::Follow(redirect)) => {
                self.memory
                    .follows(&mut self.request, &redirect, &agent.profile);
                let request = &self.request;
                self.trace.decide(|| Decision::Redirected {
                    status: redirect.status,
                    url: shown(request.current_url()),
                    method: request.method.clone(),
                    taint: request.redirect_taint(),
                    dropped: redirect.dropped,
                    referrer_policy: request.effective_referrer_policy(),
                });
                self.main_fetch(agent, now)
            }
        }
    }

    fn filter(mut self: Box<Self>, response: InternalResponse, agent: &AgentState) -> Step {
        let filtered = main_fetch::filter(&self.request, response, &agent.profile);
        let request = &self.request;
        self.trace
            .remark(|remarks| response_remarks::remarks(request, &filtered, remarks));
        self.trace.decide(|| Decision::Filtered {
            hidden: response_remarks::hidden_names(&filtered),
        });
        self.finish(filtered, agent)
    }

    /// The end of main fetch. A response that is blocked only here clears nothing: HTTP fetch has returned well.
    fn finish(self: Box<Self>, mut response: FilteredResponse, agent: &AgentState) -> Step {
        let request = &self.request;
        if let Err(reasons) = main_fetch::finish(request, &mut response, &agent.profile) {
            return self.end(reasons, ExchangeKind::Request);
        }
        let integrity_metadata = (!request.integrity_metadata.is_empty())
            .then(|| IntegrityMetadata::parse(&request.integrity_metadata));
        Step::Done(Outcome {
            verdict: Ok(response),
            integrity_metadata,
            trace: self.trace,
        })
    }

    /// A network error; after a CORS request with preflight it clears the cache for the request as it now is.
    fn refuse(
        mut self: Box<Self>,
        reasons: Vec<Reason>,
        exchange: ExchangeKind,
        agent: &AgentState,
    ) -> Step {
        if self.asked_first {
            let asking = asking(&self.memory, &self.request, &agent.profile);
            let key = agent.preflight_cache.key(&asking);
            let failed = Failed::of(exchange, &reasons);
            if agent.preflight_cache.clear_after(failed, &key) {
                self.trace.decide(|| Decision::PreflightCacheCleared);
            }
        }
        self.end(reasons, exchange)
    }

    fn end(self: Box<Self>, reasons: Vec<Reason>, exchange: ExchangeKind) -> Step {
        Step::Done(Outcome {
            verdict: Err(error(&self.request, reasons, exchange)),
            integrity_metadata: None,
            trace: self.trace,
        })
    }
}

fn error(request: &Request, reasons: Vec<Reason>, exchange: ExchangeKind) -> NetworkError {
    let mut reasons = reasons.into_iter();
    let none = TransportFailure::Other {
        detail: "no reason was given".to_owned(),
    };
    let first = reasons.next().unwrap_or(Reason::Transport(none));
    NetworkError::new(
        first,
        exchange,
        urls::without_credentials(request.current_url()),
    )
    .with_further(reasons.collect())
    .at_hop(request.url_list.len() - 1)
}

/// The URL as a trace may show it.
fn shown(url: &Arc<Url>) -> Arc<Url> {
    if urls::has_credentials(url) {
        Arc::new(urls::without_credentials(url))
    } else {
        Arc::clone(url)
    }
}
