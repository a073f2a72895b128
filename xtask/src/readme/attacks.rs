//! RELIABILITY.md and the tests of hostile servers: each line of its table names its tests, and no test is left out.

use std::collections::BTreeSet;

use crate::{Failure, workspace};

const TESTS: &str = "crates/vetch/tests/hostile";

/// What the table says too much or too little.
pub(super) fn check(reliability: &str) -> Result<Vec<String>, Failure> {
    let mut tests = BTreeSet::new();
    for source in workspace::rust_sources(TESTS)? {
        let module = source.path.rsplit('/').next().unwrap_or_default();
        let module = module.trim_end_matches(".rs");
        tests.extend(test_names(&source.text).map(|name| format!("{module}::{name}")));
    }
    Ok(differences(&named_tests(reliability), &tests))
}

fn differences(named: &BTreeSet<String>, tests: &BTreeSet<String>) -> Vec<String> {
    let gone = named
        .difference(tests)
        .map(|name| format!("RELIABILITY.md names the test {name}, which is not in {TESTS}"));
    let unnamed = tests
        .difference(named)
        .map(|name| format!("{TESTS} has the test {name}: add its attack to RELIABILITY.md"));
    gone.chain(unnamed).collect()
}

/// The paths in code of each table row's last cell; other words there are error codes.
fn named_tests(markdown: &str) -> BTreeSet<String> {
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|word| word.contains("::"))
        .map(str::to_owned)
        .collect()
}

/// The functions under a test attribute, without those that are only a part of another test.
fn test_names(source: &str) -> impl Iterator<Item = &str> {
    let mut is_test = false;
    source.lines().filter_map(move |line| {
        let words = line.trim_start_matches("async ").strip_prefix("fn ");
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(words) = words
            && std::mem::take(&mut is_test)
        {
            return words.split('(').next();
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_without_a_line_and_a_line_without_a_test_are_told() {
        let table = "| attack | test |\n| --- | --- |\n| `x` | `heads::a`, `heads::gone` |\n";
        let source = "#[tokio::test]\nasync fn a() {\n}\n\n#[test]\nfn b() {\n}\n\n\
                      #[test]\n#[ignore = \"a part\"]\nfn c() {}\nfn d() {}\n";
        let tests = test_names(source).map(|name| format!("heads::{name}"));
        let told = differences(&named_tests(table), &tests.collect());
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("heads::gone"));
        assert!(told[1].contains("heads::b"));
    }
}
