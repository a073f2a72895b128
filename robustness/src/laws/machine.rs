//! The machine, asked anything and answered anything: a fetch ends, and nothing goes or is shown without permission.
//!
//! `choices` makes requests and answers of the bytes, `permissions` judges by itself what a server has allowed.

mod choices;
mod permissions;

use vetch_core::infrastructure::requests::ResponseTainting;
use vetch_core::infrastructure::responses::ResponseBody;
use vetch_core::network_error::TransportFailure;
use vetch_core::profile::ManualBody;
use vetch_core::{
    AgentState, Body, Credentials, ExchangeKind, FilteredResponse, HeaderList, IncomingResponse,
    Method, Mode, OutgoingRequest, Profile, Request, ResponseType, Status, Step, Timestamp, fetch,
};

use choices::{Choices, Reply};
use permissions::{Permissions, is_readable};

/// 21 hops, each with a preflight, each misdirected once.
const MOST_EXCHANGES: usize = 21 * 2 * 2;

/// The bytes are choices: a profile, pages, requests, answers, how much time passes.
pub fn hold(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let profile = choices.among(&Profile::ALL);
    let agent = AgentState::new(profile);
    let mut permissions = Permissions::default();
    let mut now = Timestamp::from_millis(0);
    for _ in 0..4 {
        now = Timestamp::from_millis(now.as_millis().saturating_add(choices.pause()));
        let Some(request) = choices.request() else {
            continue;
        };
        let conversation = Conversation {
            asked: request.clone(),
            agent: &agent,
            now,
            sent: 0,
        };
        conversation.run(request, &mut choices, &mut permissions);
        if choices.are_used_up() {
            return;
        }
    }
}

/// One fetch on its way.
struct Conversation<'a> {
    /// The request as it was asked for.
    asked: Request,
    agent: &'a AgentState,
    now: Timestamp,
    sent: usize,
}

/// An answer that came, with what was asked.
type Exchanged = (OutgoingRequest, Status, HeaderList);

impl Conversation<'_> {
    fn run(mut self, request: Request, choices: &mut Choices<'_>, permissions: &mut Permissions) {
        let follows_the_standard = self.agent.profile == Profile::SPEC;
        let mut last: Option<Exchanged> = None;
        let mut step = fetch(request, self.agent, self.now);
        loop {
            let exchange = match step {
                Step::Send(exchange) => exchange,
                Step::Done(outcome) => {
                    if let Ok(response) = outcome.verdict {
                        self.shown(&response, last.as_ref());
                    }
                    return;
                }
            };
            self.sent += 1;
            assert!(self.sent <= MOST_EXCHANGES, "it goes on for ever");
            let outgoing = exchange.request().clone();
            check_sent(&outgoing);
            if follows_the_standard {
                permissions.check(&self.asked, &outgoing, self.now);
            }
            step = match choices.reply(&outgoing) {
                Reply::Broken => {
                    let detail = "reset".to_owned();
                    exchange.fail(TransportFailure::Closed { detail }, self.agent)
                }
                Reply::Head(status, headers) => {
                    permissions.answered((&self.asked, &outgoing), (status, &headers), self.now);
                    let head = IncomingResponse::new(status, "", headers.clone());
                    last = Some((outgoing, status, headers));
                    exchange.receive(head, self.agent, self.now)
                }
            };
        }
    }

    /// What a page gets to see, it may see.
    fn shown(&self, response: &FilteredResponse, last: Option<&Exchanged>) {
        let headers = response.header_list();
        match response.kind() {
            ResponseType::Opaque | ResponseType::OpaqueRedirect => {
                assert_eq!(response.status(), 0);
                assert!(headers.is_empty());
                let rules = &self.agent.profile.redirects;
                let may_show_body = response.kind() == ResponseType::OpaqueRedirect
                    && rules.manual_body == ManualBody::OfThoseWithoutLocation;
                assert!(may_show_body || *response.body() == ResponseBody::Null);
                assert!(
                    response.kind() == ResponseType::OpaqueRedirect || response.url().is_none()
                );
            }
            ResponseType::Cors => {
                assert!(!headers.contains("set-cookie") && !headers.contains("set-cookie2"));
                if self.agent.profile == Profile::SPEC {
                    let (outgoing, _, answered) = last.expect("an answer from the network");
                    assert!(is_readable(&self.asked, outgoing, answered));
                    permissions::check_exposed(&self.asked, answered, headers);
                }
            }
            ResponseType::Basic | ResponseType::Default => {
                assert!(!headers.contains("set-cookie") && !headers.contains("set-cookie2"));
                self.shown_as_basic(response);
            }
        }
    }

    /// A whole response is the page's own, or local, or a navigation's.
    fn shown_as_basic(&self, response: &FilteredResponse) {
        let Some(url) = response.url() else { return };
        let is_local = matches!(url.scheme(), "data" | "about");
        let is_own = self.asked.origin.is_same_origin_with_url(url);
        let is_unchecked = matches!(self.asked.mode, Mode::Navigate | Mode::WebSocket);
        assert!(
            is_local || is_own || is_unchecked,
            "{url} is shown to {}",
            self.asked.origin
        );
        assert_ne!(self.asked.response_tainting, ResponseTainting::Opaque);
    }
}

/// Whatever is asked: only web URLs go out, without fragment or user name in any header, and a preflight bare.
fn check_sent(outgoing: &OutgoingRequest) {
    assert!(matches!(outgoing.url.scheme(), "http" | "https"));
    assert!(!outgoing.header_list.contains("cookie"));
    for referrer in outgoing.header_list.values_of("referer") {
        assert!(
            !referrer.isomorphic_decode().contains(['#', '@']),
            "{referrer}"
        );
    }
    if outgoing.kind == ExchangeKind::Preflight {
        assert_eq!(outgoing.credentials, Credentials::Omit);
        assert_eq!(outgoing.method, Method::OPTIONS);
        assert_eq!(outgoing.body, Body::None);
        assert!(!outgoing.header_list.contains("authorization"));
        assert!(
            outgoing
                .header_list
                .contains("access-control-request-method")
        );
    }
}
