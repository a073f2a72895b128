//! `cargo xtask readme`: the documents promise nothing that is not there.
//!
//! The README shows the two commands that everything else relies on, every relative link leads to a file, and every
//! attack of RELIABILITY.md names a test that there is, while every test there is has a line and runs over both network
//! stacks, its limits are those of the sources, and its fuzzing runs those that were written down, as are the
//! instructions of BENCHMARKS.md.

mod attacks;
mod both_stacks;
mod limits;
mod supply_chain;

use crate::{Failure, bench, fuzz, no_arguments, soak, workspace};

const COMMANDS: &[&str] = &["cargo run -p vetch-cli -- demo", "cargo test --workspace"];

const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "RELIABILITY.md",
    "BENCHMARKS.md",
    "CHANGELOG.md",
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("readme", arguments)?;
    let mut findings = Vec::new();
    for document in DOCUMENTS {
        let Ok(text) = workspace::read(document) else {
            findings.push(format!(
                "{document} is missing: write it at the root of the checkout"
            ));
            continue;
        };
        if *document == "README.md" {
            findings.extend(missing_commands(&text));
        }
        if *document == "RELIABILITY.md" {
            findings.extend(attacks::check(&text)?);
            findings.extend(both_stacks::check()?);
            findings.extend(limits::check(&text)?);
            findings.extend(fuzz::runs::check(&text)?);
            findings.extend(soak::check(&text)?);
        }
        if *document == "BENCHMARKS.md" {
            findings.extend(bench::check(&text)?);
        }
        if *document == "SECURITY.md" {
            findings.extend(supply_chain::check(&text)?);
        }
        findings.extend(
            relative_links(&text)
                .into_iter()
                .filter(|link| !workspace::root().join(link).exists())
                .map(|link| {
                    format!("{document} links to {link}, which does not exist: mend the link")
                }),
        );
    }
    Failure::unless_empty(findings)?;
    println!(
        "readme: the commands and links of {} documents hold",
        DOCUMENTS.len()
    );
    Ok(())
}

fn missing_commands(readme: &str) -> Vec<String> {
    COMMANDS
        .iter()
        .filter(|command| !readme.contains(**command))
        .map(|command| format!("README.md does not show the command `{command}`: add it"))
        .collect()
}

/// The targets of `[text](target)` and `[label]: target` outside code, without their fragments.
fn relative_links(markdown: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let prose = without_code(line);
            links.extend(inline_targets(&prose));
            links.extend(reference_target(&prose));
        }
    }
    links
        .iter()
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|path| !path.is_empty() && !path.contains("://") && !path.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("` `")
}

fn inline_targets(prose: &str) -> Vec<String> {
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(str::to_owned)
        .collect()
}

fn reference_target(prose: &str) -> Option<String> {
    let (label, target) = prose.strip_prefix('[')?.split_once("]: ")?;
    (!label.contains(']')).then(|| target.split(' ').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_those_outside_code_and_off_the_web() {
        let text = "See [a](docs/a.md#top), ![b](b.png \"t\") and [w](https://w.example/x).\n\
                    [ref]: c/d.md\n`[no](no.md)` [here](#here)\n```md\n[no](no.md)\n```\n[e](e)";
        assert_eq!(relative_links(text), ["docs/a.md", "b.png", "c/d.md", "e"]);
    }

    #[test]
    fn a_readme_without_the_commands_is_told_both() {
        assert_eq!(missing_commands("cargo test").len(), 2);
        assert!(missing_commands(&COMMANDS.join("\n")).is_empty());
    }
}
