//! `cargo xtask browsers <verb> …`: real browsers as judges. Hands everything over to the package `vetch-browsers`, which says its own help.

use std::process::Command;

use crate::{Failure, workspace};

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "vetch-browsers", "--"])
        .args(arguments)
        .current_dir(workspace::root())
        .status()
        .map_err(|error| Failure::finding(format!("`cargo run` cannot be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::finding(format!("`browsers` failed ({status})")))
}
