//! A run against the expectations: what it would have them be, and where the two differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::expectations::{
    CHROMIUM_TOO, Expectations, KnownFailure, LIMIT, Page, Subtest, matches,
};
use crate::verdict::{Ran, Status, Subtest as Result, Verdict};

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) pages: BTreeMap<String, Verdict>,
    /// The referee's subtests, where it was asked.
    pub(crate) chromium: Option<BTreeMap<String, BTreeMap<String, Status>>>,
}

/// What a run says the expectations should be, for the pages that ran.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) pages: BTreeMap<String, Page>,
    /// Hand-written reasons that nothing needs, as `page: subtest`.
    pub(crate) unused: Vec<String>,
    /// Subtests for whose failure nobody has given a reason.
    pub(crate) unexplained: Vec<String>,
}

/// Judges the results; what is known of Chromium from before counts where it was not asked anew.
pub(crate) fn judge(results: &Results, before: &Expectations, known: &[KnownFailure]) -> Judged {
    let mut used = BTreeSet::new();
    let mut unexplained = Vec::new();
    let mut pages = BTreeMap::new();
    for (path, verdict) in &results.pages {
        let page = match verdict {
            Verdict::Skipped { reason } => Page::Skipped {
                skipped: reason.clone(),
            },
            Verdict::Ran(ran) => {
                let context = Context {
                    path,
                    ran,
                    results,
                    before,
                    known,
                };
                let subtests = ran.subtests.iter().map(|subtest| {
                    (
                        subtest.name.clone(),
                        context.told(subtest, &mut used, &mut unexplained),
                    )
                });
                Page::Ran {
                    harness: ran.trouble.clone(),
                    subtests: subtests.collect(),
                }
            }
        };
        pages.insert(path.clone(), page);
    }
    let unused = known.iter().enumerate().filter(|(at, failure)| {
        !used.contains(at)
            && results
                .pages
                .keys()
                .any(|path| matches(&failure.page, path))
    });
    let unused = unused
        .map(|(_, failure)| format!("{}: {}", failure.page, failure.subtest))
        .collect();
    Judged {
        pages,
        unused,
        unexplained,
    }
}

struct Context<'a> {
    path: &'a str,
    ran: &'a Ran,
    results: &'a Results,
    before: &'a Expectations,
    known: &'a [KnownFailure],
}

impl Context<'_> {
    fn told(
        &self,
        subtest: &Result,
        used: &mut BTreeSet<usize>,
        unexplained: &mut Vec<String>,
    ) -> Subtest {
        let result = subtest.status;
        let chromium = self
            .chromium(&subtest.name)
            .filter(|chromium| *chromium != result);
        if result == Status::Pass {
            return match chromium {
                None => Subtest::Plain(result),
                chromium => Subtest::Told {
                    result,
                    chromium,
                    reason: None,
                },
            };
        }
        let reason = self.reason(subtest, used);
        if reason.is_none() {
            unexplained.push(format!(
                "{}: {}: {}",
                self.path, subtest.name, subtest.message
            ));
        }
        Subtest::Told {
            result,
            chromium,
            reason,
        }
    }

    fn chromium(&self, name: &str) -> Option<Status> {
        if let Some(chromium) = &self.results.chromium {
            // What it did not report at all, it did not pass.
            let reported = chromium
                .get(self.path)
                .and_then(|subtests| subtests.get(name));
            return Some(reported.copied().unwrap_or(Status::NotRun));
        }
        match self.before.pages.get(self.path)? {
            Page::Ran { subtests, .. } => subtests.get(name).map(Subtest::chromium),
            Page::Skipped { .. } => None,
        }
    }

    fn reason(&self, subtest: &Result, used: &mut BTreeSet<usize>) -> Option<String> {
        if let Some((_, limit)) = subtest.message.split_once("harness limit: ") {
            let limit = limit.trim_end_matches('"');
            return Some(format!("{LIMIT}{limit}"));
        }
        let known = self.known.iter().enumerate().find(|(_, failure)| {
            matches(&failure.page, self.path) && matches(&failure.subtest, &subtest.name)
        });
        if let Some((at, failure)) = known {
            used.insert(at);
            return Some(failure.reason.clone());
        }
        if self
            .chromium(&subtest.name)
            .is_some_and(|chromium| chromium != Status::Pass)
        {
            return Some(CHROMIUM_TOO.to_owned());
        }
        // A test that never comes to its end on a page that lacked something.
        let limit = self.ran.limits.first()?;
        let waits = matches!(subtest.status, Status::Timeout | Status::NotRun);
        waits.then(|| format!("{LIMIT}{limit}"))
    }
}

