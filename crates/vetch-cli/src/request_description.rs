//! What a person or a program says of one request, and what it comes to.
//! In: texts as written (flags, or the members of a session's line). Out: a wish that the engine carries out, or every mistake at once.

mod environment;
mod missing_scheme;
mod mistakes;
mod names;

pub(crate) use missing_scheme::with_scheme;
pub(crate) use mistakes::{MEMBERS, Mistake, Mistakes, nearest};
pub(crate) use names::or;

use std::sync::Arc;

use bytes::Bytes;
use vetch_core::fetch_api::request_class::{Constructed, InitBody, RequestInit, construct};
use vetch_core::fetch_api::xhr::{
    UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText, send,
};
use vetch_core::{Body, CacheMode, CredentialsMode, Environment, Mode, RedirectMode};

/// One request as written; what is absent takes the API's default. The names are those of a session's members.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are members of the session's request, each with its name"
)]
pub(crate) struct RequestDescription {
    pub(crate) url: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) client_url: Option<String>,
    /// The page's own response headers, of which its policies come.
    pub(crate) client_headers: Vec<(String, String)>,
    pub(crate) top_level_site: Option<String>,
    pub(crate) method: Option<String>,
    /// A value's code points are its bytes.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<BodyDescription>,
    pub(crate) body_type: BodyType,
    pub(crate) mode: Option<String>,
    pub(crate) credentials: Option<String>,
    pub(crate) cache: Option<String>,
    pub(crate) redirect: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) referrer_policy: Option<String>,
    pub(crate) integrity: Option<String>,
    pub(crate) keepalive: bool,
    pub(crate) duplex: Option<String>,
    pub(crate) destination: Option<String>,
    pub(crate) initiator: Option<String>,
    pub(crate) crossorigin: Option<String>,
    pub(crate) upload_listeners: bool,
    pub(crate) with_credentials: bool,
    /// Whether the answer tells if the resource's timing is shown.
    pub(crate) timing: bool,
}

/// A body as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyDescription {
    /// A script's string.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
    /// A stream, by its chunks.
    Stream(Vec<Bytes>),
}

/// The type that a body implies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum BodyType {
    /// What its kind implies: a string is `text/plain;charset=UTF-8`, bytes and streams imply nothing.
    #[default]
    Implied,
    /// None, like an `ArrayBuffer`.
    None,
    /// This one.
    Named(String),
}

/// A request that passed the door: what to ask of the engine.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// The page.
    pub(crate) client: Arc<Environment>,
    /// The URL as written.
    pub(crate) url: String,
    /// The door and what to say there.
    pub(crate) door: Door,
    /// The body.
    pub(crate) payload: Option<BodyDescription>,
    /// The same request as the door makes it.
    pub(crate) constructed: Constructed,
    /// Whether the answer tells if the resource's timing is shown.
    pub(crate) asks_for_timing: bool,
}

/// Through which API the request comes.
#[derive(Debug, Clone)]
pub(crate) enum Door {
    /// `fetch()`
    Fetch(RequestInit),
    /// `XMLHttpRequest`
    Xhr(XhrInit),
}

/// Which API is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Api {
    Fetch,
    Xhr,
}

impl RequestDescription {
    /// Judge everything that is written.
    pub(crate) fn check(self) -> Result<Wish, Mistakes> {
        let mut mistakes = Mistakes::default();
        let client = environment::of(&self, &mut mistakes);
        let Some(api) = names::initiator(self.initiator.as_deref(), &mut mistakes) else {
            return Err(mistakes);
        };
        let url = self.url.clone().unwrap_or_else(|| {
            mistakes.add(
                "url",
                "it is missing; write it like https://api.example/items",
            );
            PLACEHOLDER_URL.to_owned()
        });
        let door = match api {
            Api::Fetch => Door::Fetch(self.request_init(&mut mistakes)),
            Api::Xhr => Door::Xhr(self.xhr_init(&mut mistakes)),
        };
        let constructed = match &door {
            Door::Fetch(init) => construct(&url, init.clone(), &client),
            Door::Xhr(init) => send(&url, init.clone(), &client),
        };
        let constructed = match constructed {
            Ok(constructed) if mistakes.is_empty() => constructed,
            Ok(_) => return Err(mistakes),
            Err(invalid) => {
                mistakes.add_problems(&invalid);
                return Err(mistakes);
            }
        };
        // XMLHttpRequest sends no body with GET and HEAD, whatever send() was given; a profile may send its type.
        let payload = self.body;
        Ok(Wish {
            client,
            url,
            door,
            payload,
            constructed,
            asks_for_timing: self.timing,
        })
    }

