//! The core's dependencies know no IO, runtime, clock or chance, and crates depend one way only.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Failure;
use crate::metadata::{self, is_normal, list, text};

/// What vetch-core must not depend on, however far down.
const KEPT_OUT: &[&str] = &[
    "async-io",
    "async-std",
    "aws-lc-rs",
    "chrono",
    "curl",
    "fastrand",
    "futures-timer",
    "getrandom",
    "h2",
    "hickory-resolver",
    "hyper",
    "hyper-util",
    "instant",
    "isahc",
    "jiff",
    "memmap2",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "polling",
    "quinn",
    "rand",
    "rand_core",
    "reqwest",
    "ring",
    "rustls",
    "smol",
    "socket2",
    "tempfile",
    "time",
    "tokio",
    "tower",
    "tungstenite",
    "ureq",
    "uuid",
    "web-time",
];

/// No dependency of any kind from the first to the second.
const NEVER_BACK: &[(&str, &str)] = &[
    ("vetch-core", "vetch"),
    ("vetch-core", "vetch-cli"),
    ("vetch", "vetch-cli"),
];

pub(super) fn check() -> Result<Vec<String>, Failure> {
    let metadata = metadata::read(&[])?;
    let mut findings = backward(&metadata);
    findings.extend(kept_out(&metadata));
    Ok(findings)
}

fn backward(metadata: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    for package in list(metadata, "packages") {
        for dependency in list(package, "dependencies") {
            let pair = (text(package, "name"), text(dependency, "name"));
            if NEVER_BACK.contains(&pair) {
                findings.push(format!(
                    "{} depends on {}: dependencies run vetch-cli → vetch → vetch-core, never back",
                    pair.0, pair.1
                ));
            }
        }
    }
    findings
}

fn kept_out(metadata: &Value) -> Vec<String> {
    let names: BTreeMap<&str, &str> = list(metadata, "packages")
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let edges: BTreeMap<&str, Vec<&str>> = list(&metadata["resolve"], "nodes")
        .map(|node| {
            (
                text(node, "id"),
                list(node, "deps")
                    .filter(|edge| is_normal(edge))
                    .map(|edge| text(edge, "pkg"))
                    .collect(),
            )
        })
        .collect();
    let Some((core, _)) = names.iter().find(|(_, name)| **name == "vetch-core") else {
        return vec![
            "`cargo metadata` knows no package vetch-core: is it a member of the workspace?".into(),
        ];
    };
    let mut seen = BTreeSet::from([*core]);
    let mut open = vec![(*core, String::from("vetch-core"))];
    let mut findings = Vec::new();
    while let Some((package, way)) = open.pop() {
        for next in edges.get(package).into_iter().flatten() {
            let name = names.get(next).copied().unwrap_or_default();
            let way = format!("{way} → {name}");
            if KEPT_OUT.contains(&name) {
                findings.push(format!("the core knows no IO, runtime, clock or chance, but depends on {name} ({way}): drop it, or switch off the feature that brings it"));
            } else if seen.insert(next) {
                open.push((next, way));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tree(kind: &Value) -> Value {
        json!({
            "packages": [
                {"id": "1", "name": "vetch-core", "dependencies": [{"name": "url"}]},
                {"id": "2", "name": "url", "dependencies": []},
                {"id": "3", "name": "getrandom", "dependencies": []},
            ],
            "resolve": {"nodes": [
                {"id": "1", "deps": [{"pkg": "2", "dep_kinds": [{"kind": null}]}]},
                {"id": "2", "deps": [{"pkg": "3", "dep_kinds": [{"kind": kind}]}]},
            ]}
        })
    }

    #[test]
    fn the_closure_of_normal_dependencies_counts_and_no_other() {
        let found = kept_out(&tree(&Value::Null));
        assert!(
            found[0].contains("vetch-core → url → getrandom"),
            "{found:?}"
        );
        assert!(kept_out(&tree(&json!("dev"))).is_empty());
    }

    #[test]
    fn a_crate_that_depends_back_is_named() {
        let metadata =
            json!({"packages": [{"name": "vetch", "dependencies": [{"name": "vetch-cli"}]}]});
        assert_eq!(backward(&metadata).len(), 1);
    }
}