/// One line for each difference between what was expected and what is.
pub(crate) fn deviations(
    before: &BTreeMap<String, Page>,
    now: &BTreeMap<String, Page>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    lines.extend(gone.map(|path| format!("{path}: is no page any more")));
    for (path, page) in now {
        match (before.get(path), page) {
            (None, _) => lines.push(format!("{path}: is not in the expectations")),
            (Some(Page::Skipped { .. }), Page::Skipped { .. }) => {}
            (Some(Page::Ran { .. }), Page::Skipped { skipped }) => {
                lines.push(format!("{path}: says nothing any more: {skipped}"));
            }
            (Some(Page::Skipped { skipped }), Page::Ran { .. }) => {
                lines.push(format!(
                    "{path}: runs now, and was expected to be skipped: {skipped}"
                ));
            }
            (
                Some(Page::Ran {
                    harness: harness_before,
                    subtests: before,
                }),
                Page::Ran { harness, subtests },
            ) => {
                if harness_before.is_some() != harness.is_some() {
                    lines.push(format!(
                        "{path}: the harness says {harness:?}, expected was {harness_before:?}"
                    ));
                }
                lines.extend(
                    subtest_deviations(before, subtests).map(|line| format!("{path}: {line}")),
                );
            }
        }
    }
    lines
}

fn subtest_deviations(
    before: &BTreeMap<String, Subtest>,
    now: &BTreeMap<String, Subtest>,
) -> impl Iterator<Item = String> {
    let changed = now.iter().filter_map(|(name, subtest)| {
        let result = subtest.result();
        match before.get(name).map(Subtest::result) {
            None => Some(format!(
                "{name}: {result:?}, and is not in the expectations"
            )),
            Some(expected) if expected != result => {
                Some(format!("{name}: {result:?}, expected was {expected:?}"))
            }
            Some(_) => None,
        }
    });
    let gone = before.keys().filter(|name| !now.contains_key(*name));
    changed.chain(gone.map(|name| format!("{name}: was not reported")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(subtests: &[(&str, Status)]) -> Page {
        let subtests = subtests
            .iter()
            .map(|(name, status)| ((*name).to_owned(), Subtest::Plain(*status)));
        Page::Ran {
            harness: None,
            subtests: subtests.collect(),
        }
    }

    fn lines(before: Page, now: Page) -> Vec<String> {
        let one = |page| BTreeMap::from([("/a".to_owned(), page)]);
        deviations(&one(before), &one(now))
    }

    #[test]
    fn every_change_is_a_deviation_a_pass_too() {
        let pass = || ran(&[("t", Status::Pass)]);
        let fail = || ran(&[("t", Status::Fail)]);
        let none: [&str; 0] = [];
        assert_eq!(lines(pass(), pass()), none);
        assert_eq!(lines(fail(), pass()), ["/a: t: Pass, expected was Fail"]);
        assert_eq!(lines(pass(), fail()), ["/a: t: Fail, expected was Pass"]);
        assert_eq!(lines(pass(), ran(&[])), ["/a: t: was not reported"]);
        assert_eq!(
            lines(ran(&[]), pass()),
            ["/a: t: Pass, and is not in the expectations"]
        );
        let one = BTreeMap::from([("/a".to_owned(), pass())]);
        let gone = deviations(&one, &BTreeMap::new());
        assert_eq!(gone, ["/a: is no page any more"]);
        let skipped = Page::Skipped {
            skipped: "needs <iframe>".into(),
        };
        assert_eq!(
            lines(pass(), skipped),
            ["/a: says nothing any more: needs <iframe>"]
        );
    }

    #[test]
    fn a_failure_has_a_reason_or_is_unexplained() {
        let subtest = |name: &str, message: &str| Result {
            name: name.into(),
            status: Status::Fail,
            message: message.into(),
        };
        let ran = Ran {
            subtests: vec![
                subtest("limit", "Error: harness limit: window.open"),
                subtest("known", ""),
                subtest("chromium too", ""),
                subtest("open", "assert_equals"),
            ],
            ..Ran::default()
        };
        let chromium = [
            ("known", Status::Pass),
            ("chromium too", Status::Fail),
            ("open", Status::Pass),
        ];
        let chromium = chromium.map(|(name, status)| (name.to_owned(), status));
        let results = Results {
            pages: BTreeMap::from([("/a".to_owned(), Verdict::Ran(ran))]),
            chromium: Some(BTreeMap::from([("/a".to_owned(), chromium.into())])),
        };
        let known = ["known", "gone"].map(|subtest| KnownFailure {
            page: "/*".into(),
            subtest: subtest.into(),
            reason: "for want of a cache".into(),
        });
        let judged = judge(&results, &Expectations::default(), &known);
        let Page::Ran { subtests, .. } = &judged.pages["/a"] else {
            panic!("it ran")
        };
        let reason = |name: &str| match &subtests[name] {
            Subtest::Told { reason, .. } => reason.as_deref(),
            Subtest::Plain(_) => None,
        };
        assert_eq!(reason("limit"), Some("harness: window.open"));
        assert_eq!(reason("known"), Some("for want of a cache"));
        assert_eq!(reason("chromium too"), Some(CHROMIUM_TOO));
        assert_eq!(judged.unexplained, ["/a: open: assert_equals"]);
        assert_eq!(judged.unused, ["/*: gone"]);
    }
}
