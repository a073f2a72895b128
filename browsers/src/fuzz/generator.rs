//! Scenarios without end: the n-th of a seed is always the same.
//!
//! Left out is what vetch does not do yet and what a browser does not do the same way twice: elements and EventSource,
//! pages with policies, plain URLs from TLS pages (mixed content), challenges, answers that an HTTP cache would keep.

use super::answers;
use super::dice::Dice;
use super::requests;
use super::values::Weighted;
use crate::family::Named;
use crate::roles::{Role, Security, Spot};
use crate::scenario::{Answers, Frame, PlantedCookie, RequestDescription, Scenario, Step};

/// An endless row of scenarios.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    number: usize,
    dice: Dice,
}

impl Generator {
    /// From the first one on.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            number: 0,
            dice: Dice::new(seed),
        }
    }
}

impl Iterator for Generator {
    type Item = Named;

    fn next(&mut self) -> Option<Named> {
        self.number += 1;
        let name = format!("seed {}, number {}", self.seed, self.number);
        let mut dice = self.dice.split();
        Some(Named {
            name: format!("fuzz/{name}"),
            scenario: scenario(&mut dice, name),
        })
    }
}

fn scenario(dice: &mut Dice, name: String) -> Scenario {
    let page = page(dice);
    let frame = dice.weighted(&[
        (91, None),
        (6, Some(Frame::Sandboxed)),
        (3, Some(Frame::Data)),
    ]);
    let mut scenario = Scenario {
        name,
        page,
        top: None,
        frame,
        page_headers: Vec::new(),
        cookies: cookies(dice, page),
        answers: Answers::new(),
        steps: Vec::new(),
        alone: false,
    };
    if dice.percent(45) {
        scenario.steps = vec![step(dice, page, "/a")];
    } else if dice.percent(50) {
        again_and_again(dice, &mut scenario);
    } else {
        let paths = ["/a", "/b", "/c", "/d"];
        let count = dice.number(2..=paths.len());
        let steps = paths[..count].iter();
        scenario.steps = steps.map(|path| step(dice, page, path)).collect();
    }
    scenario
}

fn page(dice: &mut Dice) -> Role {
    let (spot, security) = dice.weighted(&[
        (75, (Spot::Same, Security::Plain)),
        (17, (Spot::Same, Security::Tls)),
        (8, (Spot::Localhost, Security::Plain)),
    ]);
    Role { spot, security }
}

/// Where a request goes; from a TLS page always to TLS.
pub(super) fn target(dice: &mut Dice, page: Role) -> Role {
    const SPOTS: &[Weighted<Spot>] = &[
        (45, Spot::Cross),
        (18, Spot::Same),
        (8, Spot::SameSitePort),
        (9, Spot::SameSiteHost),
        (6, Spot::CrossHost),
        (6, Spot::Third),
        (6, Spot::Localhost),
        (2, Spot::LocalhostPort),
    ];
    let spot = dice.weighted(SPOTS);
    let security = match page.security {
        Security::Plain if dice.percent(88) => Security::Plain,
        _ => Security::Tls,
    };
    Role { spot, security }
}

/// Cookies of the page's own site only: what becomes of others is SameSite's matter.
fn cookies(dice: &mut Dice, page: Role) -> Vec<PlantedCookie> {
    if !dice.percent(5) {
        return Vec::new();
    }
    let value = dice.pick(&[
        "a=1",
        "a=1; SameSite=Lax",
        "a=1; Max-Age=0",
        "a=1; HttpOnly",
    ]);
    vec![PlantedCookie {
        at: page,
        value: value.into(),
    }]
}

/// One request and all that answers it.
fn step(dice: &mut Dice, page: Role, path: &str) -> Step {
    let role = target(dice, page);
    let request = requests::request(dice, role, path);
    let answers = answers::chain(dice, page, path);
    Step {
        request,
        answers,
        then_wait_ms: None,
    }
}

/// The same URL in each step, so that what the first leaves in the preflight cache matters to the others.
fn again_and_again(dice: &mut Dice, scenario: &mut Scenario) {
    let first = step(dice, scenario.page, "/a");
    let role = first.request.url.clone();
    scenario.answers = first.answers;
    let mut request = first.request;
    for _ in 0..dice.number(2..=4) {
        scenario.steps.push(Step {
            request: request.clone(),
            answers: Answers::new(),
            then_wait_ms: None,
        });
        requests::change(dice, &mut request);
        keep_address(&mut request, &role, dice);
    }
    if dice.percent(30)
        && let Some(last) = scenario.steps.last_mut()
    {
        last.answers = answers::direct(dice, "/a");
    }
}

fn keep_address(request: &mut RequestDescription, url: &str, dice: &mut Dice) {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    request.url = bare.to_owned() + dice.weighted(&[(80, ""), (8, "?q"), (6, "#f"), (6, "?")]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_scenarios() {
        let text = |seed: u64| -> Vec<String> {
            let named = Generator::new(seed).take(50);
            named
                .map(|named| serde_json::to_string(&named.scenario).expect("JSON"))
                .collect()
        };
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }

    #[test]
    fn a_scenario_can_be_pasted_as_a_fixture() {
        for named in Generator::new(1).take(500) {
            let text = serde_json::to_string(&named.scenario).expect("JSON");
            let read: Scenario = serde_json::from_str(&text).expect("a scenario");
            assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
            assert!((1..=4).contains(&read.steps.len()));
        }
    }
}
