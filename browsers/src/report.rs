//! What a comparison found: agreement by family, what is known by reason, what is new, what is known and gone.

use std::collections::BTreeMap;

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
    /// Entries that cover nothing any more.
    pub stale: Vec<Known>,
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

    /// Whether nothing is new and nothing known is gone.
    pub fn verdict(&self) -> Verdict {
        if self.new.is_empty() && self.stale.is_empty() {
            Verdict::Agrees
        } else {
            Verdict::Differs
        }
    }

    /// Each new difference and each stale entry, in sentences.
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
        let gone = |known: &Known| {
            format!(
                "no longer differs: {} ({})",
                known.scenario, known.difference
            )
        };
        lines.extend(self.stale.iter().map(gone));
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

/// Adds up what is found, scenario by scenario.
#[derive(Debug)]
pub struct Tally<'a> {
    judge: &'a str,
    known: &'a [Known],
    used: Vec<bool>,
    report: Report,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub fn new(judge: &'a str, known: &'a [Known]) -> Self {
        Self {
            judge,
            known,
            used: vec![false; known.len()],
            report: Report::default(),
        }
    }

    /// What differs in one scenario; `family/name` is its name.
    pub fn add(&mut self, scenario: &str, found: Vec<String>) {
        let family = scenario.split('/').next().unwrap_or_default();
        let counts = self.report.families.entry(family.into()).or_default();
        counts.total += 1;
        if found.is_empty() {
            counts.agree += 1;
            return;
        }
        let mut new = Vec::new();
        let mut old = Vec::new();
        let mut reasons: Vec<&str> = Vec::new();
        for difference in found {
            let known = self.known.iter();
            let mut covering = known
                .zip(&mut self.used)
                .filter(|(known, _)| known.covers(self.judge, scenario, &difference));
            match covering.next() {
                Some((known, used)) => {
                    *used = true;
                    reasons.push(&known.reason);
                    old.push(format!("{difference} [{}]", known.reason));
                }
                None => new.push(difference),
            }
        }
        if !old.is_empty() {
            self.report.known.push((scenario.into(), old));
        }
        if !new.is_empty() {
            self.report.new.push((scenario.into(), new));
            return;
        }
        counts.as_known += 1;
        reasons.sort_unstable();
        reasons.dedup();
        for reason in reasons {
            *self.report.reasons.entry(reason.into()).or_default() += 1;
        }
    }

    /// The sum, with the entries that covered nothing.
    pub fn finish(mut self, recordings: Vec<Header>) -> Report {
        let pairs = self.known.iter().zip(&self.used);
        let stale = pairs.filter(|(known, used)| !**used && known.concerns(self.judge));
        self.report.stale = stale.map(|(known, _)| known.clone()).collect();
        self.report.recordings = recordings;
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_known_and_gone_are_told_apart() {
        let known = |difference: &str| Known {
            browser: "webkit".into(),
            scenario: "a/*".into(),
            difference: difference.into(),
            reason: format!("because of {difference}"),
        };
        let list = [known("one"), known("gone")];
        let mut tally = Tally::new("webkit", &list);
        tally.add("a/1", vec!["one".into()]);
        tally.add("a/2", vec!["one".into(), "two".into()]);
        tally.add("b/3", Vec::new());
        let report = tally.finish(Vec::new());
        assert_eq!(report.new, [("a/2".into(), vec!["two".into()])]);
        assert_eq!(
            report.reasons,
            BTreeMap::from([("because of one".into(), 1)])
        );
        assert_eq!(report.stale.len(), 1);
        assert_eq!(report.verdict(), Verdict::Differs);
        let counts = report.counts();
        assert_eq!((counts.total, counts.agree, counts.as_known), (3, 1, 1));
    }
}
