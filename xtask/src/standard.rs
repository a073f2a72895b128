//! `cargo xtask standard`: pins the Standard's text in fixtures/standard.json and names what changed since the last pin.
//!
//! The pin holds titles, counts and hashes, none of the Standard's sentences.

mod bikeshed;
pub(crate) mod citations;
mod idl;
mod ids;
mod markup;
pub(crate) mod pin;

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use crate::{Failure, workspace};
use pin::{Pin, Row};

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    fetch_bs: String,
    commit: Option<String>,
    date: Option<String>,
}

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = options(arguments)?;
    let text = fs::read_to_string(&options.fetch_bs).map_err(|error| {
        Failure::Usage(format!(
            "--fetch-bs {} cannot be read: {error}",
            options.fetch_bs
        ))
    })?;
    let previous = pin::read_if_present()?;
    let mut next = bikeshed::pin(&text);
    if next.rows.is_empty() {
        return Err(Failure::finding(format!(
            "{} has no anchor: give the Bikeshed source of the Standard, fetch.bs",
            options.fetch_bs
        )));
    }
    next.sha256 = sha256(&text);
    origin(&mut next, &options, previous.as_ref())?;
    let cited = citations::cited(&workspace::crate_sources()?);
    for line in previous
        .iter()
        .flat_map(|previous| changes(previous, &next, &cited))
    {
        println!("{line}");
    }
    workspace::write(pin::PATH, &next.to_json())?;
    println!(
        "standard: {} anchors of {} pinned in {}",
        next.rows.len(),
        next.commit,
        pin::PATH
    );
    Ok(())
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest
            .next()
            .ok_or_else(|| Failure::Usage(format!("`{name}` needs a value")))?;
        match name.as_str() {
            "--fetch-bs" => options.fetch_bs.clone_from(value),
            "--commit" => options.commit = Some(value.clone()),
            "--date" => options.date = Some(value.clone()),
            _ => return Err(Failure::Usage(format!("`standard` has no option `{name}`"))),
        }
    }
    if options.fetch_bs.is_empty() {
        return Err(Failure::Usage(
            "`standard` needs --fetch-bs PATH, the Standard's source".into(),
        ));
    }
    if let Some(commit) = &options.commit
        && (commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Err(Failure::Usage(format!(
            "--commit {commit} is not 40 hexadecimal digits"
        )));
    }
    Ok(options)
}

/// The commit and date: as given, or the previous pin's when the text is the same.
fn origin(next: &mut Pin, options: &Options, previous: Option<&Pin>) -> Result<(), Failure> {
    let same = previous.filter(|previous| previous.sha256 == next.sha256);
    let commit = options
        .commit
        .clone()
        .or_else(|| same.map(|pin| pin.commit.clone()));
    next.commit = commit.ok_or_else(|| {
        Failure::Usage(format!(
            "{} is not the pinned text: say which commit of whatwg/fetch it is with --commit SHA",
            options.fetch_bs
        ))
    })?;
    let same = same.filter(|pin| pin.commit == next.commit);
    next.date = options
        .date
        .clone()
        .or_else(|| same.and_then(|pin| pin.date.clone()));
    Ok(())
}

/// One line for each anchor that differs, with the files that cite it.
fn changes(previous: &Pin, next: &Pin, cited: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let old: BTreeMap<&str, &Row> = previous
        .rows
        .iter()
        .map(|row| (row.anchor.as_str(), row))
        .collect();
    let new: BTreeMap<&str, &Row> = next
        .rows
        .iter()
        .map(|row| (row.anchor.as_str(), row))
        .collect();
    let mut lines = Vec::new();
    for (anchor, row) in &old {
        let what = match new.get(anchor) {
            None => String::from("gone"),
            Some(now) if now.steps != row.steps => {
                format!("changed, {} → {} steps", row.steps, now.steps)
            }
            Some(now) if now.hash != row.hash => String::from("changed"),
            Some(_) => continue,
        };
        let by = cited
            .get(*anchor)
            .map(|files| format!("; cited in {}", files.join(", ")));
        lines.push(format!(
            "#{anchor} ({}): {what}{}",
            row.title,
            by.unwrap_or_default()
        ));
    }
    for (anchor, row) in &new {
        if !old.contains_key(anchor) {
            lines.push(format!("#{anchor} ({}): new", row.title));
        }
    }
    lines
}

/// The SHA-256, in hexadecimal digits.
fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Its first sixteen digits: enough to see a change, short enough to read a diff.
fn hash(text: &str) -> String {
    sha256(text)[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(anchor: &str, steps: usize, hash: &str) -> Row {
        Row {
            anchor: anchor.into(),
            title: anchor.into(),
            steps,
            hash: hash.into(),
        }
    }

    #[test]
    fn each_change_is_named_with_who_cites_it() {
        let pin = |rows| Pin {
            rows,
            ..Pin::default()
        };
        let old = pin(vec![
            row("a", 1, "x"),
            row("b", 1, "x"),
            row("c", 1, "x"),
            row("d", 1, "x"),
        ]);
        let new = pin(vec![
            row("a", 2, "y"),
            row("b", 1, "y"),
            row("d", 1, "x"),
            row("e", 1, "x"),
        ]);
        let cited = BTreeMap::from([("a".to_owned(), vec!["f.rs".to_owned()])]);
        assert_eq!(
            changes(&old, &new, &cited),
            [
                "#a (a): changed, 1 → 2 steps; cited in f.rs",
                "#b (b): changed",
                "#c (c): gone",
                "#e (e): new"
            ]
        );
    }

    #[test]
    fn another_text_needs_a_commit() {
        let old = Pin {
            sha256: "1".into(),
            commit: "c".into(),
            ..Pin::default()
        };
        let mut same = Pin {
            sha256: "1".into(),
            ..Pin::default()
        };
        assert!(origin(&mut same, &Options::default(), Some(&old)).is_ok());
        assert_eq!(same.commit, "c");
        let mut other = Pin {
            sha256: "2".into(),
            ..Pin::default()
        };
        assert!(origin(&mut other, &Options::default(), Some(&old)).is_err());
    }

    #[test]
    fn a_commit_is_forty_digits() {
        let words = |commit: &str| ["--fetch-bs", "f", "--commit", commit].map(str::to_owned);
        assert!(options(&words("main")).is_err());
        assert!(options(&words(&"0a".repeat(20))).is_ok());
        assert!(options(&[]).is_err());
    }
}
