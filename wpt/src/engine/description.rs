//! Requests as the glue describes them.

use serde::Deserialize;
use serde_json::json;
use vetch::vetch_core::fetch_api::request_class::{Constructed, InitBody};
use vetch::vetch_core::infrastructure::requests::Referrer;
use vetch::{
    Body, CacheMode, Credentials, Mode, RedirectMode, ReferrerPolicy, RequestInit, UploadListeners,
    WithCredentials, vetch_core,
};

/// A `fetch()`, an `XMLHttpRequest`, or a `Request` to be checked.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "members as JavaScript has them"
)]
pub(super) struct Description {
    pub(super) api: Api,
    pub(super) url: String,
    pub(super) method: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: BodyKind,
    mode: Option<String>,
    credentials: Option<String>,
    cache: Option<String>,
    redirect: Option<String>,
    referrer: Option<String>,
    referrer_policy: Option<String>,
    integrity: String,
    keepalive: bool,
    duplex: Option<String>,
    with_credentials: bool,
    upload_listeners: bool,
    content_type: Option<String>,
    text: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Api {
    #[default]
    Fetch,
    Xhr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BodyKind {
    #[default]
    None,
    Bytes,
    Stream,
}

impl Description {
    /// What the engine's door takes; the body beside it.
    pub(super) fn init(&self) -> RequestInit {
        let body = match self.body {
            BodyKind::None => None,
            BodyKind::Bytes => Some(vetch_core::Body::Replayable { length: 0 }),
            BodyKind::Stream => Some(vetch_core::Body::Stream),
        };
        RequestInit {
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: body.map(|body| InitBody {
                body,
                content_type: None,
            }),
            referrer: self.referrer.clone(),
            referrer_policy: self
                .referrer_policy
                .as_deref()
                .and_then(ReferrerPolicy::parse),
            mode: named(&Mode::ALL, self.mode.as_deref()),
            credentials: named(&Credentials::ALL, self.credentials.as_deref()),
            cache: named(&CacheMode::ALL, self.cache.as_deref()),
            redirect: named(&RedirectMode::ALL, self.redirect.as_deref()),
            integrity: self.integrity.clone(),
            keepalive: self.keepalive,
            duplex: self.duplex.clone(),
            ..RequestInit::default()
        }
    }

    pub(super) fn with_credentials(&self) -> WithCredentials {
        if self.with_credentials {
            WithCredentials::Yes
        } else {
            WithCredentials::No
        }
    }

    pub(super) fn upload_listeners(&self) -> UploadListeners {
        if self.upload_listeners {
            UploadListeners::Registered
        } else {
            UploadListeners::None
        }
    }

    /// A body of these bytes, with the type that it implies.
    pub(super) fn body_of(&self, bytes: Vec<u8>) -> Body {
        if self.body == BodyKind::None {
            return Body::empty();
        }
        let body = match (self.text, String::from_utf8(bytes)) {
            (true, Ok(text)) => Body::text(text),
            (false, Ok(text)) => Body::bytes(text.into_bytes()),
            (_, Err(error)) => Body::bytes(error.into_bytes()),
        };
        match &self.content_type {
            Some(content_type) => body.with_content_type(content_type.clone()),
            None => body,
        }
    }
}

fn named<T: Copy>(all: &[(&'static str, T)], name: Option<&str>) -> Option<T> {
    name.and_then(|name| {
        all.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, choice)| *choice)
    })
}

fn name_of<T: Copy + PartialEq>(all: &[(&'static str, T)], choice: T) -> &'static str {
    all.iter()
        .find(|(_, known)| *known == choice)
        .map_or("", |(name, _)| name)
}

/// The attributes of a `Request` object.
pub(super) fn attributes(constructed: &Constructed) -> serde_json::Value {
    let request = &constructed.request;
    let policy = request
        .referrer_policy
        .map_or("", |policy| name_of(&ReferrerPolicy::ALL, policy));
    json!({
        "url": request.url_list.current().as_str(),
        "method": request.method.as_str(),
        "mode": name_of(&Mode::ALL, request.mode),
        "credentials": name_of(&Credentials::ALL, request.credentials_mode),
        "cache": name_of(&CacheMode::ALL, request.cache_mode),
        "redirect": name_of(&RedirectMode::ALL, request.redirect_mode),
        "referrerPolicy": policy,
        "referrer": match &request.referrer {
            Referrer::NoReferrer => "",
            Referrer::Client => "about:client",
            Referrer::Url(referrer) => referrer.url().as_str(),
        },
    })
}
