//! The story of a fetch: why it went as it did, for a person.
//! In: what was wished for, decided, sent and received. Out: text; `fetch` and `demo` tell it with the same words.

mod checks;
mod ending;
mod exchanges;
pub(crate) mod headers;
pub(crate) mod paper;

use vetch::ExchangeRecord;
use vetch_core::infrastructure::requests::RedirectTaint;
use vetch_core::network_error::Kind;
use vetch_core::trace::{Classification, Decision, PreflightCause};
use vetch_core::{ExchangeKind, Mode, Profile, Reason};

use crate::engine::Performed;
use crate::request_description::{Door, Wish};
use paper::{BOLD, DIM, NOTE, PLAIN, Paper};

/// What a story is told of.
pub(crate) struct Account<'a> {
    pub(crate) wish: &'a Wish,
    pub(crate) profile: Profile,
    pub(crate) performed: &'a Performed,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What decided.
    WhatMatters,
    /// Every header, with the values of credentials.
    Everything,
}

/// The whole story.
pub(crate) fn tell(account: &Account<'_>, detail: Detail) -> String {
    let mut teller = Teller {
        account,
        detail,
        paper: Paper::default(),
        told: 0,
        cors: false,
    };
    teller.heading();
    for decision in &account.performed.decisions {
        teller.decision(decision);
    }
    while teller.told < account.performed.exchanges.len() {
        teller.next_exchange();
    }
    ending::tell(account, &mut teller.paper);
    teller.paper.into_text()
}

struct Teller<'a> {
    account: &'a Account<'a>,
    detail: Detail,
    paper: Paper,
    /// How many exchanges have been told.
    told: usize,
    /// Whether this hop's answer goes through the CORS check.
    cors: bool,
}

impl Teller<'_> {
    fn heading(&mut self) {
        let request = &self.account.wish.constructed.request;
        let api = match self.account.wish.door {
            Door::Fetch(_) => "fetch",
            Door::Xhr(_) => "XMLHttpRequest",
        };
        let url = request.current_url().as_str();
        let method = request.method.as_str();
        self.paper
            .line(0, &[(BOLD, &format!("{api} {method} ")), (BOLD, url)]);
        let what = format!(
            "from {}, mode {}, credentials {}, rules of {}",
            request.origin,
            name_of(&Mode::ALL, &request.mode),
            name_of(&vetch_core::CredentialsMode::ALL, &request.credentials_mode),
            self.account.profile.name,
        );
        self.paper.line(0, &[(DIM, &what)]);
    }

    fn decision(&mut self, decision: &Decision) {
        match decision {
            Decision::Classified {
                classification,
                causes,
                ..
            } => self.classified(classification, causes),
            Decision::PreflightCacheHit => {
                let words = "preflight cache: hit, so no preflight is sent";
                self.paper.line(2, &[(PLAIN, words)]);
                self.next_exchange_of(ExchangeKind::Request);
            }
            Decision::PreflightCacheMiss {
                method,
                header_names,
            } => {
                let mut missing: Vec<&str> =
                    header_names.iter().map(http::HeaderName::as_str).collect();
                if *method {
                    missing.insert(0, self.account.wish.constructed.request.method.as_str());
                }
                let words = format!("preflight cache: no answer yet for {}", missing.join(", "));
                self.paper.line(2, &[(DIM, &words)]);
                self.next_exchange_of(ExchangeKind::Preflight);
            }
            Decision::PreflightPassed { max_age, .. } => {
                let words = match max_age {
                    0 => "it may go; the answer is not kept".to_owned(),
                    seconds => format!("it may go; the answer is kept for {seconds} s"),
                };
                self.paper.line(4, &[(PLAIN, &words)]);
                self.next_exchange_of(ExchangeKind::Request);
            }
            Decision::Redirected { .. } => self.redirected(decision),
            Decision::PreflightCacheCleared => {
                let words = "preflight cache: what was kept for this URL is removed";
                self.paper.line(2, &[(DIM, words)]);
            }
            _ => {}
        }
    }

    fn classified(&mut self, classification: &Classification, causes: &[PreflightCause]) {
        self.cors = matches!(
            classification,
            Classification::Cors | Classification::CorsWithPreflight
        );
        let words = explanation(classification);
        self.paper.gap();
        self.paper.line(2, &[(PLAIN, words)]);
        for cause in causes {
            self.paper.line(4, &[(PLAIN, &format!("- {cause}"))]);
        }
        if *classification != Classification::CorsWithPreflight {
            self.next_exchange_of(ExchangeKind::Request);
        }
    }

    fn redirected(&mut self, decision: &Decision) {
        let Decision::Redirected {
            status,
            url,
            method,
            taint,
            dropped,
            ..
        } = decision
        else {
            return;
        };
        let words = format!("redirect ({status}) to {url}, as {method}");
        self.paper.line(2, &[(NOTE, &words)]);
        if !dropped.is_empty() {
            let names: Vec<String> = dropped.iter().map(headers::title).collect();
            let words = format!("left behind: {}", names.join(", "));
            self.paper.line(4, &[(PLAIN, &words)]);
        }
        if *taint != RedirectTaint::SameOrigin {
            let words = "it came by way of another origin, so Origin is null from here on";
            self.paper.line(4, &[(PLAIN, words)]);
        }
    }

    /// The next exchange, if it is of that kind.
    fn next_exchange_of(&mut self, kind: ExchangeKind) {
        let next = self.account.performed.exchanges.get(self.told);
        if next.is_some_and(|exchange| exchange.kind == kind) {
            self.next_exchange();
        }
    }

    fn next_exchange(&mut self) {
        let Some(exchange) = self.account.performed.exchanges.get(self.told) else {
            return;
        };
        self.told += 1;
        let reasons = reasons_against(self.account, self.told, exchange);
        let told = exchanges::Told {
            exchange,
            reasons: &reasons,
            checked: self.cors || exchange.kind == ExchangeKind::Preflight,
        };
        told.tell(self.account, self.detail, &mut self.paper);
    }
}

/// Why the answer of that exchange was refused, if it was; it is the one that was told last.
fn reasons_against<'a>(
    account: &'a Account<'_>,
    told: usize,
    exchange: &ExchangeRecord,
) -> Vec<&'a Reason> {
    match &account.performed.verdict {
        Err(error)
            if told == account.performed.exchanges.len()
                && error.kind() == Kind::Blocked
                && error.exchange() == exchange.kind =>
        {
            error.reasons().collect()
        }
        _ => Vec::new(),
    }
}

/// What a class means.
pub(crate) const fn explanation(classification: &Classification) -> &'static str {
    match classification {
        Classification::Basic => "same origin (or data:): no question of CORS",
        Classification::Opaque => {
            "no-cors: it is sent without asking, and nothing of the answer can be read"
        }
        Classification::Cors => {
            "cross-origin and simple: it is sent without asking; the answer decides who may read it"
        }
        Classification::CorsWithPreflight => {
            "cross-origin and not simple: a preflight must allow it, because"
        }
    }
}

/// The Standard's name of a choice.
pub(crate) fn name_of<T: PartialEq>(all: &[(&'static str, T)], choice: &T) -> &'static str {
    all.iter()
        .find_map(|(name, known)| (known == choice).then_some(*name))
        .unwrap_or_default()
}
