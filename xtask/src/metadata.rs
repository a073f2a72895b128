//! What `cargo metadata` says of the workspace.

use std::process::Command;

use serde_json::Value;

use crate::{Failure, workspace};

/// All of it, with these arguments besides.
pub(crate) fn read(arguments: &[&str]) -> Result<Value, Failure> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(workspace::root())
        .output()
        .map_err(|error| {
            Failure::finding(format!("`cargo metadata` cannot be started: {error}"))
        })?;
    if !output.status.success() {
        return Err(Failure::finding(format!(
            "`cargo metadata` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::finding(format!("`cargo metadata` did not print JSON: {error}")))
}

pub(crate) fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    value[member].as_array().into_iter().flatten()
}

pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

/// Whether an edge of the resolved graph is of a build that users have, not of tests or build scripts.
pub(crate) fn is_normal(edge: &Value) -> bool {
    list(edge, "dep_kinds").any(|kind| kind["kind"].is_null())
}
