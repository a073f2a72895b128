//! Runs rows and compares: every failing row of a table is reported at once.

use std::collections::HashSet;
use std::fmt::Write as _;

use vetch_core::network_error::TransportFailure;
use vetch_core::trace::Record;
use vetch_core::{AgentState, Profile, Step, Timestamp, fetch};

use crate::rows::{Fetch, Page, Row};
use crate::{telling, wishes};

/// Run every row of a table.
pub(crate) fn check(table: &str) {
    let rows: Vec<Row> = serde_json::from_str(table).expect("a table of conversations");
    assert!(!rows.is_empty(), "the table has rows");
    let mut names = HashSet::new();
    let mut failures = String::new();
    let mut failed = 0;
    for row in &rows {
        assert!(names.insert(&row.name), "{:?} is there twice", row.name);
        let differences = differences(row);
        if !differences.is_empty() {
            failed += 1;
            let _ = writeln!(failures, "\n{}\n{}", row.name, differences.join("\n"));
        }
    }
    assert!(
        failed == 0,
        "{failed} of {} rows fail:\n{failures}",
        rows.len()
    );
}

fn differences(row: &Row) -> Vec<String> {
    let profile = row.profile.as_deref().map_or(Profile::SPEC, |name| {
        Profile::by_name(name).expect("a profile")
    });
    let mut agent = AgentState::new(profile);
    agent.record = Record::Everything;
    let mut differences = Vec::new();
    for (number, (page, fetch)) in row.fetches().iter().enumerate() {
        let found = differences_of_fetch(page, fetch, &agent);
        let told = found
            .into_iter()
            .map(|difference| format!("  fetch {}, {difference}", number + 1));
        differences.extend(told);
    }
    differences
}

fn differences_of_fetch(page: &Page, row: &Fetch, agent: &AgentState) -> Vec<String> {
    let constructed = row.request.construct(&page.environment());
    let now = Timestamp::from_millis(row.at);
    let mut differences = Vec::new();
    let mut exchanges = row.exchanges.iter().enumerate();
    let mut step = fetch(constructed.request, agent, now);
    let outcome = loop {
        let exchange = match step {
            Step::Done(outcome) => break outcome,
            Step::Send(exchange) => exchange,
        };
        let sends = telling::request(exchange.request(), agent);
        let Some((number, expected)) = exchanges.next() else {
            differences.push(differ("one more exchange", &[], &sends));
            return differences;
        };
        if sends != expected.sends {
            let place = format!("exchange {}", number + 1);
            differences.push(differ(&place, &expected.sends, &sends));
        }
        step = match wishes::head(&expected.answer) {
            Some(head) => exchange.receive(head, agent, now),
            None => exchange.fail(
                TransportFailure::Closed {
                    detail: "reset".to_owned(),
                },
                agent,
            ),
        };
    };
    for (number, exchange) in exchanges {
        let place = format!("exchange {} (never sent)", number + 1);
        differences.push(differ(&place, &exchange.sends, &[]));
    }
    let mut told = telling::outcome(&outcome, &constructed.remarks);
    if !row.outcome.iter().any(|line| line.starts_with("hint: ")) {
        told.retain(|line| !line.starts_with("hint: "));
    }
    if told != row.outcome {
        differences.push(differ("outcome", &row.outcome, &told));
    }
    if let Some(expected) = &row.kept {
        let kept = telling::kept(agent, now);
        if kept != *expected {
            differences.push(differ("kept", expected, &kept));
        }
    }
    differences
}

fn differ(place: &str, expected: &[String], actual: &[String]) -> String {
    format!("{place}:\n    expected {expected:#?}\n    actual   {actual:#?}")
}
