//! What is going on: which scenarios wait, which run, what arrived so far.
//! In: a page's questions and requests to scripted paths. Out: plans for the page, answers, and at the end the records.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;

use crate::family::Named;
use crate::http1::RawRequest;
use crate::places::Places;
use crate::plan::Plan;
use crate::recording::{self, Record, StepRecord, Usual};
use crate::roles::Role;
use crate::scenario::{Answer, Scenario};
use crate::script::{self, Hits};

/// In which frames scenarios run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    /// Each in one of its own.
    Fresh,
    /// One after the other in the same, whose URL changes: several times as fast. Opaque ones are always fresh.
    Reused,
}

/// Shared by every listener.
#[derive(Debug)]
pub struct Stage {
    places: Places,
    frames: Frames,
    scenarios: Vec<Named>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<usize>,
    runs: BTreeMap<usize, Run>,
    usual: Usual,
    events: usize,
    done: bool,
}

#[derive(Debug, Clone, Default)]
struct Run {
    hits: Hits,
    wire: Vec<Arrival>,
    outcomes: Vec<Value>,
}

/// A request as it reached a server.
#[derive(Debug, Clone)]
struct Arrival {
    step: usize,
    role: Role,
    request: RawRequest,
    /// The connection ended without an answer, or with nothing but a 1xx.
    hung_up: bool,
}

impl Arrival {
    /// A network stack tries a request again when the connection closed on it; how often says nothing of the rules.
    fn retries(&self, earlier: &Self) -> bool {
        let same = |arrival: &Self| {
            (
                arrival.step,
                arrival.role,
                arrival.request.method.clone(),
                arrival.request.target.clone(),
            )
        };
        earlier.hung_up && same(self) == same(earlier)
    }
}

impl Stage {
    /// Everything waits.
    pub fn new(places: Places, scenarios: Vec<Named>) -> Self {
        let state = State {
            waiting: (0..scenarios.len()).collect(),
            ..State::default()
        };
        Self {
            places,
            frames: Frames::Fresh,
            scenarios,
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    /// Runs scenarios in such frames; in fresh ones unless said.
    #[must_use]
    pub fn in_frames(self, frames: Frames) -> Self {
        Self { frames, ..self }
    }

    /// Where each role listens.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The scenario of a run.
    pub fn scenario(&self, run: usize) -> Option<&Scenario> {
        self.scenarios.get(run).map(|named| &named.scenario)
    }

    /// A control page was asked for: what the asking user agent always says of itself.
    pub fn greet(&self, usual: Usual) {
        let mut state = self.lock();
        state.events += 1;
        state.usual = usual;
    }

    /// The next scenario for a control page of that role.
    pub fn next(&self, top: Role, alone: bool) -> Option<Plan> {
        let mut state = self.lock();
        let at = state.waiting.iter().position(|run| {
            let scenario = &self.scenarios[*run].scenario;
            top_of(scenario) == top && scenario.alone == alone
        })?;
        let run = state.waiting.remove(at)?;
        state.events += 1;
        state.runs.insert(run, Run::default());
        let plan = Plan::new(run, &self.scenarios[run], &self.places);
        Some(Plan {
            reuse: self.frames == Frames::Reused
                && may_share_a_frame(&self.scenarios[run].scenario),
            ..plan
        })
    }

    /// Begins that scenario, for a user agent that needs no page.
    pub fn begin(&self, run: usize) -> Option<Plan> {
        let mut state = self.lock();
        state.waiting.retain(|other| *other != run);
        self.scenario(run)?;
        state.runs.insert(run, Run::default());
        Some(Plan::new(run, &self.scenarios[run], &self.places))
    }

    /// Where the browser should go when a control page has nothing left to do.
    pub fn turn(&self) -> Option<Role> {
        let mut state = self.lock();
        state.events += 1;
        let next = state
            .waiting
            .front()
            .map(|run| top_of(&self.scenarios[*run].scenario));
        if next.is_none() {
            state.done = true;
            self.changed.notify_waiters();
        }
        next
    }

    /// What a page got from a step.
    pub fn outcome(&self, run: usize, outcome: Value) {
        let mut state = self.lock();
        state.events += 1;
        if let Some(run) = state.runs.get_mut(&run) {
            run.outcomes.push(outcome);
            run.hits.next_step();
        }
    }

    /// A request reached a scripted path: it is written down and answered.
    pub fn arrive(
        &self,
        role: Role,
        run: usize,
        request: &RawRequest,
        path: &str,
    ) -> Option<Answer> {
        let mut state = self.lock();
        state.events += 1;
        let scenario = self.scenario(run)?;
        let current = state.runs.get_mut(&run)?;
        let step = current
            .outcomes
            .len()
            .min(scenario.steps.len().saturating_sub(1));
        let answer = script::answer(scenario, step, &mut current.hits, request, path);
        current.wire.push(Arrival {
            step,
            role,
            request: request.clone(),
            hung_up: answer.hang_up || answer.status < 200,
        });
        Some(answer)
    }

    /// Grows with everything that happens; a browser that stopped leaves it as it is.
    pub fn events(&self) -> usize {
        self.lock().events
    }

    /// Waits for the end.
    pub async fn done(&self) {
        loop {
            let changed = self.changed.notified();
            if self.lock().done {
                return;
            }
            changed.await;
        }
    }

    /// The names of what has begun and not ended.
    pub fn unfinished(&self) -> Vec<String> {
        let state = self.lock();
        let left = |(run, part): (&usize, &Run)| {
            let named = &self.scenarios[*run];
            (part.outcomes.len() < named.scenario.steps.len()).then(|| named.name.clone())
        };
        state.runs.iter().filter_map(left).collect()
    }

    /// Forgets what has begun and not ended; returns the names.
    pub fn give_up(&self) -> Vec<String> {
        let lost = self.unfinished();
        let names = |run: &usize| &self.scenarios[*run].name;
        self.lock().runs.retain(|run, _| !lost.contains(names(run)));
        lost
    }

    /// How many are done, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let total = self.scenarios.len();
        let waiting = self.lock().waiting.len();
        let left = waiting + self.unfinished().len();
        (total - left, total)
    }

    /// What came of the finished ones.
    pub fn records(&self) -> Vec<Record> {
        let state = self.lock();
        let finished = state.runs.iter().filter(|(run, part)| {
            part.outcomes.len() == self.scenarios[**run].scenario.steps.len()
        });
        finished
            .map(|(run, part)| self.record(*run, part, &state.usual))
            .collect()
    }

    fn record(&self, run: usize, part: &Run, usual: &Usual) -> Record {
        let fill = (&self.places, run);
        let step = |(at, outcome): (usize, &Value)| StepRecord {
            outcome: recording::outcome(outcome, fill),
            wire: part
                .wire
                .iter()
                .enumerate()
                .filter(|(nth, arrival)| {
                    let earlier = nth.checked_sub(1).map(|before| &part.wire[before]);
                    arrival.step == at && !earlier.is_some_and(|earlier| arrival.retries(earlier))
                })
                .map(|(_, arrival)| recording::wire(&arrival.request, arrival.role, usual, fill))
                .collect(),
        };
        Record {
            scenario: self.scenarios[run].name.clone(),
            steps: part.outcomes.iter().enumerate().map(step).collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn top_of(scenario: &Scenario) -> Role {
    scenario.top.unwrap_or(scenario.page)
}

/// A policy comes with the page, and a request that outlives its page names the URL that the page had at first.
fn may_share_a_frame(scenario: &Scenario) -> bool {
    scenario.page_headers.is_empty() && scenario.steps.iter().all(|step| !step.request.keepalive)
}
