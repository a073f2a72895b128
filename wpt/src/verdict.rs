//! What became of tests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A subtest's result, in the tests' own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Pass,
    Fail,
    Timeout,
    NotRun,
    PreconditionFailed,
}

impl Status {
    /// As testharness.js numbers them.
    pub(crate) fn of_number(number: u8) -> Self {
        match number {
            0 => Self::Pass,
            2 => Self::Timeout,
            3 => Self::NotRun,
            4 => Self::PreconditionFailed,
            _ => Self::Fail,
        }
    }
}

/// One subtest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subtest {
    /// Told apart from its namesakes by a number.
    pub(crate) name: String,
    pub(crate) status: Status,
    pub(crate) message: String,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It ran to its end.
    Ran(Ran),
    /// It was not run, or could say nothing.
    Skipped { reason: String },
}

/// A page that ran.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ran {
    pub(crate) subtests: Vec<Subtest>,
    /// What the harness says of the whole, when it is not OK.
    pub(crate) trouble: Option<String>,
    /// What this harness could not do.
    pub(crate) limits: Vec<String>,
}

/// What testharness.js says at the end.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    status: u8,
    message: String,
    /// Names, statuses, messages.
    subtests: Vec<(String, u8, String)>,
}

impl Report {
    /// The page's verdict, given what the harness could not do.
    pub(crate) fn verdict(self, limits: Vec<String>) -> Verdict {
        let trouble = match self.status {
            0 => None,
            1 => Some(format!("ERROR: {}", self.message)),
            2 => Some("TIMEOUT".to_owned()),
            _ => Some(format!("PRECONDITION_FAILED: {}", self.message)),
        };
        let mut subtests: Vec<Subtest> = Vec::with_capacity(self.subtests.len());
        let mut namesakes: BTreeMap<String, usize> = BTreeMap::new();
        for (name, status, message) in self.subtests {
            let count = namesakes.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count == 1 {
                name
            } else {
                format!("{name} ({count})")
            };
            let status = Status::of_number(status);
            subtests.push(Subtest {
                name,
                status,
                message,
            });
        }
        let says_nothing = subtests.iter().all(|subtest| {
            subtest.status != Status::Pass
                && (subtest.message.contains("harness limit:") || subtest.status == Status::NotRun)
        });
        match limits.first() {
            Some(limit) if says_nothing => Verdict::Skipped {
                reason: format!("needs {limit}"),
            },
            _ => Verdict::Ran(Ran {
                subtests,
                trouble,
                limits,
            }),
        }
    }
}
