//! The end of a story: the verdict, what the page can read, and what would mend it.
//! In: what became of a fetch. Out: its last lines.

use vetch_core::network_error::Kind;
use vetch_core::trace::Decision;
use vetch_core::{HeaderName, NetworkError, ResponseType};

use super::headers::title;
use super::paper::{BAD, BOLD, DIM, GOOD, NOTE, PLAIN, Paper};
use super::{Account, Door};
use crate::engine::Seen;

pub(super) fn tell(account: &Account<'_>, paper: &mut Paper) {
    paper.gap();
    match &account.performed.verdict {
        Ok(seen) => resolves(account, seen, paper),
        Err(error) => rejects(account, error, paper),
    }
    for remark in &account.performed.remarks {
        let words = remark.to_string();
        paper.line(2, &[(NOTE, "remark: "), (PLAIN, &words)]);
    }
    for (name, difference) in &account.performed.differences {
        paper.line(2, &[(NOTE, &format!("{name}: ")), (PLAIN, difference)]);
    }
}

fn resolves(account: &Account<'_>, seen: &Seen, paper: &mut Paper) {
    let kind = seen.kind.as_str();
    let hidden = matches!(
        seen.kind,
        ResponseType::Opaque | ResponseType::OpaqueRedirect
    );
    if hidden {
        let readable = if seen.body.is_some() {
            "only the body"
        } else {
            "nothing"
        };
        let words = format!("the page gets an {kind} response: it can read {readable} of it");
        paper.line(0, &[(NOTE, &words)]);
        return;
    }
    paper.line(0, &[(GOOD, "the page may read the response")]);
    let status = format!("type {kind}, status {} {}", seen.status, seen.status_text);
    paper.line(2, &[(PLAIN, status.trim_end())]);
    let redirected = if seen.redirected { " (redirected)" } else { "" };
    paper.line(2, &[(PLAIN, &format!("url {}{redirected}", seen.url))]);
    let names: Vec<HeaderName> = seen.headers.iter().map(|(name, _)| name.clone()).collect();
    paper.line(2, &[(PLAIN, &format!("headers it sees: {}", list(&names)))]);
    let hidden = hidden_names(account);
    if !hidden.is_empty() {
        paper.line(
            2,
            &[(PLAIN, &format!("headers hidden from it: {}", list(&hidden)))],
        );
    }
    let body = match &seen.body {
        None => "body: null".to_owned(),
        Some(body) => format!("body: {} bytes", body.length),
    };
    paper.line(2, &[(PLAIN, &body)]);
}

fn rejects(account: &Account<'_>, error: &NetworkError, paper: &mut Paper) {
    let verdict = match error.kind() {
        Kind::Blocked => "BLOCKED: ",
        Kind::Transport => "THE NETWORK FAILED: ",
    };
    paper.line(0, &[(BAD, verdict), (BOLD, &error.to_string())]);
    for further in error.reasons().skip(1) {
        paper.line(2, &[(PLAIN, &format!("and {further}"))]);
    }
    for (position, hint) in error.hints().iter().enumerate() {
        let introduction = if position == 0 {
            "to mend it: "
        } else {
            "and: "
        };
        paper.line(2, &[(GOOD, introduction), (PLAIN, hint)]);
    }
    let names = match error.cdp() {
        Some(cdp) => format!("{} (DevTools: {cdp})", error.code()),
        None => error.code(),
    };
    paper.line(2, &[(DIM, "code: "), (DIM, &names)]);
    let anchor = format!("the Standard: {}", error.anchor());
    paper.line(2, &[(DIM, &anchor)]);
    let learns = match account.wish.door {
        Door::Fetch(_) => "the page learns only that fetch() rejected with a TypeError",
        Door::Xhr(_) => "the page learns only that there was an error event, and reads status 0",
    };
    paper.line(2, &[(DIM, learns)]);
}

fn hidden_names(account: &Account<'_>) -> Vec<HeaderName> {
    let mut names = Vec::new();
    for decision in &account.performed.decisions {
        if let Decision::Filtered { hidden } = decision {
            names.clone_from(hidden);
        }
    }
    names.dedup();
    names
}

fn list(names: &[HeaderName]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<String> = names.iter().map(title).collect();
    names.join(", ")
}
