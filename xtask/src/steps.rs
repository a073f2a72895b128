//! `cargo xtask steps`: no dead anchor, and one table of every DIFFERS and NOT DONE in ARCHITECTURE.md.

mod labels;

use std::collections::BTreeMap;

use crate::standard::pin::Pin;
use crate::standard::{citations, pin};
use crate::{Failure, workspace};
use labels::Entry;

const DOCUMENT: &str = "ARCHITECTURE.md";
const BEGIN: &str = "<!-- steps:begin -->";
const END: &str = "<!-- steps:end -->";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let check = match words.as_slice() {
        [] => false,
        ["--check"] => true,
        _ => {
            return Err(Failure::Usage(format!(
                "`steps` takes --check or nothing, but got `{}`",
                arguments.join(" ")
            )));
        }
    };
    let sources = workspace::crate_sources()?;
    let cited = citations::cited(&sources);
    let mut findings = dead(&cited, &pin::read()?);
    let mut entries: Vec<Entry> = sources.iter().flat_map(labels::entries).collect();
    entries.sort_by(|one, other| (one.label, &one.path).cmp(&(other.label, &other.path)));
    findings.extend(update(&table(&entries), check)?);
    Failure::unless_empty(findings)?;
    println!(
        "steps: {} anchors are alive, {} departures are in {DOCUMENT}",
        cited.len(),
        entries.len()
    );
    Ok(())
}

/// A sentence for each cited anchor that the pinned Standard does not have.
fn dead(cited: &BTreeMap<String, Vec<String>>, pin: &Pin) -> Vec<String> {
    cited
        .iter()
        .filter(|(anchor, _)| !pin.rows.iter().any(|row| row.anchor == **anchor))
        .map(|(anchor, files)| {
            let files = files.join(", ");
            let fix = match pin.renamed.iter().find(|(old, _)| old == anchor) {
                Some((_, now)) => format!("was renamed: cite #{now}"),
                None => format!("is dead: cite one of {}{}", pin::PATH, near(anchor, pin)),
            };
            format!("{files}: the anchor #{anchor} {fix}")
        })
        .collect()
}

/// A listed anchor that holds the dead one or is held by it, the longest first.
fn near(anchor: &str, pin: &Pin) -> String {
    let anchors = pin.rows.iter().map(|row| row.anchor.as_str());
    anchors
        .filter(|other| other.contains(anchor) || anchor.contains(other))
        .max_by_key(|other| other.len())
        .map_or(String::new(), |other| format!(", perhaps #{other}"))
}

/// Writes the table between the markers, or says that it should be written.
fn update(table: &str, check: bool) -> Result<Option<String>, Failure> {
    let Ok(document) = workspace::read(DOCUMENT) else {
        return Ok(Some(format!(
            "{DOCUMENT} is missing: write it, with the lines {BEGIN} and {END} where the table belongs"
        )));
    };
    let Some(next) = replaced(&document, table) else {
        return Ok(Some(format!(
            "{DOCUMENT} lacks the lines {BEGIN} and {END}: add them where the table belongs"
        )));
    };
    if next == document {
        Ok(None)
    } else if check {
        Ok(Some(format!(
            "{DOCUMENT} is out of date: run `cargo xtask steps` and commit it"
        )))
    } else {
        workspace::write(DOCUMENT, &next)?;
        Ok(None)
    }
}

fn replaced(document: &str, table: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

fn table(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "\nNo departure is labelled.\n\n".into();
    }
    let rows: Vec<String> = entries.iter().map(row).collect();
    format!(
        "\n| label | where | what |\n| --- | --- | --- |\n{}\n",
        rows.concat()
    )
}

fn row(entry: &Entry) -> String {
    let path = &entry.path;
    let short = path.trim_start_matches("crates/").replacen("/src/", "/", 1);
    let item = entry.item.as_ref();
    let item = item.map(|item| format!(" `{item}`")).unwrap_or_default();
    let text = entry.text.replace('|', "\\|");
    format!("| {} | [{short}]({path}){item} | {text} |\n", entry.label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::pin::Row;

    #[test]
    fn only_the_part_between_the_markers_is_replaced() {
        let document = format!("a\n{BEGIN}\nold\n{END}\nb");
        assert_eq!(
            replaced(&document, "new\n"),
            Some(format!("a\n{BEGIN}\nnew\n{END}\nb"))
        );
        assert_eq!(replaced("a", "new"), None);
    }

    #[test]
    fn dead_and_renamed_anchors_are_told_apart() {
        let row = Row {
            anchor: "alive".into(),
            title: String::new(),
            steps: 0,
            hash: String::new(),
        };
        let pin = Pin {
            rows: vec![row],
            renamed: vec![("old".into(), "alive".into())],
            ..Pin::default()
        };
        let cited = ["alive", "dead", "old"]
            .map(|anchor| (anchor.to_owned(), vec!["f.rs".to_owned()]))
            .into();
        let found = dead(&cited, &pin);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("#dead is dead"));
        assert!(near("concept-alive", &pin).contains("#alive"));
        assert!(found[1].contains("cite #alive"));
    }

    #[test]
    fn a_row_names_the_file_and_the_function() {
        let entry = Entry {
            label: "DIFFERS",
            path: "crates/vetch-core/src/time.rs".into(),
            item: Some("now".into()),
            text: "a | b".into(),
        };
        assert!(table(&[entry]).contains(
            "| DIFFERS | [vetch-core/time.rs](crates/vetch-core/src/time.rs) `now` | a \\| b |"
        ));
    }
}
