//! `XMLHttpRequest`, between `open()` and `send()`.

use vetch_core::fetch_api::xhr::{self, UploadListeners, WithCredentials, XhrInit};

use crate::{Body, FetchError, Page, Response, driver};

/// An `XMLHttpRequest` that is open but not sent.
///
/// ```no_run
/// # async fn example(page: vetch::Page) -> Result<(), vetch::FetchError> {
/// let response = page
///     .xhr("POST", "https://api.example/items")
///     .header("X-PINGOTHER", "pingpong")
///     .with_credentials(vetch::WithCredentials::Yes)
///     .body("<person/>")
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched until it is sent"]
pub struct XhrBuilder {
    page: Page,
    url: String,
    init: XhrInit,
    body: Body,
}

impl XhrBuilder {
    pub(crate) fn new(page: Page, method: String, url: String) -> Self {
        Self {
            page,
            url,
            init: XhrInit {
                method,
                ..XhrInit::default()
            },
            body: Body::empty(),
        }
    }

    /// `setRequestHeader(name, value)`; a second call with the same name combines the values.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.init.headers.push((name.into(), value.into()));
        self
    }

    /// `withCredentials`.
    pub fn with_credentials(mut self, with_credentials: WithCredentials) -> Self {
        self.init.with_credentials = with_credentials;
        self
    }

    /// Whether listeners are registered on `upload`, which makes a cross-origin request ask first.
    pub fn upload_listeners(mut self, listeners: UploadListeners) -> Self {
        self.init.upload_listeners = listeners;
        self
    }

    /// The body given to `send()`; GET and HEAD ignore it.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// `send()`. Dropping the future aborts.
    pub async fn send(mut self) -> Result<Response, FetchError> {
        self.init.body = self.body.xhr_init();
        self.init.rules = self.page.user_agent().agent_state().profile.request_headers;
        let constructed = xhr::send(&self.url, self.init, self.page.environment());
        let constructed = FetchError::gather(constructed, Vec::new())?;
        driver::run(self.page.user_agent(), constructed, self.body.source).await
    }
}

impl std::fmt::Debug for XhrBuilder {
    /// Without the URL, which may have a password while it is text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XhrBuilder")
            .field("page", &self.page)
            .field("init", &self.init)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
