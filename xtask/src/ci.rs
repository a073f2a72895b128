//! `cargo xtask ci`: what CI runs, in order, up to the first failure.
//!
//! The quick checks come first. clippy and rustdoc share the metadata of the dependencies; the tests come last,
//! so that a run's output ends with their results. What needs a tool that may be missing is skipped with a message.

mod deny;

use std::process::Command;
use std::time::Instant;

use crate::{Failure, no_arguments, workspace};

const COMMANDS: &[&str] = &[
    "cargo fmt --all --check",
    // The fuzzer's workspace is not built here; its lock file must go with ours all the same.
    "cargo tree --locked --depth 0 --manifest-path fuzz/Cargo.toml",
    "cargo xtask layers",
    "cargo xtask api",
    "cargo xtask readme",
    "cargo xtask steps --check",
    "cargo clippy --workspace --all-targets -- -D warnings",
    "cargo clippy -p vetch --all-targets --no-default-features -- -D warnings",
    "cargo clippy -p vetch --all-targets --all-features -- -D warnings",
    "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps",
    "cargo xtask bench instructions",
    "cargo test -p vetch --all-features --test tower_services --test blocking",
    "cargo test -p vetch --all-features --doc",
    "cargo xtask browsers conformance --check",
    "cargo test --workspace",
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("ci", arguments)?;
    let start = Instant::now();
    deny::check()?;
    for line in COMMANDS {
        run_one(line)?;
    }
    println!("ci: all passed in {}", seconds(start));
    Ok(())
}

fn run_one(line: &str) -> Result<(), Failure> {
    println!("$ {line}");
    let start = Instant::now();
    let status = command(line).status().map_err(|error| {
        Failure::finding(format!(
            "`{line}` cannot be started ({error}): install the Rust toolchain from https://rustup.rs"
        ))
    })?;
    if !status.success() {
        return Err(Failure::finding(format!(
            "`{line}` failed after {} ({status})",
            seconds(start)
        )));
    }
    println!("  passed in {}", seconds(start));
    Ok(())
}

/// A command line of words without quotes; words `NAME=value` in front are its environment.
fn command(line: &str) -> Command {
    let mut words = line.split(' ').peekable();
    let mut environment = Vec::new();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        environment.push((name, value));
        words.next();
    }
    let mut command = Command::new(words.next().unwrap_or_default());
    command
        .args(words)
        .envs(environment)
        .current_dir(workspace::root());
    command
}

fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_assignments_are_the_environment() {
        let command = command("A=-b cargo doc --x=1");
        assert_eq!(command.get_program(), "cargo");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["doc", "--x=1"]);
        assert_eq!(
            command.get_envs().collect::<Vec<_>>(),
            [("A".as_ref(), Some("-b".as_ref()))]
        );
    }
}
