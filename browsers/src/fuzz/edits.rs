//! What may be taken away from a scenario, or made plainer. It works on the scenario as JSON, where a missing member
//! takes its default, so it knows no member by name but those that must stay.

use serde_json::{Value, json};

use crate::scenario::Scenario;

/// One thing less.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    path: Vec<Key>,
    /// What stands there instead; nothing when it goes away.
    instead: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Member(String),
    Element(usize),
}

/// Every edit that leaves a scenario; what takes most away comes first.
pub fn edits(scenario: &Scenario) -> Vec<Edit> {
    let whole = json!(scenario);
    let mut found = Vec::new();
    collect(&whole, &mut Vec::new(), &mut found);
    found.retain(|edit| {
        apply(scenario, std::slice::from_ref(edit)).is_some_and(|edited| json!(edited) != whole)
    });
    found.sort_by_key(|edit| edit.path.len());
    found
}

/// The scenario with all of these edits, if that is one.
pub fn apply(scenario: &Scenario, edits: &[Edit]) -> Option<Scenario> {
    let mut whole = json!(scenario);
    let mut edits = edits.to_vec();
    // From the back, so that places stay right; what was inside something that went away is passed over.
    edits.sort_by(|a, b| b.path.cmp(&a.path));
    for edit in &edits {
        edit_at(&mut whole, &edit.path, edit.instead.as_ref());
    }
    let edited: Scenario = serde_json::from_value(whole).ok()?;
    (!edited.steps.is_empty()).then_some(edited)
}

fn edit_at(value: &mut Value, path: &[Key], instead: Option<&Value>) {
    let Some((key, rest)) = path.split_first() else {
        return;
    };
    if !rest.is_empty() {
        if let Some(inner) = step_into(value, key) {
            edit_at(inner, rest, instead);
        }
        return;
    }
    match (instead, key, value) {
        (Some(new), key, value) => {
            if let Some(place) = step_into(value, key) {
                *place = new.clone();
            }
        }
        (None, Key::Member(name), Value::Object(members)) => {
            members.remove(name);
        }
        (None, Key::Element(at), Value::Array(items)) if *at < items.len() => {
            items.remove(*at);
        }
        _ => {}
    }
}

fn step_into<'a>(value: &'a mut Value, key: &Key) -> Option<&'a mut Value> {
    match key {
        Key::Member(name) => value.get_mut(name),
        Key::Element(at) => value.get_mut(at),
    }
}

fn collect(value: &Value, path: &mut Vec<Key>, found: &mut Vec<Edit>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                path.push(Key::Member(name.clone()));
                if !stays(name) {
                    found.push(removal(path));
                    collect(member, path, found);
                } else if name != "name" {
                    collect(member, path, found);
                }
                path.pop();
            }
            if members.contains_key("status") && members.contains_key("headers") {
                found.push(replacement(path, friendly()));
            }
        }
        Value::Array(items) if is_pair(items) => {
            found.push(replacement(path, json!([items[0], "1"])));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(Key::Element(at));
                found.push(removal(path));
                collect(item, path, found);
                path.pop();
            }
        }
        Value::String(text) => {
            let plain = plainer(text);
            if plain != *text {
                found.push(replacement(path, plain.into()));
            }
        }
        _ => {}
    }
}

/// Members without which a scenario says nothing.
fn stays(name: &str) -> bool {
    matches!(name, "name" | "steps" | "request" | "url" | "at" | "value")
}

/// A header.
fn is_pair(items: &[Value]) -> bool {
    items.len() == 2 && items.iter().all(Value::is_string)
}

fn friendly() -> Value {
    json!({ "status": 200, "allow": true })
}

/// A URL without a query, of the usual role.
fn plainer(url: &str) -> String {
    let Some((role, path)) = url.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return url.to_owned();
    };
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    if bare.len() < path.len() {
        return format!("{{{role}}}{bare}");
    }
    let near = if role.contains("same") {
        "same"
    } else {
        "cross"
    };
    format!("{{{near}}}{path}")
}

fn removal(path: &[Key]) -> Edit {
    Edit {
        path: path.to_vec(),
        instead: None,
    }
}

fn replacement(path: &[Key], instead: Value) -> Edit {
    Edit {
        path: path.to_vec(),
        instead: Some(instead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        serde_json::from_value(json!({
            "name": "n", "page": "tls-same", "frame": "data",
            "answers": { "GET /a": [{ "status": 404, "headers": [["A", "x"], ["B", "y"]] }] },
            "steps": [
                { "request": { "url": "{third}/a?b", "method": "PUT", "headers": [["X-A", "2"]] } },
                { "request": { "url": "{cross}/a" } },
            ],
        }))
        .expect("a scenario")
    }

    #[test]
    fn all_edits_together_leave_the_least() {
        let mut scenario = scenario();
        for _ in 0..4 {
            for edit in edits(&scenario) {
                scenario = apply(&scenario, std::slice::from_ref(&edit)).unwrap_or(scenario);
            }
        }
        assert_eq!(
            json!(scenario),
            json!({ "name": "n", "page": "same", "steps": [{ "request": { "url": "{cross}/a" } }] })
        );
    }

    #[test]
    fn several_edits_hit_what_they_were_meant_for() {
        let scenario = scenario();
        let named = |header: &str| {
            let found = edits(&scenario).into_iter().find(|edit| {
                edit.instead.is_none()
                    && apply(&scenario, std::slice::from_ref(edit)).is_some_and(|edited| {
                        !json!(edited).to_string().contains(&format!("\"{header}\""))
                            && edited.answers.len() == 1
                            && edited.answers["GET /a"].len() == 1
                            && edited.answers["GET /a"][0].headers.len() == 1
                    })
            });
            found.expect("an edit that takes one header away")
        };
        let edited = apply(&scenario, &[named("A"), named("B")]).expect("a scenario");
        assert!(edited.answers["GET /a"][0].headers.is_empty());
    }
}
