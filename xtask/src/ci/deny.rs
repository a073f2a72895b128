//! `cargo deny`: licences, sources, bans and advisories by deny.toml, as far as the machine has what it takes.

use std::process::Command;

use crate::{Failure, workspace};

/// Fails where something is denied; says what is skipped.
pub(super) fn check() -> Result<(), Failure> {
    if !succeeds(&["deny", "--version"]) {
        println!("skipped: cargo-deny is not installed (`cargo install cargo-deny`)");
        return Ok(());
    }
    run(&["deny", "check", "bans", "licenses", "sources"])?;
    // The database of advisories comes from the network.
    if !succeeds(&["deny", "fetch", "db"]) {
        println!(
            "skipped: advisories, whose database cannot be fetched here (`cargo deny --offline check advisories` takes one \
             that is there)"
        );
        return Ok(());
    }
    run(&["deny", "--offline", "check", "advisories"])
}

fn run(arguments: &[&str]) -> Result<(), Failure> {
    println!("$ cargo {}", arguments.join(" "));
    let status = cargo(arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Failure::finding(format!(
            "`cargo {}` found something: mend it, or say in deny.toml why it stays",
            arguments.join(" ")
        ))),
    }
}

fn succeeds(arguments: &[&str]) -> bool {
    let output = cargo(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(workspace::root());
    command
}
