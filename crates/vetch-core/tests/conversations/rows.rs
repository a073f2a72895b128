//! The rows of a table, as they stand in its file.

use serde::Deserialize;

/// One conversation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The sentence that it tests.
    pub(crate) name: String,
    /// By name; the Standard alone unless told.
    #[serde(default)]
    pub(crate) profile: Option<String>,
    #[serde(default)]
    page: Page,
    /// Several fetches by one agent, or else the one fetch that follows.
    #[serde(default)]
    fetches: Vec<Fetch>,
    #[serde(default)]
    request: Option<Wish>,
    #[serde(default)]
    exchanges: Vec<Exchange>,
    #[serde(default)]
    outcome: Vec<String>,
    #[serde(default)]
    kept: Option<Vec<String>>,
}

/// One fetch of a conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fetch {
    /// When, in milliseconds.
    #[serde(default)]
    pub(crate) at: u64,
    /// The row's page unless told.
    #[serde(default)]
    pub(crate) page: Option<Page>,
    pub(crate) request: Wish,
    #[serde(default)]
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) outcome: Vec<String>,
    #[serde(default)]
    pub(crate) kept: Option<Vec<String>>,
}

/// What goes out and what comes back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) sends: Vec<String>,
    pub(crate) answer: Vec<String>,
}

/// Where a request comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct Page {
    pub(crate) url: String,
    /// The URL's unless told.
    pub(crate) origin: Option<String>,
    /// The origin of the page around it; its own unless told.
    pub(crate) top_level_origin: Option<String>,
    pub(crate) referrer_policy: Option<String>,
    pub(crate) embedder_policy: Option<String>,
    pub(crate) worker: bool,
}

/// A request as a script (or, in the last members, the browser) wishes for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the Standard, left out of a row where it is not set"
)]
pub(crate) struct Wish {
    pub(crate) url: String,
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<String>,
    /// A length in bytes, or `stream`.
    pub(crate) body: Option<String>,
    pub(crate) body_type: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) credentials: Option<String>,
    pub(crate) cache: Option<String>,
    pub(crate) redirect: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) referrer_policy: Option<String>,
    pub(crate) integrity: String,
    pub(crate) keepalive: bool,
    pub(crate) destination: String,
    /// By `XMLHttpRequest`, of which `withCredentials` and `uploadListeners` are.
    pub(crate) xhr: bool,
    pub(crate) with_credentials: bool,
    pub(crate) upload_listeners: bool,
    /// By an element: methods and headers are not looked at.
    pub(crate) element: bool,
    pub(crate) local_urls_only: bool,
    pub(crate) user_activation: bool,
    pub(crate) prefetch: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            url: "https://a.example/".to_owned(),
            origin: None,
            top_level_origin: None,
            referrer_policy: None,
            embedder_policy: None,
            worker: false,
        }
    }
}

impl Row {
    /// Its fetches in order, each with its page.
    pub(crate) fn fetches(&self) -> Vec<(Page, Fetch)> {
        let alone = self.request.clone().map(|request| Fetch {
            at: 0,
            page: None,
            request,
            exchanges: self.exchanges.clone(),
            outcome: self.outcome.clone(),
            kept: self.kept.clone(),
        });
        assert_ne!(
            alone.is_some(),
            !self.fetches.is_empty(),
            "{}: either a request or fetches",
            self.name
        );
        alone
            .into_iter()
            .chain(self.fetches.iter().cloned())
            .map(|fetch| {
                let page = fetch.page.clone().unwrap_or_else(|| self.page.clone());
                (page, fetch)
            })
            .collect()
    }
}
