//! How the command ends: the one place that knows the exit status.
//! In: what became of the verb. Out: a status, and a line on stderr for what was mistyped.

use std::process::ExitCode;

use vetch_core::network_error::Kind;

use crate::output;
use crate::request_description::{Mistake, Mistakes};
use crate::story::paper::printable;

/// The end of a verb that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The fetch resolves, or all went as told.
    Well,
    /// The rules blocked it, or something did not go as told.
    Blocked,
    /// The network failed.
    NetworkFailed,
}

/// The command cannot do what was asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Something was mistyped: status 2.
    Usage(Vec<Mistake>),
    /// The command's own output cannot be written, or its own servers cannot listen: status 3.
    System(String),
}

impl From<Mistakes> for Refusal {
    fn from(mistakes: Mistakes) -> Self {
        Self::Usage(mistakes.sorted())
    }
}

impl From<Kind> for Ending {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Blocked => Self::Blocked,
            Kind::Transport => Self::NetworkFailed,
        }
    }
}

/// The exit status; a refusal is said on stderr, one line for each mistake.
pub(crate) fn exit_code(result: Result<Ending, Refusal>) -> ExitCode {
    match result {
        Ok(Ending::Well) => ExitCode::SUCCESS,
        Ok(Ending::Blocked) => ExitCode::from(1),
        Ok(Ending::NetworkFailed) => ExitCode::from(3),
        Err(Refusal::Usage(mistakes)) => {
            for mistake in mistakes {
                say(&format!("{}: {}", flag(&mistake.field), mistake.message));
            }
            ExitCode::from(2)
        }
        Err(Refusal::System(message)) => {
            say(&message);
            ExitCode::from(3)
        }
    }
}

/// One line on stderr. What was typed may hold line ends and control characters; they are shown, not obeyed.
fn say(message: &str) {
    let line: String = printable(message).collect();
    output::aside(&format!("vetch: {line}\n"));
}

/// The flag that says what a request's member says.
fn flag(field: &str) -> &str {
    match field {
        "url" => "URL",
        "origin" => "--origin",
        "clientUrl" => "--page",
        "topLevelSite" => "--top-level-site",
        "method" => "-X",
        "headers" => "-H",
        "body" => "-d",
        "mode" => "--mode",
        "credentials" => "--credentials",
        "cache" => "--cache",
        "redirect" => "--redirect",
        "referrer" => "--referrer",
        "referrerPolicy" => "--referrer-policy",
        "integrity" => "--integrity",
        "keepalive" => "--keepalive",
        "destination" => "--destination",
        "uploadListeners" => "--upload-listeners",
        "withCredentials" => "--with-credentials",
        other => other,
    }
}
