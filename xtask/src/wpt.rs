//! `cargo xtask wpt …`: the web-platform-tests against vetch. Hands everything over to the package `vetch-wpt`, which says its own help.

use std::process::Command;

use crate::{Failure, workspace};

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let status = Command::new("cargo")
        .args([
            "run",
            "--quiet",
            "--package",
            "vetch-wpt",
            "--manifest-path",
        ])
        // Paths that are given are those of the caller's folder.
        .arg(workspace::root().join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status()
        .map_err(|error| Failure::finding(format!("`cargo run` cannot be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::finding(format!("`wpt` failed ({status})")))
}
