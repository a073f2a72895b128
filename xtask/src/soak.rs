//! `cargo xtask soak`: the binary `soak` of the package `vetch-robustness`, for so many minutes.
//!
//! A debug build, in which an overflow is a panic too. What came of the last run is in `robustness/soak.json`, and from
//! there in RELIABILITY.md.

use std::process::Command;

use serde_json::Value;

use crate::tables::Table;
use crate::{Failure, workspace};

const LAST_RUN: &str = "robustness/soak.json";

const TABLE: Table = Table {
    document: "RELIABILITY.md",
    name: "soak",
    verb: "soak --minutes 0",
};

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (minutes, seed) = match words.as_slice() {
        ["--minutes", minutes] => (*minutes, "1"),
        ["--minutes", minutes, "--seed", seed] => (*minutes, *seed),
        _ => return Err(Failure::Usage("`soak` takes --minutes N [--seed S]".into())),
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| Failure::Usage(format!("`{text}` is no whole number")))
    };
    let (minutes, seed) = (number(minutes)?, number(seed)?);
    // Without minutes only the table is written anew.
    if minutes > 0 {
        soak(minutes.saturating_mul(60), seed)?;
    }
    TABLE.write(&rows()?)
}

fn soak(seconds: u64, seed: u64) -> Result<(), Failure> {
    let binary = ["--package", "vetch-robustness", "--bin", "soak", "--"];
    let output = Command::new("cargo")
        .args(["run", "--quiet"])
        .args(binary)
        .args([seconds.to_string(), seed.to_string()])
        .current_dir(workspace::root())
        .output()
        .map_err(|error| Failure::finding(format!("`cargo run` cannot be started: {error}")))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    print!("{printed}");
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::finding(said.trim()));
    }
    workspace::write(LAST_RUN, &printed)
}

/// A sentence when RELIABILITY.md tells of another run than the last.
pub(crate) fn check(document: &str) -> Result<Option<String>, Failure> {
    TABLE.check(document, &rows()?)
}

fn rows() -> Result<String, Failure> {
    let text = workspace::read(LAST_RUN)?;
    let run: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::finding(format!("{LAST_RUN} is no run: {error}")))?;
    Ok(table(&run))
}

fn table(run: &Value) -> String {
    let outcomes = run["outcomes"].as_object().into_iter().flatten();
    let outcomes: Vec<String> = outcomes
        .map(|(outcome, count)| format!("`{outcome}` {count}"))
        .collect();
    let rows = [
        ("seconds", run["seconds"].to_string()),
        ("seed", run["seed"].to_string()),
        ("fetches", run["fetches"].to_string()),
        ("what came of them", outcomes.join(", ")),
        (
            "without outcome in time",
            run["without_outcome"].to_string(),
        ),
        ("panics", run["panics"].to_string()),
        ("tasks that stay", run["tasks_left"].to_string()),
        (
            "memory, peak of the second quarter",
            format!("{} KiB", run["early_kib"]),
        ),
        (
            "memory, peak of the last quarter",
            format!("{} KiB", run["late_kib"]),
        ),
    ];
    let rows = rows.map(|(what, value)| format!("| {what} | {value} |\n"));
    format!("| last run | |\n| --- | --- |\n{}", rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_all_that_the_run_printed() {
        let run = serde_json::json!({
            "seconds": 600, "seed": 1, "fetches": 7, "outcomes": {"200": 5, "timed-out": 2},
            "without_outcome": 0, "panics": 0, "tasks_left": 0, "early_kib": 10, "late_kib": 11,
        });
        let table = table(&run);
        assert!(table.contains("| what came of them | `200` 5, `timed-out` 2 |"));
        assert!(!table.contains("null"), "{table}");
    }
}
