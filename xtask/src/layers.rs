//! `cargo xtask layers`: a file of the core imports only files of lower rank, and crates depend one way.

mod dependencies;
mod imports;
mod ranks;
mod rust_tokens;
mod test_items;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::workspace::{self, Source};
use crate::{Failure, no_arguments};
use imports::Import;

const CORE: &str = "crates/vetch-core/src/";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("layers", arguments)?;
    let mut sources = workspace::rust_sources(CORE.trim_end_matches('/'))?;
    sources.retain(|source| !source.path.ends_with("/tests.rs"));
    if sources.is_empty() {
        return Err(Failure::finding(format!("{CORE} has no Rust file")));
    }
    let modules: BTreeSet<String> = sources.iter().map(|source| module(&source.path)).collect();
    let mut findings = Vec::new();
    for source in &sources {
        findings.extend(check(source, &modules));
    }
    findings.extend(dependencies::check()?);
    Failure::unless_empty(findings)?;
    println!(
        "layers: {} files on {} ranks, imports and dependencies hold",
        sources.len(),
        ranks::RANKS.len()
    );
    Ok(())
}

/// `crates/vetch-core/src/infrastructure/headers.rs` → `infrastructure/headers`; lib.rs → the empty string.
fn module(path: &str) -> String {
    let inner = path.strip_prefix(CORE).unwrap_or(path);
    let inner = inner.trim_end_matches(".rs").trim_end_matches("/mod");
    if inner == "lib" {
        String::new()
    } else {
        inner.to_owned()
    }
}

/// What a file may import, by its place in the house.
enum Place {
    /// lib.rs: everything.
    Root,
    /// A chapter's file without a rank: its own sections.
    Chapter,
    /// A file of the table: every lower rank.
    Ranked(usize),
}

fn place(section: &str) -> Option<Place> {
    if section.is_empty() {
        Some(Place::Root)
    } else if ranks::is_chapter(section) {
        Some(Place::Chapter)
    } else {
        ranks::rank(section).map(Place::Ranked)
    }
}

fn check(source: &Source, modules: &BTreeSet<String>) -> Vec<String> {
    let module = module(&source.path);
    let own = ranks::section(&module);
    let Some(place) = place(own) else {
        return vec![format!(
            "{}: give {own} a rank in xtask/src/layers/ranks.rs",
            source.path
        )];
    };
    imports::imports(&source.text, &module)
        .iter()
        .filter_map(|import| {
            let complaint = complaint(&place, own, ranks::section(target(import, modules)))?;
            Some(format!("{}:{}: {complaint}", source.path, import.line))
        })
        .collect()
}

/// The file that an import names: the longest part of its path that is a file.
fn target<'a>(import: &Import, modules: &'a BTreeSet<String>) -> &'a str {
    (1..=import.path.len())
        .rev()
        .find_map(|length| modules.get(&import.path[..length].join("/")))
        .map_or("", String::as_str)
}

fn complaint(place: &Place, own: &str, target: &str) -> Option<String> {
    if own == target {
        return None;
    }
    match place {
        Place::Root => None,
        Place::Chapter if target.starts_with(&format!("{own}/")) => None,
        Place::Chapter => Some(format!(
            "a chapter's file names its own sections only, not {}",
            shown(target)
        )),
        Place::Ranked(rank) => against_ranks((own, *rank), target),
    }
}

fn against_ranks((own, rank): (&str, usize), target: &str) -> Option<String> {
    if target.is_empty() || ranks::is_chapter(target) {
        let through = shown(target);
        return Some(format!(
            "{own} imports through {through}: import the section file itself"
        ));
    }
    // A file that lacks a rank is told so by its own check.
    let other = ranks::rank(target)?;
    match other.cmp(&rank) {
        Ordering::Less => None,
        Ordering::Equal => Some(format!(
            "{own} imports {target} of its own rank {rank}: part them in xtask/src/layers/ranks.rs, or move what they share to a lower file"
        )),
        Ordering::Greater => Some(format!(
            "{own} (rank {rank}) imports {target} (rank {other}): only lower ranks may be imported"
        )),
    }
}

fn shown(module: &str) -> String {
    if module.is_empty() {
        "the crate's root".into()
    } else {
        format!("`crate::{}`", module.replace('/', "::"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(file: &str, text: &str) -> Vec<String> {
        let modules = [
            "",
            "time",
            "infrastructure",
            "infrastructure/headers",
            "infrastructure/requests",
        ]
        .iter()
        .map(|module| (*module).to_owned())
        .collect();
        let source = Source {
            path: format!("{CORE}{file}"),
            text: text.into(),
        };
        check(&source, &modules)
    }

    #[test]
    fn a_lower_rank_may_be_imported_and_a_higher_may_not() {
        let up = "use crate::infrastructure::headers::HeaderList;\nuse crate::time::Timestamp;";
        assert!(findings("infrastructure/requests.rs", up).is_empty());
        let down = "\nuse super::requests::Request;";
        let found = findings("infrastructure/headers.rs", down);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].contains("headers.rs:2: infrastructure/headers (rank"),
            "{found:?}"
        );
    }

    #[test]
    fn a_re_export_is_a_finding() {
        for text in [
            "use crate::Request;",
            "use crate::infrastructure::Request;",
            "use crate::infrastructure;",
        ] {
            let found = findings("infrastructure/requests.rs", text);
            assert!(
                found[0].contains("import the section file itself"),
                "{found:?}"
            );
        }
        assert!(findings("lib.rs", "pub use crate::infrastructure::Request;").is_empty());
    }

    #[test]
    fn the_parts_of_a_section_import_each_other_and_have_its_rank() {
        let modules = ["", "network_error", "network_error/reason", "trace"];
        let modules = modules.iter().map(|module| (*module).to_owned()).collect();
        let source = |text: &str| Source {
            path: format!("{CORE}network_error/reason.rs"),
            text: text.into(),
        };
        assert!(check(&source("use super::ExchangeKind;"), &modules).is_empty());
        assert_eq!(
            check(&source("use crate::trace::Record;"), &modules).len(),
            1
        );
    }

    #[test]
    fn a_chapter_names_its_own_sections_only() {
        assert!(findings("infrastructure.rs", "pub use self::headers::X;").is_empty());
        assert_eq!(
            findings("infrastructure.rs", "use crate::time::X;").len(),
            1
        );
    }

    #[test]
    fn a_file_without_a_rank_is_told_where_to_give_it_one() {
        let found = findings("bystander.rs", "");
        assert!(found[0].ends_with("give bystander a rank in xtask/src/layers/ranks.rs"));
    }
}
