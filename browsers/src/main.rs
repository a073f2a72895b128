//! `cargo xtask browsers <verb>`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use vetch_browsers::browser::Browser;
use vetch_browsers::compare::{self, Comparison, Judge, Shown, Verdict};
use vetch_browsers::conformance::{self, Purpose};
use vetch_browsers::fuzz::{self, Fuzz};
use vetch_browsers::record::{self, Which};
use vetch_browsers::{Trouble, family};

/// Runs the same scenarios in real browsers and in vetch.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask browsers")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run scenarios in a real browser and write fixtures/recordings/<browser>.jsonl; for webkit it adds the
    /// test hosts to /etc/hosts
    Record {
        /// Which browser
        #[arg(long)]
        browser: Browser,
        /// Only scenarios whose `family/name` matches; `*` stands for any text
        #[arg(long, default_value = "*")]
        scenarios: String,
        /// Only scenarios that the recording does not have
        #[arg(long)]
        missing: bool,
    },
    /// Run vetch over the recorded scenarios and print each difference; exit status 1 for one that is not known
    Compare {
        /// With which browser's recording
        #[arg(long, required_unless_present = "consensus")]
        browser: Option<Browser>,
        /// With what all recorded browsers agree on; the profile is `spec`
        #[arg(long, conflicts_with = "browser")]
        consensus: bool,
        /// Only scenarios whose `family/name` matches; `*` stands for any text
        #[arg(long, default_value = "*")]
        scenarios: String,
        /// The `vetch` to run [default: the workspace's own, by `cargo run`]
        #[arg(long)]
        vetch: Option<PathBuf>,
        /// The profile [default: the browser's]
        #[arg(long)]
        profile: Option<String>,
        /// Print the known differences too, each with its reason
        #[arg(long)]
        all: bool,
    },
    /// Run random scenarios in a real browser and in vetch; print each new difference as small as it gets
    Fuzz {
        /// Which browser
        #[arg(long)]
        browser: Browser,
        /// Which scenarios: the same seed gives the same
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many scenarios, at least 1
        #[arg(short = 'n', long = "number", default_value_t = 1000, value_parser = at_least_one)]
        count: usize,
        /// How many scenarios of that seed to leave out first
        #[arg(long, default_value_t = 0)]
        skip: usize,
        /// Begin nothing new after so many minutes
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        /// How many new differences to make smaller and print
        #[arg(long, default_value_t = 12)]
        shrink: usize,
        /// Keep what the browser does in this file, and do not run it again for what is kept there
        #[arg(long)]
        recording: Option<PathBuf>,
        /// The `vetch` to run [default: the workspace's own, by `cargo run`]
        #[arg(long)]
        vetch: Option<PathBuf>,
    },
    /// Write CONFORMANCE.md from the recordings and a run of vetch over the same scenarios
    Conformance {
        /// Write nothing; exit status 1 if the page is stale
        #[arg(long)]
        check: bool,
        /// The `vetch` to run [default: the workspace's own, by `cargo run`]
        #[arg(long)]
        vetch: Option<PathBuf>,
    },
    /// List the scenarios
    List {
        /// Only those whose `family/name` matches
        #[arg(long, default_value = "*")]
        scenarios: String,
    },
}

/// A run of nothing finds nothing, and would look like a run that agrees.
fn at_least_one(written: &str) -> Result<usize, String> {
    match written.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().verb).await {
        Ok(Verdict::Agrees) => ExitCode::SUCCESS,
        Ok(Verdict::Differs) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("browsers: {trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn run(verb: Verb) -> Result<Verdict, Trouble> {
    match verb {
        Verb::Record {
            browser,
            scenarios,
            missing,
        } => {
            let which = if missing { Which::Missing } else { Which::All };
            record::record(browser, &scenarios, which).await?;
        }
        Verb::Compare {
            browser,
            consensus: _,
            scenarios,
            vetch,
            profile,
            all,
        } => {
            let comparison = Comparison {
                judge: browser.map_or(Judge::Consensus, Judge::Browser),
                pattern: scenarios,
                program: vetch,
                profile,
                shown: if all { Shown::All } else { Shown::New },
            };
            return compare::compare(&comparison).await;
        }
        Verb::Fuzz {
            browser,
            seed,
            count,
            skip,
            minutes,
            shrink,
            recording,
            vetch,
        } => {
            let fuzz = Fuzz {
                browser,
                seed,
                count,
                skip,
                limit: Duration::from_secs(minutes * 60),
                shrink,
                recording,
                program: vetch,
            };
            return fuzz::fuzz(&fuzz).await;
        }
        Verb::Conformance { check, vetch } => {
            let purpose = if check {
                Purpose::Check
            } else {
                Purpose::Write
            };
            return conformance::conformance(purpose, vetch.as_deref()).await;
        }
        Verb::List { scenarios } => {
            for named in family::load(&family::folder(), &scenarios)? {
                println!("{}", named.name);
            }
        }
    }
    Ok(Verdict::Agrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_no_scenario_is_refused() {
        let with = |count| {
            let words = ["browsers", "fuzz", "--browser", "firefox", "-n", count];
            Arguments::try_parse_from(words).is_ok()
        };
        assert!(with("1"));
        assert!(!with("0"));
        assert!(!with("x"));
    }
}
