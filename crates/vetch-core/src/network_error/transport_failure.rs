//! Transport failures: why the network gave no usable answer.

/// A bound on an answer's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadLimit {
    /// That many bytes of names and values.
    #[error("{0} bytes")]
    Bytes(usize),
    /// That many header lines.
    #[error("{0} lines")]
    Lines(usize),
    /// One of the two; the network stack does not say which.
    #[error("{lines} lines, or more than {bytes} bytes")]
    Either {
        /// The limit on lines.
        lines: usize,
        /// The limit on bytes.
        bytes: usize,
    },
}

/// Why the network gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportFailure {
    /// The host's name does not resolve.
    #[error("the name does not resolve: {detail}")]
    Resolve {
        /// The resolver's words.
        detail: String,
    },
    /// No connection.
    #[error("no connection: {detail}")]
    Connect {
        /// The cause.
        detail: String,
    },
    /// The TLS handshake failed.
    #[error("TLS failed: {detail}")]
    Tls {
        /// The cause.
        detail: String,
    },
    /// TLS failed behind the handshake, so that the request may have gone out: what a server does that wants a client
    /// certificate, for one.
    #[error("TLS failed on the connection: {detail}")]
    TlsOfConnection {
        /// The cause.
        detail: String,
    },
    /// What the server answered to the TLS handshake is no TLS.
    #[error("TLS failed: the server does not speak it ({detail})")]
    NotTls {
        /// The cause.
        detail: String,
    },
    /// It took too long.
    #[error("{phase} took longer than {limit_millis} ms")]
    Timeout {
        /// What took too long.
        phase: &'static str,
        /// The limit in milliseconds.
        limit_millis: u64,
    },
    /// The connection ended early.
    #[error("the connection ended before the answer did: {detail}")]
    Closed {
        /// The cause.
        detail: String,
    },
    /// What came is not HTTP.
    #[error("the answer is not valid HTTP: {detail}")]
    Malformed {
        /// The cause.
        detail: String,
    },
    /// The head is longer than allowed.
    #[error("the answer's headers have more than {limit}")]
    HeadersTooLong {
        /// What they have more of than allowed.
        limit: HeadLimit,
    },
    /// More bytes of informational responses (1xx) than allowed came, and no answer yet.
    #[error("more than {limit} bytes of informational responses (1xx) came, and no answer")]
    InformationalTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The URL is longer than any request may carry.
    #[error("the URL has more than {limit} bytes")]
    UrlTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The decoded body is longer than allowed.
    #[error("the decoded body has more than {limit} bytes")]
    BodyTooLong {
        /// The limit in bytes.
        limit: u64,
    },
    /// The body's content coding does not decode.
    #[error("the body does not decode as {coding}: {detail}")]
    Decode {
        /// The coding.
        coding: String,
        /// The cause.
        detail: String,
    },
    /// A stream body cannot go over HTTP/1.x · fetch.spec.whatwg.org/#concept-http-network-fetch
    #[error("a stream body needs HTTP/2, but the connection is HTTP/1.x")]
    StreamNeedsHttp2,
    /// The request cannot be written as HTTP.
    #[error("the request cannot be sent: {detail}")]
    Unsendable {
        /// The cause.
        detail: String,
    },
    /// The request's body failed on its way, behind a head that may have gone out.
    #[error("the request cannot be sent to its end: {detail}")]
    RequestBody {
        /// The cause.
        detail: String,
    },
    /// Anything else.
    #[error("{detail}")]
    Other {
        /// The cause.
        detail: String,
    },
}

impl TransportFailure {
    /// Whether it came before the request could go out, so that no server has seen it. A time-out of the whole fetch is
    /// none, though it may have come while connecting.
    pub fn is_before_sending(&self) -> bool {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::NotTls { .. }
            | Self::UrlTooLong { .. }
            | Self::StreamNeedsHttp2
            | Self::Unsendable { .. } => true,
            Self::Timeout { phase, .. } => *phase == Self::CONNECTING,
            Self::TlsOfConnection { .. }
            | Self::RequestBody { .. }
            | Self::Closed { .. }
            | Self::Malformed { .. }
            | Self::HeadersTooLong { .. }
            | Self::InformationalTooLong { .. }
            | Self::BodyTooLong { .. }
            | Self::Decode { .. }
            | Self::Other { .. } => false,
        }
    }

    /// The phase of a [`Timeout`](Self::Timeout) in which there is no connection yet.
    pub const CONNECTING: &'static str = "connecting";

    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "name-not-resolved",
            Self::Connect { .. } => "connection-failed",
            Self::Tls { .. } | Self::TlsOfConnection { .. } | Self::NotTls { .. } => "tls-failed",
            Self::Timeout { .. } => "timed-out",
            Self::Closed { .. } => "connection-closed",
            Self::Malformed { .. } => "malformed-response",
            Self::HeadersTooLong { .. } | Self::InformationalTooLong { .. } => "headers-too-long",
            Self::UrlTooLong { .. } => "url-too-long",
            Self::BodyTooLong { .. } => "body-too-long",
            Self::Decode { .. } => "content-decoding-failed",
            Self::StreamNeedsHttp2 => "stream-needs-http2",
            Self::Unsendable { .. } | Self::RequestBody { .. } => "request-not-sendable",
            Self::Other { .. } => "transport-failed",
        }
    }
}
