//! Responses: what the page may see, and beside it what the person debugging may see.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use vetch_core::infrastructure::header_values::isomorphic_decode;
use vetch_core::infrastructure::responses::{self, InternalResponse};
use vetch_core::trace::{Decision, Trace};
use vetch_core::{FilteredResponse, NetworkError, Remark, ResponseType, VisibleHeaders};

use crate::ExchangeRecord;
use crate::response_body::{JsonError, ResponseBody};

/// A response as the page sees it: a filtered response.
///
/// ```no_run
/// # async fn example(page: vetch::Page) -> Result<(), Box<dyn std::error::Error>> {
/// let mut response = page.fetch("https://api.example/items").send().await?;
/// assert_eq!(response.kind(), vetch::ResponseType::Cors);
/// println!("{:?}", response.header("content-type"));
/// let items: Vec<String> = response.json().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Response {
    filtered: FilteredResponse,
    /// What the page reads.
    body: ResponseBody,
    /// What a page may not read of an opaque response.
    unfiltered_body: ResponseBody,
    exchanges: Vec<ExchangeRecord>,
    trace: Trace,
}

impl Response {
    pub(crate) fn new(
        filtered: FilteredResponse,
        body: ResponseBody,
        exchanges: Vec<ExchangeRecord>,
        trace: Trace,
    ) -> Self {
        let (body, unfiltered_body) = if filtered.shows_body() {
            (body, ResponseBody::null())
        } else {
            (ResponseBody::null(), body)
        };
        Self {
            filtered,
            body,
            unfiltered_body,
            exchanges,
            trace,
        }
    }

    /// `type`.
    pub fn kind(&self) -> ResponseType {
        self.filtered.kind()
    }

    /// `url`: the last URL without its fragment; the empty string for an opaque response.
    pub fn url(&self) -> String {
        let Some(url) = self.filtered.url() else {
            return String::new();
        };
        let text = url.as_str();
        let end = url.fragment().map_or(text.len(), |fragment| {
            text.len() - fragment.len() - "#".len()
        });
        text[..end].to_owned()
    }

    /// `redirected`.
    pub fn redirected(&self) -> bool {
        self.filtered.is_redirected()
    }

    /// `status`; 0 for the opaque types.
    pub fn status(&self) -> u16 {
        self.filtered.status()
    }

    /// `ok`: whether the status is 200 to 299.
    pub fn ok(&self) -> bool {
        matches!(self.status(), 200..=299)
    }

    /// `statusText`, each byte one code point; over reqwest it is empty when a byte of it is beyond ASCII.
    pub fn status_text(&self) -> String {
        isomorphic_decode(self.filtered.status_message()).into_owned()
    }

    /// `headers`: those that the page may see, in the order in which they came.
    pub fn headers(&self) -> VisibleHeaders<'_> {
        self.filtered.header_list()
    }

    /// `headers.get(name)`: the values of all lines of that name joined by `, `, each byte one code point.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers().get(name)?;
        Some(value.isomorphic_decode().into_owned())
    }

    /// Whether `body` is not null.
    pub fn has_body(&self) -> bool {
        *self.filtered.body() != responses::ResponseBody::Null
    }

    /// `body`, to read piece by piece.
    ///
    /// ```no_run
    /// # async fn example(mut response: vetch::Response) -> Result<(), vetch::NetworkError> {
    /// while let Some(chunk) = response.body().chunk().await? {
    ///     println!("{} bytes", chunk.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn body(&mut self) -> &mut ResponseBody {
        &mut self.body
    }

    /// The rest of the body. A body is read once; reading it again gives nothing.
    pub async fn bytes(&mut self) -> Result<Bytes, NetworkError> {
        self.body.bytes().await
    }

    /// The rest of the body as `text()` has it: UTF-8, a byte order mark left out, what is not UTF-8 replaced.
    pub async fn text(&mut self) -> Result<String, NetworkError> {
        self.body.text().await
    }

    /// The rest of the body, read as JSON.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, JsonError> {
        self.body.json().await
    }

    /// What really came back, **not for the page**: for an embedder that draws an opaque image or runs an opaque script.
    ///
    /// fetch.spec.whatwg.org/#concept-internal-response
    pub fn unfiltered(&self) -> &InternalResponse {
        self.filtered.internal()
    }

    /// The body that really came back, **not for the page**; for a response that is not opaque it is [`Response::body`].
    pub fn unfiltered_body(&mut self) -> &mut ResponseBody {
        if self.filtered.shows_body() {
            &mut self.body
        } else {
            &mut self.unfiltered_body
        }
    }

    /// What went over the wire, in order, for the person debugging; empty with [`Record::Nothing`](crate::Record::Nothing).
    pub fn exchanges(&self) -> &[ExchangeRecord] {
        &self.exchanges
    }

    /// What was odd but not fatal, for the person debugging.
    pub fn remarks(&self) -> &[Remark] {
        self.trace.remarks()
    }

    /// What was decided on the way, for the person debugging.
    pub fn decisions(&self) -> &[Decision] {
        self.trace.decisions()
    }
}
