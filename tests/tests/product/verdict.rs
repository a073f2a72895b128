//! How a fetch ends, so that the machine's end and the client's can be held against each other.

use vetch::{Decision, FetchError, HeaderList, NetworkError, Reason, Remark, Response};
use vetch_core::Outcome;

/// All that a page sees, and all that the person debugging is told.
#[derive(Debug, PartialEq)]
pub(crate) struct Verdict {
    end: End,
    remarks: Vec<Remark>,
    decisions: Vec<Decision>,
}

#[derive(Debug, PartialEq)]
enum End {
    Response {
        kind: &'static str,
        url: String,
        is_redirected: bool,
        status: u16,
        status_text: String,
        headers: HeaderList,
    },
    Error {
        code: String,
        reasons: Vec<String>,
        exchange: &'static str,
        url: String,
        hop: usize,
    },
}

impl Verdict {
    /// The machine's.
    pub(crate) fn of_machine(outcome: &Outcome) -> Self {
        let end = match &outcome.verdict {
            Ok(response) => End::Response {
                kind: response.kind().as_str(),
                url: response.url().map(ToString::to_string).unwrap_or_default(),
                is_redirected: response.is_redirected(),
                status: response.status(),
                status_text: response
                    .status_message()
                    .iter()
                    .copied()
                    .map(char::from)
                    .collect(),
                headers: response.header_list().to_list(),
            },
            Err(error) => End::of_error(error),
        };
        Self {
            end,
            remarks: outcome.trace.remarks().to_vec(),
            decisions: outcome.trace.decisions().to_vec(),
        }
    }

    /// The client's.
    pub(crate) fn of_client(result: &Result<Response, FetchError>) -> Self {
        match result {
            Ok(response) => Self {
                end: End::Response {
                    kind: response.kind().as_str(),
                    url: response.url(),
                    is_redirected: response.redirected(),
                    status: response.status(),
                    status_text: response.status_text(),
                    headers: response.headers().to_list(),
                },
                remarks: response.remarks().to_vec(),
                decisions: response.decisions().to_vec(),
            },
            Err(error) => Self {
                end: End::of_error(error.network_error().expect("a request that is valid")),
                remarks: error.remarks().to_vec(),
                decisions: error.decisions().to_vec(),
            },
        }
    }
}

impl End {
    fn of_error(error: &NetworkError) -> Self {
        // How a network failed is told in the words of the network stack.
        let words = |reason: &Reason| match reason {
            Reason::Transport(_) => String::new(),
            reason => reason.to_string(),
        };
        Self::Error {
            code: error.code(),
            reasons: error.reasons().map(words).collect(),
            exchange: error.exchange().as_str(),
            url: error.url().to_string(),
            hop: error.hop(),
        }
    }
}
