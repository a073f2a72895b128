//! What went wrong on the wire: reqwest's, hyper-util's and hyper's errors, told apart by their causes.

use std::error::Error;
use std::io;
use std::time::Duration;

use vetch_core::{HeadLimit, TransportFailure};

#[cfg(feature = "hyper")]
use super::head_reader::{INFORMATIONAL_BYTES, InformationalTooLong};
use super::resolver::Unresolved;
use crate::Limits;

/// What an error does not say of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) limits: Limits,
}

/// How far an exchange had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    /// Connecting had taken too long.
    ConnectingLate,
    Exchanging,
}

/// Whether a TLS connection ended without saying so.
///
/// Many servers end that way. RFC 9112, section 9.8, would have a body incomplete that only the connection's end ends;
/// browsers take it as it came.
pub(super) fn is_unclean_end(error: &(dyn Error + 'static)) -> bool {
    find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
}

/// The failure behind an error of reqwest's, in the head or in the body.
pub(super) fn of_reqwest(error: &::reqwest::Error, context: Context) -> TransportFailure {
    if error.is_builder() {
        return TransportFailure::Unsendable {
            detail: innermost(error),
        };
    }
    let stage = match (error.is_connect(), error.is_timeout()) {
        (true, true) => Stage::ConnectingLate,
        (true, false) => Stage::Connecting,
        (false, _) => Stage::Exchanging,
    };
    of_causes(error, stage, context)
}

/// The failure behind an error of hyper-util's client.
#[cfg(feature = "hyper")]
pub(super) fn of_client(
    error: &hyper_util::client::legacy::Error,
    context: Context,
) -> TransportFailure {
    let late = find::<tokio::time::error::Elapsed>(error).is_some()
        || find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::TimedOut);
    let stage = match (error.is_connect(), late) {
        (true, true) => Stage::ConnectingLate,
        (true, false) => Stage::Connecting,
        (false, _) => Stage::Exchanging,
    };
    of_causes(error, stage, context)
}

/// The failure behind an error in the body.
#[cfg(feature = "hyper")]
pub(super) fn of_body(error: &hyper::Error, context: Context) -> TransportFailure {
    of_causes(error, Stage::Exchanging, context)
}

fn of_causes(error: &(dyn Error + 'static), stage: Stage, context: Context) -> TransportFailure {
    let detail = innermost(error);
    if find::<Unresolved>(error).is_some() {
        return TransportFailure::Resolve { detail };
    }
    if let Some(reason) = find::<rustls::Error>(error) {
        let detail = reason.to_string();
        return match reason {
            // No record of TLS begins like that, so the server speaks another protocol.
            rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
                TransportFailure::NotTls { detail }
            }
            _ if stage == Stage::Exchanging => TransportFailure::TlsOfConnection { detail },
            _ => TransportFailure::Tls { detail },
        };
    }
    #[cfg(feature = "hyper")]
    if find::<InformationalTooLong>(error).is_some() {
        return TransportFailure::InformationalTooLong {
            limit: INFORMATIONAL_BYTES,
        };
    }
    if stage != Stage::Exchanging {
        return of_connecting(error, stage, context, detail);
    }
    if let Some(error) = find::<hyper::Error>(error) {
        return of_hyper(error, context, detail);
    }
    // hyper-util keeps this one's kind to itself.
    if causes(error).any(|cause| cause.to_string().contains("UserUnsupportedVersion")) {
        return TransportFailure::StreamNeedsHttp2;
    }
    match find::<io::Error>(error) {
        Some(_) => TransportFailure::Closed { detail },
        None => TransportFailure::Other { detail },
    }
}

fn of_connecting(
    error: &(dyn Error + 'static),
    stage: Stage,
    context: Context,
    detail: String,
) -> TransportFailure {
    if stage == Stage::ConnectingLate
        && let Some(limit) = context.connect_timeout
    {
        return TransportFailure::Timeout {
            phase: TransportFailure::CONNECTING,
            limit_millis: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
        };
    }
    // TCP connects or does not; only a handshake can end early.
    let ended_early =
        find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
    if ended_early {
        TransportFailure::Tls { detail }
    } else {
        TransportFailure::Connect { detail }
    }
}

fn of_hyper(error: &hyper::Error, context: Context, detail: String) -> TransportFailure {
    if error.is_parse() && detail == "message head is too large" {
        // hyper has a method for this on servers only, and does not say which of the two it was.
        return TransportFailure::HeadersTooLong {
            limit: HeadLimit::Either {
                lines: context.limits.header_count(),
                bytes: HTTP1_HEAD_BYTES,
            },
        };
    }
    if error.is_parse() || is_of_framing(error) {
        return TransportFailure::Malformed { detail };
    }
    // A stream body that fails on its way, for one.
    if error.is_user() {
        return TransportFailure::RequestBody { detail };
    }
    if is_of_http2_head(&detail) {
        return TransportFailure::HeadersTooLong {
            limit: HeadLimit::Bytes(context.limits.header_bytes()),
        };
    }
    TransportFailure::Closed { detail }
}

/// Whether a chunk's size, its extension or the trailers are none; hyper reads them as it reads the body.
fn is_of_framing(error: &hyper::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput};
    find::<io::Error>(error).is_some_and(|error| matches!(error.kind(), InvalidData | InvalidInput))
}

/// Whether h2 ended an HTTP/2 connection for a head without end, which it says in the words that it tells the server;
/// with `received` in place of `detected` they would be the server's. For a head that does end it resets the stream as
/// for any other fault, which is not told apart.
fn is_of_http2_head(detail: &str) -> bool {
    let told = ["header_list_way_too_large", "too_many_continuations"];
    detail.starts_with("connection error detected") && told.iter().any(|word| detail.contains(word))
}

/// hyper's bound on what it buffers of a head.
pub(super) const HTTP1_HEAD_BYTES: usize = 417_792;

/// The error and what caused it. An `io::Error` names only its cause's cause, so it is looked into.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inside = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inside {
            Some(inside) => Some(inside as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The words of the first cause of all, which name the matter and not the layers above it.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
