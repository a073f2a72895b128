//! Why there is no response.

use vetch_core::fetch_api::invalid_request::{InvalidRequest, Problem};
use vetch_core::trace::{Decision, Trace};
use vetch_core::{NetworkError, Remark};

use crate::ExchangeRecord;

/// Why a fetch gave no response.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let page = vetch::UserAgent::new().page("https://app.example/").unwrap();
/// let error = page.fetch("https://api.example/").method("TRACE").send().await.unwrap_err();
/// assert!(error.invalid().is_some());
/// let error = page.fetch("https://api.example:22/").send().await.unwrap_err();
/// assert_eq!(error.network_error().unwrap().code(), "bad-port");
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// The API would throw before any fetch: each mistake in the request.
    Invalid(InvalidRequest),
    /// A network error: the page learns only that there was one, the person debugging learns why.
    Network(Box<FailedFetch>),
}

/// A network error and how it came to it.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedFetch {
    /// The network error.
    pub error: NetworkError,
    /// What went over the wire; empty with [`Record::Nothing`](crate::Record::Nothing).
    pub exchanges: Vec<ExchangeRecord>,
    /// Decisions and remarks.
    pub trace: Trace,
}

impl FetchError {
    pub(crate) fn network(
        error: NetworkError,
        exchanges: Vec<ExchangeRecord>,
        trace: Trace,
    ) -> Self {
        Self::Network(Box::new(FailedFetch {
            error,
            exchanges,
            trace,
        }))
    }

    /// What the door found, and what this crate found before it.
    pub(crate) fn gather<T>(
        constructed: Result<T, InvalidRequest>,
        mut problems: Vec<Problem>,
    ) -> Result<T, Self> {
        match (constructed, problems.is_empty()) {
            (Ok(constructed), true) => return Ok(constructed),
            (Err(invalid), true) => return Err(Self::Invalid(invalid)),
            (Err(invalid), false) => problems.extend_from_slice(invalid.problems()),
            (Ok(_), false) => {}
        }
        let invalid = InvalidRequest::of(problems);
        Err(Self::Invalid(invalid.unwrap_or_else(|| {
            Problem::new("request", "it cannot be made").into()
        })))
    }

    /// The mistakes in the request, if that is why.
    pub fn invalid(&self) -> Option<&InvalidRequest> {
        match self {
            Self::Invalid(invalid) => Some(invalid),
            Self::Network(_) => None,
        }
    }

    /// The network error, if that is why.
    pub fn network_error(&self) -> Option<&NetworkError> {
        match self {
            Self::Invalid(_) => None,
            Self::Network(failed) => Some(&failed.error),
        }
    }

    /// What went over the wire before it failed.
    pub fn exchanges(&self) -> &[ExchangeRecord] {
        match self {
            Self::Invalid(_) => &[],
            Self::Network(failed) => &failed.exchanges,
        }
    }

    /// What was odd on the way.
    pub fn remarks(&self) -> &[Remark] {
        match self {
            Self::Invalid(_) => &[],
            Self::Network(failed) => failed.trace.remarks(),
        }
    }

    /// What was decided on the way.
    pub fn decisions(&self) -> &[Decision] {
        match self {
            Self::Invalid(_) => &[],
            Self::Network(failed) => failed.trace.decisions(),
        }
    }
}

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Network(failed) => failed.error.fmt(f),
        }
    }
}

impl std::error::Error for FetchError {}
