//! The project's chores: `cargo xtask <verb>`.
//!
//! One file a verb. A verb returns `Ok(())`, or a [`Failure`] whose sentences name the input and the fix.

mod api;
mod bench;
mod browsers;
mod ci;
mod fuzz;
mod layers;
mod metadata;
mod readme;
mod soak;
mod standard;
mod steps;
mod tables;
mod workspace;
mod wpt;

use std::process::ExitCode;

/// Why a verb did not succeed.
#[derive(Debug)]
enum Failure {
    /// The command line is wrong: exit status 2.
    Usage(String),
    /// The tree is wrong, one sentence each: exit status 1.
    Findings(Vec<String>),
}

impl Failure {
    fn finding(sentence: impl Into<String>) -> Self {
        Self::Findings(vec![sentence.into()])
    }

    /// `Ok` when a check found nothing.
    fn unless_empty(findings: Vec<String>) -> Result<(), Self> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self::Findings(findings))
        }
    }
}

struct Verb {
    name: &'static str,
    arguments: &'static str,
    purpose: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "api",
        arguments: "[--update]",
        purpose: "hold the public items of vetch and vetch-core against crates/*/api.txt",
        run: api::run,
    },
    Verb {
        name: "bench",
        arguments: "instructions [--update] | loopback | command | --against chromium|node",
        purpose: "measure, each beside its anchor, and hold the ratios against xtask/bench-limits.toml",
        run: bench::run,
    },
    Verb {
        name: "browsers",
        arguments: "<verb> …",
        purpose: "run the same scenarios in real browsers and in vetch (`browsers help` says more)",
        run: browsers::run,
    },
    Verb {
        name: "ci",
        arguments: "",
        purpose: "run everything that CI runs, up to the first failure",
        run: ci::run,
    },
    Verb {
        name: "fuzz",
        arguments: "--minutes N [--target T] [--keep]",
        purpose: "run libFuzzer on each law of vetch-robustness, write down what ran, keep what covers more",
        run: fuzz::run,
    },
    Verb {
        name: "layers",
        arguments: "",
        purpose: "check that core files import lower ranks only, and that crates depend one way",
        run: layers::run,
    },
    Verb {
        name: "readme",
        arguments: "",
        purpose: "check the README's commands and every relative link in the documents",
        run: readme::run,
    },
    Verb {
        name: "soak",
        arguments: "--minutes N [--seed S]",
        purpose: "run mixed traffic against servers that misbehave, and write down what came of it",
        run: soak::run,
    },
    Verb {
        name: "standard",
        arguments: "--fetch-bs PATH [--commit SHA] [--date YYYY-MM-DD]",
        purpose: "pin the Standard's text in fixtures/standard.json and name what changed",
        run: standard::run,
    },
    Verb {
        name: "steps",
        arguments: "[--check]",
        purpose: "find dead anchors; gather DIFFERS and NOT DONE into ARCHITECTURE.md",
        run: steps::run,
    },
    Verb {
        name: "wpt",
        arguments: "--wpt-dir PATH …",
        purpose: "run the web-platform-tests of fetch and XMLHttpRequest against vetch (`wpt --help` says more)",
        run: wpt::run,
    },
];

fn help() -> String {
    let verbs: Vec<String> = VERBS
        .iter()
        .map(|verb| {
            let call = format!("{} {}", verb.name, verb.arguments);
            format!("  {}\n      {}\n", call.trim_end(), verb.purpose)
        })
        .collect();
    let verbs = verbs.concat();
    format!("usage: cargo xtask <verb> [arguments]\n\nverbs:\n{verbs}")
}

/// For verbs that take none.
fn no_arguments(verb: &str, arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::Usage(format!(
            "`{verb}` takes no arguments, but got `{extra}`"
        ))),
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(Failure::Usage("a verb is missing".into()));
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return Ok(());
    }
    match VERBS.iter().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(rest),
        None => Err(Failure::Usage(format!("there is no verb `{name}`"))),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(sentence)) => {
            eprint!("xtask: {sentence}\n\n{}", help());
            ExitCode::from(2)
        }
        Err(Failure::Findings(findings)) => {
            for finding in &findings {
                eprintln!("xtask: {finding}");
            }
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_verb_is_bad_usage() {
        assert!(matches!(
            dispatch(&["frobnicate".into()]),
            Err(Failure::Usage(_))
        ));
        assert!(matches!(dispatch(&[]), Err(Failure::Usage(_))));
    }

    #[test]
    fn the_help_lists_every_verb() {
        for verb in VERBS {
            assert!(help().contains(verb.name));
        }
    }
}
