//! What a user agent is told of one scenario: URLs instead of roles, nothing of the answers.
//! In: a scenario and its folder. Out: the plan, which a control page gets as JSON.

use serde::Serialize;

use crate::family::Named;
use crate::places::{Places, base};
use crate::roles::Role;
use crate::scenario::{Frame, RequestDescription};

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
    /// Whether a frame that served another scenario will do.
    pub reuse: bool,
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

impl Plan {
    /// The plan of a scenario that runs in that folder.
    pub fn new(run: usize, named: &Named, places: &Places) -> Self {
        let Named { name, scenario } = named;
        let folder = |role: Role| places.origin(role) + &base(run);
        let visits = scenario.cookies.iter().enumerate();
        Self {
            run,
            name: name.clone(),
            page: folder(scenario.page) + "/page",
            frame: scenario.frame,
            reuse: false,
            plants: visits
                .map(|(at, cookie)| format!("{}/plant?{at}", folder(cookie.at)))
                .collect(),
            steps: scenario
                .steps
                .iter()
                .map(|step| PlannedStep {
                    request: fill(&step.request, |text| places.fill(run, text)),
                    wait: step.then_wait_ms.unwrap_or_default(),
                })
                .collect(),
        }
    }
}

fn fill(request: &RequestDescription, fill: impl Fn(&str) -> String) -> RequestDescription {
    let headers = request.headers.iter();
    RequestDescription {
        url: fill(&request.url),
        referrer: request.referrer.as_deref().map(&fill),
        headers: headers
            .map(|(name, value)| (name.clone(), fill(value)))
            .collect(),
        ..request.clone()
    }
}
