//! `fixtures/recordings/fuzz-runs.json`: which seeds ended without a new difference.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Trouble;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FuzzRun {
    /// Which browser.
    pub browser: String,
    /// Its version.
    pub version: String,
    /// The seed.
    pub seed: u64,
    /// How many scenarios of that seed.
    pub scenarios: usize,
    /// How many differed in a known way.
    pub known: usize,
    /// `YYYY-MM-DD`
    pub date: String,
}

/// The project's list.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/recordings/fuzz-runs.json")
}

/// Reads the list; none is an empty one.
pub fn load(file: &Path) -> Result<Vec<FuzzRun>, Trouble> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
    serde_json::from_str(&text).map_err(|error| Trouble::Fixture {
        file: file.display().to_string(),
        message: error.to_string(),
    })
}

/// Adds a run, in the place of an earlier one of the same browser and seed.
pub fn add(file: &Path, run: FuzzRun) -> Result<(), Trouble> {
    let mut runs = load(file)?;
    runs.retain(|old| (&old.browser, old.seed) != (&run.browser, run.seed));
    runs.push(run);
    runs.sort();
    let mut text = serde_json::to_string_pretty(&runs).unwrap_or_default();
    text.push('\n');
    fs::write(file, text).map_err(Trouble::io(file.display().to_string()))
}
