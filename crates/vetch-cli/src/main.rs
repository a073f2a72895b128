//! `vetch`: the command.

use std::process::ExitCode;

fn main() -> ExitCode {
    vetch_cli::run()
}
