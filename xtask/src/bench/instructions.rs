//! `bench instructions`: the engine without IO, instruction by instruction, beside what was counted before.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use super::limits::Limits;
use super::programs::{self, Counted};
use crate::Failure;

/// How many of a hundred instructions more than before are too many.
const TOLERATED_PERCENT: u64 = 3;

pub(super) fn compare(limits: &Limits) -> Result<(), Failure> {
    let mut findings = Vec::new();
    println!(
        "{:28} {:>12} {:>12} {:>12}",
        "work", "instructions", "before", "at most"
    );
    for (work, count) in count_all()? {
        let before = limits.instructions.get(&work).copied();
        let at_most = limits.at_most_instructions.get(&work).copied();
        let or_none =
            |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        println!(
            "{work:28} {count:>12} {:>12} {:>12}",
            or_none(before),
            or_none(at_most)
        );
        match before {
            None => findings.push(format!("{work} is not in xtask/bench-limits.toml: `cargo xtask bench instructions --update`")),
            Some(before) if count > before + before * TOLERATED_PERCENT / 100 => findings.push(format!(
                "{work} takes {count} instructions, {before} before; find out why, or `cargo xtask bench instructions --update`"
            )),
            Some(_) => {}
        }
        if let Some(at_most) = at_most.filter(|at_most| count > *at_most) {
            findings.push(format!(
                "{work} takes {count} instructions, at most {at_most} are wanted"
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
    limits.save()
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
