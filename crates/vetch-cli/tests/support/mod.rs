//! What the command's tests share: a real server on loopback, and the command itself.

#![allow(dead_code, reason = "each test file uses its own part of it")]

pub(crate) mod server;

use std::process::{Command, Output, Stdio};

/// The command, with nothing in its environment that changes its output.
pub(crate) fn vetch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vetch"));
    command
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("SSL_CERT_FILE")
        .stdin(Stdio::null());
    command
}

/// Run the command to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    vetch()
        .args(arguments)
        .output()
        .expect("the command starts")
}

/// Its exit status.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

/// Its stdout.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

/// Its stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}
