//! `xtask/bench-limits.toml`: what was counted, and what must hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Failure, workspace};

const FILE: &str = "xtask/bench-limits.toml";

/// The file's tables; its first comment says what each holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Limits {
    /// By piece of work.
    pub(super) instructions: BTreeMap<String, u64>,
    /// By piece of work; they are instructions.
    pub(super) aims: BTreeMap<String, u64>,
    /// By client and work.
    pub(super) at_most_of_reqwest_instructions: BTreeMap<String, f64>,
    /// By client and work.
    pub(super) at_most_more_allocations_than_reqwest: BTreeMap<String, f64>,
    /// By client, work and concurrency.
    pub(super) at_least_of_reqwest_rate: BTreeMap<String, f64>,
    /// `time` and `memory`.
    pub(super) at_most_of_curl: BTreeMap<String, f64>,
    /// `rate`.
    pub(super) at_least_of_chromium: BTreeMap<String, f64>,
    /// `cpu`, `memory` and `first`.
    pub(super) at_most_of_chromium: BTreeMap<String, f64>,
    /// `rate`.
    pub(super) at_least_of_node: BTreeMap<String, f64>,
}

impl Limits {
    pub(super) fn load() -> Result<Self, Failure> {
        let text = workspace::read(FILE)?;
        basic_toml::from_str(&text).map_err(|reason| Failure::finding(format!("{FILE}: {reason}")))
    }

    /// Writes the file anew; its first comment stays.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let text = workspace::read(FILE)?;
        let comment = text.lines().take_while(|line| line.starts_with('#'));
        let comment: String = comment.flat_map(|line| [line, "\n"]).collect();
        let tables = basic_toml::to_string(self)
            .map_err(|reason| Failure::finding(format!("{FILE}: {reason}")))?;
        workspace::write(FILE, &format!("{comment}\n{tables}"))
    }
}

/// One count beside another.
#[expect(clippy::cast_precision_loss, reason = "counts of a few million")]
pub(super) fn ratio(own: u64, anchor: u64) -> f64 {
    own as f64 / anchor as f64
}

/// A ratio held against its limit, as a line of a table; whether it holds is in the finding.
pub(super) fn hold(
    name: &str,
    ratio: f64,
    kind: Kind,
    limit: Option<&f64>,
    findings: &mut Vec<String>,
) -> String {
    let Some(limit) = limit else {
        return String::new();
    };
    let (holds, words) = match kind {
        Kind::AtMost => (ratio <= *limit, "at most"),
        Kind::AtLeast => (ratio >= *limit, "at least"),
    };
    if holds {
        return format!("{words} {limit}: holds");
    }
    findings.push(format!(
        "{name}: {ratio:.4}, and {words} {limit} is wanted ({FILE})"
    ));
    format!("{words} {limit}: MISSED")
}

/// Which side of a limit is good.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    AtMost,
    AtLeast,
}
