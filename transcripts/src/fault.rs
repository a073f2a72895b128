//! What can be wrong with a transcript.

/// What is wrong with a transcript, or where the machine does something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A head, or the preface, is no HTTP.
    #[error("a head is not HTTP ({0})")]
    Head(httparse::Error),
    /// It ends too early.
    #[error("{0} does not end")]
    Unfinished(&'static str),
    /// Something that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A line comes twice that comes once.
    #[error("{0} comes twice")]
    Repeated(String),
    /// A text is not what it must be.
    #[error("{text:?} is not {wanted}")]
    Malformed {
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        text: String,
    },
    /// The machine does otherwise than the transcript.
    #[error("{what}: the transcript has {transcript}, the machine {machine}")]
    Differs {
        /// Of what.
        what: String,
        /// The transcript's.
        transcript: String,
        /// The machine's.
        machine: String,
    },
}

impl Fault {
    pub(crate) fn malformed(wanted: &'static str, text: &str) -> Self {
        Self::Malformed {
            wanted,
            text: text.to_owned(),
        }
    }
}
