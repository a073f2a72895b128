//! `bench instructions`: the engine without IO, instruction by instruction, beside what was counted before.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use super::limits::{Limits, ratio};
use super::programs::{self, Counted};
use crate::Failure;
use crate::tables::{Table, grouped};

const TABLE: Table = Table {
    document: "BENCHMARKS.md",
    name: "instructions",
    verb: "bench instructions --update",
};

/// What the pieces of work are called in the table, in its order.
const TITLES: [(&str, &str); 9] = [
    (ANCHOR, "anchor: `Url::parse`, 71 bytes"),
    (
        "preflight-decision-post",
        "preflight decision, POST with 6 headers, `Content-Type` among them",
    ),
    ("preflight-decision-put", "preflight decision, PUT"),
    ("cors-check", "CORS check of 12 headers"),
    ("preflight-cache-key", "key of the preflight cache"),
    (
        "preflight-cache-hit",
        "hit in the preflight cache, key made",
    ),
    ("machine-get", "whole machine, simple cross-origin GET"),
    (
        "machine-cached-put",
        "whole machine, PUT with cached preflight",
    ),
    ("machine-put", "whole machine, PUT with preflight"),
];

const ANCHOR: &str = "url-parse";

/// How many of a hundred instructions more than before are too many.
const TOLERATED_PERCENT: u64 = 3;

pub(super) fn compare(limits: &Limits) -> Result<(), Failure> {
    let mut findings = Vec::new();
    println!(
        "{:28} {:>12} {:>12} {:>12}",
        "work", "instructions", "before", "aim"
    );
    for (work, count) in count_all()? {
        let before = limits.instructions.get(&work).copied();
        let aim = limits.aims.get(&work).copied();
        let or_none =
            |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        println!(
            "{work:28} {count:>12} {:>12} {:>12}",
            or_none(before),
            or_none(aim)
        );
        match before {
            None => findings.push(format!("{work} is not in xtask/bench-limits.toml: `cargo xtask bench instructions --update`")),
            Some(before) if count > before + before * TOLERATED_PERCENT / 100 => findings.push(format!(
                "{work} takes {count} instructions, {before} before; find out why, or `cargo xtask bench instructions --update`"
            )),
            Some(_) => {}
        }
        if let (Some(aim), Some(before)) = (aim, before)
            && before <= aim
            && count > aim
        {
            findings.push(format!(
                "{work} takes {count} instructions, at most {aim} are wanted"
            ));
        }
    }
    Failure::unless_empty(findings)
}

pub(super) fn update(mut limits: Limits) -> Result<(), Failure> {
    limits.instructions = count_all()?;
    for (work, count) in &limits.instructions {
        println!("{work:28} {count:>12}");
    }
    limits.save()?;
    TABLE.write(&table(&limits))
}

/// A sentence when the document's table is not that of the limits.
pub(super) fn check(document: &str, limits: &Limits) -> Result<Option<String>, Failure> {
    TABLE.check(document, &table(limits))
}

fn table(limits: &Limits) -> String {
    let anchor = limits.instructions.get(ANCHOR).copied().unwrap_or(1);
    let rows = TITLES.iter().filter_map(|(work, title)| {
        let count = *limits.instructions.get(*work)?;
        let aim = match limits.aims.get(*work) {
            None => String::new(),
            Some(aim) if count <= *aim => format!("{}: met", grouped(*aim)),
            Some(aim) => format!("{}: **not** met", grouped(*aim)),
        };
        let count_text = grouped(count);
        Some(format!(
            "| {title} | {count_text} | {:.3} | {aim} |",
            ratio(count, anchor)
        ))
    });
    let heading = [
        "| work | instructions | beside `Url::parse` | aim |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    let lines: Vec<String> = heading.into_iter().chain(rows).collect();
    lines.join("\n") + "\n"
}

fn count_all() -> Result<BTreeMap<String, u64>, Failure> {
    let program = programs::build(&[
        "build",
        "--release",
        "-p",
        "vetch-benchmarks",
        "--bin",
        "instructions",
    ])?;
    let works = works(&program)?;
    let count = |work: String| {
        let counted = Counted::MeasuredInstructions;
        let count = programs::count_of_one(counted, &program, [&[&work], &[]])?;
        Ok((work, count))
    };
    works.into_iter().map(count).collect()
}

fn works(program: &PathBuf) -> Result<Vec<String>, Failure> {
    let listed = Command::new(program).output().map_err(|error| {
        Failure::finding(format!("{} cannot be started: {error}", program.display()))
    })?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    Ok(listed.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_count() {
        let limits = Limits::load().expect("the limits");
        let titled: Vec<&str> = TITLES.iter().map(|(work, _)| *work).collect();
        let mut counted = limits.instructions.keys();
        assert!(counted.all(|work| titled.contains(&work.as_str())));
    }
}
