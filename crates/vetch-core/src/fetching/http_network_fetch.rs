//! HTTP-network fetch · fetch.spec.whatwg.org/#http-network-fetch
//! In: a request to put on the wire, and the head that came back. Out: what the caller's IO sees of both.
//! Differs: the IO is the caller's; the types here are its contract.

use std::sync::Arc;

use bytes::Bytes;
use url::Url;

use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::methods::Method;
use crate::infrastructure::network_partition_keys::NetworkPartitionKey;
use crate::infrastructure::requests::Body;
use crate::infrastructure::responses::check_locations;
use crate::infrastructure::statuses::Status;
use crate::network_error::{ExchangeKind, Reason};
use crate::profile::{DifferingLocations, Profile};

/// One HTTP request, complete but for what belongs to the driver: cookies and `Authorization` it adds itself,
/// and only where `credentials` is [`Credentials::Include`].
///
/// A driver sends exactly this header list, in this order, adds `Host` and framing, follows no redirect, and never
/// turns a user name in the URL into `Authorization`.
// NOT DONE: the network error for a client that is offline (step 2): that is the caller's IO to know.
#[derive(Clone)]
#[non_exhaustive]
pub struct OutgoingRequest {
    /// Preflight or request.
    pub kind: ExchangeKind,
    /// Method.
    pub method: Method,
    /// URL; a fragment is never sent.
    pub url: Arc<Url>,
    /// Headers in order.
    pub header_list: HeaderList,
    /// Which body goes with it; a stream must not go over HTTP/1.x.
    pub body: Body,
    /// Whether cookies, HTTP authentication and client certificates go with it and are taken from the answer.
    pub credentials: Credentials,
    /// Over which connection it goes.
    pub connection: Connection,
    /// Under which key connections may be shared.
    pub network_partition_key: NetworkPartitionKey,
}

/// So many headers at most are appended to a request's own, but for some of navigations and of cache modes.
pub(super) const APPENDED: usize = 8;

/// Over which connection a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connection {
    /// Any that its key allows.
    Any,
    /// A new one: the server of the one before says that it is not the one to ask (421).
    New,
}

/// includeCredentials of HTTP-network-or-cache fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// With cookies, HTTP authentication and client certificate.
    Include,
    /// With none of them, and `Set-Cookie` is ignored.
    Omit,
}

/// What a profile does not take for an answer: `redirects.differing_locations`.
pub fn check_head(head: &IncomingResponse, profile: &Profile) -> Result<(), Reason> {
    if profile.redirects.differing_locations == DifferingLocations::Refused {
        check_locations(&head.header_list)?;
    }
    Ok(())
}

/// The head of a final (not 1xx) HTTP response, as received.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct IncomingResponse {
    /// Status.
    pub status: Status,
    /// Status message (reason phrase) as sent; empty over HTTP/2.
    pub status_message: Bytes,
    /// Headers in order, repeated lines kept, values byte for byte.
    pub header_list: Arc<HeaderList>,
}

impl IncomingResponse {
    /// A head with these parts.
    pub fn new(
        status: Status,
        status_message: impl Into<Bytes>,
        header_list: impl Into<Arc<HeaderList>>,
    ) -> Self {
        Self {
            status,
            status_message: status_message.into(),
            header_list: header_list.into(),
        }
    }
}
