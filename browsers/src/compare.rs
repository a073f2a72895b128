//! `compare`: runs vetch over the recorded scenarios, against the same servers, and prints where it differs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum as _;

use crate::Trouble;
use crate::browser::Browser;
use crate::difference::differences;
use crate::family::{Named, folder, load};
use crate::known;
use crate::recording::{self, Record, Recording};
use crate::replay;
use crate::report::{Report, Tally};

/// What to compare.
#[derive(Debug)]
pub struct Comparison {
    /// With whom.
    pub judge: Judge,
    /// Which scenarios.
    pub pattern: String,
    /// Which `vetch`; the workspace's own unless said.
    pub program: Option<PathBuf>,
    /// Which profile; the judge's own unless said.
    pub profile: Option<String>,
    /// Which differences are printed.
    pub shown: Shown,
}

/// Which differences are printed. All of them are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Those that are not in the list.
    New,
    /// The known ones too, each with its reason.
    All,
}

/// Who says what is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// One browser.
    Browser(Browser),
    /// All of them: only what differs from each in the same way counts. The profile is that of the Standard.
    Consensus,
}

impl Judge {
    /// Each browser, and all of them.
    pub fn all() -> Vec<Self> {
        let browsers = Browser::value_variants().iter().copied();
        browsers
            .map(Self::Browser)
            .chain([Self::Consensus])
            .collect()
    }

    /// As in the list of known differences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser(browser) => browser.name(),
            Self::Consensus => "consensus",
        }
    }

    /// Which profile it judges.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Browser(browser) => browser.name(),
            Self::Consensus => "spec",
        }
    }

    fn recordings(self) -> Result<Vec<Recording>, Trouble> {
        let browsers = match self {
            Self::Browser(browser) => vec![browser],
            Self::Consensus => Browser::value_variants().to_vec(),
        };
        browsers
            .iter()
            .map(|browser| Recording::read(&recording::path(browser.name())))
            .collect()
    }
}

/// Prints agreement and each difference; whether there is none that nobody knows.
pub async fn compare(comparison: &Comparison) -> Result<Verdict, Trouble> {
    let report = report(comparison).await?;
    if comparison.shown == Shown::All {
        for (scenario, differences) in &report.known {
            println!("{scenario}\n    {}", differences.join("\n    "));
        }
    }
    for line in report.complaints().into_iter().chain(report.frequent()) {
        println!("{line}");
    }
    for header in &report.recordings {
        println!(
            "{} {}, recorded {}",
            header.browser, header.version, header.date
        );
    }
    let counts = report.counts();
    println!(
        "{}: {} of {} scenarios agree, {} differ as known, {} differ",
        comparison.judge.name(),
        counts.agree,
        counts.total,
        counts.as_known,
        report.new.len()
    );
    Ok(report.verdict())
}

/// Runs vetch over the recorded scenarios. Entries that cover nothing are looked for when all scenarios are run.
pub async fn report(comparison: &Comparison) -> Result<Report, Trouble> {
    let recordings = comparison.judge.recordings()?;
    let recorded: Vec<BTreeMap<&str, &Record>> =
        recordings.iter().map(Recording::by_name).collect();
    let is_recorded = |named: &Named| {
        let mut recordings = recorded.iter();
        recordings.all(|by_name| by_name.contains_key(named.name.as_str()))
    };
    let (scenarios, unrecorded): (Vec<_>, Vec<_>) = load(&folder(), &comparison.pattern)?
        .into_iter()
        .partition(is_recorded);
    if scenarios.is_empty() {
        let pattern = &comparison.pattern;
        return Err(Trouble::Browser(format!(
            "no recorded scenario matches `{pattern}`"
        )));
    }
    let profile = comparison
        .profile
        .as_deref()
        .unwrap_or(comparison.judge.profile());
    let ours = replay::run(comparison.program.as_deref(), profile, scenarios).await?;

    let known = known::load(&known::path())?;
    let mut tally = Tally::new(comparison.judge.name(), &known);
    for record in &ours {
        let theirs = recorded
            .iter()
            .filter_map(|by_name| by_name.get(record.scenario.as_str()));
        tally.add(
            &record.scenario,
            common(theirs.map(|theirs| differences(theirs, record))),
        );
    }
    let headers = recordings.iter().map(|recording| recording.header.clone());
    let mut report = tally.finish(headers.collect());
    report.unrecorded = unrecorded.into_iter().map(|named| named.name).collect();
    if comparison.pattern != "*" {
        report.stale.clear();
    }
    Ok(report)
}

/// The differences that are in every list: each names the browser's value, so those browsers agree on it.
fn common(mut lists: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let mut common = lists.next().unwrap_or_default();
    for list in lists {
        common.retain(|difference| list.contains(difference));
    }
    common
}

/// How a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new.
    Agrees,
    /// A difference that is not known, or a known one that is gone.
    Differs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pattern_that_matches_nothing_agrees_with_nothing() {
        let comparison = Comparison {
            judge: Judge::Consensus,
            pattern: "nosuch/*".into(),
            program: None,
            profile: None,
            shown: Shown::New,
        };
        let trouble = report(&comparison).await.expect_err("nothing was compared");
        let sentence = "no recorded scenario matches `nosuch/*`";
        assert_eq!(trouble.to_string(), sentence);
    }
}
