//! The clients that are compared, each with the same headers on the wire.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method};
use vetch::{ExchangeRecord, FetchBuilder, Page, Record, UserAgent, UserAgentBuilder};

use crate::server::{BODY, UNCACHED};

/// What is measured: who fetches what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) client: Client,
    pub(crate) work: Work,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    Reqwest,
    Vetch,
    Unrecorded,
    OverReqwest,
    OverReqwestUnrecorded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A simple cross-origin GET.
    Get,
    /// A PUT whose preflight is in the cache.
    CachedPut,
    /// A PUT and its preflight.
    UncachedPut,
}

impl Work {
    pub(crate) const ALL: [Self; 3] = [Self::Get, Self::CachedPut, Self::UncachedPut];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::CachedPut => "cached-put",
            Self::UncachedPut => "uncached-put",
        }
    }
}

impl Client {
    /// The first is what the others are held against.
    pub(crate) const ALL: &[Self] = &[
        Self::Reqwest,
        Self::Vetch,
        Self::Unrecorded,
        Self::OverReqwest,
        Self::OverReqwestUnrecorded,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Reqwest => "reqwest",
            Self::Vetch => "vetch",
            Self::Unrecorded => "vetch-unrecorded",
            Self::OverReqwest => "vetch-reqwest",
            Self::OverReqwestUnrecorded => "vetch-reqwest-unrecorded",
        }
    }
}

#[derive(Clone)]
pub(crate) struct Clients {
    url: String,
    uncached_url: String,
    reqwest: reqwest::Client,
    headers: Headers,
    pages: Vec<(Client, Page)>,
}

impl Clients {
    pub(crate) async fn new(server: SocketAddr) -> Self {
        let provider = rustls::crypto::ring::default_provider();
        provider.install_default().expect("the first one");
        let page = |ua: UserAgentBuilder| {
            let ua = ua.build().expect("a user agent");
            ua.page("http://page.example/start").expect("a page")
        };
        let recorded = || UserAgent::builder().record(Record::Everything);
        let unrecorded = || UserAgent::builder().record(Record::Nothing);
        let uncached_url = format!("http://{server}{UNCACHED}");
        Self {
            url: format!("http://{server}/items/7"),
            headers: Headers::sent_from(&page(recorded()), &uncached_url).await,
            uncached_url,
            reqwest: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            pages: vec![
                (Client::Vetch, page(recorded())),
                (Client::Unrecorded, page(unrecorded())),
                (Client::OverReqwest, page(recorded().reqwest_transport())),
                (
                    Client::OverReqwestUnrecorded,
                    page(unrecorded().reqwest_transport()),
                ),
            ],
        }
    }

    pub(crate) async fn request(&self, variant: Variant) {
        let page = self.pages.iter().find(|(of, _)| *of == variant.client);
        let body = match page {
            Some((_, page)) => self.fetch(page, variant.work).await,
            None => self.bare(variant.work).await,
        };
        assert_eq!(body.len(), BODY.len());
    }

    async fn fetch(&self, page: &Page, work: Work) -> Bytes {
        let read = async |fetch: FetchBuilder| {
            let mut response = fetch.send().await.expect("a response");
            response.bytes().await.expect("a body")
        };
        match work {
            Work::Get => read(page.fetch(&self.url)).await,
            Work::CachedPut => read(page.fetch(&self.url).method("PUT")).await,
            Work::UncachedPut => read(page.fetch(&self.uncached_url).method("PUT")).await,
        }
    }

    async fn bare(&self, work: Work) -> Bytes {
        match work {
            Work::Get => self.send(Method::GET, &self.url, &self.headers.get).await,
            Work::CachedPut => self.send(Method::PUT, &self.url, &self.headers.put).await,
            Work::UncachedPut => {
                let url = &self.uncached_url;
                self.send(Method::OPTIONS, url, &self.headers.preflight)
                    .await;
                self.send(Method::PUT, url, &self.headers.put).await
            }
        }
    }

    async fn send(&self, method: Method, url: &str, headers: &HeaderMap) -> Bytes {
        let request = self.reqwest.request(method, url).headers(headers.clone());
        let response = request.send().await.expect("a response");
        response.bytes().await.expect("a body")
    }
}

/// What vetch sends, so that the server has the same to read.
#[derive(Clone)]
struct Headers {
    get: HeaderMap,
    preflight: HeaderMap,
    put: HeaderMap,
}

impl Headers {
    async fn sent_from(page: &Page, url: &str) -> Self {
        let get = page.fetch(url).send().await.expect("a response");
        let put = page.fetch(url).method("PUT").send().await;
        let put = put.expect("a response");
        let [get] = get.exchanges() else {
            panic!("a simple GET is one exchange")
        };
        let [preflight, put] = put.exchanges() else {
            panic!("a PUT is a preflight and itself")
        };
        Self {
            get: header_map(get),
            preflight: header_map(preflight),
            put: header_map(put),
        }
    }
}

fn header_map(exchange: &ExchangeRecord) -> HeaderMap {
    let headers = exchange.request_headers.iter();
    let sendable = headers.map(|(name, value)| {
        let value = value.clone().into_http().expect("no control byte");
        (name.clone(), value)
    });
    sendable.collect()
}
