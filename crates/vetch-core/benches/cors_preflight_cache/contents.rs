//! What the measured caches are filled with.

use std::sync::Arc;

use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_preflight_cache::{
    CacheKey, PreflightAnswer, PreflightCache, Question,
};
use vetch_core::infrastructure::requests::UrlList;
use vetch_core::{CredentialsMode, Environment, HeaderName, Method, Request, Timestamp};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(0);

const METHODS: [Method; 1] = [Method::PUT];

/// What a preflight allowed: one method, and some names.
pub(crate) struct Allowed {
    names: Vec<HeaderName>,
}

impl Allowed {
    pub(crate) fn new(names: &[&'static str]) -> Self {
        let names = names.iter().copied().map(HeaderName::from_static).collect();
        Self { names }
    }

    pub(crate) fn entries(&self) -> usize {
        METHODS.len() + self.names.len()
    }

    pub(crate) fn answer(&self) -> PreflightAnswer<'_> {
        PreflightAnswer {
            methods: &METHODS,
            header_names: &self.names,
            max_age: 600,
        }
    }

    pub(crate) fn question(&self) -> Question<'_> {
        Question {
            method_needed: Some(&METHODS[0]),
            unsafe_names: &self.names,
            credentials_mode: CredentialsMode::SameOrigin,
        }
    }
}

pub(crate) fn request(origin: &str) -> Request {
    let page = Arc::new(Environment::of_origin(origin).expect("an origin"));
    construct("https://api.example/", RequestInit::default(), &page)
        .expect("a request")
        .request
}

pub(crate) fn url_list(number: usize) -> UrlList {
    let url = format!("https://api.example/v1/accounts/{number}/orders?page=1&size=50");
    UrlList::new(url.parse().expect("a URL"))
}

/// Store as many keys, and shuffle them: every key is asked for once before one is asked for again, so that a large
/// cache is met cold.
pub(crate) fn fill(cache: &PreflightCache, keys: usize, allowed: &Allowed) -> Vec<CacheKey> {
    let mut request = request("https://app.example");
    let mut cache_keys = Vec::with_capacity(keys);
    for number in 0..keys {
        request.url_list = url_list(number);
        let key = cache.key(&request);
        cache.store(&key, &request, &allowed.answer(), NOW);
        cache_keys.push(key);
    }
    assert_eq!(cache.len(), keys, "nothing was evicted");
    shuffle(&mut cache_keys);
    cache_keys
}

/// An order without pattern, the same in every run.
pub(crate) fn shuffle<T>(items: &mut [T]) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for last in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state >> 32).unwrap_or_default() % (last + 1);
        items.swap(last, other);
    }
}
