//! What a browser did with random scenarios, kept in a file: while the engine changes, the browser need not run again.
//!
//! The first line names the browser, each other one holds a scenario and its record. A scenario that has changed since,
//! because the generator has, is run anew.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Trouble;
use crate::recording::Record;
use crate::scenario::Scenario;

/// What is in the file.
#[derive(Debug)]
pub struct Kept {
    file: PathBuf,
    records: BTreeMap<String, Record>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Judge {
    browser: String,
    version: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    scenario: Scenario,
    record: Record,
}

impl Kept {
    /// Reads the file, or begins it. It must be of that browser and version.
    pub fn open(file: PathBuf, browser: &str, version: &str) -> Result<Self, Trouble> {
        let judge = Judge {
            browser: browser.into(),
            version: version.into(),
        };
        let mut kept = Self {
            file,
            records: BTreeMap::new(),
        };
        if !kept.file.exists() {
            kept.append(&[to_line(&judge)])?;
            return Ok(kept);
        }
        let text = fs::read_to_string(&kept.file).map_err(Trouble::io(kept.name()))?;
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        if serde_json::from_str::<Judge>(first).ok().as_ref() != Some(&judge) {
            return Err(kept.fault(format!("is not of {browser} {version}")));
        }
        for line in lines {
            let line: Line =
                serde_json::from_str(line).map_err(|error| kept.fault(error.to_string()))?;
            kept.records.insert(key(&line.scenario), line.record);
        }
        Ok(kept)
    }

    /// What the browser did with it.
    pub fn get(&self, scenario: &Scenario) -> Option<&Record> {
        self.records.get(&key(scenario))
    }

    /// Keeps what it did with these.
    pub fn add(&mut self, fresh: Vec<(Scenario, Record)>) -> Result<(), Trouble> {
        let mut lines = Vec::new();
        for (scenario, record) in fresh {
            let line = Line { scenario, record };
            lines.push(to_line(&line));
            self.records.insert(key(&line.scenario), line.record);
        }
        self.append(&lines)
    }

    fn append(&self, lines: &[String]) -> Result<(), Trouble> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file);
        file.and_then(|mut file| file.write_all(lines.concat().as_bytes()))
            .map_err(Trouble::io(self.name()))
    }

    fn fault(&self, message: String) -> Trouble {
        Trouble::Fixture {
            file: self.name(),
            message,
        }
    }

    fn name(&self) -> String {
        self.file.display().to_string()
    }
}

fn key(scenario: &Scenario) -> String {
    serde_json::to_string(scenario).unwrap_or_default()
}

fn to_line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::generator::Generator;

    #[test]
    fn a_record_is_found_again_by_its_scenario_and_browser() {
        let file = std::env::temp_dir().join(format!("vetch-kept-{}.jsonl", std::process::id()));
        let mut generator = Generator::new(1);
        let (one, other) = (
            generator.next().expect("one"),
            generator.next().expect("two"),
        );
        let record = Record {
            scenario: one.name.clone(),
            steps: Vec::new(),
        };
        let open = |version| Kept::open(file.clone(), "webkit", version);
        let mut kept = open("1").expect("a new file");
        kept.add(vec![(one.scenario.clone(), record.clone())])
            .expect("room");
        let again = open("1").expect("the file");
        assert_eq!(again.get(&one.scenario), Some(&record));
        assert_eq!(again.get(&other.scenario), None);
        assert!(open("2").is_err());
        fs::remove_file(&file).expect("a file");
    }
}
