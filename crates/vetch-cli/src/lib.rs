//! The command `vetch`: it parses, runs one verb, and ends with one exit status.
//!
//! A library, so that a session can be driven without a process: [`OfflineSession`].

mod arguments;
mod demo;
mod ending;
mod engine;
mod explain;
mod fetch;
mod network;
mod output;
mod output_file;
mod profiles;
mod replay;
mod request_description;
mod request_flags;
mod session;
mod story;

use std::process::ExitCode;

use arguments::{Arguments, Verb};
use clap::Parser;

pub use session::offline::OfflineSession;

/// The whole command, with the arguments of this process.
pub fn run() -> ExitCode {
    ending::exit_code(match Arguments::parse().verb {
        Verb::Fetch(arguments) => fetch::run(*arguments),
        Verb::Explain(arguments) => explain::run(*arguments),
        Verb::Demo(arguments) => demo::run(&arguments),
        Verb::Session(arguments) => session::run(&arguments),
    })
}
