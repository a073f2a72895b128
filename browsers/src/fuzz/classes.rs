//! `fixtures/recordings/known-classes.json`: differences that no list of scenarios can name, because a scenario of
//! [`super::generator`] has no name that tells what is in it.
//!
//! An array of `{"browser": "chromium", "when": [PATTERN, …], "difference": PATTERN, "reason": SENTENCE}`: every pattern
//! of `when` is in the scenario's JSON (without spaces, as `serde_json` writes it); `*` stands for any text,
//! `\*` for a star.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Trouble;
use crate::family::matches_pattern;
use crate::known::{self, Known};
use crate::scenario::Scenario;

/// One class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Which browser.
    pub browser: String,
    /// What is in the scenario's JSON.
    #[serde(default)]
    pub when: Vec<String>,
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
    pub fn reason(&self, name: &str, scenario: &Scenario, difference: &str) -> Option<&str> {
        let known = self
            .known
            .iter()
            .find(|known| known.covers(&self.browser, name, difference));
        if let Some(known) = known {
            return Some(&known.reason);
        }
        let text = serde_json::to_string(scenario).unwrap_or_default();
        let class = self.classes.iter().find(|class| {
            matches_pattern(&class.browser, &self.browser)
                && matches_pattern(&class.difference, difference)
                && class.when.iter().all(|part| contains(&text, part))
        });
        class.map(|class| class.reason.as_str())
    }
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
}
