//! Chapter 4, Fetching: the machine, and the only file that knows the order of the sections.
//!
//! ```text
//! fetch → prepare → classify ─ basic, opaque ─→ scheme fetch ─ data:, about: ─────────────────→ finish
//!            ↑          └ cors ─ preflight? ─ Send(preflight) ─ judge ┐      │ http(s)            ↑
//!            │                       └ cache hit, or none needed ─────┴──────┴→ Send(request) ─ judge
//!            └───────────────────────────── Follow(redirect) ────────────────────────────────────┘
//! ```

pub mod cors_check;
pub mod cors_preflight_cache;
pub mod cors_preflight_fetch;
pub mod http_fetch;
pub mod http_network_fetch;
pub mod http_network_or_cache_fetch;
pub mod http_redirect_fetch;
pub mod main_fetch;
pub mod scheme_fetch;
pub mod tao_check;

use crate::agent_state::AgentState;
use crate::infrastructure::filtered_responses::FilteredResponse;
use crate::infrastructure::header_safelists::cors_unsafe_request_header_names;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::Extracted;
use crate::infrastructure::requests::{
    CredentialsMode, Destination, Initiator, Request, ResponseTainting,
};
use crate::infrastructure::responses::{InternalResponse, ResponseBody};
use crate::neighbours::subresource_integrity::IntegrityMetadata;
use crate::network_error::{ExchangeKind, NetworkError, Reason, TransportFailure};
use crate::profile::{PreflightedRedirect, Profile, Wildcards};
use crate::remarks::Remark;
use crate::time::Timestamp;
use crate::trace::{Classification, Decision, Trace};
use cors_preflight_cache::{CacheAnswer, CacheKey, Failed, PreflightAnswer, Question};
use cors_preflight_fetch::Granted;
use http_fetch::Next;
use http_network_fetch::{Credentials, IncomingResponse, OutgoingRequest};
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
    fetch: Box<Fetch>,
    outgoing: OutgoingRequest,
}

/// What a fetch carries from step to step.
#[derive(Debug)]
struct Fetch {
    request: Request,
    /// Whether a hop was a CORS request with preflight, so that a failure clears the cache.
    asked_first: bool,
    /// Whether every cross-origin hop asks, by the profile.
    always_asks: bool,
    trace: Trace,
}

/// Fetch · fetch.spec.whatwg.org/#concept-fetch
///
/// `now` is read when the preflight cache is asked.
// NOT DONE: preloaded responses, priorities and fetch groups belong to the embedder.
pub fn fetch(mut request: Request, agent: &AgentState, now: Timestamp) -> Step {
    append_default_headers(&mut request, agent);
    let always_asks = main_fetch::always_asks(&request, &agent.profile);
    let fetch = Box::new(Fetch {
        request,
        always_asks,
        asked_first: false,
        trace: Trace::new(agent.record),
    });
    fetch.main_fetch(agent, now)
}

impl Exchange {
    /// What to put on the wire.
    pub fn request(&self) -> &OutgoingRequest {
        &self.outgoing
    }

    /// The head of the final response came.
    pub fn receive(self, head: IncomingResponse, agent: &AgentState, now: Timestamp) -> Step {
        match self.outgoing.kind {
            ExchangeKind::Preflight => self.fetch.preflight_answered(&head, agent, now),
            ExchangeKind::Request => {
                let credentials = self.outgoing.credentials;
                self.fetch.answered(head, credentials, agent, now)
            }
        }
    }

    /// No usable head came.
    pub fn fail(self, cause: TransportFailure, agent: &AgentState) -> Step {
        self.fetch
            .refuse(vec![Reason::Transport(cause)], self.outgoing.kind, agent)
    }
}

