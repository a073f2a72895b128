//! The table of what a script asks for with `fetch()` and the request, or the mistakes, that it gets.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use vetch_core::fetch_api::invalid_request::InvalidRequest;
use vetch_core::fetch_api::request_class::{Constructed, InitBody, RequestInit, construct};
use vetch_core::infrastructure::environments::{Environment, ReferrerPolicy};
use vetch_core::infrastructure::requests::{
    Body, CacheMode, CredentialsMode, Destination, Mode, RedirectMode, Referrer,
};
use vetch_core::remarks::Remark;

use crate::cases::{self, name_of, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    #[serde(default = "page")]
    client: String,
    url: String,
    method: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<JsonBody>,
    referrer: Option<String>,
    referrer_policy: Option<String>,
    mode: Option<String>,
    credentials: Option<String>,
    cache: Option<String>,
    redirect: Option<String>,
    #[serde(default)]
    integrity: String,
    #[serde(default)]
    keepalive: bool,
    duplex: Option<String>,
    #[serde(default)]
    destination: String,
}

/// A body: its length, or a stream without one, and the type that it implies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonBody {
    length: Option<u64>,
    #[serde(rename = "type")]
    content_type: Option<String>,
}

impl JsonBody {
    pub(crate) fn init(&self) -> InitBody {
        InitBody {
            body: self
                .length
                .map_or(Body::Stream, |length| Body::Replayable { length }),
            content_type: self.content_type.clone(),
        }
    }
}

pub(crate) fn page() -> String {
    "https://app.example/dir/page?q=1#top".to_owned()
}

/// The page at that URL, or one of which only the origin is known.
pub(crate) fn client(text: &str) -> Arc<Environment> {
    let client = match text {
        "null" => Environment::of_origin("null").expect("an origin"),
        url => Environment::of_page(url.parse().expect("a URL")),
    };
    Arc::new(client)
}

impl Input {
    fn init(&self) -> RequestInit {
        RequestInit {
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: self.body.as_ref().map(JsonBody::init),
            referrer: self.referrer.clone(),
            referrer_policy: self
                .referrer_policy
                .as_deref()
                .map(|name| named(&ReferrerPolicy::ALL, name)),
            mode: self.mode.as_deref().map(|name| named(&Mode::ALL, name)),
            credentials: self
                .credentials
                .as_deref()
                .map(|name| named(&CredentialsMode::ALL, name)),
            cache: self
                .cache
                .as_deref()
                .map(|name| named(&CacheMode::ALL, name)),
            redirect: self
                .redirect
                .as_deref()
                .map(|name| named(&RedirectMode::ALL, name)),
            integrity: self.integrity.clone(),
            keepalive: self.keepalive,
            duplex: self.duplex.clone(),
            destination: Destination::parse(&self.destination).expect("a destination"),
            ..RequestInit::default()
        }
    }
}

/// The members that differ from those of a plain `fetch(url)`, or the fields that are wrong.
pub(crate) fn describe(
    url: &str,
    constructed: Result<Constructed, InvalidRequest>,
) -> BTreeMap<String, Value> {
    let Constructed {
        request, remarks, ..
    } = match constructed {
        Ok(constructed) => constructed,
        Err(invalid) => {
            let fields: Vec<_> = invalid
                .problems()
                .iter()
                .map(|problem| problem.field)
                .collect();
            return BTreeMap::from([("invalid".to_owned(), json!(fields))]);
        }
    };
    assert_eq!(
        request.origin, request.client.origin,
        "the origin is the client's"
    );
    assert_eq!(request.url_list.len(), 1, "the URL list has one URL");
    let referrer = match &request.referrer {
        Referrer::Client => "client",
        Referrer::NoReferrer => "no-referrer",
        Referrer::Url(referrer) => referrer.url().as_str(),
    };
    let body = match request.body {
        Body::None => Value::Null,
        Body::Replayable { length } => json!(length),
        Body::Stream => json!("stream"),
    };
    let dropped: Vec<_> = remarks
        .iter()
        .map(|remark| match remark {
            Remark::ForbiddenHeaderDropped { name, .. } => name,
            other => panic!("{other} is new"),
        })
        .collect();
    let policy = request
        .referrer_policy
        .map(|policy| name_of(&ReferrerPolicy::ALL, policy));
    let members = [
        ("url", json!(request.current_url().as_str()), json!(url)),
        ("method", json!(request.method.as_str()), json!("GET")),
        (
            "headers",
            json!(cases::pairs(&request.header_list)),
            json!([]),
        ),
        ("body", body, Value::Null),
        (
            "mode",
            json!(name_of(&Mode::ALL, request.mode)),
            json!("cors"),
        ),
        (
            "credentials",
            json!(name_of(&CredentialsMode::ALL, request.credentials_mode)),
            json!("same-origin"),
        ),
        (
            "cache",
            json!(name_of(&CacheMode::ALL, request.cache_mode)),
            json!("default"),
        ),
        (
            "redirect",
            json!(name_of(&RedirectMode::ALL, request.redirect_mode)),
            json!("follow"),
        ),
        ("referrer", json!(referrer), json!("client")),
        ("referrerPolicy", json!(policy), Value::Null),
        ("integrity", json!(request.integrity_metadata), json!("")),
        ("keepalive", json!(request.keepalive), json!(false)),
        (
            "destination",
            json!(request.destination.as_str()),
            json!(""),
        ),
        ("unsafeRequest", json!(request.unsafe_request), json!(true)),
        (
            "useCorsPreflight",
            json!(request.use_cors_preflight),
            json!(false),
        ),
        ("dropped", json!(dropped), json!([])),
    ];
    members
        .into_iter()
        .filter(|(_, value, plain)| value != plain)
        .map(|(member, value, _)| (member.to_owned(), value))
        .collect()
}

#[test]
fn request_class() {
    let table = include_str!("../../../../fixtures/cases/request_class.json");
    cases::check(table, |input: &Input| {
        describe(
            &input.url,
            construct(&input.url, input.init(), &client(&input.client)),
        )
    });
}
