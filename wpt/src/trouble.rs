//! Why a run did not come to its end.

use std::io;

/// Where the tests are.
const REPOSITORY: &str = "https://github.com/web-platform-tests/wpt.git";

/// Each sentence names what is wrong and, where there is one, the way out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// A file, a socket or a process failed.
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    /// There is no checkout of web-platform-tests, or it lacks a part that is needed.
    #[error(
        "{what}; get a checkout of the expectations' commit with\n  \
         git init wpt && git -C wpt fetch --depth 1 {REPOSITORY} {commit} && git -C wpt checkout FETCH_HEAD\n\
         and pass its folder as --wpt-dir"
    )]
    Checkout { what: String, commit: String },
    /// The server did not come up.
    #[error("the web-platform-tests' own server did not start: {reason}\n{log}")]
    Server { reason: String, log: String },
    /// The test certificates could not be made.
    #[error("test certificates: {0}")]
    Certificates(#[from] rcgen::Error),
    /// The user agent cannot be built.
    #[error("the user agent: {0}")]
    UserAgent(#[from] vetch::BuildError),
    /// The expectations do not say what they should.
    #[error("{file}: {source}")]
    Expectations {
        file: String,
        source: serde_json::Error,
    },
    /// The browser is missing or stopped answering.
    #[error("{0}")]
    Browser(String),
}

impl Trouble {
    /// For `map_err`.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
