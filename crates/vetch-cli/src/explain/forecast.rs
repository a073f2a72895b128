//! The forecast: how a fetch would begin, from the core alone.
//! In: a wish and a profile. Out: the class, the preflight, the request behind it, or why nothing would be sent.

use vetch_core::trace::{Classification, Decision, PreflightCause, Record};
use vetch_core::{
    AgentState, ExchangeKind, NetworkError, OutgoingRequest, Profile, Step, Timestamp,
    TransportFailure,
};

use super::required::{self, Required};
use crate::request_description::Wish;

/// How a fetch would begin.
#[derive(Debug)]
pub(crate) struct Forecast {
    /// Nothing where it is blocked before it is classified.
    pub(crate) classification: Option<Classification>,
    /// Why a preflight is needed.
    pub(crate) causes: Vec<PreflightCause>,
    /// The preflight, where there is one.
    pub(crate) preflight: Option<OutgoingRequest>,
    /// The request, where it would reach the network if the server allows it.
    pub(crate) request: Option<OutgoingRequest>,
    /// Why it is blocked before any network.
    pub(crate) error: Option<NetworkError>,
    /// What the answers must say.
    pub(crate) required: Required,
    /// What other profiles would do differently.
    pub(crate) differences: Vec<(&'static str, String)>,
}

/// The forecast under a profile, with a preflight cache that is empty.
pub(crate) fn forecast(wish: &Wish, profile: Profile) -> Forecast {
    let mut agent = AgentState::new(profile);
    agent.record = Record::Everything;
    let now = Timestamp::default();
    let mut preflight = None;
    let mut request = None;
    let mut step = vetch_core::fetch(wish.constructed.request.clone(), &agent, now);
    let outcome = loop {
        match step {
            Step::Done(outcome) => break outcome,
            Step::Send(exchange) if exchange.request().kind == ExchangeKind::Preflight => {
                preflight = Some(exchange.request().clone());
                let answer = required::generous_answer(exchange.request());
                step = exchange.receive(answer, &agent, now);
            }
            Step::Send(exchange) => {
                request = Some(exchange.request().clone());
                // Only to come to the decisions, which the outcome has.
                let cause = TransportFailure::Other {
                    detail: String::new(),
                };
                step = exchange.fail(cause, &agent);
            }
        }
    };
    let (classification, causes) = classified(outcome.trace.decisions());
    let error = match outcome.verdict {
        Err(error) if request.is_none() => Some(error),
        _ => None,
    };
    let required = Required::find(wish, profile, preflight.as_ref(), request.as_ref());
    let differences = differences(
        wish,
        profile,
        &required,
        preflight.as_ref(),
        request.as_ref(),
    );
    Forecast {
        classification,
        causes,
        preflight,
        request,
        error,
        required,
        differences,
    }
}

fn classified(decisions: &[Decision]) -> (Option<Classification>, Vec<PreflightCause>) {
    decisions
        .iter()
        .find_map(|decision| match decision {
            Decision::Classified {
                classification,
                causes,
                ..
            } => Some((Some(classification.clone()), causes.clone())),
            _ => None,
        })
        .unwrap_or_default()
}

/// Where the other profiles want something else, or keep the answer for another time.
fn differences(
    wish: &Wish,
    own: Profile,
    required: &Required,
    preflight: Option<&OutgoingRequest>,
    request: Option<&OutgoingRequest>,
) -> Vec<(&'static str, String)> {
    let mut differences = Vec::new();
    for profile in Profile::ALL {
        if profile.name == own.name {
            continue;
        }
        let theirs = Required::find(wish, profile, preflight, request);
        if theirs != *required {
            for line in theirs.lines_unlike(required) {
                differences.push((profile.name, line));
            }
        }
        if preflight.is_some() {
            differences.extend(kept_otherwise(profile, own).map(|line| (profile.name, line)));
        }
    }
    differences
}

fn kept_otherwise(profile: Profile, own: Profile) -> Option<String> {
    if profile.max_age_limit == own.max_age_limit {
        return None;
    }
    Some(match profile.max_age_limit {
        Some(limit) => format!("keeps a preflight's answer for {limit} s at most"),
        None => "keeps a preflight's answer as long as Access-Control-Max-Age says".to_owned(),
    })
}
