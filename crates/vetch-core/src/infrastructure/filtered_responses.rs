//! Filtered responses · fetch.spec.whatwg.org/#concept-filtered-response
//! In: an internal response and the request's tainting. Out: the view of it that a page may have.
//! Differs: nothing.

use std::sync::Arc;

use url::Url;

use super::forbidden_headers::is_forbidden_response_header_name;
use super::header_safelists::is_cors_safelisted_response_header_name;
use super::headers::{HeaderList, HeaderName, HeaderNameSet};
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
    header_list: Arc<HeaderList>,
    /// Whether the page sees the body.
    shows_body: bool,
    internal: InternalResponse,
}

impl FilteredResponse {
    /// Basic: all headers but the forbidden response-header names.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-basic
    pub fn basic(internal: InternalResponse) -> Self {
        let is_visible = |name: &HeaderName| !is_forbidden_response_header_name(name);
        Self {
            kind: ResponseType::Basic,
            header_list: visible(&internal.header_list, is_visible),
            shows_body: true,
            internal,
        }
    }

    /// CORS: the safelisted headers and those in the CORS-exposed header-name list.
    ///
    /// fetch.spec.whatwg.org/#concept-filtered-response-cors
    pub fn cors(internal: InternalResponse, exposed: &[HeaderName]) -> Self {
        let exposed = HeaderNameSet::new(exposed);
        let is_visible =
            |name: &HeaderName| is_cors_safelisted_response_header_name(name, &exposed);
        Self {
            kind: ResponseType::Cors,
            header_list: visible(&internal.header_list, is_visible),
            shows_body: true,
            internal,
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
            header_list: Arc::default(),
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
    pub fn header_list(&self) -> &HeaderList {
        &self.header_list
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

/// The headers of which the page may see the names; the list itself where that is all of them.
fn visible(
    internal: &Arc<HeaderList>,
    is_visible: impl Fn(&HeaderName) -> bool,
) -> Arc<HeaderList> {
    let Some(hidden) = internal.iter().position(|(name, _)| !is_visible(name)) else {
        return Arc::clone(internal);
    };
    let mut visible = HeaderList::with_capacity(internal.len() - 1);
    let rest = internal.iter().skip(hidden + 1);
    let rest = rest.filter(|(name, _)| is_visible(name));
    for (name, value) in internal.iter().take(hidden).chain(rest) {
        visible.append(name.clone(), value.clone());
    }
    Arc::new(visible)
}
