//! SECURITY.md and the crates that come with vetch: each direct one has a row with its reason, and the counts hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Failure;
use crate::metadata::{self, is_normal, list, text};

/// What is published, each built on the one before.
const PUBLISHED: [&str; 3] = ["vetch-core", "vetch", "vetch-cli"];

/// What SECURITY.md says too much or too little.
pub(super) fn check(security: &str) -> Result<Vec<String>, Failure> {
    // The counts are those of one platform, with default features, the workspace's other packages left out.
    let platform = ["--filter-platform", "x86_64-unknown-linux-gnu"];
    let metadata = metadata::read(&platform)?;
    let mut findings = rows_to_mend(security, &direct(&metadata));
    for package in PUBLISHED {
        let sentence = format!("`{package}` {}", below(&metadata, package).len());
        let is_said = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_digit());
        if !security.split(&sentence).skip(1).any(is_said) {
            findings.push(format!(
                "SECURITY.md counts the crates otherwise: write {sentence}"
            ));
        }
    }
    Ok(findings)
}

/// Crates of others that a published package names, optional ones included.
fn direct(metadata: &Value) -> BTreeSet<&str> {
    list(metadata, "packages")
        .filter(|package| PUBLISHED.contains(&text(package, "name")))
        .flat_map(|package| list(package, "dependencies"))
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| text(dependency, "name"))
        .filter(|name| !PUBLISHED.contains(name))
        .collect()
}

fn rows_to_mend(security: &str, direct: &BTreeSet<&str>) -> Vec<String> {
    let rows = security.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows: BTreeSet<&str> = rows
        .flat_map(|row| row.split('|').next().unwrap_or_default().split('`'))
        .filter(|word| !word.trim_matches([',', ' ']).is_empty())
        .collect();
    let gone = rows.difference(direct).map(|name| {
        format!("SECURITY.md says why {name} is there, which no published package names")
    });
    let unsaid = direct
        .difference(&rows)
        .map(|name| format!("SECURITY.md does not say why {name} is there: add a row"));
    gone.chain(unsaid).collect()
}

/// The crates of others that a build of the package has.
fn below<'a>(metadata: &'a Value, package: &str) -> BTreeSet<&'a str> {
    let edges: BTreeMap<&str, Vec<&str>> = list(&metadata["resolve"], "nodes")
        .map(|node| {
            let edges = list(node, "deps").filter(|edge| is_normal(edge));
            let edges = edges.map(|edge| text(edge, "pkg")).collect();
            (text(node, "id"), edges)
        })
        .collect();
    let ours = list(metadata, "packages").filter(|candidate| candidate["source"].is_null());
    let ours: BTreeMap<&str, &str> = ours
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let mut open: Vec<&str> = ours
        .iter()
        .filter(|(_, name)| **name == package)
        .map(|(id, _)| *id)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(edges.get(id).into_iter().flatten());
        }
    }
    seen.retain(|id| !ours.contains_key(id));
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_told() {
        let security = "| crate | why |\n| `a`, `b` | x |\n| `gone` | `a` |\n";
        let findings = rows_to_mend(security, &BTreeSet::from(["a", "b", "c"]));
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].contains("gone") && findings[1].contains('c'));
    }

    #[test]
    fn tests_and_build_scripts_do_not_count() {
        let metadata = json!({
            "packages": [
                {"id": "1", "name": "vetch-core", "source": null, "dependencies": []},
                {"id": "2", "name": "url", "source": "registry"},
                {"id": "3", "name": "proptest", "source": "registry"},
            ],
            "resolve": {"nodes": [{"id": "1", "deps": [
                {"pkg": "2", "dep_kinds": [{"kind": null}]},
                {"pkg": "3", "dep_kinds": [{"kind": "dev"}]},
            ]}]}
        });
        assert_eq!(below(&metadata, "vetch-core"), BTreeSet::from(["2"]));
    }
}