impl Fetch {
    /// Main fetch, until something must be sent or the fetch is over.
    fn main_fetch(mut self: Box<Self>, agent: &AgentState, now: Timestamp) -> Step {
        let classification = main_fetch::prepare(&mut self.request, &agent.profile)
            .and_then(|()| main_fetch::classify(&self.request));
        let classification = match classification {
            Ok(classification) => classification,
            Err(reason) => return self.refuse(vec![reason], ExchangeKind::Request, agent),
        };
        self.request.response_tainting = classification.response_tainting();
        let request = &self.request;
        self.trace.decide(|| Decision::Classified {
            url: request.current_url().clone(),
            causes: if classification == Classification::CorsWithPreflight {
                main_fetch::preflight_causes(request)
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
        match scheme_fetch::scheme_fetch(&self.request) {
            Ok(SchemeFetch::HttpFetch) => self.send(agent),
            Ok(SchemeFetch::Response(response)) => self.filter(*response, agent),
            Err(reason) => self.refuse(vec![reason], ExchangeKind::Request, agent),
        }
    }

    /// HTTP fetch with makeCORSPreflight: the cache answers, or a preflight goes out.
    fn ask_first(mut self: Box<Self>, agent: &AgentState, now: Timestamp) -> Step {
        self.asked_first = true;
        self.always_asks |= main_fetch::asks_on(&agent.profile);
        let (request, cache) = (&self.request, &agent.preflight_cache);
        let unsafe_names = cors_unsafe_request_header_names(&request.header_list);
        let question = Question {
            method_needed: (request.use_cors_preflight || cache.needs_entry(&request.method))
                .then_some(&request.method),
            unsafe_names: &unsafe_names,
            credentials_mode: request.credentials_mode,
        };
        if !cache.may_answer(request) {
            return self.send_preflight(agent);
        }
        match cache.answers(&self.cache_key(agent), &question, now) {
            CacheAnswer::Hit => {
                self.trace.decide(|| Decision::PreflightCacheHit);
                self.send(agent)
            }
            CacheAnswer::Miss {
                method,
                header_names,
            } => {
                self.trace.decide(|| Decision::PreflightCacheMiss {
                    method: method.is_some(),
                    header_names,
                });
                self.send_preflight(agent)
            }
        }
    }

    /// What the preflight cache keeps this request's answers under.
    fn cache_key(&self, agent: &AgentState) -> CacheKey {
        let asking = cors_preflight_fetch::asking(&self.request, &agent.profile);
        agent.preflight_cache.key(&asking)
    }

    fn send_preflight(self: Box<Self>, agent: &AgentState) -> Step {
        let cache_mode = http_network_or_cache_fetch::cache_mode(&self.request, &agent.profile);
        let preflight = cors_preflight_fetch::preflight_request(&self.request, cache_mode, agent);
        self.send_as(&preflight, ExchangeKind::Preflight, agent)
    }

    fn send(self: Box<Self>, agent: &AgentState) -> Step {
        let outgoing = http_network_or_cache_fetch::outgoing_request(
            &self.request,
            ExchangeKind::Request,
            agent,
        );
        self.sent(outgoing, ExchangeKind::Request, agent)
    }

    fn send_as(self: Box<Self>, request: &Request, kind: ExchangeKind, agent: &AgentState) -> Step {
        let outgoing = http_network_or_cache_fetch::outgoing_request(request, kind, agent);
        self.sent(outgoing, kind, agent)
    }

    fn sent(
        self: Box<Self>,
        outgoing: Result<OutgoingRequest, Reason>,
        kind: ExchangeKind,
        agent: &AgentState,
    ) -> Step {
        match outgoing {
            Ok(outgoing) => Step::Send(Exchange {
                fetch: self,
                outgoing,
            }),
            Err(reason) => self.refuse(vec![reason], kind, agent),
        }
    }

    fn preflight_answered(
        mut self: Box<Self>,
        head: &IncomingResponse,
        agent: &AgentState,
        now: Timestamp,
    ) -> Step {
        let request = &self.request;
        let granted = match cors_preflight_fetch::judge(request, head, &agent.profile) {
            Ok(granted) => granted,
            Err(reasons) => {
                let denied = agent
                    .preflight_cache
                    .keeps_denied()
                    .then(|| cors_preflight_fetch::denied(request, head, &agent.profile))
                    .flatten();
                let key = self.cache_key(agent);
                let request = denied.is_some().then(|| request.clone());
                let step = self.refuse(reasons, ExchangeKind::Preflight, agent);
                if let (Some(denied), Some(request)) = (denied, request) {
                    keep(denied, (&key, &request), agent, now);
                }
                return step;
            }
        };
        self.trace.remark(|remarks| {
            remarks.extend(cors_preflight_fetch::remarks(request, head, &agent.profile));
        });
        self.trace.decide(|| Decision::PreflightPassed {
            methods: granted.methods.iter().map(ToString::to_string).collect(),
            header_names: granted
                .header_names
                .iter()
                .map(ToString::to_string)
                .collect(),
            max_age: granted.max_age,
        });
        keep(granted, (&self.cache_key(agent), request), agent, now);
        self.send(agent)
    }

    fn answered(
        mut self: Box<Self>,
        head: IncomingResponse,
        credentials: Credentials,
        agent: &AgentState,
        now: Timestamp,
    ) -> Step {
        // A preflight's 407 fails by its status anyway, and is told as that.
        if let Err(reason) = http_network_or_cache_fetch::check_status(head.status) {
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
            timing_allow_passed: false,
            redirect_taint: self.request.redirect_taint(),
        };
        if let Some(reason) = self.refused_redirect(&response, &agent.profile) {
            return self.refuse(vec![reason], ExchangeKind::Request, agent);
        }
        match http_fetch::judge(&mut self.request, response, &agent.profile) {
            Err(reasons) => self.refuse(reasons, ExchangeKind::Request, agent),
            Ok(Next::Return(response)) => self.filter(response, agent),
            Ok(Next::OpaqueRedirect(response)) => {
                self.finish(FilteredResponse::opaque_redirect(response))
            }
            Ok(Next::Follow(redirect)) => {
                self.request.use_cors_preflight |= self.always_asks;
                let request = &self.request;
                self.trace.decide(|| Decision::Redirected {
                    status: redirect.status,
                    url: request.current_url().clone(),
                    method: request.method.clone(),
                    taint: request.redirect_taint(),
                    dropped: redirect.dropped,
                    referrer_policy: request.effective_referrer_policy(),
                });
                self.main_fetch(agent, now)
            }
        }
    }

    /// A profile from before 2016 follows no redirect once a preflight was needed, whatever the CORS check would say.
    fn refused_redirect(&self, response: &InternalResponse, profile: &Profile) -> Option<Reason> {
        (self.asked_first
            && response.status.is_redirect()
            && profile.preflighted_redirect == PreflightedRedirect::Refused)
            .then(|| Reason::RedirectAfterPreflight {
                status: response.status.as_u16(),
            })
    }

    fn filter(mut self: Box<Self>, response: InternalResponse, agent: &AgentState) -> Step {
        let filtered = main_fetch::filter(&self.request, response, &agent.profile);
        let request = &self.request;
        self.trace
            .remark(|remarks| remark_on(request, &filtered, remarks));
        self.trace.decide(|| Decision::Filtered {
            hidden: hidden_names(&filtered),
        });
        self.finish(filtered)
    }

    /// The end of main fetch. A response that is blocked only here clears nothing: HTTP fetch has returned well.
    fn finish(self: Box<Self>, response: FilteredResponse) -> Step {
        let request = &self.request;
        let verdict = main_fetch::finish(request, response)
            .map_err(|reasons| error(request, reasons, ExchangeKind::Request));
        let integrity_metadata = (!request.integrity_metadata.is_empty())
            .then(|| IntegrityMetadata::parse(&request.integrity_metadata));
        Step::Done(Outcome {
            verdict,
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
            let key = self.cache_key(agent);
            let failed = match exchange {
                ExchangeKind::Preflight => Failed::Preflight,
                ExchangeKind::Request => Failed::Request,
            };
            if agent.preflight_cache.clear_after(failed, &key) {
                self.trace.decide(|| Decision::PreflightCacheCleared);
            }
        }
        Step::Done(Outcome {
            verdict: Err(error(&self.request, reasons, exchange)),
            integrity_metadata: None,
            trace: self.trace,
        })
    }
}

/// Keeps what a preflight's answer allows.
fn keep(granted: Granted, asked: (&CacheKey, &Request), agent: &AgentState, now: Timestamp) {
    let are_wildcards_kept =
        agent.profile.wildcards == Wildcards::Honoured && agent.preflight_cache.keeps_wildcards();
    let is_kept = |token: &str| token != "*" || are_wildcards_kept;
    let answer = PreflightAnswer {
        methods: &kept(granted.methods, |method| is_kept(method.as_str())),
        header_names: &kept(granted.header_names, |name| is_kept(name.as_str())),
        max_age: granted.max_age,
    };
    let (key, request) = asked;
    agent.preflight_cache.store(key, request, &answer, now);
}

/// Steps of fetch that give the request the headers it lacks.
fn append_default_headers(request: &mut Request, agent: &AgentState) {
    let accept = match (request.initiator, request.destination) {
        (Initiator::Prefetch, _) | (_, Destination::Named("document" | "frame" | "iframe")) => {
            DOCUMENT_ACCEPT
        }
        (_, Destination::Named("image")) => "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
        (_, Destination::Named("json")) => "application/json,*/*;q=0.5",
        (_, Destination::Named("style")) => "text/css,*/*;q=0.1",
        (_, Destination::Named("text")) => "text/plain,*/*;q=0.5",
        _ => "*/*",
    };
    let headers = &mut request.header_list;
    headers.append_if_absent(http::header::ACCEPT, HeaderValue::from_static(accept));
    headers.append_if_absent(
        http::header::ACCEPT_LANGUAGE,
        agent.default_headers.accept_language().clone(),
    );
}

/// Document `Accept` header value · fetch.spec.whatwg.org/#document-accept-header-value
const DOCUMENT_ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn kept<T>(mut tokens: Vec<T>, keep: impl Fn(&T) -> bool) -> Vec<T> {
    tokens.retain(keep);
    tokens
}

fn error(request: &Request, reasons: Vec<Reason>, exchange: ExchangeKind) -> NetworkError {
    let mut reasons = reasons.into_iter();
    let first = reasons.next().unwrap_or_else(|| {
        Reason::Transport(TransportFailure::Other {
            detail: "no reason was given".to_owned(),
        })
    });
    NetworkError::new(first, exchange, request.current_url().clone())
        .with_further(reasons.collect())
        .at_hop(request.url_list.len() - 1)
}

fn hidden_names(response: &FilteredResponse) -> Vec<http::HeaderName> {
    response
        .internal()
        .header_list
        .iter()
        .filter(|(name, _)| !response.header_list().contains(*name))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Odd things in a response that the page may read.
fn remark_on(request: &Request, response: &FilteredResponse, remarks: &mut Vec<Remark>) {
    if request.response_tainting != ResponseTainting::Cors {
        return;
    }
    let headers = &response.internal().header_list;
    let exposed = http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
    match headers.extract_token_list(&exposed) {
        Some(Extracted::Failure(value)) => remarks.push(Remark::ExposeHeadersNotUnderstood {
            value: value.isomorphic_decode().into_owned(),
        }),
        Some(Extracted::Values(names))
            if request.credentials_mode == CredentialsMode::Include
                && names.contains(&&b"*"[..]) =>
        {
            remarks.push(Remark::WildcardIgnoredWithCredentials { header: exposed });
        }
        _ => {}
    }
    if let Some(value) = headers.get(&http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS)
        && request.credentials_mode != CredentialsMode::Include
    {
        remarks.push(Remark::CredentialsAllowedButNotIncluded {
            value: value.isomorphic_decode().into_owned(),
        });
    }
    let names_one_origin = headers
        .get(&http::header::ACCESS_CONTROL_ALLOW_ORIGIN)
        .is_some_and(|value| *value != "*" && *value != "null");
    if names_one_origin && !varies_by_origin(response) {
        remarks.push(Remark::VaryOriginMissing);
    }
}

fn varies_by_origin(response: &FilteredResponse) -> bool {
    let vary = response
        .internal()
        .header_list
        .get_decode_and_split(&http::header::VARY);
    vary.is_some_and(|names| {
        names
            .iter()
            .any(|name| name == "*" || name.eq_ignore_ascii_case("origin"))
    })
}
