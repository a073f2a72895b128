//! What the fuzzer ran: one line a run in `fuzz/runs.jsonl`, one row a target in RELIABILITY.md.

use std::process::Command;

use serde_json::{Value, json};

use super::targets;
use crate::tables::Table;
use crate::{Failure, workspace};

const RUNS: &str = "fuzz/runs.jsonl";

const TABLE: Table = Table {
    document: "RELIABILITY.md",
    name: "fuzz",
    verb: "fuzz --minutes 0",
};

const HEAD: &str = "| target | law | executions | minutes | found something | last run |\n\
                    | --- | --- | --- | --- | --- | --- |\n";

/// One run of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) target: String,
    /// YYYY-MM-DD, UTC.
    pub(super) date: String,
    pub(super) seconds: u64,
    pub(super) executions: u64,
    /// 1 where it ended with something found.
    pub(super) crashes: u64,
}

impl Run {
    fn line(&self) -> String {
        let run = json!({
            "target": self.target,
            "date": self.date,
            "seconds": self.seconds,
            "executions": self.executions,
            "crashes": self.crashes,
        });
        format!("{run}\n")
    }

    fn parse(line: &str) -> Option<Self> {
        let run: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| run[name].as_str().map(str::to_owned);
        Some(Self {
            target: text("target")?,
            date: text("date")?,
            seconds: run["seconds"].as_u64()?,
            executions: run["executions"].as_u64()?,
            crashes: run["crashes"].as_u64()?,
        })
    }
}

/// Write one more run down.
pub(super) fn append(run: &Run) -> Result<(), Failure> {
    let before = workspace::read(RUNS).unwrap_or_default();
    workspace::write(RUNS, &(before + &run.line()))
}

/// Today in UTC, as the system's `date` says it.
pub(super) fn today() -> Result<String, Failure> {
    let output = Command::new("date").args(["-u", "+%F"]).output();
    let output =
        output.map_err(|error| Failure::finding(format!("`date` cannot be started: {error}")))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Put the sums into RELIABILITY.md.
pub(super) fn write_table() -> Result<(), Failure> {
    TABLE.write(&sums()?)
}

/// A sentence when RELIABILITY.md has other sums.
pub(crate) fn check(document: &str) -> Result<Option<String>, Failure> {
    TABLE.check(document, &sums()?)
}

fn sums() -> Result<String, Failure> {
    let runs = workspace::read(RUNS)?;
    let runs = runs.lines().map(|line| {
        Run::parse(line).ok_or_else(|| Failure::finding(format!("{RUNS}: {line} is no run")))
    });
    let runs = runs.collect::<Result<Vec<_>, _>>()?;
    let rows = targets()?
        .into_iter()
        .map(|target| Ok(row(&target, &law(&target)?, &runs)))
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(format!("{HEAD}{}", rows.concat()))
}

/// The law's sentence: the first line of its file.
fn law(target: &str) -> Result<String, Failure> {
    let source = workspace::read(&format!("robustness/src/laws/{target}.rs"))?;
    let line = source.lines().next().unwrap_or_default();
    Ok(line.trim_start_matches("//!").trim().to_owned())
}

fn row(target: &str, law: &str, runs: &[Run]) -> String {
    let own: Vec<&Run> = runs.iter().filter(|run| run.target == target).collect();
    let sum = |of: fn(&Run) -> u64| own.iter().map(|run| of(run)).sum::<u64>();
    let last = own.iter().map(|run| run.date.as_str()).max();
    format!(
        "| `{target}` | {law} | {} | {} | {} | {} |\n",
        grouped(sum(|run| run.executions)),
        sum(|run| run.seconds) / 60,
        match sum(|run| run.crashes) {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            times => format!("{times} times"),
        },
        last.unwrap_or("never")
    )
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seconds: u64, crashes: u64) -> Run {
        Run {
            target: "machine".to_owned(),
            date: "2026-11-25".to_owned(),
            seconds,
            executions: 1_234_567,
            crashes,
        }
    }

    #[test]
    fn a_line_reads_as_the_run_that_it_was() {
        let run = run(61, 1);
        assert_eq!(Run::parse(&run.line()), Some(run));
        assert_eq!(Run::parse("{\"target\":\"machine\"}"), None);
    }

    #[test]
    fn a_row_sums_the_runs_of_its_target() {
        let runs = [run(90, 0), run(90, 1)];
        assert_eq!(
            row("machine", "It ends.", &runs),
            "| `machine` | It ends. | 2 469 134 | 3 | once | 2026-11-25 |\n"
        );
        assert!(row("origins", "", &runs).contains("| 0 | 0 | never | never |"));
    }
}
