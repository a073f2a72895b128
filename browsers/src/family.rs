//! Scenario families: `fixtures/scenarios/<family>.json`, with tables where the scenarios are a product.
//!
//! An entry of the array is a scenario, or a table:
//!
//! ```json
//! { "for": { "status": [301, 302], "case": [{ "is": "plain", "method": "GET" }] },
//!   "scenario": { "name": "$status after a $case.is $case.method", "steps": [] } }
//! ```
//!
//! which stands for one scenario per combination, within [`MOST_SCENARIOS`] and [`LONGEST_SCENARIO`]. A string that is nothing but `$status` becomes the value itself,
//! whatever its kind; inside a longer string it becomes its text. Members of an object are `$case.method`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Trouble;
use crate::scenario::Scenario;

/// A table that stands for more scenarios is refused.
pub const MOST_SCENARIOS: usize = 10_000;

/// A table whose scenarios have more bytes of text is refused.
pub const LONGEST_SCENARIO: usize = 65_536;

/// A scenario with its full name, `family/name`.
#[derive(Debug, Clone)]
pub struct Named {
    /// `family/name`
    pub name: String,
    /// What it says.
    pub scenario: Scenario,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    r#for: Map<String, Value>,
    scenario: Value,
}

/// The project's scenarios.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scenarios")
}

/// Every scenario of every family whose full name matches the pattern (`*` stands for any text).
pub fn load(folder: &Path, pattern: &str) -> Result<Vec<Named>, Trouble> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(Trouble::io(folder.display().to_string()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(load_file(&file)?);
    }
    check_unique(&all)?;
    all.retain(|named| matches_pattern(pattern, &named.name));
    Ok(all)
}

fn load_file(file: &Path) -> Result<Vec<Named>, Trouble> {
    let fault = |message: String| Trouble::Fixture {
        file: file.display().to_string(),
        message,
    };
    let family = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = fs::read_to_string(file).map_err(Trouble::io(file.display().to_string()))?;
    parse(&family, &text).map_err(fault)
}

/// The scenarios of a family's text, tables taken apart; or what is wrong with it.
pub fn parse(family: &str, text: &str) -> Result<Vec<Named>, String> {
    let entries: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut named = Vec::new();
    for entry in entries {
        for value in combinations(entry)? {
            let title = value["name"].as_str().unwrap_or("(no name)").to_owned();
            let scenario: Scenario =
                serde_json::from_value(value).map_err(|error| format!("in `{title}`: {error}"))?;
            named.push(Named {
                name: format!("{family}/{}", scenario.name),
                scenario,
            });
        }
    }
    Ok(named)
}

fn check_unique(all: &[Named]) -> Result<(), Trouble> {
    let mut names: Vec<&str> = all.iter().map(|named| named.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Trouble::Fixture {
            file: "fixtures/scenarios".into(),
            message: format!("two scenarios are called `{}`", pair[0]),
        }),
    }
}

fn combinations(entry: Value) -> Result<Vec<Value>, String> {
    if entry.get("for").is_none() {
        return Ok(vec![entry]);
    }
    let table: Table =
        serde_json::from_value(entry).map_err(|error| format!("a table: {error}"))?;
    let mut results = vec![table.scenario];
    for (variable, values) in &table.r#for {
        let values = values
            .as_array()
            .ok_or_else(|| format!("a table: the values of `{variable}` are no list"))?;
        if results.len().saturating_mul(values.len()) > MOST_SCENARIOS {
            return Err(format!(
                "a table: it stands for more than {MOST_SCENARIOS} scenarios"
            ));
        }
        results = results
            .iter()
            .flat_map(|result| {
                values
                    .iter()
                    .map(move |value| substitute(result, variable, value))
            })
            .collect::<Result<_, _>>()?;
    }
    Ok(results)
}

fn substitute(into: &Value, variable: &str, value: &Value) -> Result<Value, String> {
    if let Value::Object(members) = value {
        // Longer names first: `$case.body` must not eat into `$case.bodyType`.
        let mut members: Vec<_> = members.iter().collect();
        members.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        return members
            .into_iter()
            .try_fold(into.clone(), |result, (name, member)| {
                bounded(replace(&result, &format!("${variable}.{name}"), member))
            });
    }
    bounded(replace(into, &format!("${variable}"), value))
}

/// A value may hold the names of later variables, so that each of them could double the text.
fn bounded(value: Value) -> Result<Value, String> {
    if length(&value) > LONGEST_SCENARIO {
        return Err(format!(
            "a table: a scenario has more than {LONGEST_SCENARIO} bytes"
        ));
    }
    Ok(value)
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 1 + length(item)).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| 1 + name.len() + length(member))
            .sum(),
        _ => 1,
    }
}