    fn request_init(&self, mistakes: &mut Mistakes) -> RequestInit {
        self.refuse_members_of_xhr(mistakes);
        RequestInit {
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: self.init_body(),
            referrer: self.referrer.clone(),
            referrer_policy: names::referrer_policy(self.referrer_policy.as_deref(), mistakes),
            mode: names::one_of("mode", self.mode.as_deref(), &Mode::ALL, mistakes),
            credentials: names::one_of(
                "credentials",
                self.credentials.as_deref(),
                &CredentialsMode::ALL,
                mistakes,
            ),
            cache: names::one_of("cache", self.cache.as_deref(), &CacheMode::ALL, mistakes),
            redirect: names::one_of(
                "redirect",
                self.redirect.as_deref(),
                &RedirectMode::ALL,
                mistakes,
            ),
            integrity: self.integrity.clone().unwrap_or_default(),
            keepalive: self.keepalive,
            duplex: self.duplex.clone(),
            destination: names::destination(self.destination.as_deref(), mistakes),
            ..RequestInit::default()
        }
    }

    fn xhr_init(&self, mistakes: &mut Mistakes) -> XhrInit {
        self.refuse_members_of_fetch(mistakes);
        let text = match (&self.body, &self.body_type) {
            (Some(BodyDescription::Text(_)), BodyType::Implied) => XhrText::Text,
            (Some(BodyDescription::Text(_)), BodyType::Named(name))
                if TYPES_OF_TEXT.contains(&name.as_str()) =>
            {
                XhrText::Text
            }
            _ => XhrText::Bytes,
        };
        XhrInit {
            method: self.method.clone().unwrap_or_else(|| "GET".to_owned()),
            headers: self.headers.clone(),
            body: self.init_body().map(|init| XhrBody { init, text }),
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

    fn init_body(&self) -> Option<InitBody> {
        let described = self.body.as_ref()?;
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let body = match described {
            BodyDescription::Text(text) => Body::Replayable {
                length: length(text.as_bytes()),
            },
            BodyDescription::Bytes(bytes) => Body::Replayable {
                length: length(bytes),
            },
            BodyDescription::Stream(_) => Body::Stream,
        };
        let content_type = match (&self.body_type, described) {
            (BodyType::Named(name), _) => Some(name.clone()),
            (BodyType::Implied, BodyDescription::Text(_)) => Some(TYPES_OF_TEXT[0].to_owned()),
            (BodyType::Implied | BodyType::None, _) => None,
        };
        Some(InitBody { body, content_type })
    }

    fn refuse_members_of_xhr(&self, mistakes: &mut Mistakes) {
        if self.upload_listeners {
            mistakes.add(
                "uploadListeners",
                "only XMLHttpRequest has upload listeners; use the initiator xhr (--xhr)",
            );
        }
        if self.with_credentials {
            mistakes.add(
                "withCredentials",
                "only XMLHttpRequest has withCredentials; use the credentials mode include (--credentials include)",
            );
        }
        if self.crossorigin.is_some() {
            mistakes.add("crossorigin", "only elements have it; leave it out");
        }
    }

    /// `XMLHttpRequest` has no choice in these; saying what it does anyway is no mistake.
    fn refuse_members_of_fetch(&self, mistakes: &mut Mistakes) {
        let credentials = if self.with_credentials {
            "include"
        } else {
            "same-origin"
        };
        let fixed = [
            ("mode", &self.mode, "cors"),
            ("credentials", &self.credentials, credentials),
            ("cache", &self.cache, "default"),
            ("redirect", &self.redirect, "follow"),
            ("referrer", &self.referrer, "about:client"),
            ("integrity", &self.integrity, ""),
            ("duplex", &self.duplex, "half"),
            ("destination", &self.destination, ""),
            ("crossorigin", &self.crossorigin, ""),
        ];
        for (field, written, own) in fixed {
            let Some(written) = written.as_deref().filter(|written| *written != own) else {
                continue;
            };
            let instead = if field == "credentials" {
                "use withCredentials"
            } else {
                "leave it out, or use the initiator fetch"
            };
            mistakes.add(
                field,
                format!("XMLHttpRequest cannot choose it (here {written:?}); {instead}"),
            );
        }
        if self.keepalive {
            mistakes.add(
                "keepalive",
                "XMLHttpRequest cannot choose it; leave it out, or use the initiator fetch",
            );
        }
    }
}

/// Types that strings and documents imply; those of a Blob are in lower case.
const TYPES_OF_TEXT: [&str; 3] = [
    "text/plain;charset=UTF-8",
    "text/html;charset=UTF-8",
    "application/xml;charset=UTF-8",
];

/// Stands in for a URL that is missing, so that the other mistakes can be found too.
const PLACEHOLDER_URL: &str = "https://vetch.invalid/";
