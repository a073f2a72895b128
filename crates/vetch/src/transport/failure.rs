//! What went wrong on the wire: reqwest's and hyper's errors, told apart by their causes.

use std::error::Error;
use std::io;
use std::time::Duration;

use vetch_core::TransportFailure;

use crate::Limits;

/// What an error does not say of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) limits: Limits,
}

/// The failure behind an error of reqwest's, in the head or in the body.
pub(super) fn of_exchange(error: &::reqwest::Error, context: Context) -> TransportFailure {
    let detail = innermost(error);
    if error.is_builder() {
        return TransportFailure::Unsendable { detail };
    }
    if error.is_dns() {
        return TransportFailure::Resolve { detail };
    }
    if let Some(reason) = find::<rustls::Error>(error) {
        return TransportFailure::Tls {
            detail: reason.to_string(),
        };
    }
    if error.is_connect() {
        return of_connecting(error, context, detail);
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

fn of_connecting(error: &::reqwest::Error, context: Context, detail: String) -> TransportFailure {
    if error.is_timeout()
        && let Some(limit) = context.connect_timeout
    {
        return TransportFailure::Timeout {
            phase: "connecting",
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
        return TransportFailure::Malformed {
            detail: format!(
                "its head has more than {} header lines, or more than {HTTP1_HEAD_BYTES} bytes",
                context.limits.header_count()
            ),
        };
    }
    if error.is_parse() {
        return TransportFailure::Malformed { detail };
    }
    if error.is_user() {
        return TransportFailure::Unsendable { detail };
    }
    TransportFailure::Closed { detail }
}

/// hyper's bound on what it buffers of a head.
const HTTP1_HEAD_BYTES: usize = 417_792;

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
fn innermost(error: &::reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
