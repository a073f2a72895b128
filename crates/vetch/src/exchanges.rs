//! What went over the wire, for the person debugging; never for the page.

use std::sync::Arc;

use vetch_core::infrastructure::urls::Shown;
use vetch_core::{ExchangeKind, HeaderList};

/// One exchange as it went over the wire.
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
