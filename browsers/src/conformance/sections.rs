//! The page's sections, each a heading and a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::Trouble;
use crate::compare::Judge;
use crate::fuzz::classes::Class;
use crate::fuzz::runs::FuzzRun;
use crate::known::Known;
use crate::report::Report;

/// Each browser with its profile, and what all browsers agree on with that of the Standard.
pub(super) fn agreement(reports: &[(Judge, Report)]) -> String {
    let rows = reports.iter().map(|(judge, report)| {
        let counts = report.counts();
        let recorded = match report.recordings.as_slice() {
            [one] => format!("{} {}, recorded {}", one.browser, one.version, one.date),
            all => format!("what {} browsers agree on", all.len()),
        };
        vec![
            recorded,
            format!("`{}`", judge.profile()),
            counts.total.to_string(),
            counts.agree.to_string(),
            counts.as_known.to_string(),
            report.new.len().to_string(),
        ]
    });
    let head = [
        "Judge",
        "Profile",
        "Scenarios",
        "Agree",
        "Differ as known",
        "Differ",
    ];
    section(
        "Agreement",
        "A scenario agrees when the outcome (type, status, headers, body, URL, whether the timing is shown) and every request \
         on the wire (order, CORS headers, cookies, referrer, Sec-Fetch) are the same. The events of XMLHttpRequest are \
         recorded and not compared: vetch gives a response or an error, and its user fires what follows from it.",
        &table(&head, rows),
    )
}

/// How many scenarios of each family agree.
pub(super) fn families(reports: &[(Judge, Report)]) -> String {
    let names: BTreeSet<&String> = reports
        .iter()
        .flat_map(|(_, report)| report.families.keys())
        .collect();
    let rows = names.into_iter().map(|name| {
        let counts = |report: &Report| report.families.get(name).copied().unwrap_or_default();
        let total = reports.iter().map(|(_, report)| counts(report).total).max();
        let mut row = vec![
            format!("[{name}](fixtures/scenarios/{name}.json)"),
            total.unwrap_or_default().to_string(),
        ];
        row.extend(
            reports
                .iter()
                .map(|(_, report)| counts(report).agree.to_string()),
        );
        row
    });
    section(
        "Scenarios",
        "By family, and how many of them agree.",
        &table(&with_judges(&["Family", "Scenarios"], reports), rows),
    )
}

/// Why scenarios differ, and how many for each reason.
pub(super) fn known(reports: &[(Judge, Report)]) -> String {
    let reasons: BTreeSet<&String> = reports
        .iter()
        .flat_map(|(_, report)| report.reasons.keys())
        .collect();
    let rows = reasons.into_iter().map(|reason| {
        let mut row = vec![cell(reason)];
        row.extend(
            reports
                .iter()
                .map(|(_, report)| match report.reasons.get(reason) {
                    Some(count) => count.to_string(),
                    None => String::new(),
                }),
        );
        row
    });
    section(
        "Known differences",
        "From [known-differences.json](fixtures/recordings/known-differences.json); a scenario can differ for several \
         reasons. An entry that no longer differs fails the tests, as does a difference that has no entry.",
        &table(&with_judges(&["Reason"], reports), rows),
    )
}

