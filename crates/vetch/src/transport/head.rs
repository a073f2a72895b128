//! Heads in the `http` crate's types, which both of our network stacks speak, and in ours.

use bytes::Bytes;
use http::header::HOST;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Version};
use hyper::ext::ReasonPhrase;
use url::{Position, Url};
use vetch_core::{HeaderList, IncomingResponse, Status, TransportFailure};

/// The headers that go out, `Host` before them, unless it is among them.
///
/// NOTE: a `HeaderMap` keeps lines of one name together, so a repeated name moves up to its first line.
pub(super) fn header_map(
    list: HeaderList,
    host: Option<HeaderValue>,
) -> Result<HeaderMap, TransportFailure> {
    let mut map = HeaderMap::try_with_capacity(list.len() + 1).map_err(|full| unsendable(&full))?;
    if let Some(host) = host
        && !list.contains(&HOST)
    {
        map.insert(HOST, host);
    }
    for (name, value) in list {
        // DIFFERS: a value with a control byte, which is one by the Standard, is asked for but not sent. hyper takes its
        // values from `http`, which has no such one.
        let value = value
            .into_http()
            .ok_or_else(|| TransportFailure::Unsendable {
                detail: format!("the value of {name} has a control character"),
            })?;
        map.try_append(name, value)
            .map_err(|full| unsendable(&full))?;
    }
    Ok(map)
}

/// `Host`: the URL's host, and its port where the scheme does not imply it.
pub(super) fn host(url: &Url) -> Result<HeaderValue, TransportFailure> {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    HeaderValue::from_str(host).map_err(|reason| unsendable(&reason))
}

/// `Host` where it is known to be wanted: over TLS it may yet be HTTP/2, which has `:authority`, so that a network stack
/// adds it there itself.
pub(super) fn host_without_tls(url: &Url) -> Result<Option<HeaderValue>, TransportFailure> {
    (url.scheme() == "http").then(|| host(url)).transpose()
}

pub(super) fn unsendable(reason: &impl ToString) -> TransportFailure {
    TransportFailure::Unsendable {
        detail: reason.to_string(),
    }
}

/// What tells the end of a response's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// A length, a last chunk, or HTTP/2.
    Told,
    /// The end of the connection · RFC 9112, section 6.3, rule 8.
    Connection,
}

/// How that response's body ends.
pub(super) fn body_end(parts: &Parts) -> BodyEnd {
    use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
    let told = [CONTENT_LENGTH, TRANSFER_ENCODING];
    if parts.version >= Version::HTTP_2 || told.iter().any(|name| parts.headers.contains_key(name))
    {
        BodyEnd::Told
    } else {
        BodyEnd::Connection
    }
}

/// Refuse a URL that is too long for the `http` crate, and so for every stack here.
pub(super) fn check_url(url: &Url) -> Result<(), TransportFailure> {
    if url[..Position::AfterQuery].len() > URL_BYTES {
        return Err(TransportFailure::UrlTooLong { limit: URL_BYTES });
    }
    Ok(())
}

const URL_BYTES: usize = 65_534;

/// The head as received, but for a status text beyond ASCII, which hyper makes empty.
pub(super) fn incoming(parts: Parts) -> Result<IncomingResponse, TransportFailure> {
    let status_message = match parts.extensions.get::<ReasonPhrase>() {
        Some(reason) => Bytes::copy_from_slice(reason.as_bytes()),
        // hyper keeps a reason only where it is not the usual one.
        None if parts.version < Version::HTTP_2 => Bytes::from_static(
            parts
                .status
                .canonical_reason()
                .unwrap_or_default()
                .as_bytes(),
        ),
        None => Bytes::new(),
    };
    let status = Status::new(parts.status.as_u16()).ok_or_else(|| TransportFailure::Malformed {
        detail: format!("the status {} is above 999", parts.status),
    })?;
    let header_list = HeaderList::from(parts.headers);
    Ok(IncomingResponse::new(status, status_message, header_list))
}
