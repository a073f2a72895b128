//! `fixtures/recordings/known-differences.json`: where vetch is not a browser, and why a reader accepts it.
//!
//! An array of `{"browser": "chromium", "scenario": PATTERN, "difference": PATTERN, "reason": SENTENCE}`; `*` stands for
//! any text, `\*` for a star, and `browser` may be `*` too. An entry that covers nothing any more is an error.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Trouble;
use crate::family::matches_whole;

/// One accepted difference.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Which browser.
    pub browser: String,
    /// `family/name`
    pub scenario: String,
    /// As `compare` prints it.
    #[serde(default = "any")]
    pub difference: String,
    /// Why it stays.
    pub reason: String,
}

fn any() -> String {
    "*".into()
}

/// The project's list.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/recordings/known-differences.json")
}

/// Reads the list; none is an empty one.
pub fn load(file: &Path) -> Result<Vec<Known>, Trouble> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
    serde_json::from_str(&text).map_err(|error| Trouble::Fixture {
        file: file.display().to_string(),
        message: error.to_string(),
    })
}

impl Known {
    /// Whether a comparison with that browser must find it. `*` is every browser; what they have in common may be less.
    pub fn concerns(&self, browser: &str) -> bool {
        self.browser == browser || (self.browser == "*" && browser != "consensus")
    }

    /// Whether it covers this difference.
    pub fn covers(&self, browser: &str, scenario: &str, difference: &str) -> bool {
        matches_whole(&self.browser, browser)
            && matches_whole(&self.scenario, scenario)
            && matches_whole(&self.difference, difference)
    }
}
