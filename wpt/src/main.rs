//! `cargo xtask wpt`: runs the web-platform-tests of fetch and `XMLHttpRequest` against vetch.
//!
//! | part | file |
//! | --- | --- |
//! | which pages, and the variants of a file | [`checkout`] |
//! | hosts, ports, certificates, the tests' own server | [`places`], [`certificates`], [`server`] |
//! | a page's scripts | [`document`] |
//! | the JavaScript engine, its event loop, and what of it is vetch | [`engine`]; the objects around it in `glue/` |
//! | the same pages in Chromium | [`chromium`] |
//! | what is expected, and why where it is not a pass | [`expectations`], [`comparison`] |
//!
//! Nothing of the tests is in this tree: they, their harness and their server come from the checkout.

mod certificates;
mod checkout;
mod chromium;
mod comparison;
mod document;
mod engine;
mod expectations;
mod places;
mod run;
mod server;
mod trouble;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use vetch::Profile;

use crate::engine::Console;
use crate::run::{Answer, Outcome, Plan, Referee, run};

/// Runs the web-platform-tests of fetch and XMLHttpRequest against vetch, and compares each subtest with
/// fixtures/wpt/expectations.json; exit status 1 for any difference, an unexpected pass too.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask wpt")]
struct Arguments {
    /// A checkout of the tests; without one, the commands that make it are printed
    #[arg(long, value_name = "PATH")]
    wpt_dir: Option<PathBuf>,
    /// Only pages whose path is like this; `*` stands for any text
    #[arg(long, default_value = "*")]
    only: String,
    /// Make the results the expectations
    #[arg(long)]
    update: bool,
    /// Open the pages in this browser too, and tell its results from vetch's
    #[arg(long)]
    against: Option<Against>,
    /// Which profile; the referee's own, since the tests are written for what browsers do
    #[arg(long, default_value = "chromium", value_parser = profile)]
    profile: Profile,
    /// How many pages at a time
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// Print what pages write to the console
    #[arg(long)]
    console: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Against {
    Chromium,
}

fn profile(name: &str) -> Result<Profile, String> {
    let names = Profile::ALL.map(|profile| profile.name).join(", ");
    Profile::by_name(name).ok_or_else(|| format!("there are {names}"))
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plan = Plan {
        checkout: arguments.wpt_dir,
        profile: arguments.profile,
        only: arguments.only,
        jobs: arguments.jobs.max(1),
        referee: arguments
            .against
            .map_or(Referee::None, |Against::Chromium| Referee::Chromium),
        console: if arguments.console {
            Console::Stderr
        } else {
            Console::Silent
        },
        outcome: if arguments.update {
            Outcome::Update
        } else {
            Outcome::Compare
        },
    };
    match run(&plan).await {
        Ok(Answer::AsExpected) => ExitCode::SUCCESS,
        Ok(Answer::Otherwise) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("wpt: {trouble}");
            ExitCode::FAILURE
        }
    }
}
