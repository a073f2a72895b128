//! `fetch()`: the members of `RequestInit` as methods.

use serde::Serialize;
use vetch_core::fetch_api::invalid_request::Problem;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::{CacheMode, CredentialsMode, Destination, Mode, RedirectMode, ReferrerPolicy};

use crate::{Body, FetchError, Page, Response, driver};

/// A `fetch()` call in the making; what is not set takes the API's default.
///
/// Mistakes are not reported by the methods but by [`FetchBuilder::send`], all at once.
///
/// ```no_run
/// # async fn example(page: vetch::Page) -> Result<(), vetch::FetchError> {
/// let response = page
///     .fetch("https://api.example/items")
///     .method("POST")
///     .header("Content-Type", "text/csv")
///     .body("a,b\n")
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched until it is sent"]
pub struct FetchBuilder {
    page: Page,
    url: String,
    init: RequestInit,
    body: Body,
    problems: Vec<Problem>,
}

impl FetchBuilder {
    pub(crate) fn new(page: Page, url: String) -> Self {
        Self {
            page,
            url,
            init: RequestInit::default(),
            body: Body::empty(),
            problems: Vec::new(),
        }
    }

    /// `method`; `get`, `put` and the like are normalised, `patch` is not.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.init.method = Some(method.into());
        self
    }

    /// One more of `headers`; a value's code points are its bytes, as in JavaScript.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.init.headers.push((name.into(), value.into()));
        self
    }

    /// More of `headers`.
    pub fn headers<N, V>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let headers = headers.into_iter();
        self.init
            .headers
            .extend(headers.map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// `body`.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The value as JSON, with the implied type `application/json`.
    ///
    /// In JavaScript a string implies `text/plain` and the author writes the `Content-Type` header; here it is written
    /// for them, unless the request names one. It makes a cross-origin request ask first.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Body::bytes(json).with_content_type("application/json"),
            Err(reason) => self.problems.push(Problem::new(
                "body",
                format!("the value cannot be written as JSON ({reason})"),
            )),
        }
        self
    }

    /// The type that the body implies, in place of its own; it counts where the request names no `Content-Type`.
    ///
    /// Call it after [`FetchBuilder::body`].
    pub fn body_type(mut self, content_type: impl Into<String>) -> Self {
        self.body = self.body.with_content_type(content_type);
        self
    }

    /// `mode`.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.init.mode = Some(mode);
        self
    }

    /// `credentials`.
    pub fn credentials(mut self, credentials: CredentialsMode) -> Self {
        self.init.credentials = Some(credentials);
        self
    }

    /// `cache`; there is no HTTP cache yet, so it only decides over the headers that ask caches on the way.
    pub fn cache(mut self, cache: CacheMode) -> Self {
        self.init.cache = Some(cache);
        self
    }

    /// `redirect`.
    pub fn redirect(mut self, redirect: RedirectMode) -> Self {
        self.init.redirect = Some(redirect);
        self
    }

    /// `referrer`; the empty string is no referrer.
    pub fn referrer(mut self, referrer: impl Into<String>) -> Self {
        self.init.referrer = Some(referrer.into());
        self
    }

    /// `referrerPolicy`.
    pub fn referrer_policy(mut self, policy: ReferrerPolicy) -> Self {
        self.init.referrer_policy = Some(policy);
        self
    }

    /// `integrity`: the whole body is read and checked before the response is handed over.
    pub fn integrity(mut self, metadata: impl Into<String>) -> Self {
        self.init.integrity = metadata.into();
        self
    }

    /// `keepalive: true`.
    pub fn keepalive(mut self) -> Self {
        self.init.keepalive = true;
        self
    }

    /// `duplex: "half"`, which a stream body needs.
    pub fn duplex_half(mut self) -> Self {
        self.init.duplex = Some("half".to_owned());
        self
    }

    /// What the response is for, when an embedder fetches on behalf of an element.
    pub fn destination(mut self, destination: Destination) -> Self {
        self.init.destination = destination;
        self
    }

    /// All members at once, in place of what was set before, for callers that have them as data.
    ///
    /// [`RequestInit::body`] is not read: give the body itself to [`FetchBuilder::body`].
    pub fn init(mut self, init: RequestInit) -> Self {
        self.init = init;
        self
    }

    /// Fetch. Dropping the future cancels.
    pub async fn send(mut self) -> Result<Response, FetchError> {
        self.init.body = self.body.init();
        self.init.rules = self.page.user_agent().agent_state().profile.request_headers;
        let constructed = construct(&self.url, self.init, self.page.environment());
        let constructed = FetchError::gather(constructed, self.problems)?;
        driver::run(self.page.user_agent(), constructed, self.body.source).await
    }
}

impl std::fmt::Debug for FetchBuilder {
    /// Without the URL, which may have a password while it is text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchBuilder")
            .field("page", &self.page)
            .field("init", &self.init)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
