//! What a comparison found: agreement by family, what is known by reason, what is new, what is known and gone.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::Verdict;
use crate::known::Known;
use crate::recording::Header;

/// A comparison with one judge.
#[derive(Debug, Default)]
pub struct Report {
    /// Whose recordings were compared with.
    pub recordings: Vec<Header>,
    /// By family.
    pub families: BTreeMap<String, Counts>,
    /// How many scenarios differ for each reason; one may differ for several.
    pub reasons: BTreeMap<String, usize>,
    /// Scenarios with what is known of them, each difference with its reason.
    pub known: Vec<(String, Vec<String>)>,
    /// Scenarios with what nobody knows.
    pub new: Vec<(String, Vec<String>)>,
    /// Scenarios that a recording does not have.
    pub unrecorded: Vec<String>,
    /// Patterns of known differences that cover nothing any more.
    pub stale: Vec<String>,
}

/// How many scenarios.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Compared.
    pub total: usize,
    /// Without a difference.
    pub agree: usize,
    /// With known differences only.
    pub as_known: usize,
}

impl Report {
    /// Of all families.
    pub fn counts(&self) -> Counts {
        let add = |sum: Counts, family: &Counts| Counts {
            total: sum.total + family.total,
            agree: sum.agree + family.agree,
            as_known: sum.as_known + family.as_known,
        };
        self.families.values().fold(Counts::default(), add)
    }

    /// Whether nothing is new, nothing known is gone, and all was recorded.
    pub fn verdict(&self) -> Verdict {
        if self.new.is_empty() && self.stale.is_empty() && self.unrecorded.is_empty() {
            Verdict::Agrees
        } else {
            Verdict::Differs
        }
    }

    /// Each new difference, each stale pattern and each scenario without a recording, in sentences.
    pub fn complaints(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (scenario, differences) in &self.new {
            lines.push(scenario.clone());
            lines.extend(
                differences
                    .iter()
                    .map(|difference| format!("    {difference}")),
            );
        }
        let gone = |pattern: &String| format!("no longer differs: {pattern}");
        lines.extend(self.stale.iter().map(gone));
        let missing = |scenario: &String| format!("not recorded: {scenario}");
        lines.extend(self.unrecorded.iter().map(missing));
        lines
    }

    /// The header lines that differ most often: one cause has many scenarios.
    pub fn frequent(&self) -> Vec<String> {
        let mut shapes: BTreeMap<&str, usize> = BTreeMap::new();
        for difference in self.new.iter().flat_map(|(_, differences)| differences) {
            if let Some(at) = difference.find("only ") {
                *shapes.entry(&difference[at..]).or_default() += 1;
            }
        }
        let mut shapes: Vec<_> = shapes.into_iter().filter(|(_, count)| *count > 3).collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let lines = shapes.into_iter().take(FREQUENT);
        lines
            .map(|(shape, count)| format!("{count} times: {shape}"))
            .collect()
    }
}

/// How many lines of the summary are worth reading.
const FREQUENT: usize = 12;

/// Which patterns of an entry have covered something.
#[derive(Debug, Clone, Default)]
struct Used {
    scenarios: BTreeSet<usize>,
    differences: BTreeSet<usize>,
}

/// Adds up what is found, scenario by scenario.
#[derive(Debug)]
pub struct Tally<'a> {
    judge: &'a str,
    known: &'a [Known],
    used: Vec<Used>,
    report: Report,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub fn new(judge: &'a str, known: &'a [Known]) -> Self {
        Self {
            judge,
            known,
            used: vec![Used::default(); known.len()],
            report: Report::default(),
        }
    }

    /// What differs in one scenario; `family/name` is its name.
    pub fn add(&mut self, scenario: &str, found: Vec<String>) {
        let mut new = Vec::new();
        let mut old = Vec::new();
        let mut reasons: Vec<String> = Vec::new();
        for difference in found {
            match self.reason(scenario, &difference) {
                Some(reason) => {
                    old.push(format!("{difference} [{reason}]"));
                    reasons.push(reason);
                }
                None => new.push(difference),
            }
        }
        let family = scenario.split('/').next().unwrap_or_default();
        let counts = self.report.families.entry(family.into()).or_default();
        counts.total += 1;
        match (new.is_empty(), old.is_empty()) {
            (true, true) => counts.agree += 1,
            (true, false) => counts.as_known += 1,
            (false, _) => {}
        }
        if !old.is_empty() {
            self.report.known.push((scenario.into(), old));
        }
        if !new.is_empty() {
            self.report.new.push((scenario.into(), new));
            return;
        }
        reasons.sort_unstable();
        reasons.dedup();
        for reason in reasons {
            *self.report.reasons.entry(reason).or_default() += 1;
        }
    }

    /// Why a difference is accepted, if it is; that entry is needed then.
    fn reason(&mut self, scenario: &str, difference: &str) -> Option<String> {
        self.known
            .iter()
            .zip(&mut self.used)
            .find_map(|(known, used)| {
                let covering = known.covers(self.judge, scenario, difference)?;
                used.scenarios.insert(covering.scenario);
                used.differences.insert(covering.difference);
                Some(known.sentence())
            })
    }

    /// The sum, with the patterns that covered nothing.
    pub fn finish(mut self, recordings: Vec<Header>) -> Report {
        let pairs = self.known.iter().zip(&self.used);
        let pairs = pairs.filter(|(known, _)| known.concerns(self.judge));
        self.report.stale = pairs
            .flat_map(|(known, used)| {
                let scenarios = unused(&known.scenarios, &used.scenarios);
                scenarios.chain(unused(&known.differences, &used.differences))
            })
            .collect();
        self.report.recordings = recordings;
        self.report
    }
}

fn unused<'a>(
    patterns: &'a [String],
    used: &'a BTreeSet<usize>,
) -> impl Iterator<Item = String> + 'a {
    let numbered = patterns.iter().enumerate();
    numbered
        .filter(|(at, _)| !used.contains(at))
        .map(|(_, pattern)| pattern.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::Kind;

    #[test]
    fn new_known_and_gone_are_told_apart() {
        let list = [Known {
            kind: Kind::NetworkStack,
            reason: "because".into(),
            cites: Vec::new(),
            judges: vec!["webkit".into()],
            scenarios: vec!["a/*".into(), "c/*".into()],
            differences: vec!["one".into(), "gone".into()],
        }];
        let mut tally = Tally::new("webkit", &list);
        tally.add("a/1", vec!["one".into()]);
        tally.add("a/2", vec!["one".into(), "two".into()]);
        tally.add("b/3", Vec::new());
        let report = tally.finish(Vec::new());
        assert_eq!(report.new, [("a/2".into(), vec!["two".into()])]);
        assert_eq!(
            report.reasons,
            BTreeMap::from([("network stack: because".into(), 1)])
        );
        assert_eq!(report.stale, ["c/*", "gone"]);
        assert_eq!(report.verdict(), Verdict::Differs);
        let counts = report.counts();
        assert_eq!((counts.total, counts.agree, counts.as_known), (3, 1, 1));
    }
}
