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

impl FuzzRun {
    fn says_more_than(&self, other: &Self) -> bool {
        (&self.browser, &self.version, self.seed) == (&other.browser, &other.version, other.seed)
            && self.scenarios > other.scenarios
    }
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

/// Adds a run, in the place of an earlier one of the same browser and seed, unless that one had more scenarios in the
/// same version.
pub fn add(file: &Path, run: FuzzRun) -> Result<(), Trouble> {
    let mut runs = load(file)?;
    if runs.iter().any(|old| old.says_more_than(&run)) {
        return Ok(());
    }
    runs.retain(|old| (&old.browser, old.seed) != (&run.browser, run.seed));
    runs.push(run);
    runs.sort();
    let mut text = serde_json::to_string_pretty(&runs).unwrap_or_default();
    text.push('\n');
    fs::write(file, text).map_err(Trouble::io(file.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_replaces_that_of_the_same_browser_and_seed_unless_it_says_less() {
        let file = std::env::temp_dir().join(format!("vetch-runs-{}.json", std::process::id()));
        let run = |seed, scenarios, version: &str| FuzzRun {
            browser: "webkit".into(),
            version: version.into(),
            seed,
            scenarios,
            known: 0,
            date: "2026-01-01".into(),
        };
        for one in [
            run(2, 10, "1"),
            run(1, 10, "1"),
            run(2, 20, "1"),
            run(2, 19, "1"),
            run(1, 9, "2"),
        ] {
            add(&file, one).expect("a file that can be written");
        }
        let runs = load(&file).expect("a file that can be read");
        fs::remove_file(&file).expect("a file that can be removed");
        assert_eq!(runs, [run(2, 20, "1"), run(1, 9, "2")]);
    }
}
