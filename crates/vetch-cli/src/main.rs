//! `vetch`: the command. It parses, runs one verb, and ends with one exit status.

mod arguments;
mod demo;
mod ending;
mod engine;
mod explain;
mod fetch;
mod network;
mod output;
mod profiles;
mod replay;
mod request_description;
mod request_flags;
mod session;
mod story;

use std::process::ExitCode;

use arguments::{Arguments, Verb};
use clap::Parser;

fn main() -> ExitCode {
    ending::exit_code(match Arguments::parse().verb {
        Verb::Fetch(arguments) => fetch::run(*arguments),
        Verb::Explain(arguments) => explain::run(*arguments),
        Verb::Demo(arguments) => demo::run(&arguments),
        Verb::Session(arguments) => session::run(&arguments),
    })
}
