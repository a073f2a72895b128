//! Filtered responses · fetch.spec.whatwg.org/#concept-filtered-response
//! In: an internal response and the request's tainting. Out: the view of it that a page may have.
//! Differs: nothing.

use std::borrow::Cow;

use url::Url;

use super::forbidden_headers::is_forbidden_response_header_name;
use super::header_safelists::{ExposedHeaderNames, is_cors_safelisted_response_header_name};
use super::header_values::HeaderValue;
use super::headers::{AsHeaderName, HeaderList, HeaderName};
use super::responses::{InternalResponse, ResponseBody};

/// A response's type.
///
/// fetch.spec.whatwg.org/#concept-response-type
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// `basic`
    Basic,
    /// `cors`
    Cors,
    /// `default`
    Default,
    /// `opaque`
    Opaque,
    /// `opaqueredirect`
    OpaqueRedirect,
}

impl ResponseType {
    /// The Standard's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Cors => "cors",
            Self::Default => "default",
            Self::Opaque => "opaque",
            Self::OpaqueRedirect => "opaqueredirect",
        }
    }
}

/// A filtered response: what a page may see, around the internal response that it may not.
///
/// ```
/// # use vetch_core::infrastructure::filtered_responses::{FilteredResponse, ResponseType};
/// # fn page_sees(response: &FilteredResponse) {
/// if response.kind() == ResponseType::Opaque {
///     assert_eq!(response.status(), 0);
///     assert!(response.header_list().is_empty());
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FilteredResponse {
    kind: ResponseType,
    /// Of a CORS filtered response, what it exposes beside the safelisted names.
    exposed: ExposedHeaderNames,
    /// Whether the page sees the body.
    shows_body: bool,
    internal: InternalResponse,
}

impl FilteredResponse {
    /// Basic: all headers but the forbidden response-header names.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-basic
    pub fn basic(internal: InternalResponse) -> Self {
        Self {
            shows_body: true,
            ..Self::without_view(ResponseType::Basic, internal)
        }
    }

    /// CORS: the safelisted headers and those in the CORS-exposed header-name list.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-cors
    pub fn cors(internal: InternalResponse, exposed: ExposedHeaderNames) -> Self {
        Self {
            exposed,
            shows_body: true,
            ..Self::without_view(ResponseType::Cors, internal)
        }
    }

    /// Opaque: nothing at all.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-opaque
    pub fn opaque(internal: InternalResponse) -> Self {
        Self::without_view(ResponseType::Opaque, internal)
    }

    /// Opaque-redirect: nothing but the URL.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
    pub fn opaque_redirect(internal: InternalResponse) -> Self {
        Self::without_view(ResponseType::OpaqueRedirect, internal)
    }

    fn without_view(kind: ResponseType, internal: InternalResponse) -> Self {
        Self {
            kind,
            exposed: ExposedHeaderNames::Listed(Vec::new()),
            shows_body: false,
            internal,
        }
    }

    /// The same with its body in view, where a profile has it so.
    pub(crate) fn with_body(self) -> Self {
        Self {
            shows_body: true,
            ..self
        }
    }

    /// The type.
    pub fn kind(&self) -> ResponseType {
        self.kind
    }

    /// The last URL, or nothing for an opaque response. The fragment is still there; the Fetch API leaves it out.
    pub fn url(&self) -> Option<&Url> {
        (self.kind != ResponseType::Opaque).then(|| &**self.internal.url_list.current())
    }

    /// Whether the page may know that there was a redirect: the URL list has more than one item.
    pub fn is_redirected(&self) -> bool {
        self.kind != ResponseType::Opaque && self.internal.url_list.len() > 1
    }

    /// The status as the page sees it; 0 for the opaque types.
    pub fn status(&self) -> u16 {
        if self.is_hidden() {
            0
        } else {
            self.internal.status.as_u16()
        }
    }

    /// The status message as the page sees it.
    pub fn status_message(&self) -> &[u8] {
        if self.is_hidden() {
            b""
        } else {
            &self.internal.status_message
        }
    }

    /// The headers that the page may see.
    pub fn header_list(&self) -> VisibleHeaders<'_> {
        VisibleHeaders(self)
    }

    /// The body as the page sees it.
    pub fn body(&self) -> &ResponseBody {
        if self.shows_body {
            &self.internal.body
        } else {
            &ResponseBody::Null
        }
    }

    /// Whether the page may see the body, if there is one.
    pub fn shows_body(&self) -> bool {
        self.shows_body
    }

    /// Whether the page sees nothing of status and headers.
    pub fn is_hidden(&self) -> bool {
        matches!(
            self.kind,
            ResponseType::Opaque | ResponseType::OpaqueRedirect
        )
    }

    /// What really came back. For the embedder (to draw an image, to run a script), never for the page.
    ///
    /// fetch.spec.whatwg.org/#concept-internal-response
    pub fn internal(&self) -> &InternalResponse {
        &self.internal
    }

    pub(crate) fn internal_mut(&mut self) -> &mut InternalResponse {
        &mut self.internal
    }
}

/// The header list of a filtered response: the internal response's, as far as the page may see it. Nothing is copied.
///
/// fetch.spec.whatwg.org/#concept-filtered-response
#[derive(Clone, Copy)]
pub struct VisibleHeaders<'a>(&'a FilteredResponse);

impl<'a> VisibleHeaders<'a> {
    /// The headers in order.
    pub fn iter(self) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        let is_visible = self.is_visible();
        let internal = self.0.internal.header_list.iter();
        internal.filter(move |(name, _)| is_visible(name))
    }

    /// How many headers there are, repeated names counted each time.
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether there is no header.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Contains · fetch.spec.whatwg.org/#header-list-contains
    pub fn contains(self, name: impl AsHeaderName + Copy) -> bool {
        self.list_of(name).is_some()
    }

    /// Get · fetch.spec.whatwg.org/#concept-header-list-get
    pub fn get(self, name: impl AsHeaderName + Copy) -> Option<Cow<'a, HeaderValue>> {
        self.list_of(name)?.get(name)
    }

    /// The values of that name, line by line.
    pub fn values_of(
        self,
        name: impl AsHeaderName + Copy,
    ) -> impl Iterator<Item = &'a HeaderValue> {
        let list = self.list_of(name).into_iter();
        list.flat_map(move |list| list.values_of(name))
    }

    /// A copy of them.
    pub fn to_list(self) -> HeaderList {
        let own = |(name, value): (&HeaderName, &HeaderValue)| (name.clone(), value.clone());
        self.iter().map(own).collect()
    }

    /// The whole list, if it has that name and the page may see it.
    fn list_of(self, name: impl AsHeaderName + Copy) -> Option<&'a HeaderList> {
        let list = &*self.0.internal.header_list;
        let (first, _) = list.iter().find(|(candidate, _)| name.names(candidate))?;
        self.is_visible()(first).then_some(list)
    }

    /// Whether the page may see headers of a name.
    pub(crate) fn is_visible(self) -> impl Fn(&HeaderName) -> bool + 'a {
        let FilteredResponse { kind, exposed, .. } = self.0;
        let exposed = exposed.as_set();
        move |name| match kind {
            ResponseType::Basic | ResponseType::Default => !is_forbidden_response_header_name(name),
            ResponseType::Cors => is_cors_safelisted_response_header_name(name, &exposed),
            ResponseType::Opaque | ResponseType::OpaqueRedirect => false,
        }
    }
}

impl std::fmt::Debug for VisibleHeaders<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_list().fmt(f)
    }
}
