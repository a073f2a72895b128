//! `fixtures/recordings/known-differences.json`: where vetch is not a browser, and why a reader accepts it.
//!
//! | member | what |
//! | --- | --- |
//! | `kind` | why such differences stay at all: [`Kind`] |
//! | `reason` | a sentence; of what is not built yet it begins with the family |
//! | `cites` | addresses with a fragment; where `consensus` is a judge, one is an anchor of the pinned Standard or a section of an RFC |
//! | `judges` | browsers by name, and `consensus` for what all of them do |
//! | `scenarios` | patterns of `family/name` |
//! | `differences` | patterns of sentences, as `compare` prints them; each says which part of which step differs |
//!
//! In a pattern `*` stands for any text and `\*` for a star. A pattern that covers nothing any more with one of the judges
//! is an error.

mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Trouble;
use crate::family::matches_whole;

/// Accepted differences that have one reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Why such differences stay.
    pub kind: Kind,
    /// Why these do.
    pub reason: String,
    /// Where that is written.
    #[serde(default)]
    pub cites: Vec<String>,
    /// In comparison with whom.
    pub judges: Vec<String>,
    /// In which scenarios.
    pub scenarios: Vec<String>,
    /// Which.
    pub differences: Vec<String>,
}

/// Why differences stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// Later work builds it: one of [`FAMILIES`].
    #[serde(rename = "not built yet")]
    NotBuiltYet,
    /// Below fetch: hyper's, or the browser's own.
    #[serde(rename = "network stack")]
    NetworkStack,
    /// Beside fetch: other standards and stores.
    #[serde(rename = "outside of fetch")]
    OutsideOfFetch,
    /// The Standard forbids what all browsers do.
    #[serde(rename = "the Standard")]
    TheStandard,
}

/// What later work builds.
pub const FAMILIES: [&str; 5] = [
    "elements, EventSource and beacons",
    "mixed content",
    "SameSite cookies",
    "HTTP authentication",
    "the HTTP cache",
];

impl Kind {
    /// As in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBuiltYet => "not built yet",
            Self::NetworkStack => "network stack",
            Self::OutsideOfFetch => "outside of fetch",
            Self::TheStandard => "the Standard",
        }
    }
}

/// Which patterns of an entry cover a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covering {
    /// Of its scenarios.
    pub scenario: usize,
    /// Of its differences.
    pub difference: usize,
}

/// The project's list.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/recordings/known-differences.json")
}

/// Reads the list, and holds each entry against the rules.
pub fn load(file: &Path) -> Result<Vec<Known>, Trouble> {
    let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
    let fault = |message: String| Trouble::Fixture {
        file: file.display().to_string(),
        message,
    };
    let list: Vec<Known> = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    let anchors = rules::anchors()?;
    for known in &list {
        rules::check(known, &anchors)
            .map_err(|wrong| fault(format!("`{}`: {wrong}", known.reason)))?;
    }
    Ok(list)
}

impl Known {
    /// Whether a comparison with that judge must find it.
    pub fn concerns(&self, judge: &str) -> bool {
        self.judges.iter().any(|name| name == judge)
    }

    /// The patterns that cover this difference, if it is accepted.
    pub fn covers(&self, judge: &str, scenario: &str, difference: &str) -> Option<Covering> {
        let first = |patterns: &[String], text: &str| {
            let mut patterns = patterns.iter();
            patterns.position(|pattern| matches_whole(pattern, text))
        };
        self.concerns(judge).then_some(())?;
        Some(Covering {
            scenario: first(&self.scenarios, scenario)?,
            difference: first(&self.differences, difference)?,
        })
    }

    /// Kind, reason and addresses.
    pub fn sentence(&self) -> String {
        let sentence = format!("{}: {}", self.kind.name(), self.reason);
        if self.cites.is_empty() {
            return sentence;
        }
        let cites = self.cites.iter().map(|address| format!("<{address}>"));
        format!("{sentence} ({})", cites.collect::<Vec<_>>().join(", "))
    }
}
