//! What an entry of the known differences must say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{FAMILIES, Kind, Known};
use crate::Trouble;
use crate::compare::Judge;

/// The anchors of the pinned Standard, which `cargo xtask steps` checks the code's citations against.
pub(super) fn anchors() -> Result<BTreeSet<String>, Trouble> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/standard.json");
    let text = fs::read_to_string(&file).map_err(Trouble::io(file.display().to_string()))?;
    let pin: Value = serde_json::from_str(&text).map_err(|error| Trouble::Fixture {
        file: file.display().to_string(),
        message: error.to_string(),
    })?;
    let rows = pin["anchors"].as_array().into_iter().flatten();
    let anchors = rows.filter_map(|row| row["anchor"].as_str().map(str::to_owned));
    Ok(anchors.collect())
}

/// What is wrong with an entry.
pub(super) fn check(known: &Known, anchors: &BTreeSet<String>) -> Result<(), String> {
    let consensus = Judge::Consensus.name();
    if known.judges.is_empty() || known.scenarios.is_empty() || known.differences.is_empty() {
        return Err("it needs judges, scenarios and differences".into());
    }
    let judges = Judge::all();
    let is_judge = |name: &str| judges.iter().any(|judge| judge.name() == name);
    if let Some(name) = known.judges.iter().find(|name| !is_judge(name)) {
        return Err(format!("`{name}` is no judge"));
    }
    if let Some(pattern) = known
        .differences
        .iter()
        .find(|pattern| !names_its_part(pattern))
    {
        return Err(format!("`{pattern}` does not say what differs"));
    }
    if known.kind == Kind::NotBuiltYet && !begins_with_a_family(&known.reason) {
        return Err(format!(
            "what is not built yet is one of: {}",
            FAMILIES.join("; ")
        ));
    }
    if known.kind == Kind::TheStandard && known.judges != [consensus] {
        return Err("the Standard's reasons are for its own profile, beside `consensus`".into());
    }
    if let Some(dead) = known
        .cites
        .iter()
        .find(|address| !is_alive(address, anchors))
    {
        return Err(format!("{dead} leads nowhere"));
    }
    if known.concerns(consensus) && !known.cites.iter().any(|address| is_checked(address)) {
        return Err(
            "beside `consensus` it cites an anchor of the Standard or a section of an RFC".into(),
        );
    }
    Ok(())
}

fn begins_with_a_family(reason: &str) -> bool {
    FAMILIES.iter().any(|family| {
        let rest = reason.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("; "))
    })
}

/// Whether a pattern says of which step it is, and which member of the outcome, which header or body, or which requests.
fn names_its_part(pattern: &str) -> bool {
    let Some((step, rest)) = pattern.split_once(": ") else {
        return false;
    };
    let number = step.strip_prefix("step ");
    let is_step = number.is_some_and(|number| number == "*" || number.parse::<usize>().is_ok());
    let (before, values) = match (rest.split_once(" sends `"), rest.split_once(": browser ")) {
        // The name comes after: only vetch sends `name: value`
        (Some((_, header)), _) => header.split_once(": ").unwrap_or_default(),
        (None, Some((before, values))) => (before, values),
        (None, None) => return false,
    };
    let name = before.rsplit(": ").next().unwrap_or_default();
    is_step && !name.is_empty() && !name.contains('*') && values != "*"
}

const STANDARD: &str = "https://fetch.spec.whatwg.org/#";
const RFC: &str = "https://www.rfc-editor.org/rfc/rfc";

/// The texts that the repository can be held to.
fn is_checked(address: &str) -> bool {
    address.starts_with(STANDARD) || address.starts_with(RFC)
}

fn is_alive(address: &str, anchors: &BTreeSet<String>) -> bool {
    if let Some(anchor) = address.strip_prefix(STANDARD) {
        return anchors.contains(anchor);
    }
    if let Some(rest) = address.strip_prefix(RFC) {
        let section = rest.split_once("#section-");
        return section.is_some_and(|(number, section)| {
            number.parse::<u16>().is_ok()
                && section.split('.').all(|part| part.parse::<u8>().is_ok())
        });
    }
    let fragment = address
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once("/#"));
    fragment.is_some_and(|(_, fragment)| !fragment.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{load, path};
    use super::*;

    /// An entry that is right, and one member in another way.
    fn with(member: &str, value: Value) -> Result<(), String> {
        let mut entry = json!({
            "kind": "the Standard",
            "reason": "so it is written",
            "cites": ["https://fetch.spec.whatwg.org/#concept-fetch"],
            "judges": ["consensus"],
            "scenarios": ["a/*"],
            "differences": ["step 1: status: browser 200, vetch *"],
        });
        entry[member] = value;
        let known = serde_json::from_value(entry).expect("an entry");
        check(&known, &anchors().expect("the pin"))
    }

    #[test]
    fn the_project_s_list_follows_the_rules() {
        assert!(!load(&path()).expect("a list").is_empty());
    }

    #[test]
    fn an_entry_beside_all_browsers_cites_what_can_be_checked() {
        assert_eq!(with("reason", json!("so it is written")), Ok(()));
        for (cites, passes) in [
            (json!([]), false),
            (
                json!(["https://fetch.spec.whatwg.org/#no-such-anchor"]),
                false,
            ),
            (
                json!(["https://w3c.github.io/webappsec-mixed-content/#x"]),
                false,
            ),
            (
                json!(["https://www.rfc-editor.org/rfc/rfc9110#section-5.5"]),
                true,
            ),
            (
                json!(["https://www.rfc-editor.org/rfc/rfc9110#fields"]),
                false,
            ),
        ] {
            assert_eq!(with("cites", cites.clone()).is_ok(), passes, "{cites}");
        }
    }

    #[test]
    fn a_difference_says_what_differs() {
        for (pattern, passes) in [
            ("*", false),
            ("step 1: *", false),
            ("step *: outcome: browser *", false),
            ("step *: * sends `*: x`", false),
            ("*: only vetch sends `cookie: *`", false),
            ("step *: GET *: only vetch sends `cookie: *`", true),
            ("step 2: GET {same}/b: cookie: browser `a`, vetch `b`", true),
            ("step 2: POST {same}/b: body: browser *, vetch None", true),
            ("step 1: wire: browser [], vetch [*]", true),
        ] {
            let checked = with("differences", json!([pattern]));
            assert_eq!(checked.is_ok(), passes, "{pattern}");
        }
    }

    #[test]
    fn the_rest_is_held_to_its_rules_too() {
        assert!(with("judges", json!(["chromium"])).is_err());
        assert!(with("judges", json!(["opera"])).is_err());
        assert!(with("scenarios", json!([])).is_err());
        assert!(with("kind", json!("not built yet")).is_err());
        assert!(begins_with_a_family("mixed content; of frames"));
        assert!(!begins_with_a_family("mixed contents"));
    }
}
