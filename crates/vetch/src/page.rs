//! Pages: where requests come from.

use std::sync::Arc;

use vetch_core::infrastructure::urls;
use vetch_core::{EmbedderPolicy, Environment, NetworkPartitionKey, Origin, ReferrerPolicy};

use crate::{FetchBuilder, UserAgent, XhrBuilder};

/// The environment that a request is made from: a document or a worker, in a user agent.
///
/// ```
/// let ua = vetch::UserAgent::new();
/// let page = ua.page("https://app.example/start")?;
/// assert_eq!(page.environment().origin.to_string(), "https://app.example");
/// # Ok::<(), vetch::InvalidPage>(())
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    user_agent: UserAgent,
    environment: Arc<Environment>,
}

/// The text is not a page's URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("page {text:?} is not a URL ({reason}); write it like https://app.example/start")]
#[non_exhaustive]
pub struct InvalidPage {
    /// What was given.
    pub text: String,
    /// The URL parser's reason.
    pub reason: url::ParseError,
}

impl Page {
    pub(crate) fn new(user_agent: UserAgent, environment: Environment) -> Self {
        Self {
            user_agent,
            environment: Arc::new(environment),
        }
    }

    pub(crate) fn of_url(user_agent: UserAgent, text: &str) -> Result<Self, InvalidPage> {
        let url = urls::parse_absolute(text).map_err(|reason| InvalidPage {
            text: text.to_owned(),
            reason,
        })?;
        Ok(Self::new(user_agent, Environment::of_page(url)))
    }

    /// `fetch(url)`; a relative URL is resolved against the page's.
    ///
    /// ```no_run
    /// # async fn example(page: vetch::Page) -> Result<(), vetch::FetchError> {
    /// let response = page.fetch("https://api.example/items").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch(&self, url: impl Into<String>) -> FetchBuilder {
        FetchBuilder::new(self.clone(), url.into())
    }

    /// `new XMLHttpRequest()` and `open(method, url)`.
    ///
    /// ```no_run
    /// # async fn example(page: vetch::Page) -> Result<(), vetch::FetchError> {
    /// let response = page.xhr("POST", "https://api.example/items").body("text").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn xhr(&self, method: impl Into<String>, url: impl Into<String>) -> XhrBuilder {
        XhrBuilder::new(self.clone(), method.into(), url.into())
    }

    /// What the algorithms read of this page.
    pub fn environment(&self) -> &Arc<Environment> {
        &self.environment
    }

    /// The user agent in which the page is.
    pub fn user_agent(&self) -> &UserAgent {
        &self.user_agent
    }

    /// The same page with another origin, as in a sandboxed frame; the top-level site stays.
    ///
    /// ```
    /// let ua = vetch::UserAgent::new();
    /// let sandboxed = ua.page("https://app.example/")?.origin(vetch::Origin::parse("null")?);
    /// assert_eq!(sandboxed.environment().origin.to_string(), "null");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn origin(self, origin: Origin) -> Self {
        self.with(|environment| environment.origin = origin)
    }

    /// The same page in a tab whose address bar shows that origin: state is kept by the top-level site.
    ///
    /// ```
    /// let ua = vetch::UserAgent::new();
    /// let framed = ua.page("https://widget.example/")?
    ///     .top_level_site(&vetch::Origin::parse("https://news.example")?);
    /// assert_eq!(framed.environment().network_partition_key.as_str(), "https://news.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn top_level_site(self, top_level_origin: &Origin) -> Self {
        let key = NetworkPartitionKey::determine(top_level_origin);
        self.with(|environment| environment.network_partition_key = key)
    }

    /// The same page with that referrer policy.
    #[must_use]
    pub fn referrer_policy(self, policy: ReferrerPolicy) -> Self {
        self.with(|environment| environment.referrer_policy = policy)
    }

    /// The same page with that embedder policy.
    #[must_use]
    pub fn embedder_policy(self, policy: EmbedderPolicy) -> Self {
        self.with(|environment| environment.embedder_policy = policy)
    }

    fn with(mut self, change: impl FnOnce(&mut Environment)) -> Self {
        change(Arc::make_mut(&mut self.environment));
        self
    }
}
