//! From the words of a row to values of the core.

use std::sync::Arc;

use vetch_core::fetch_api::request_class::{Constructed, InitBody, RequestInit, construct};
use vetch_core::fetch_api::xhr::{
    UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText, send,
};
use vetch_core::infrastructure::urls;
use vetch_core::{
    Body, CacheMode, CredentialsMode, Destination, EmbedderPolicy, Environment, Global, HeaderList,
    HeaderName, HeaderValue, IncomingResponse, Initiator, Mode, NetworkPartitionKey, Origin,
    RedirectMode, ReferrerPolicy, Status,
};

use crate::rows::{Page, Wish};

impl Page {
    pub(crate) fn environment(&self) -> Arc<Environment> {
        let url = urls::parse_absolute(&self.url).expect("a page's URL");
        let mut page = match &self.origin {
            Some(origin) => {
                Environment::with_origin(url, Origin::parse(origin).expect("an origin"))
            }
            None => Environment::of_page(url),
        };
        if let Some(origin) = &self.top_level_origin {
            let origin = Origin::parse(origin).expect("an origin");
            page.network_partition_key = NetworkPartitionKey::determine(&origin);
        }
        if let Some(policy) = &self.referrer_policy {
            page.referrer_policy = referrer_policy(policy);
        }
        page.embedder_policy = match self.embedder_policy.as_deref() {
            None => EmbedderPolicy::UnsafeNone,
            Some("credentialless") => EmbedderPolicy::Credentialless,
            Some("require-corp") => EmbedderPolicy::RequireCorp,
            Some(other) => panic!("{other} is no embedder policy"),
        };
        if self.worker {
            page.global = Global::Worker;
        }
        page.into()
    }
}

impl Wish {
    pub(crate) fn construct(&self, page: &Arc<Environment>) -> Constructed {
        let constructed = if self.xhr {
            send(&self.url, self.xhr_init(), page)
        } else {
            construct(&self.url, self.request_init(), page)
        };
        let mut constructed = constructed.unwrap_or_else(|invalid| panic!("{invalid}"));
        let request = &mut constructed.request;
        if let Some(mode) = &self.mode {
            request.mode = named(&Mode::ALL, mode);
        }
        request.unsafe_request = !self.element;
        request.local_urls_only = self.local_urls_only;
        request.user_activation = self.user_activation;
        if self.prefetch {
            request.initiator = Initiator::Prefetch;
        }
        constructed
    }

    fn request_init(&self) -> RequestInit {
        let of_script = |mode: &&str| matches!(*mode, "cors" | "no-cors" | "same-origin");
        RequestInit {
            method: self.method.clone(),
            headers: self.headers.iter().map(|line| pair(line)).collect(),
            body: self.body(),
            referrer: self.referrer.clone(),
            referrer_policy: self.referrer_policy.as_deref().map(referrer_policy),
            mode: self
                .mode
                .as_deref()
                .filter(of_script)
                .map(|mode| named(&Mode::ALL, mode)),
            credentials: self
                .credentials
                .as_deref()
                .map(|credentials| named(&CredentialsMode::ALL, credentials)),
            cache: self
                .cache
                .as_deref()
                .map(|cache| named(&CacheMode::ALL, cache)),
            redirect: self
                .redirect
                .as_deref()
                .map(|redirect| named(&RedirectMode::ALL, redirect)),
            integrity: self.integrity.clone(),
            keepalive: self.keepalive,
            duplex: (self.body.as_deref() == Some("stream")).then(|| "half".to_owned()),
            destination: Destination::parse(&self.destination).expect("a destination"),
            ..RequestInit::default()
        }
    }

    fn xhr_init(&self) -> XhrInit {
        XhrInit {
            method: self.method.clone().unwrap_or_else(|| "GET".to_owned()),
            headers: self.headers.iter().map(|line| pair(line)).collect(),
            body: self.body().map(|init| XhrBody {
                init,
                text: XhrText::Text,
            }),
            with_credentials: if self.with_credentials {
                WithCredentials::Yes
            } else {
                WithCredentials::No
            },
            upload_listeners: if self.upload_listeners {
                UploadListeners::Registered
            } else {
                UploadListeners::None
            },
            ..XhrInit::default()
        }
    }

    fn body(&self) -> Option<InitBody> {
        let body = match self.body.as_deref()? {
            "stream" => Body::Stream,
            length => Body::Replayable {
                length: length.parse().expect("a length"),
            },
        };
        Some(InitBody {
            body,
            content_type: self.body_type.clone(),
        })
    }
}

/// The head that an answer's lines tell; nothing when no head comes.
pub(crate) fn head(answer: &[String]) -> Option<IncomingResponse> {
    let (first, lines) = answer.split_first().expect("a status");
    if first == "fails" {
        return None;
    }
    let (status, message) = first.split_once(' ').unwrap_or((first, ""));
    let status = status.parse().ok().and_then(Status::new).expect("a status");
    let headers: HeaderList = lines.iter().map(|line| header(line)).collect();
    Some(IncomingResponse::new(status, message.to_owned(), headers))
}

fn header(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = pair(line);
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
    let value = HeaderValue::from_byte_string(&value).expect("a header value");
    (name, value)
}

fn pair(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').expect("a header");
    (name.to_owned(), value.trim_start().to_owned())
}

fn referrer_policy(name: &str) -> ReferrerPolicy {
    ReferrerPolicy::parse(name).expect("a referrer policy")
}

fn named<T: Copy>(all: &[(&'static str, T)], wanted: &str) -> T {
    let found = all.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is no name")).1
}