fn replace(into: &Value, name: &str, value: &Value) -> Value {
    match into {
        Value::String(text) if text == name => value.clone(),
        Value::String(text) => Value::String(text.replace(name, &as_text(value))),
        Value::Array(items) => items
            .iter()
            .map(|item| replace(item, name, value))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| {
                (
                    key.replace(name, &as_text(value)),
                    replace(member, name, value),
                )
            })
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// As [`matches_whole`]; but a pattern without a star for any text may stand anywhere in the name.
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    match pieces(pattern).as_slice() {
        [only] => name.contains(only),
        _ => matches_whole(pattern, name),
    }
}

/// `*` stands for any text, also none, but inside `{…}` for no more than the rest of a role; `\*` stands for a star.
pub fn matches_whole(pattern: &str, name: &str) -> bool {
    let pieces = pieces(pattern);
    let (first, between, last) = match pieces.as_slice() {
        [] => return name.is_empty(),
        [only] => return name == only,
        [first, between @ .., last] => (first, between, last),
    };
    let Some(mut left) = name.strip_prefix(first.as_str()) else {
        return false;
    };
    let mut before = first;
    for piece in between {
        match left.find(piece) {
            Some(at) if may_stand(&left[..at], before) => left = &left[at + piece.len()..],
            _ => return false,
        }
        before = piece;
    }
    let gap = left.strip_suffix(last.as_str());
    gap.is_some_and(|gap| may_stand(gap, before))
}

/// Whether a star after that piece may stand for this text. The shortest text that leads to the next piece is tried only;
/// where it is too much, a longer one is too.
fn may_stand(gap: &str, before: &str) -> bool {
    let inside = before.rsplit_once('{').is_some_and(|(_, start)| {
        start
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_lowercase())
    });
    !inside || !gap.contains('}')
}

/// What stands between the stars for any text.
fn pieces(pattern: &str) -> Vec<String> {
    // A NUL is in no name and in no pattern.
    let escaped = pattern.replace(r"\*", "\0");
    let pieces = escaped.split('*');
    pieces.map(|piece| piece.replace('\0', "*")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_every_combination() {
        let table = json!({
            "for": { "a": [1, 2], "b": [{ "is": "x", "isolated": [true] }] },
            "scenario": { "name": "$a $b.is", "value": "$a", "list": "$b.isolated" },
        });
        let made = combinations(table).expect("a table");
        assert_eq!(
            made,
            [
                json!({ "name": "1 x", "value": 1, "list": [true] }),
                json!({ "name": "2 x", "value": 2, "list": [true] }),
            ]
        );
    }

    #[test]
    fn a_small_table_does_not_stand_for_endless_scenarios_or_text() {
        let ten = json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let many = json!({
            "for": { "a": ten, "b": ten, "c": ten, "d": ten, "e": ten },
            "scenario": { "name": "$a$b$c$d$e" },
        });
        assert!(combinations(many).is_err());
        let variables = ('a'..='z').map(|letter| {
            let next = char::from_u32(u32::from(letter) + 1).unwrap_or_default();
            (letter.to_string(), json!([format!("${next}${next}")]))
        });
        let long = json!({
            "for": variables.collect::<Map<_, _>>(),
            "scenario": { "name": "$a" },
        });
        assert!(combinations(long).is_err());
    }

    #[test]
    fn patterns_match_names() {
        assert!(matches_pattern("*", "a/b"));
        assert!(matches_pattern(
            "redirects/*POST*",
            "redirects/301 after POST"
        ));
        assert!(!matches_pattern("redirects/*", "cache/x"));
        assert!(matches_pattern("POST", "redirects/301 after POST"));
    }

    #[test]
    fn an_escaped_star_is_a_star() {
        assert!(matches_pattern(r"a/\* in * for b", "a/* in both for b"));
        assert!(!matches_pattern(r"a/\* in * for b", "a/x in both for b"));
        assert!(matches_pattern(r"\*\**", "**"));
        assert!(!matches_pattern(r"\*\**", "*"));
        assert!(matches_pattern(r"Allow \*", "headers/Allow * for b"));
        assert!(!matches_pattern(r"Allow \*", "headers/Allow X for b"));
        assert!(matches_pattern(r"a\b*", r"a\b, c"));
        assert!(matches_whole(r"Allow \* for b", "Allow * for b"));
        assert!(!matches_whole("Allow", "Allow * for b"));
    }

    #[test]
    fn a_star_inside_a_role_ends_with_it() {
        let one = "wire: browser [GET {cross}/a], vetch []";
        let two = "wire: browser [GET {cross}/a, GET {same}/a], vetch []";
        assert!(matches_whole("wire: browser [GET {*}/a], vetch []", one));
        assert!(!matches_whole("wire: browser [GET {*}/a], vetch []", two));
        assert!(matches_whole(
            "wire: browser [GET {cr*}/a, GET {*}/a], vetch []",
            two
        ));
        assert!(matches_whole("wire: browser [*], vetch []", two));
        assert!(matches_whole(r#"vetch {"a":*}"#, r#"vetch {"a":{"b":1}}"#));
        assert!(!matches_whole("to {*}", "to {a}, {b}"));
    }

    #[test]
    fn every_scenario_of_the_project_can_be_read() {
        assert!(!load(&folder(), "*").expect("readable scenarios").is_empty());
    }
}
