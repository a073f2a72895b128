//! What went over the wire, for the person debugging; never for the page.

use std::sync::Arc;

use vetch_core::infrastructure::header_values::isomorphic_decode;
use vetch_core::infrastructure::urls::Shown;
use vetch_core::{ExchangeKind, HeaderList, IncomingResponse, OutgoingRequest};

/// One exchange as it went over the wire. A request that could not go out, for want of a connection say, is none.
///
/// `Host` (`:authority` with HTTP/2) and `Transfer-Encoding` are written by the transport and not among the headers.
/// `Debug` output hides the values of credentials and a user name in the URL.
///
/// ```no_run
/// # fn show(response: &vetch::Response) {
/// for exchange in response.exchanges() {
///     println!("{} {} {} → {:?}", exchange.kind.as_str(), exchange.method, exchange.url, exchange.status);
/// }
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeRecord {
    /// Preflight or request.
    pub kind: ExchangeKind,
    /// The method.
    pub method: http::Method,
    /// The URL.
    pub url: Arc<url::Url>,
    /// The headers as sent, in order, with `Cookie`.
    pub request_headers: HeaderList,
    /// The status that came, or nothing when no answer did.
    pub status: Option<u16>,
    /// The status text that came, each byte one code point.
    pub status_text: String,
    /// The headers that came, in order.
    pub response_headers: Arc<HeaderList>,
}

/// One exchange of which the answer is yet to come.
pub(crate) struct SentRequest {
    kind: ExchangeKind,
    method: http::Method,
    url: Arc<url::Url>,
    headers: HeaderList,
}

impl SentRequest {
    /// What goes out.
    pub(crate) fn of(outgoing: &OutgoingRequest) -> Self {
        Self {
            kind: outgoing.kind,
            method: outgoing.method.clone(),
            url: Arc::clone(&outgoing.url),
            headers: outgoing.header_list.clone(),
        }
    }

    /// That came back.
    pub(crate) fn answered(self, head: &IncomingResponse) -> ExchangeRecord {
        let headers = Arc::clone(&head.header_list);
        ExchangeRecord {
            status: Some(head.status.as_u16()),
            status_text: isomorphic_decode(&head.status_message).into_owned(),
            ..self.with(headers)
        }
    }

    /// Nothing came back.
    pub(crate) fn unanswered(self) -> ExchangeRecord {
        self.with(Arc::default())
    }

    fn with(self, response_headers: Arc<HeaderList>) -> ExchangeRecord {
        ExchangeRecord {
            kind: self.kind,
            method: self.method,
            url: self.url,
            request_headers: self.headers,
            status: None,
            status_text: String::new(),
            response_headers,
        }
    }
}

impl std::fmt::Debug for ExchangeRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExchangeRecord")
            .field("kind", &self.kind)
            .field("method", &self.method)
            .field("url", &Shown(&self.url))
            .field("request_headers", &self.request_headers)
            .field("status", &self.status)
            .field("status_text", &self.status_text)
            .field("response_headers", &self.response_headers)
            .finish()
    }
}
