//! `cargo xtask bench <what>`: what vetch costs, each measure beside its anchor in one run, held against
//! `xtask/bench-limits.toml`.
//!
//! Instructions are exact on one toolchain, so CI counts them; times are the machine's of that moment, so what counts of
//! them is the ratio to the anchor, and CI does not look.

mod against;
mod command;
mod instructions;
mod limits;
mod loopback;
mod programs;

use crate::Failure;
use against::Peer;
use limits::Limits;

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words {
        ["instructions"] => instructions::compare(&Limits::load()?),
        ["instructions", "--update"] => instructions::update(Limits::load()?),
        ["loopback"] => loopback::compare(&Limits::load()?),
        ["command"] => command::compare(&Limits::load()?),
        ["--against", peer] => against::compare(named(peer)?, &Limits::load()?),
        _ => Err(Failure::Usage(
            "`bench` wants one of: `instructions [--update]`, `loopback`, `command`, `--against chromium|node`".into(),
        )),
    }
}

/// A sentence when a table of BENCHMARKS.md is not what was counted.
pub(crate) fn check(document: &str) -> Result<Option<String>, Failure> {
    instructions::check(document, &Limits::load()?)
}

fn named(peer: &str) -> Result<Peer, Failure> {
    let known = Peer::ALL.into_iter().find(|known| known.name() == peer);
    known.ok_or_else(|| {
        Failure::Usage(format!(
            "`bench --against` knows `chromium` and `node`, but got `{peer}`"
        ))
    })
}
