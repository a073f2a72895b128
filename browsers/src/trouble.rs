//! Why a verb did not succeed.

use std::io;

/// Each sentence names what is wrong and, where there is one, the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// A file or a socket failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// How it failed.
        source: io::Error,
    },
    /// A scenario file or a recording does not say what it should.
    #[error("{file}: {message}")]
    Fixture {
        /// Which file, and where in it.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The browser is missing, did not start, or stopped answering.
    #[error("{0}")]
    Browser(String),
    /// The test certificates could not be made.
    #[error("test certificates: {0}")]
    Certificates(String),
}

impl Trouble {
    /// For `map_err`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
