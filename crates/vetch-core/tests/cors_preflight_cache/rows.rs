//! Requests and answers as the tests write them.

use std::sync::Arc;

use serde::Deserialize;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_preflight_cache::{PreflightAnswer, PreflightCache};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::headers::HeaderName;
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::network_partition_keys::NetworkPartitionKey;
use vetch_core::infrastructure::origins::Origin;
use vetch_core::infrastructure::requests::{CacheMode, CredentialsMode, Request, UrlList};
use vetch_core::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RequestRow {
    pub(crate) origin: String,
    pub(crate) top_level: Option<String>,
    pub(crate) url: String,
    pub(crate) via: Vec<String>,
    pub(crate) credentials: String,
    pub(crate) cache_mode: String,
    // What the steps say besides the request; flattening would switch off the check for unknown members.
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) max_age: Option<u32>,
    pub(crate) method: Option<String>,
    pub(crate) expect: Option<String>,
}

impl Default for RequestRow {
    fn default() -> Self {
        Self {
            origin: "https://app.example".into(),
            top_level: None,
            url: "https://api.example/items/7".into(),
            via: Vec::new(),
            credentials: "same-origin".into(),
            cache_mode: "default".into(),
            methods: Vec::new(),
            headers: Vec::new(),
            max_age: None,
            method: None,
            expect: None,
        }
    }
}

impl RequestRow {
    pub(crate) fn request(&self) -> Request {
        let mut environment = Environment::of_origin(&self.origin).unwrap();
        if let Some(top_level) = &self.top_level {
            environment.network_partition_key =
                NetworkPartitionKey::determine(&Origin::parse(top_level).unwrap());
        }
        let mut urls = self
            .via
            .iter()
            .chain([&self.url])
            .map(|url| url.parse().unwrap());
        let page = Arc::new(environment);
        let mut request = construct("https://api.example/", RequestInit::default(), &page)
            .unwrap()
            .request;
        request.url_list = UrlList::new(urls.next().unwrap());
        urls.for_each(|url| request.url_list.append(url));
        request.credentials_mode = named(&CredentialsMode::ALL, &self.credentials);
        request.cache_mode = named(&CacheMode::ALL, &self.cache_mode);
        request
    }
}

fn named<T: Copy>(all: &[(&str, T)], name: &str) -> T {
    all.iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("{name}"))
        .1
}

pub(crate) fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

pub(crate) fn header_name(name: &str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).unwrap()
}

/// What a preflight for that request allowed, stored at `now`.
pub(crate) fn store_at(
    cache: &PreflightCache,
    row: &RequestRow,
    (methods, names, max_age): (&[&str], &[&str], u32),
    now: Timestamp,
) {
    let request = row.request();
    let methods: Vec<_> = methods.iter().map(|name| method(name)).collect();
    let header_names: Vec<_> = names.iter().map(|name| header_name(name)).collect();
    let answer = PreflightAnswer {
        methods: &methods,
        header_names: &header_names,
        max_age,
    };
    cache.store(&cache.key(&request), &request, &answer, now);
}

/// The same at the start of time.
pub(crate) fn store(
    cache: &PreflightCache,
    row: &RequestRow,
    methods: &[&str],
    names: &[&str],
    max_age: u32,
) {
    store_at(cache, row, (methods, names, max_age), Timestamp::default());
}
