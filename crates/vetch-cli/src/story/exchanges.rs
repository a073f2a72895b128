//! One exchange: what was sent, what came, and the checks on it.
//! In: a recorded exchange. Out: its lines.

use vetch::ExchangeRecord;
use vetch_core::{ExchangeKind, Reason};

use super::checks::{Check, Judged, checks};
use super::paper::{BAD, CAME, DIM, GOOD, PLAIN, Paper, SENT};
use super::{Account, Detail, headers};

/// An exchange to be told.
pub(super) struct Told<'a> {
    pub(super) exchange: &'a ExchangeRecord,
    /// Why its answer was refused; empty when it was not.
    pub(super) reasons: &'a [&'a Reason],
    /// Whether its answer goes through the CORS check.
    pub(super) checked: bool,
}

impl Told<'_> {
    pub(super) fn tell(&self, account: &Account<'_>, detail: Detail, paper: &mut Paper) {
        paper.gap();
        self.sent(account, detail, paper);
        let Some(status) = self.exchange.status else {
            paper.line(2, &[(CAME, "< "), (BAD, "no answer came")]);
            return;
        };
        let text = format!("{status} {}", self.exchange.status_text);
        paper.line(2, &[(CAME, "< "), (PLAIN, text.trim_end())]);
        for (name, value) in headers::of_response(&self.exchange.response_headers, detail) {
            paper.line(
                2,
                &[(CAME, "<   "), (DIM, &format!("{name}: ")), (PLAIN, &value)],
            );
        }
        if self.checked {
            let judged = Judged {
                exchange: self.exchange,
                credentials_mode: account.wish.constructed.request.credentials_mode,
                reasons: self.reasons,
            };
            for check in checks(&judged) {
                tell_check(&check, paper);
            }
        }
    }

    fn sent(&self, account: &Account<'_>, detail: Detail, paper: &mut Paper) {
        let line = format!("{} {}", self.exchange.method, self.exchange.url);
        let note = match self.exchange.kind {
            ExchangeKind::Preflight => "   (preflight)",
            ExchangeKind::Request => "",
        };
        paper.line(2, &[(SENT, "> "), (PLAIN, &line), (DIM, note)]);
        let sent = &self.exchange.request_headers;
        let own = &account.wish.constructed.request.header_list;
        for (name, value) in headers::of_request(sent, own, detail) {
            paper.line(
                2,
                &[(SENT, ">   "), (DIM, &format!("{name}: ")), (PLAIN, &value)],
            );
        }
        if !sent.contains(&http::header::COOKIE) {
            paper.line(2, &[(SENT, ">   "), (DIM, "no Cookie")]);
        }
    }
}

fn tell_check(check: &Check, paper: &mut Paper) {
    let Check {
        passed,
        what,
        wanted,
        got,
    } = check;
    let words = format!("{what}: wanted {wanted}; got {got}");
    if *passed {
        paper.line(4, &[(GOOD, "passed "), (PLAIN, &words)]);
    } else {
        paper.line(4, &[(BAD, "FAILED "), (PLAIN, &words)]);
    }
}
