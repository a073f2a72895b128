//! `fixtures/recordings/known-classes.json`: differences that no list of scenarios can name, because a scenario of
//! [`super::generator`] has no name that tells what is in it.
//!
//! An array of `{"browser": "chromium", "scenario": [PATTERN, …], "step": [PATTERN, …], "difference": PATTERN, "reason":
//! SENTENCE}`: every pattern of `step` is in the JSON of the step that differs, and every pattern of `scenario` in that of
//! the scenario without its steps (both without spaces, as `serde_json` writes them); `*` stands for any text, `\*` for a
//! star.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Trouble;
use crate::family::matches_pattern;
use crate::known::{self, Known};
use crate::scenario::{Scenario, Step};

/// One class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Which browser.
    pub browser: String,
    /// What is in the scenario's JSON without its steps.
    #[serde(default)]
    pub scenario: Vec<String>,
    /// What is in the JSON of the step that differs.
    #[serde(default)]
    pub step: Vec<String>,
    /// As `compare` prints it.
    pub difference: String,
    /// Why it stays.
    pub reason: String,
}

/// Everything that is known of one browser.
#[derive(Debug)]
pub struct KnownClasses {
    browser: String,
    known: Vec<Known>,
    classes: Vec<Class>,
}

/// The project's list.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/recordings/known-classes.json")
}

/// Reads the list.
pub fn load(file: &Path) -> Result<Vec<Class>, Trouble> {
    let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
    serde_json::from_str(&text).map_err(|error| Trouble::Fixture {
        file: file.display().to_string(),
        message: error.to_string(),
    })
}

impl KnownClasses {
    /// Reads the classes, and what is known of every scenario.
    pub fn load(browser: &str) -> Result<Self, Trouble> {
        Ok(Self {
            browser: browser.into(),
            known: known::load(&known::path())?,
            classes: load(&path())?,
        })
    }

    /// Why that difference is accepted, if it is.
    pub fn reason(&self, name: &str, scenario: &Scenario, difference: &str) -> Option<String> {
        let mut known = self.known.iter();
        let known = known.find(|known| known.covers(&self.browser, name, difference).is_some());
        if let Some(known) = known {
            return Some(known.sentence());
        }
        let step = json(step_of(scenario, difference)?);
        let around = json(&Scenario {
            steps: Vec::new(),
            ..scenario.clone()
        });
        let class = self.classes.iter().find(|class| {
            matches_pattern(&class.browser, &self.browser)
                && matches_pattern(&class.difference, difference)
                && class.scenario.iter().all(|part| contains(&around, part))
                && class.step.iter().all(|part| contains(&step, part))
        });
        class.map(|class| class.reason.clone())
    }
}

/// The step that a difference tells of.
fn step_of<'a>(scenario: &'a Scenario, difference: &str) -> Option<&'a Step> {
    let (number, _) = difference.strip_prefix("step ")?.split_once(": ")?;
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    scenario.steps.get(at)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn contains(text: &str, pattern: &str) -> bool {
    matches_pattern(&format!("*{pattern}*"), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::generator::Generator;

    #[test]
    fn every_class_can_be_read_and_covers_only_what_it_says() {
        let known = KnownClasses::load("chromium").expect("readable classes");
        let named = Generator::new(1).next().expect("a scenario");
        assert_eq!(
            known.reason(&named.name, &named.scenario, "step 1: nobody says this"),
            None
        );
    }

    #[test]
    fn a_class_looks_at_the_step_that_differs() {
        let class = r#"[{"browser":"*","scenario":["\"cookies\":"],"step":["\"credentials\":\"include\""],
            "difference":"step *: GET *: only vetch sends `cookie: *`","reason":"because"}]"#;
        let known = KnownClasses {
            browser: "webkit".into(),
            known: Vec::new(),
            classes: serde_json::from_str(class).expect("a class"),
        };
        let scenario = r#"{"name":"n","cookies":[{"at":"cross","value":"a=1"}],"steps":[
            {"request":{"url":"{cross}/a","credentials":"include"}},{"request":{"url":"{cross}/a"}}]}"#;
        let scenario = serde_json::from_str(scenario).expect("a scenario");
        let reason = |step| {
            let difference =
                format!("step {step}: GET {{cross}}/a: only vetch sends `cookie: a=1`");
            known.reason("fuzz/1", &scenario, &difference)
        };
        assert_eq!(reason(1), Some("because".into()));
        assert_eq!((reason(2), reason(3)), (None, None));
    }
}
