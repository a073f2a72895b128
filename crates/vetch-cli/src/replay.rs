//! Recorded answers, judged again under another profile.
//! In: a request and what went over the wire. Out: how the fetch would have ended, and how long preflight answers are kept.
//! Differs: nothing is sent; where a profile would ask for something that was not recorded, the replay says so.

use vetch::ExchangeRecord;
use vetch_core::trace::{Decision, Record};
use vetch_core::{
    AgentState, Exchange, IncomingResponse, NetworkError, Outcome, Profile, Request, Status, Step,
    Timestamp, TransportFailure,
};

/// What a replay comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replay {
    /// How it ends.
    pub(crate) end: End,
    /// Seconds that each preflight answer is kept, in order.
    pub(crate) kept: Vec<u32>,
}

/// How a replay ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The fetch resolves.
    Resolves,
    /// It is refused.
    Refused(NetworkError),
    /// It would send this, of which nothing was recorded.
    WouldSend(String),
}

/// What a fetch left to be judged again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded<'a> {
    /// What went over the wire.
    pub(crate) exchanges: &'a [ExchangeRecord],
    /// Where it ends.
    pub(crate) end: RecordedEnd,
}

/// Where a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordedEnd {
    /// Where the fetch was over.
    Judged,
    /// Where the network failed, so that the next request did not go out, or was not answered.
    NetworkFailed,
}

/// Judge the recorded answers under a profile, starting with an empty preflight cache.
fn replay(request: &Request, profile: Profile, recorded: Recorded<'_>) -> Replay {
    let mut agent = AgentState::new(profile);
    agent.record = Record::Everything;
    let now = Timestamp::default();
    let mut records = recorded.exchanges.iter();
    let mut step = vetch_core::fetch(request.clone(), &agent, now);
    loop {
        match step {
            Step::Done(outcome) => return done(outcome),
            Step::Send(exchange) => {
                let wanted = describe(&exchange);
                let next = records.next();
                if next.is_none() && recorded.end == RecordedEnd::NetworkFailed {
                    return give_up(exchange, &agent);
                }
                let Some(record) = next.filter(|record| is_of(record, &exchange)) else {
                    let Replay { kept, .. } = give_up(exchange, &agent);
                    let end = End::WouldSend(wanted);
                    return Replay { end, kept };
                };
                let Some(head) = head(record) else {
                    return give_up(exchange, &agent);
                };
                step = exchange.receive(head, &agent, now);
            }
        }
    }
}

/// What other profiles would have done differently with the same answers, one sentence for each.
pub(crate) fn differences(
    request: &Request,
    own: Profile,
    recorded: Recorded<'_>,
) -> Vec<(&'static str, String)> {
    let base = replay(request, own, recorded);
    if matches!(base.end, End::WouldSend(_)) {
        // The preflight cache answered; what another profile's cache would have held cannot be told.
        return Vec::new();
    }
    Profile::ALL
        .into_iter()
        .filter(|profile| profile.name != own.name)
        .flat_map(|profile| {
            let other = replay(request, profile, recorded);
            sentences(&base, &other, own.name)
                .into_iter()
                .map(move |sentence| (profile.name, sentence))
        })
        .collect()
}

fn sentences(base: &Replay, other: &Replay, own: &str) -> Vec<String> {
    let end = match (&base.end, &other.end) {
        (End::Refused(_), End::Resolves) => Some("lets the page have it".to_owned()),
        (End::Refused(_), End::WouldSend(what)) => Some(format!("would go on with {what}")),
        (End::Refused(a), End::Refused(b)) if a.code() != b.code() => {
            Some(format!("names another reason first: {b} ({})", b.code()))
        }
        (End::Resolves, End::Refused(error)) => {
            Some(format!("blocks it: {error} ({})", error.code()))
        }
        (End::Resolves, End::WouldSend(what)) => Some(format!(
            "would send {what} where {own} sends something else or nothing"
        )),
        _ => None,
    };
    let kept = base.kept.iter().zip(&other.kept);
    let kept = kept.filter(|(mine, theirs)| mine != theirs);
    let kept = kept.map(|(mine, theirs)| {
        format!("keeps the preflight's answer for {theirs} s ({own}: {mine} s)")
    });
    end.into_iter().chain(kept).collect()
}

fn done(outcome: Outcome) -> Replay {
    let kept = outcome
        .trace
        .decisions()
        .iter()
        .filter_map(|decision| match decision {
            Decision::PreflightPassed { max_age, .. } => Some(*max_age),
            _ => None,
        })
        .collect();
    let end = match outcome.verdict {
        Ok(_) => End::Resolves,
        Err(error) => End::Refused(error),
    };
    Replay { end, kept }
}

fn give_up(exchange: Exchange, agent: &AgentState) -> Replay {
    let cause = TransportFailure::Other {
        detail: "no answer was recorded".to_owned(),
    };
    match exchange.fail(cause, agent) {
        Step::Done(outcome) => done(outcome),
        Step::Send(exchange) => Replay {
            end: End::WouldSend(describe(&exchange)),
            kept: Vec::new(),
        },
    }
}

fn describe(exchange: &Exchange) -> String {
    let outgoing = exchange.request();
    format!("{} {}", outgoing.method, outgoing.url)
}

fn is_of(record: &ExchangeRecord, exchange: &Exchange) -> bool {
    let outgoing = exchange.request();
    record.kind == outgoing.kind && record.method == outgoing.method && record.url == outgoing.url
}

fn head(record: &ExchangeRecord) -> Option<IncomingResponse> {
    let status = Status::new(record.status?)?;
    let text = record.status_text.clone().into_bytes();
    Some(IncomingResponse::new(
        status,
        text,
        record.response_headers.clone(),
    ))
}
