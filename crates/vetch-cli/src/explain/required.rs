//! What the server must answer so that the fetch goes on: found by asking the core with answers made up for it.
//! In: a wish, a profile, what would be sent. Out: the headers wanted, each with the values that do.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
};
use serde::Serialize;
use vetch_core::{
    AgentState, ExchangeKind, HeaderList, HeaderName, HeaderValue, IncomingResponse,
    OutgoingRequest, Profile, Status, Step, Timestamp,
};

use crate::request_description::Wish;
use crate::story::headers::title;

/// What the answers must say.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Required {
    /// In the preflight's answer, besides a status of 200 to 299.
    pub(crate) preflight: Vec<Header>,
    /// In the answer itself.
    pub(crate) response: Vec<Header>,
}

/// A header that must come.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    pub(crate) name: String,
    /// Any one of these values does; of a list header, any one must be in it.
    pub(crate) any_of: Vec<String>,
}

impl Required {
    /// Find out by asking.
    pub(crate) fn find(
        wish: &Wish,
        profile: Profile,
        preflight: Option<&OutgoingRequest>,
        request: Option<&OutgoingRequest>,
    ) -> Self {
        let ask = Ask { wish, profile };
        Self {
            preflight: preflight
                .map(|sent| ask.wanted(ExchangeKind::Preflight, sent))
                .unwrap_or_default(),
            response: request
                .map(|sent| ask.wanted(ExchangeKind::Request, sent))
                .unwrap_or_default(),
        }
    }

    /// The wants that are not among those of another profile, as sentences.
    pub(crate) fn lines_unlike(&self, other: &Self) -> Vec<String> {
        let unlike = |mine: &[Header], theirs: &[Header], whose: &str| {
            mine.iter()
                .filter(|header| !theirs.contains(header))
                .map(|header| format!("wants {} in {whose}", header.line()))
                .collect::<Vec<_>>()
        };
        let mut lines = unlike(&self.preflight, &other.preflight, "the preflight's answer");
        lines.extend(unlike(&self.response, &other.response, "the answer"));
        lines
    }
}

impl Header {
    /// `Name: value or value`
    pub(crate) fn line(&self) -> String {
        format!("{}: {}", self.name, self.any_of.join(" or "))
    }
}

/// An answer that allows all that was asked.
pub(crate) fn generous_answer(sent: &OutgoingRequest) -> IncomingResponse {
    let mut headers = HeaderList::new();
    let copies = [
        (ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN),
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ];
    for (asked, allowed) in copies {
        if let Some(value) = sent.header_list.get(&asked) {
            headers.append(allowed, value.into_owned());
        }
    }
    let allowed = HeaderValue::from_static("true");
    headers.append(ACCESS_CONTROL_ALLOW_CREDENTIALS, allowed);
    IncomingResponse::new(Status::OK, "OK", headers)
}

/// The core, asked whether an answer would do.
struct Ask<'a> {
    wish: &'a Wish,
    profile: Profile,
}

impl Ask<'_> {
    fn wanted(&self, kind: ExchangeKind, sent: &OutgoingRequest) -> Vec<Header> {
        let answer = generous_answer(sent).header_list;
        if !self.does(kind, &answer) {
            return Vec::new();
        }
        let mut wanted = Vec::new();
        for name in [
            ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            ACCESS_CONTROL_ALLOW_METHODS,
        ] {
            let Some(value) = answer.get(&name) else {
                continue;
            };
            let mut without = HeaderList::clone(&answer);
            without.delete(&name);
            if !self.does(kind, &without) {
                let alone = value.isomorphic_decode().into_owned();
                wanted.push(self.header(kind, (&name, alone), &without));
            }
        }
        wanted.extend(self.names(kind, &answer));
        wanted
    }

    /// One row for each header name that must be allowed.
    fn names(&self, kind: ExchangeKind, answer: &HeaderList) -> Vec<Header> {
        let listed = answer
            .get_decode_and_split(&ACCESS_CONTROL_ALLOW_HEADERS)
            .unwrap_or_default();
        let mut wanted = Vec::new();
        for name in &listed {
            let others: Vec<&str> = listed
                .iter()
                .filter(|other| *other != name)
                .map(String::as_str)
                .collect();
            let mut without = answer.clone();
            without.delete(&ACCESS_CONTROL_ALLOW_HEADERS);
            if !others.is_empty()
                && let Ok(value) = HeaderValue::normalize(others.join(","))
            {
                without.append(ACCESS_CONTROL_ALLOW_HEADERS, value);
            }
            if !self.does(kind, &without) {
                let row = (&ACCESS_CONTROL_ALLOW_HEADERS, name.clone());
                wanted.push(self.header(kind, row, &without));
            }
        }
        wanted
    }

    /// The row, with `*` where that does too.
    fn header(
        &self,
        kind: ExchangeKind,
        (name, value): (&HeaderName, String),
        without: &HeaderList,
    ) -> Header {
        let mut any_of = vec![value];
        let mut with_star = without.clone();
        with_star.append(name.clone(), HeaderValue::from_static("*"));
        if self.does(kind, &with_star) {
            any_of.push("*".to_owned());
        }
        Header {
            name: title(name),
            any_of,
        }
    }

    /// Whether an exchange of that kind, answered so, lets the fetch go on.
    fn does(&self, kind: ExchangeKind, answer: &HeaderList) -> bool {
        let agent = AgentState::new(self.profile);
        let now = Timestamp::default();
        let request = self.wish.constructed.request.clone();
        let mut step = vetch_core::fetch(request, &agent, now);
        loop {
            match step {
                Step::Done(outcome) => return outcome.verdict.is_ok(),
                Step::Send(exchange) => {
                    let asked = exchange.request().kind;
                    let head = if asked == kind {
                        IncomingResponse::new(Status::OK, "OK", answer.clone())
                    } else {
                        generous_answer(exchange.request())
                    };
                    step = exchange.receive(head, &agent, now);
                    if asked == kind && matches!(step, Step::Send(_)) {
                        return true;
                    }
                }
            }
        }
    }
}
