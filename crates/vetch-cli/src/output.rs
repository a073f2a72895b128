//! Output: where text and objects go.
//! In: what a verb has to say. Out: stdout and stderr; a reader that went away is no failure, a full disk is.

use std::io::{Error, ErrorKind, Write};

use serde::Serialize;

use crate::ending::Refusal;
use crate::request_description::Mistakes;
use crate::session::answers::{Answer, Content};

/// Text on stdout, in colour where somebody sees it.
pub(crate) fn text(text: &str) -> Result<(), Refusal> {
    let mut stdout = anstream::stdout().lock();
    stdout_written(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Text on stderr, in colour where somebody sees it.
pub(crate) fn aside(text: &str) {
    // There is nowhere left to tell of a failure.
    drop(anstream::stderr().lock().write_all(text.as_bytes()));
}

/// An object on stdout, on one line.
pub(crate) fn json(object: &impl Serialize) -> Result<(), Refusal> {
    let mut line = serde_json::to_vec(object).unwrap_or_default();
    line.push(b'\n');
    let mut stdout = std::io::stdout().lock();
    stdout_written(stdout.write_all(&line).and_then(|()| stdout.flush()))
}

/// The mistakes as the session's answer, without an id.
pub(crate) fn invalid(mistakes: Mistakes) -> Result<(), Refusal> {
    json(&Answer {
        id: None,
        content: Content::from(mistakes.sorted()),
    })
}

/// A reader that went away (`| head`) wants no more; anything else that keeps stdout from being written is told.
pub(crate) fn stdout_written(result: Result<(), Error>) -> Result<(), Refusal> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Refusal::System(format!(
            "stdout cannot be written ({error})"
        ))),
        _ => Ok(()),
    }
}
