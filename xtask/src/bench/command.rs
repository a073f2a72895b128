//! `bench command`: the whole process `vetch fetch` of one plain loopback URL beside curl, in time and in memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::limits::{Kind, Limits, hold};
use super::programs::{self, Server};
use crate::Failure;

const PAIRS: usize = 40;

pub(super) fn compare(limits: &Limits) -> Result<(), Failure> {
    let vetch = programs::build(&["build", "--release", "-p", "vetch-cli"])?;
    let loopback = programs::build_loopback()?;
    let server = Server::start(&loopback)?;
    let url = format!("http://{}/items/7", server.address);
    let curl = [
        Path::new("curl"),
        Path::new("-s"),
        Path::new("-o"),
        Path::new("/dev/null"),
        Path::new(&url),
    ];
    let fetch = [
        &*vetch,
        Path::new("fetch"),
        Path::new(&url),
        Path::new("--origin"),
        Path::new("http://page.example"),
    ];
    let mut findings = Vec::new();
    compare_times([&fetch, &curl], limits, &mut findings)?;
    compare_memory([&fetch, &curl], limits, &mut findings)?;
    Failure::unless_empty(findings)
}

fn compare_times(
    [fetch, curl]: [&[&Path]; 2],
    limits: &Limits,
    findings: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut times = Vec::new();
    for round in 0..=PAIRS {
        let pair = (seconds(fetch)?, seconds(curl)?);
        // The first pair warms up.
        if round > 0 {
            times.push(pair);
        }
    }
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = times.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (own, anchor) = (median(|pair| pair.0 * 1e3), median(|pair| pair.1 * 1e3));
    let ratio = median(|pair| pair.0 / pair.1);
    let limit = limits.at_most_of_curl.get("time");
    let held = hold("time", ratio, Kind::AtMost, limit, findings);
    println!("time: vetch {own:.1} ms, curl {anchor:.1} ms, ratio {ratio:.3} {held}");
    Ok(())
}

fn compare_memory(
    [fetch, curl]: [&[&Path]; 2],
    limits: &Limits,
    findings: &mut Vec<String>,
) -> Result<(), Failure> {
    let (own, anchor) = (kibibytes(fetch)?, kibibytes(curl)?);
    let ratio = own / anchor;
    let limit = limits.at_most_of_curl.get("memory");
    let held = hold("memory", ratio, Kind::AtMost, limit, findings);
    println!("memory: vetch {own} KiB, curl {anchor} KiB, ratio {ratio:.3} {held}");
    Ok(())
}

fn seconds(words: &[&Path]) -> Result<f64, Failure> {
    let start = Instant::now();
    run(words)?;
    Ok(start.elapsed().as_secs_f64())
}

fn run(words: &[&Path]) -> Result<String, Failure> {
    let (program, rest) = words
        .split_first()
        .ok_or_else(|| Failure::finding("no program"))?;
    let output = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            let program = program.display();
            Failure::finding(format!("{program} cannot be started ({error}): install it"))
        })?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(Failure::finding(format!(
            "{} failed: {}",
            program.display(),
            said.trim()
        )))
    }
}

/// The most memory that a run had, as GNU time tells it.
fn kibibytes(words: &[&Path]) -> Result<f64, Failure> {
    let timed = [Path::new("/usr/bin/time"), Path::new("-f"), Path::new("%M")];
    let said = run(&[&timed, words].concat())?;
    let last = said
        .lines()
        .last()
        .and_then(|line| line.trim().parse().ok());
    last.ok_or_else(|| Failure::finding(format!("GNU time said {:?}", said.trim())))
}
