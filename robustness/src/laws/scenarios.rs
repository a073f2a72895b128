//! Scenario files: whatever a file says, it is a family of scenarios or a sentence, and what is read can be written.

use vetch_browsers::family::{MOST_SCENARIOS, Named, parse};
use vetch_browsers::scenario::Scenario;

/// The bytes are a file of `fixtures/scenarios`.
pub fn hold(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse("family", text) {
        Err(sentence) => assert!(!sentence.is_empty()),
        Ok(named) => {
            assert!(named.len() <= MOST_SCENARIOS.max(text.len()));
            for Named { name, scenario } in named {
                assert_eq!(name, format!("family/{}", scenario.name));
                same_when_written(&scenario);
            }
        }
    }
}

fn same_when_written(scenario: &Scenario) {
    let written = serde_json::to_string(scenario).expect("a scenario can be written");
    let read: Scenario = serde_json::from_str(&written).expect("what is written can be read");
    let again = serde_json::to_string(&read).expect("a scenario can be written");
    assert_eq!(written, again);
}
