//! The programs that are measured: built, found, and run under callgrind.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::{Failure, workspace};

/// Builds with cargo and gives the executable that comes of it.
pub(super) fn build(arguments: &[&str]) -> Result<PathBuf, Failure> {
    println!("$ cargo {}", arguments.join(" "));
    let output = Command::new("cargo")
        .args(arguments)
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(workspace::root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::finding(format!("cargo cannot be started: {error}")))?;
    if !output.status.success() {
        return Err(Failure::finding(format!(
            "`cargo {}` failed ({})",
            arguments.join(" "),
            output.status
        )));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let mut executables = lines.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executables
        .next_back()
        .ok_or_else(|| Failure::finding("cargo built no executable"))
}

/// The benchmark of fetches over loopback, which is its server too.
pub(super) fn build_loopback() -> Result<PathBuf, Failure> {
    build(&["bench", "-p", "vetch", "--bench", "loopback", "--no-run"])
}

/// What valgrind counts of a run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counted {
    Instructions,
    /// Instructions of the function `measured` of the program `instructions`, and of what it calls.
    MeasuredInstructions,
    /// Pieces of memory taken.
    Allocations,
}

impl Counted {
    /// The tool, with an option against a file that nobody reads.
    const fn tool(self) -> &'static [&'static str] {
        match self {
            Self::Instructions => &["--tool=callgrind", "--callgrind-out-file=/dev/null"],
            Self::MeasuredInstructions => &[
                "--tool=callgrind",
                "--callgrind-out-file=/dev/null",
                "--toggle-collect=instructions::measured*",
            ],
            Self::Allocations => &["--tool=dhat", "--dhat-out-file=/dev/null"],
        }
    }

    /// What the tool says before and after the number.
    const fn around_the_number(self) -> [&'static str; 2] {
        match self {
            Self::Instructions | Self::MeasuredInstructions => ["Collected :", "\n"],
            Self::Allocations => ["bytes in ", " blocks"],
        }
    }
}

/// The first such number that a run says.
fn count_of_run(counted: Counted, program: &PathBuf, words: &[&str]) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        .args(counted.tool())
        .arg(program)
        .args(words)
        .output()
        .map_err(|error| {
            Failure::finding(format!(
                "valgrind cannot be started ({error}): install your system's package `valgrind`"
            ))
        })?;
    let [before, after] = counted.around_the_number();
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.split_once(before).and_then(|(_, rest)| {
        let (count, _) = rest.split_once(after)?;
        count.trim().replace(',', "").parse().ok()
    });
    // Nothing at all is counted where a function to be measured is not found.
    let count = count.filter(|count| *count > 0 && output.status.success());
    count.ok_or_else(|| {
        Failure::finding(format!(
            "{} {}, under valgrind {:?}: {}",
            program.display(),
            words.join(" "),
            counted.tool(),
            said.trim()
        ))
    })
}

/// The count for one time of many, so that what a program does before and after counts for nothing.
pub(super) fn count_of_one(
    counted: Counted,
    program: &PathBuf,
    words: [&[&str]; 2],
) -> Result<u64, Failure> {
    let [before, after] = words;
    let run = |times: &str| count_of_run(counted, program, &[before, &[times], after].concat());
    Ok(run("1100")?.saturating_sub(run("100")?) / 1000)
}

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    pub(super) address: String,
}

impl Server {
    /// `program serve`, which prints its address once it listens.
    pub(super) fn start(program: &PathBuf) -> Result<Self, Failure> {
        let failed = |error| Failure::finding(format!("the server cannot be started: {error}"));
        let mut process = Command::new(program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut address = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut address)
                .map_err(failed)?;
        }
        let address = address.trim().to_owned();
        Ok(Self { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