/// What `fuzz` ran, and what it accepts: the classes, and what is known of every scenario.
pub(super) fn random(runs: &[FuzzRun], classes: &[Class], known: &[Known]) -> String {
    let mut sums: BTreeMap<(&str, &str), (usize, usize, Vec<String>)> = BTreeMap::new();
    for run in runs {
        let sum = sums.entry((&run.browser, &run.version)).or_default();
        sum.0 += run.scenarios;
        sum.1 += run.known;
        sum.2
            .push(format!("{} ({} on {})", run.seed, run.scenarios, run.date));
    }
    let rows = sums
        .into_iter()
        .map(|((browser, version), (count, known, seeds))| {
            vec![
                format!("{browser} {version}"),
                count.to_string(),
                known.to_string(),
                seeds.join(", "),
            ]
        });
    let runs = table(&["Browser", "Scenarios", "Differ as known", "Seeds"], rows);
    let consensus = Judge::Consensus.name();
    let everywhere = known
        .iter()
        .filter(|known| known.scenarios.iter().any(|pattern| pattern == "*"));
    let everywhere = everywhere.flat_map(|known| {
        let browsers = known.judges.iter().filter(|judge| *judge != consensus);
        browsers.map(|browser| (browser.as_str(), known.sentence()))
    });
    let reasons: BTreeSet<(&str, String)> = classes
        .iter()
        .map(|class| (class.browser.as_str(), class.reason.clone()))
        .chain(everywhere)
        .collect();
    let rows = reasons.into_iter().map(|(browser, reason)| {
        let browser = if browser == "*" { "each" } else { browser };
        vec![browser.to_owned(), cell(&reason)]
    });
    let classes = table(&["Browser", "Known class"], rows);
    section(
        "Random scenarios",
        "Runs of `cargo xtask browsers fuzz` that ended without a new difference.",
        &[runs, classes].join("\n"),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Expectations {
    web_platform_tests: String,
    profile: String,
    chromium: String,
    totals: Totals,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Totals {
    pages: usize,
    pages_skipped: usize,
    subtests: usize,
    passes: usize,
    harness_limits: usize,
    chromium_fails_too: usize,
    chromium_passes: usize,
    passes_beyond_chromium: usize,
}

/// The totals of `fixtures/wpt/expectations.json`, where there is one.
pub(super) fn web_platform_tests() -> Result<String, Trouble> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/wpt/expectations.json");
    if !file.exists() {
        return Ok(String::new());
    }
    let text = fs::read_to_string(&file).map_err(Trouble::io(file.display().to_string()))?;
    let read: Expectations = serde_json::from_str(&text).map_err(|error| Trouble::Fixture {
        file: file.display().to_string(),
        message: error.to_string(),
    })?;
    let totals = read.totals;
    let rows = [
        ("Subtests", totals.subtests),
        ("pass", totals.passes),
        (
            "pass here and not in Chromium",
            totals.passes_beyond_chromium,
        ),
        (
            "fail for want of something in the harness",
            totals.harness_limits,
        ),
        ("fail in Chromium too", totals.chromium_fails_too),
        ("fail, and pass in Chromium", totals.chromium_passes),
        ("Pages", totals.pages),
        ("skipped", totals.pages_skipped),
    ];
    let rows = rows.map(|(what, count)| vec![what.to_owned(), count.to_string()]);
    Ok(section(
        "Web platform tests",
        &format!(
            "{}, with the profile `{}`, beside Chromium {}: [expectations.json](fixtures/wpt/expectations.json).",
            read.web_platform_tests, read.profile, read.chromium
        ),
        &table(&["", "Count"], rows.into_iter()),
    ))
}

fn with_judges<'a>(columns: &[&'a str], reports: &[(Judge, Report)]) -> Vec<&'a str> {
    let judges = reports.iter().map(|(judge, _)| judge.name());
    columns.iter().copied().chain(judges).collect()
}

fn section(title: &str, words: &str, table: &str) -> String {
    format!("## {title}\n\n{words}\n\n{table}")
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let mut lines = line(&head) + &line(&vec!["---".into(); head.len()]);
    lines.extend(rows.map(|row| line(&row)));
    lines
}

/// Text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::Kind;

    #[test]
    fn random_scenarios_name_what_is_known_of_every_scenario() {
        let known = |judge: &str, scenario: &str, reason: &str| Known {
            kind: Kind::OutsideOfFetch,
            reason: reason.into(),
            cites: vec!["https://a.example/#b".into()],
            judges: vec![judge.into()],
            scenarios: vec![scenario.into()],
            differences: vec!["*".into()],
        };
        let known = [
            known("chromium", "*", "everywhere"),
            known("chromium", "cookies/*", "in one family"),
            known("consensus", "*", "of all browsers"),
        ];
        let text = random(&[], &[], &known);
        let row = "| chromium | outside of fetch: everywhere (<https://a.example/#b>) |\n";
        assert!(text.contains(row), "{text}");
        assert!(!text.contains("in one family") && !text.contains("of all browsers"));
    }

    #[test]
    fn cells_stay_whole() {
        assert_eq!(cell("a|b"), "a\\|b");
        let rows = [vec!["1".to_owned(), "2".to_owned()]];
        assert_eq!(
            table(&["a", "b"], rows.into_iter()),
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
        );
    }
}
