//! `cargo xtask api [--update]`: the public items of the published libraries, as a committed listing.
//!
//! Who changes what others build on sees it in the diff, and a test fails until the listing says it. It reads the
//! sources and needs neither a nightly toolchain nor a tool; so it lists what is `pub` in each module, and leaves to
//! the reader which of these are reached by `pub use` alone.

mod items;

use crate::{Failure, workspace};

/// The crates that are depended on, each with the listing beside its sources.
const CRATES: [&str; 2] = ["vetch-core", "vetch"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words {
        [] => check(),
        ["--update"] => CRATES
            .into_iter()
            .try_for_each(|name| workspace::write(&file(name), &listing(name)?)),
        _ => Err(Failure::Usage("`api` takes `--update` or nothing".into())),
    }
}

fn check() -> Result<(), Failure> {
    let mut findings = Vec::new();
    for name in CRATES {
        let (now, file) = (listing(name)?, file(name));
        let before = workspace::read(&file)?;
        findings.extend(differences(&before, &now).map(|line| format!("{file}: {line}")));
    }
    if !findings.is_empty() {
        findings
            .push("if it is meant: `cargo xtask api --update`, and a line in CHANGELOG.md".into());
    }
    Failure::unless_empty(findings)
}

fn file(name: &str) -> String {
    format!("crates/{name}/api.txt")
}

/// The lines of one alone, `-` before those that were and `+` before those that are.
fn differences<'a>(before: &'a str, now: &'a str) -> impl Iterator<Item = String> {
    let lacking = |from: &'a str, other: &'a str, sign: char| {
        let others: Vec<&str> = other.lines().collect();
        let lines = from.lines().filter(move |line| !others.contains(line));
        lines.map(move |line| format!("{sign} {line}"))
    };
    lacking(before, now, '-').chain(lacking(now, before, '+'))
}

/// One item a line, each with its module.
fn listing(name: &str) -> Result<String, Failure> {
    let source = format!("crates/{name}/src");
    let mut lines = Vec::new();
    for file in workspace::rust_sources(&source)? {
        let parsed = syn::parse_file(&file.text)
            .map_err(|reason| Failure::finding(format!("{}: {reason}", file.path)))?;
        let module = module(name, file.path.trim_start_matches(&source));
        items::list(&parsed.items, &module, &mut lines);
    }
    lines.sort();
    lines.dedup();
    Ok(lines.concat())
}

/// `/a/b.rs` is the module `a::b`.
fn module(name: &str, path: &str) -> String {
    let path = path.trim_end_matches(".rs").trim_end_matches("/lib");
    format!("{name}{}", path.replace('/', "::")).replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listing_is_what_the_sources_say() {
        check().unwrap();
    }

    #[test]
    fn a_file_is_its_module() {
        assert_eq!(module("vetch-core", "/lib.rs"), "vetch_core");
        assert_eq!(module("vetch", "/a/b.rs"), "vetch::a::b");
    }

    #[test]
    fn what_went_and_what_came_is_told() {
        let told: Vec<String> = differences("a\nb\n", "b\nc\n").collect();
        assert_eq!(told, ["- a", "+ c"]);
    }
}
