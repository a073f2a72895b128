//! `bench loopback`: fetches over loopback beside the same requests of bare reqwest, in instructions, in allocations and
//! in requests per second.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use super::limits::{Kind, Limits, hold, ratio};
use super::programs::{self, Counted, Server};
use crate::Failure;

const CLIENTS: [&str; 4] = [
    "vetch",
    "vetch-unrecorded",
    "vetch-reqwest",
    "vetch-reqwest-unrecorded",
];
const WORK: [&str; 3] = ["get", "cached-put", "uncached-put"];

pub(super) fn compare(limits: &Limits) -> Result<(), Failure> {
    let program = programs::build_loopback()?;
    let mut findings = Vec::new();
    let instructions = Measure {
        title: "instructions of the client, ratio to bare reqwest",
        counted: Counted::Instructions,
        beside: ratio,
        limits: &limits.at_most_of_reqwest_instructions,
    };
    compare_counts(&program, &instructions, &mut findings)?;
    let allocations = Measure {
        title: "allocations of the client, more than bare reqwest",
        counted: Counted::Allocations,
        beside: difference,
        limits: &limits.at_most_more_allocations_than_reqwest,
    };
    compare_counts(&program, &allocations, &mut findings)?;
    compare_rates(&program, limits, &mut findings)?;
    Failure::unless_empty(findings)
}

/// What is counted of each client, and how it is held against bare reqwest's count.
struct Measure<'a> {
    title: &'static str,
    counted: Counted,
    beside: fn(u64, u64) -> f64,
    limits: &'a BTreeMap<String, f64>,
}

fn compare_counts(
    program: &PathBuf,
    measure: &Measure<'_>,
    findings: &mut Vec<String>,
) -> Result<(), Failure> {
    let server = Server::start(program)?;
    println!("\n{}", measure.title);
    for work in WORK {
        let count = |client: &str| {
            let words: [&[&str]; 2] = [&["repeat", client, work], &[&server.address]];
            programs::count_of_one(measure.counted, program, words)
        };
        let bare = count("reqwest")?;
        println!("{:40} {bare:>9}", format!("reqwest {work}"));
        for client in CLIENTS {
            let own = count(client)?;
            let name = format!("{client} {work}");
            let beside = (measure.beside)(own, bare);
            let limit = measure.limits.get(&name);
            let held = hold(&name, beside, Kind::AtMost, limit, findings);
            println!("{name:40} {own:>9} {beside:>7.3} {held}");
        }
    }
    Ok(())
}

/// The program prints tables; their lines are held against the limits as they are printed again.
fn compare_rates(
    program: &PathBuf,
    limits: &Limits,
    findings: &mut Vec<String>,
) -> Result<(), Failure> {
    let output = Command::new(program).output().map_err(|error| {
        Failure::finding(format!("{} cannot be started: {error}", program.display()))
    })?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut heading = String::new();
    for line in printed.lines() {
        if let Some((work, rest)) = line.split_once(", concurrency ") {
            let concurrency = rest.split(':').next().unwrap_or_default();
            heading = format!("{work} {concurrency}");
        }
        let mut words = line.split_whitespace();
        let client = words.next().unwrap_or_default();
        // Client, three rates, three ratios.
        let Some(ratio) = words.nth(4).and_then(|word| word.parse::<f64>().ok()) else {
            println!("{line}");
            continue;
        };
        let name = format!("{client} {heading}");
        let limit = limits.at_least_of_reqwest_rate.get(&name);
        let held = hold(&name, ratio, Kind::AtLeast, limit, findings);
        println!("{line}   {held}");
    }
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::finding(format!(
        "the benchmark failed: {}",
        said.trim()
    )))
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few hundred")]
fn difference(own: u64, bare: u64) -> f64 {
    own as f64 - bare as f64
}
