//! What happened in a replay, as text for a snapshot.

use std::fmt::Write as _;

use vetch_core::trace::{Classification, Decision};
use vetch_core::{Credentials, FilteredResponse, NetworkError, Outcome, OutgoingRequest};

/// A story that grows with the exchanges.
pub(crate) struct Story(String);

impl Story {
    pub(crate) fn new(about: &str) -> Self {
        Self(format!("{about}\n\nexchanges:\n"))
    }

    /// A request that went out, and the status that came back.
    pub(crate) fn exchange(&mut self, request: &OutgoingRequest, status: Option<u16>) {
        let credentials = match request.credentials {
            Credentials::Include => "with credentials",
            Credentials::Omit => "without credentials",
        };
        let kind = request.kind.as_str();
        let answer = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let _ = writeln!(
            self.0,
            "  {kind} {} {} {credentials}: {answer}",
            request.method, request.url
        );
    }

    /// The end.
    pub(crate) fn end(mut self, outcome: &Outcome) -> String {
        match &outcome.verdict {
            Ok(response) => self.response(response),
            Err(error) => self.error(error),
        }
        let remarks = outcome.trace.remarks().iter();
        self.section("remarks", remarks.map(ToString::to_string));
        self.section("decisions", outcome.trace.decisions().iter().map(told));
        self.0
    }

    fn response(&mut self, response: &FilteredResponse) {
        let url = response.url().map_or("no URL", |url| url.as_str());
        let _ = writeln!(
            self.0,
            "\nthe page sees: {} {} {} {url}{}",
            response.kind().as_str(),
            response.status(),
            String::from_utf8_lossy(response.status_message()),
            if response.is_redirected() {
                " (redirected)"
            } else {
                ""
            }
        );
        for (name, value) in response.header_list().iter() {
            let _ = writeln!(self.0, "  {name}: {value}");
        }
    }

    fn error(&mut self, error: &NetworkError) {
        let cdp = error.cdp();
        let _ = writeln!(
            self.0,
            "\nthe page sees a network error: {} (CDP {}, {}, at hop {})\n  {error}\n  hint: {}\n  see {}",
            error.code(),
            cdp.as_deref().unwrap_or("none"),
            error.kind().as_str(),
            error.hop(),
            error.hint(),
            error.anchor(),
        );
        for reason in error.reasons().skip(1) {
            let _ = writeln!(self.0, "  also: {reason}");
        }
    }

    fn section(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        let _ = writeln!(self.0, "\n{title}:");
        for line in lines {
            let _ = writeln!(self.0, "  {line}");
        }
    }
}

fn told(decision: &Decision) -> String {
    match decision {
        Decision::Classified {
            url,
            classification,
            causes,
        } => {
            let class = match classification {
                Classification::Basic => "basic",
                Classification::Opaque => "opaque",
                Classification::Cors => "cors",
                Classification::CorsWithPreflight => "cors with preflight",
            };
            let causes: Vec<String> = causes.iter().map(|cause| format!("; {cause}")).collect();
            format!("{url} is {class}{}", causes.concat())
        }
        Decision::Redirected {
            status,
            url,
            method,
            taint,
            dropped,
            referrer_policy,
        } => format!(
            "{status} leads to {method} {url}, taint {taint:?}, without {dropped:?}, referrer policy {referrer_policy:?}"
        ),
        Decision::Filtered { hidden } => format!("hidden: {hidden:?}"),
        other => format!("{other:?}"),
    }
}
