//! Network errors: why a fetch was refused, with the data that decided.
//! In: what was wanted and what came. Out: reasons with a code, a sentence, a hint and the Standard's anchor.
//! Differs: the Standard's network error has no reason, on purpose; a page still learns none.

mod hint;
mod reason;
mod transport_failure;

pub use reason::{CorsCheckFailure, Reason};
pub use transport_failure::{HeadLimit, TransportFailure};

use url::Url;

/// A network error: at least one reason, and where it happened.
///
/// All failures that were found are kept in the Standard's order of checks; the first one is *the* reason.
///
/// fetch.spec.whatwg.org/#concept-network-error
///
/// ```
/// use vetch_core::{ExchangeKind, NetworkError, Reason};
/// let error = NetworkError::new(
///     Reason::TooManyRedirects { limit: 20 },
///     ExchangeKind::Request,
///     "https://api.example/".parse().unwrap(),
/// );
/// assert_eq!(error.code(), "too-many-redirects");
/// assert_eq!(error.to_string(), "more than 20 redirects");
/// assert_eq!(error.anchor(), "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkError(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    reason: Reason,
    further: Vec<Reason>,
    exchange: ExchangeKind,
    url: Url,
    hop: usize,
}

/// Which kind of exchange it is: the question before, or the request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExchangeKind {
    /// The CORS-preflight request.
    Preflight,
    /// The request.
    Request,
}

impl ExchangeKind {
    /// `preflight` or `request`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Request => "request",
        }
    }
}

/// Who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The rules: the server answered, or nothing was sent, and the fetch may not go on.
    Blocked,
    /// The network: no usable answer came.
    Transport,
}

impl Kind {
    /// `blocked` or `transport`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Transport => "transport",
        }
    }
}

impl NetworkError {
    /// An error with one reason, at the first hop.
    pub fn new(reason: Reason, exchange: ExchangeKind, url: Url) -> Self {
        Self(Box::new(Parts {
            reason,
            further: Vec::new(),
            exchange,
            url,
            hop: 0,
        }))
    }

    /// The same error with further failures that were found in the same answer.
    #[must_use]
    pub fn with_further(mut self, further: Vec<Reason>) -> Self {
        self.0.further = further;
        self
    }

    /// The same error at that hop: the number of redirects followed before.
    #[must_use]
    pub fn at_hop(mut self, hop: usize) -> Self {
        self.0.hop = hop;
        self
    }

    /// The reason.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// All failures found, the reason first.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        std::iter::once(&self.0.reason).chain(&self.0.further)
    }

    /// Whether it was the preflight or the request that failed.
    pub fn exchange(&self) -> ExchangeKind {
        self.0.exchange
    }

    /// The URL that was being fetched when it failed.
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// How many redirects had been followed.
    pub fn hop(&self) -> usize {
        self.0.hop
    }

    /// Who refused.
    pub fn kind(&self) -> Kind {
        match self.0.reason {
            Reason::Transport(_) => Kind::Transport,
            _ => Kind::Blocked,
        }
    }

    /// A stable name in kebab case.
    pub fn code(&self) -> String {
        self.0.reason.code(self.0.exchange)
    }

    /// The Chrome DevTools Protocol's `Network.CorsError` name, where there is one.
    pub fn cdp(&self) -> Option<String> {
        self.0.reason.cdp(self.0.exchange)
    }

    /// The section of the Standard whose check failed, as a URL.
    pub fn anchor(&self) -> &'static str {
        self.0.reason.anchor()
    }

    /// What the server's owner would change, or the page's author where the server cannot help; empty where nothing can be
    /// said. It mends the reason; [`NetworkError::hints`] mends all that was found.
    pub fn hint(&self) -> String {
        hint::hint(self, self.reason())
    }

    /// What would mend each of [`NetworkError::reasons`], in their order; a change that mends several is told once.
    pub fn hints(&self) -> Vec<String> {
        // All header names are mended by the hint about the first.
        let is_header = |reason: &&Reason| matches!(reason, Reason::HeaderDisallowed { .. });
        let first_header = self.reasons().find(is_header);
        let rest = self
            .reasons()
            .filter(|reason| !is_header(reason) || Some(*reason) == first_header);
        let mut hints = Vec::new();
        for hint in rest.map(|reason| hint::hint(self, reason)) {
            if !hint.is_empty() && !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }
}

impl std::fmt::Display for NetworkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.exchange == ExchangeKind::Preflight && self.kind() == Kind::Blocked {
            f.write_str("the preflight was refused: ")?;
        }
        self.0.reason.fmt(f)
    }
}

impl std::error::Error for NetworkError {}
