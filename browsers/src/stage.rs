//! What is going on: which scenarios wait, which run, what arrived so far.
//! In: a page's questions and requests to scripted paths. Out: plans for the page, answers, and at the end the records.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::Notify;

use crate::family::Named;
use crate::http1::RawRequest;
use crate::places::{Places, base};
use crate::recording::{self, Record, StepRecord};
use crate::roles::Role;
use crate::scenario::{Answer, Frame, RequestDescription, Scenario};
use crate::script::{self, Hits};

/// Shared by every listener.
#[derive(Debug)]
pub struct Stage {
    places: Places,
    scenarios: Vec<Named>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<usize>,
    runs: BTreeMap<usize, Run>,
    user_agent: String,
    events: usize,
    done: bool,
}

#[derive(Debug, Clone, Default)]
struct Run {
    hits: Hits,
    wire: Vec<(usize, Role, RawRequest)>,
    outcomes: Vec<Value>,
}

/// What a page needs to run one scenario.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// Its number, which is its folder.
    pub run: usize,
    /// `family/name`
    pub name: String,
    /// The URL of the page.
    pub page: String,
    /// How its origin becomes opaque.
    pub frame: Option<Frame>,
    /// Visits that leave cookies.
    pub plants: Vec<String>,
    /// What to do.
    pub steps: Vec<PlannedStep>,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct PlannedStep {
    /// With its templates filled in.
    pub request: RequestDescription,
    /// Milliseconds to wait after the outcome.
    pub wait: u64,
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
            scenarios,
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    /// Where each role listens.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The scenario of a run.
    pub fn scenario(&self, run: usize) -> Option<&Scenario> {
        self.scenarios.get(run).map(|named| &named.scenario)
    }

    /// A control page was loaded, by a browser that calls itself so.
    pub fn greet(&self, user_agent: &str) {
        let mut state = self.lock();
        state.events += 1;
        user_agent.clone_into(&mut state.user_agent);
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
        Some(self.plan(run))
    }

    /// Begins that scenario, for a user agent that needs no page.
    pub fn begin(&self, run: usize) -> Option<Plan> {
        let mut state = self.lock();
        state.waiting.retain(|other| *other != run);
        self.scenario(run)?;
        state.runs.insert(run, Run::default());
        Some(self.plan(run))
    }

    fn plan(&self, run: usize) -> Plan {
        let Named { name, scenario } = &self.scenarios[run];
        let folder = |role: Role| self.places.origin(role) + &base(run);
        let visits = scenario.cookies.iter().enumerate();
        Plan {
            run,
            name: name.clone(),
            page: folder(scenario.page) + "/page",
            frame: scenario.frame,
            plants: visits
                .map(|(at, cookie)| format!("{}/plant?{at}", folder(cookie.at)))
                .collect(),
            steps: scenario
                .steps
                .iter()
                .map(|step| PlannedStep {
                    request: self.fill(run, &step.request),
                    wait: step.then_wait_ms.unwrap_or_default(),
                })
                .collect(),
        }
    }

    fn fill(&self, run: usize, request: &RequestDescription) -> RequestDescription {
        let fill = |text: &String| self.places.fill(run, text);
        RequestDescription {
            url: fill(&request.url),
            referrer: request.referrer.as_ref().map(fill),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), fill(value)))
                .collect(),
            ..request.clone()
        }
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
        current.wire.push((step, role, request.clone()));
        Some(script::answer(
            scenario,
            step,
            &mut current.hits,
            request,
            path,
        ))
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
            .map(|(run, part)| self.record(*run, part, &state.user_agent))
            .collect()
    }

    fn record(&self, run: usize, part: &Run, user_agent: &str) -> Record {
        let fill = (&self.places, run);
        let step = |(at, outcome): (usize, &Value)| StepRecord {
            outcome: recording::normalise(outcome, fill),
            wire: part
                .wire
                .iter()
                .filter(|(step, ..)| *step == at)
                .map(|(_, role, request)| recording::wire(request, *role, user_agent, fill))
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
