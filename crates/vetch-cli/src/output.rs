//! Output: where text and objects go.
//! In: what a verb has to say. Out: stdout and stderr; a reader that went away is no failure.

use std::io::{Error, Write};

use serde::Serialize;

use crate::request_description::Mistakes;
use crate::session::answers::{Answer, Content};

/// Text on stdout, in colour where somebody sees it.
pub(crate) fn text(text: &str) {
    ignore(anstream::stdout().lock().write_all(text.as_bytes()));
}

/// Text on stderr, in colour where somebody sees it.
pub(crate) fn aside(text: &str) {
    ignore(anstream::stderr().lock().write_all(text.as_bytes()));
}

/// An object on stdout, on one line.
pub(crate) fn json(object: &impl Serialize) {
    let line = serde_json::to_vec(object).unwrap_or_default();
    let mut stdout = std::io::stdout().lock();
    ignore(
        stdout
            .write_all(&line)
            .and_then(|()| stdout.write_all(b"\n")),
    );
}

/// The mistakes as the session's answer, without an id.
pub(crate) fn invalid(mistakes: Mistakes) {
    json(&Answer {
        id: None,
        content: Content::from(mistakes.sorted()),
    });
}

fn ignore(result: Result<(), Error>) {
    // The reader went away (`| head`): there is nobody left to tell.
    drop(result);
}
