//! The user agent: what fetches share.

use std::sync::Arc;
use std::time::Duration;

use vetch_core::infrastructure::origins::InvalidOrigin;
use vetch_core::infrastructure::urls;
use vetch_core::{AgentState, Environment, Timestamp};

use crate::clock::Clock;
use crate::cookies::Cookies;
use crate::transport::Transport;
use crate::{InvalidPage, Limits, Page, UserAgentBuilder};

/// A user agent in the Standard's sense: it owns the preflight cache, the cookies and the connections.
///
/// Cheap to clone; clones share everything.
///
/// ```
/// let ua = vetch::UserAgent::new();
/// assert_eq!(ua.agent_state().preflight_cache.len(), 0);
/// ```
#[derive(Debug, Clone)]
pub struct UserAgent(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) agent: AgentState,
    pub(crate) clock: Clock,
    pub(crate) cookies: Cookies,
    pub(crate) transport: Box<dyn Transport>,
    /// For a whole fetch.
    pub(crate) timeout: Option<Duration>,
    pub(crate) limits: Limits,
}

/// The text is no cookie for that URL, or there is no room for it. The text is not repeated, since it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cookie cannot be set for {url}: {reason}")]
#[non_exhaustive]
pub struct InvalidCookie {
    /// For which URL, without user name and password. In a text that is no URL, what may be them is hidden.
    pub url: String,
    /// Why not.
    pub reason: String,
}

impl UserAgent {
    /// A user agent with the defaults of [`UserAgentBuilder`].
    pub fn new() -> Self {
        UserAgentBuilder::new().build_default()
    }

    /// A user agent to configure.
    pub fn builder() -> UserAgentBuilder {
        UserAgentBuilder::new()
    }

    /// A top-level page at that URL.
    ///
    /// ```
    /// let ua = vetch::UserAgent::new();
    /// assert!(ua.page("https://app.example/").is_ok());
    /// assert!(ua.page("app.example").is_err());
    /// ```
    pub fn page(&self, url: &str) -> Result<Page, InvalidPage> {
        Page::of_url(self.clone(), url)
    }

    /// A page of which only the origin is known; `null` is one.
    ///
    /// ```
    /// let ua = vetch::UserAgent::new();
    /// assert!(ua.page_of_origin("https://app.example").is_ok());
    /// assert!(ua.page_of_origin("https://app.example/path").is_err());
    /// ```
    pub fn page_of_origin(&self, origin: &str) -> Result<Page, InvalidOrigin> {
        Environment::of_origin(origin).map(|environment| self.page_in(environment))
    }

    /// A page of which the embedder knows everything.
    pub fn page_in(&self, environment: Environment) -> Page {
        Page::new(self.clone(), environment)
    }

    /// Profile, preflight cache and default headers.
    pub fn agent_state(&self) -> &AgentState {
        &self.0.agent
    }

    /// Forget all preflight answers.
    pub fn clear_preflight_cache(&self) {
        self.0.agent.preflight_cache.clear_all();
    }

    /// Forget all cookies.
    pub fn clear_cookies(&self) {
        self.0.cookies.clear();
    }

    /// Close idle connections; running exchanges end on theirs.
    pub fn clear_connections(&self) {
        self.0.transport.close_idle_connections();
    }

    /// Set a cookie as if a response from that URL had `Set-Cookie` with this value.
    ///
    /// ```
    /// let ua = vetch::UserAgent::new();
    /// ua.set_cookie("https://api.example/", "pageAccess=2; Secure")?;
    /// assert_eq!(ua.cookies("https://api.example/items"), [("pageAccess".to_owned(), "2".to_owned())]);
    /// assert!(ua.set_cookie("https://api.example/", "a=b; Domain=other.example").is_err());
    /// # Ok::<(), vetch::InvalidCookie>(())
    /// ```
    pub fn set_cookie(&self, url: &str, value: &str) -> Result<(), InvalidCookie> {
        let parsed = urls::parse_absolute(url).map_err(|reason| InvalidCookie {
            url: urls::shown_text(url).into_owned(),
            reason: reason.to_string(),
        })?;
        let ahead = self.0.clock.ahead();
        let set = self.0.cookies.set(&parsed, value.as_bytes(), ahead);
        set.map_err(|refused| InvalidCookie {
            url: urls::without_credentials(&parsed).into(),
            reason: refused.to_string(),
        })
    }

    /// Names and values of the cookies that a request to that URL would carry; none for a text that is no URL.
    pub fn cookies(&self, url: &str) -> Vec<(String, String)> {
        urls::parse_absolute(url).map_or_else(
            |_| Vec::new(),
            |url| self.0.cookies.list(&url, self.0.clock.ahead()),
        )
    }

    /// Move the engine's clock forward: preflight answers and cookies get older without anyone waiting.
    ///
    /// Time-outs go by the system's clock.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }

    /// The engine's clock.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}

impl Default for UserAgent {
    fn default() -> Self {
        Self::new()
    }
}
