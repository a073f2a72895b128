//! Loading a page: its document and its classic scripts, fetched by the user agent that the page will use.

use serde_json::json;
use url::Url;
use vetch::{Credentials, Destination, EmbedderPolicy, Mode, Page, ReferrerPolicy, UserAgent};

use crate::document::{Crossorigin, Document, Script};

/// A page whose scripts are ready to run.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) page: Page,
    pub(super) scripts: Vec<Source>,
    document: Document,
}

/// A script's text.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
    /// Whether it is the place where a vendor attaches itself to the harness.
    pub(super) is_report: bool,
}

/// Where the checkout leaves room for a vendor's own code.
const REPORT: &str = "/resources/testharnessreport.js";

/// Loads the page, or says why it cannot be run.
pub(super) async fn load(user_agent: &UserAgent, url: Url) -> Result<Loaded, String> {
    let page = user_agent
        .page(url.as_str())
        .map_err(|error| error.to_string())?;
    let mut response = page
        .fetch(url.as_str())
        .mode(Mode::SameOrigin)
        .send()
        .await
        .map_err(|error| format!("the page cannot be loaded: {error}"))?;
    if !response.ok() {
        return Err(format!("the page's status is {}", response.status()));
    }
    let policy = response.header("referrer-policy");
    let embedder = response.header("cross-origin-embedder-policy");
    let html = response.text().await.map_err(|error| error.to_string())?;
    let document = Document::parse(&html);
    if let Some(element) = &document.unsupported {
        return Err(format!("needs {element}"));
    }
    let page = with_policies(page, policy, embedder.as_deref(), &document);
    let mut scripts = Vec::with_capacity(document.scripts.len());
    for script in &document.scripts {
        scripts.push(source(&page, script).await?);
    }
    Ok(Loaded {
        page,
        scripts,
        document,
    })
}

/// The policies of the response's headers, or of the document's own `meta`.
fn with_policies(
    page: Page,
    policy: Option<String>,
    embedder: Option<&str>,
    document: &Document,
) -> Page {
    let metas = document.metas.iter();
    let own = metas
        .filter(|(name, _)| name.eq_ignore_ascii_case("referrer"))
        .map(|(_, content)| content.clone());
    let mut known = policy
        .into_iter()
        .chain(own)
        .filter_map(|name| ReferrerPolicy::parse(name.trim()));
    let page = match known.next_back() {
        Some(policy) => page.referrer_policy(policy),
        None => page,
    };
    match embedder {
        Some("require-corp") => page.embedder_policy(EmbedderPolicy::RequireCorp),
        Some("credentialless") => page.embedder_policy(EmbedderPolicy::Credentialless),
        _ => page,
    }
}

async fn source(page: &Page, script: &Script) -> Result<Source, String> {
    let (address, crossorigin) = match script {
        Script::Inline(text) => {
            return Ok(Source {
                name: page.environment().url.path().to_owned(),
                text: text.clone(),
                is_report: false,
            });
        }
        Script::External {
            address,
            crossorigin,
        } => (address.as_str(), *crossorigin),
    };
    let failed = |reason: String| format!("the script {address} cannot be loaded: {reason}");
    let url = page.environment().url.join(address);
    let request = page
        .fetch(address)
        .destination(Destination::parse("script").unwrap_or_default());
    let request = match crossorigin {
        Crossorigin::None => request.mode(Mode::NoCors).credentials(Credentials::Include),
        Crossorigin::Anonymous => request.credentials(Credentials::SameOrigin),
        Crossorigin::UseCredentials => request.credentials(Credentials::Include),
    };
    let response = request.send().await;
    let mut response = response.map_err(|error| failed(error.to_string()))?;
    if !response.unfiltered().status.is_ok() {
        return Err(failed(format!("status {}", response.unfiltered().status)));
    }
    let text = response.unfiltered_body().text().await;
    Ok(Source {
        name: address.to_owned(),
        text: text.map_err(|error| failed(error.to_string()))?,
        is_report: url.is_ok_and(|url| url.path() == REPORT),
    })
}

impl Loaded {
    /// What the glue reads of the page.
    pub(super) fn description(&self) -> String {
        let environment = self.page.environment();
        let agent = self.page.user_agent().agent_state();
        json!({
            "url": environment.url.as_str(),
            "baseUrl": environment.url.as_str(),
            "origin": environment.origin.to_string(),
            "title": self.document.title.trim(),
            "metas": self.document.metas,
            "userAgent": agent.default_headers.user_agent.isomorphic_decode(),
            "isSecureContext": environment.url.scheme() == "https",
        })
        .to_string()
    }
}
