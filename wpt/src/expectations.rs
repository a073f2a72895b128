//! `fixtures/wpt/expectations.json`: what every subtest came to, and why where it is not a pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::trouble::Trouble;
use crate::verdict::Status;

/// The whole file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Expectations {
    /// Commit and day of the tests.
    pub(crate) web_platform_tests: String,
    /// Which profile ran.
    pub(crate) profile: String,
    /// The referee's version.
    pub(crate) chromium: String,
    pub(crate) totals: Totals,
    pub(crate) pages: BTreeMap<String, Page>,
}

/// What the pages add up to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Totals {
    pub(crate) pages: usize,
    pub(crate) pages_skipped: usize,
    pub(crate) subtests: usize,
    pub(crate) passes: usize,
    /// Of the others, those for which this harness lacks something.
    pub(crate) harness_limits: usize,
    /// Of the rest, those that Chromium does not pass either.
    pub(crate) chromium_fails_too: usize,
    /// And those that it passes.
    pub(crate) chromium_passes: usize,
    /// Subtests that pass here and not in Chromium.
    pub(crate) passes_beyond_chromium: usize,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Page {
    Skipped {
        skipped: String,
    },
    Ran {
        /// What the harness says of the whole, when it is not OK.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        harness: Option<String>,
        subtests: BTreeMap<String, Subtest>,
    },
}

/// One subtest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Subtest {
    /// A pass that needs no words.
    Plain(Status),
    Told {
        result: Status,
        /// What Chromium came to, where that is something else.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        chromium: Option<Status>,
        /// Why it is not a pass.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
}

/// Why a subtest fails, written by hand: `known-failures.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownFailure {
    /// Which page; `*` stands for any text.
    pub(crate) page: String,
    /// Which of its subtests, likewise.
    pub(crate) subtest: String,
    pub(crate) reason: String,
}

/// The reason of what needs more than this harness has.
pub(crate) const LIMIT: &str = "harness: ";
/// The reason of what the referee does not pass either.
pub(crate) const CHROMIUM_TOO: &str = "Chromium does not pass it either";

impl Subtest {
    pub(crate) fn result(&self) -> Status {
        match self {
            Self::Plain(result) | Self::Told { result, .. } => *result,
        }
    }

    /// What Chromium came to, as far as it is known.
    pub(crate) fn chromium(&self) -> Status {
        match self {
            Self::Plain(result) => *result,
            Self::Told {
                result, chromium, ..
            } => chromium.unwrap_or(*result),
        }
    }

    fn reason(&self) -> &str {
        match self {
            Self::Told {
                reason: Some(reason),
                ..
            } => reason,
            _ => "",
        }
    }
}

impl Expectations {
    /// What is in the tree.
    pub(crate) fn read() -> Result<Self, Trouble> {
        read("expectations.json")
    }

    /// The commit of the tests.
    pub(crate) fn commit(&self) -> &str {
        let words = &mut self.web_platform_tests.split(' ');
        words.next().unwrap_or_default()
    }

    /// What to say when the checkout is of another commit, by which pages and subtests may differ.
    pub(crate) fn other_commit(&self, checkout: Option<&str>) -> Option<String> {
        let other = checkout.unwrap_or("an unknown commit");
        (other != self.web_platform_tests).then(|| {
            format!(
                "the checkout is {other}, the expectations are of {}: what differs may come from that",
                self.web_platform_tests
            )
        })
    }

    /// Writes them with their totals.
    pub(crate) fn write(&mut self) -> Result<(), Trouble> {
        self.totals = Totals::of(&self.pages);
        let path = folder().join("expectations.json");
        let told = |source| Trouble::Expectations {
            file: path.display().to_string(),
            source,
        };
        let text = serde_json::to_string_pretty(self).map_err(told)?;
        fs::write(&path, text + "\n").map_err(Trouble::io(path.display().to_string()))
    }
}

impl Totals {
    /// What those pages add up to.
    pub(crate) fn of(pages: &BTreeMap<String, Page>) -> Self {
        let mut totals = Self {
            pages: pages.len(),
            ..Self::default()
        };
        for page in pages.values() {
            match page {
                Page::Skipped { .. } => totals.pages_skipped += 1,
                Page::Ran { subtests, .. } => {
                    for subtest in subtests.values() {
                        totals.add(subtest);
                    }
                }
            }
        }
        totals
    }

    fn add(&mut self, subtest: &Subtest) {
        self.subtests += 1;
        let chromium_passes = subtest.chromium() == Status::Pass;
        if subtest.result() == Status::Pass {
            self.passes += 1;
            self.passes_beyond_chromium += usize::from(!chromium_passes);
        } else if subtest.reason().starts_with(LIMIT) {
            self.harness_limits += 1;
        } else if chromium_passes {
            self.chromium_passes += 1;
        } else {
            self.chromium_fails_too += 1;
        }
    }
}

/// The reasons that are written by hand.
pub(crate) fn known_failures() -> Result<Vec<KnownFailure>, Trouble> {
    read("known-failures.json")
}

fn read<T: Default + for<'a> Deserialize<'a>>(name: &str) -> Result<T, Trouble> {
    let path = folder().join(name);
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map_err(|source| Trouble::Expectations {
            file: path.display().to_string(),
            source,
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        Err(source) => Err(Trouble::Io {
            what: path.display().to_string(),
            source,
        }),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/wpt")
}

/// Whether the text is the pattern's, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*", ""));
        assert!(matches("a*c", "abbc"));
        assert!(matches("*b*", "abc"));
        assert!(!matches("a*c", "abd"));
        assert!(!matches("a", "ab"));
    }

    #[test]
    fn what_is_in_the_tree_adds_up() {
        let expectations = Expectations::read().unwrap();
        assert_eq!(expectations.totals, Totals::of(&expectations.pages));
    }

    #[test]
    fn a_checkout_of_another_commit_is_told() {
        let expectations = Expectations {
            web_platform_tests: "20574795 2021-07-21".to_owned(),
            ..Expectations::default()
        };
        assert_eq!(expectations.commit(), "20574795");
        assert_eq!(expectations.other_commit(Some("20574795 2021-07-21")), None);
        assert_eq!(
            expectations.other_commit(Some("1a2b 2026-01-01")).unwrap(),
            "the checkout is 1a2b 2026-01-01, the expectations are of 20574795 2021-07-21: what differs may come from that"
        );
        let unknown = expectations.other_commit(None).unwrap();
        assert!(unknown.contains("an unknown commit"), "{unknown}");
    }

    #[test]
    fn every_subtest_that_does_not_pass_has_its_reason() {
        let expectations = Expectations::read().unwrap();
        let subtests = expectations.pages.values().filter_map(|page| match page {
            Page::Ran { subtests, .. } => Some(subtests),
            Page::Skipped { .. } => None,
        });
        let unexplained: Vec<&String> = subtests
            .flatten()
            .filter(|(_, subtest)| subtest.result() != Status::Pass && subtest.reason().is_empty())
            .map(|(name, _)| name)
            .collect();
        assert!(unexplained.is_empty(), "{unexplained:#?}");
    }
}
