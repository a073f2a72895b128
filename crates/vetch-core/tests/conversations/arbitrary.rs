//! Arbitrary requests and answers for the laws: mostly such that go far, sometimes any bytes at all.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::{
    Body, CacheMode, CredentialsMode, Destination, Environment, HeaderName, HeaderValue, Initiator,
    Method, Mode, RedirectMode, ReferrerPolicy, Request, Status,
};

/// The page's origin.
pub(crate) const PAGE: &str = "https://a.example";

/// Header lines.
pub(crate) type Lines = Vec<(HeaderName, HeaderValue)>;

/// A status and header lines.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) lines: Lines,
}

/// A request with anything in its members.
pub(crate) fn request() -> impl Strategy<Value = Request> {
    let members = (
        select(URLS),
        method(),
        vec(request_line(), 0..5),
        select(&Mode::ALL[..]),
        credentials_mode(),
        select(&RedirectMode::ALL[..]),
        select(&CacheMode::ALL[..]),
        option::of(select(&ReferrerPolicy::ALL[..])),
        select(&Destination::NAMES[..]),
    );
    let flags = (body(), any::<[bool; 6]>(), prop_oneof!["", "sha256-x"]);
    (members, flags).prop_map(|(members, (body, flags, integrity))| {
        let (url, method, lines, mode, credentials, redirect, cache, policy, destination) = members;
        let [
            listeners,
            safe,
            fetched,
            local_urls_only,
            activated,
            prefetch,
        ] = flags;
        let mut request = plain_request(url);
        request.method = method;
        for (name, value) in lines {
            request.header_list.append(name, value);
        }
        request.mode = mode.1;
        request.credentials_mode = credentials;
        request.redirect_mode = redirect.1;
        request.cache_mode = cache.1;
        request.referrer_policy = policy.map(|policy| policy.1);
        request.destination = if fetched {
            Destination::Empty
        } else {
            Destination::Named(destination)
        };
        request.body = body;
        request.use_cors_preflight = listeners;
        request.unsafe_request = !safe;
        request.local_urls_only = local_urls_only && activated;
        request.user_activation = activated;
        request.initiator = if prefetch {
            Initiator::Prefetch
        } else {
            Initiator::Empty
        };
        request.integrity_metadata = integrity;
        request
    })
}

/// A `cors` request that `fetch()` or `XMLHttpRequest` could make, to that URL.
pub(crate) fn cors_request(url: &'static str) -> impl Strategy<Value = Request> {
    let members = (
        method(),
        vec(request_line(), 0..4),
        credentials_mode(),
        any::<bool>(),
    );
    members.prop_map(move |(method, lines, credentials_mode, listeners)| {
        let mut request = plain_request(url);
        request.method = method;
        for (name, value) in lines {
            request.header_list.append(name, value);
        }
        request.credentials_mode = credentials_mode;
        request.use_cors_preflight = listeners;
        request
    })
}

/// Any answer: often one that lets a fetch go on.
pub(crate) fn answer() -> impl Strategy<Value = Answer> {
    let status = prop_oneof![
        4 => select(&[200, 204, 206, 304, 416][..]),
        4 => select(&[301, 302, 303, 307, 308][..]),
        1 => 0_u16..1_000,
    ];
    (status, vec(answer_line(), 0..10)).prop_map(|(status, lines)| Answer {
        status: Status::new(status).expect("a status"),
        lines,
    })
}

/// A preflight's answer whose lists are lists.
pub(crate) fn preflight_answer() -> impl Strategy<Value = Answer> {
    let list = |items: &'static [&'static str]| {
        option::of(vec(select(items), 0..4).prop_map(|items| items.join(", ")))
    };
    let lines = (
        select(&["*", PAGE, PAGE][..]),
        option::of(Just("true")),
        list(&["PUT", "DELETE", "*", "patch", "GET", "POST"]),
        list(&["x-a", "X-B", "*", "Authorization", "content-type", "range"]),
        option::of(0_u32..20),
    );
    lines.prop_map(|(origin, credentials, methods, names, max_age)| Answer {
        status: Status::OK,
        lines: [
            Some(("access-control-allow-origin", origin.to_owned())),
            credentials.map(|value| ("access-control-allow-credentials", value.to_owned())),
            methods.map(|value| ("access-control-allow-methods", value)),
            names.map(|value| ("access-control-allow-headers", value)),
            max_age.map(|value| ("access-control-max-age", value.to_string())),
        ]
        .into_iter()
        .flatten()
        .map(|(name, value)| line(name, value))
        .collect(),
    })
}

/// A target of redirects.
pub(crate) fn target() -> impl Strategy<Value = &'static str> {
    select(&URLS[..8])
}

/// A header line of these texts.
pub(crate) fn line(name: &'static str, value: impl Into<String>) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::normalize(value.into()).expect("a header value");
    (HeaderName::from_static(name), value)
}

fn plain_request(url: &str) -> Request {
    let page = Environment::of_origin(PAGE).expect("an origin").into();
    let constructed = construct(url, RequestInit::default(), &page);
    constructed.expect("a request").request
}

fn method() -> impl Strategy<Value = Method> {
    select(METHODS).prop_map(|name| Method::from_bytes(name.as_bytes()).expect("a method"))
}

fn credentials_mode() -> impl Strategy<Value = CredentialsMode> {
    select(&CredentialsMode::ALL[..]).prop_map(|(_, mode)| mode)
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        Just(Body::None),
        (0_u64..9).prop_map(|length| Body::Replayable { length }),
        Just(Body::Stream)
    ]
}

fn request_line() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    (select(REQUEST_NAMES), value(REQUEST_VALUES))
        .prop_map(|(name, value)| (HeaderName::from_static(name), value))
}

fn answer_line() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    (select(ANSWER_NAMES), value(ANSWER_VALUES))
        .prop_map(|(name, value)| (HeaderName::from_static(name), value))
}

/// One of these, or any bytes.
fn value(values: &'static [&'static str]) -> impl Strategy<Value = HeaderValue> {
    prop_oneof![
        6 => select(values).prop_map(HeaderValue::from_static),
        1 => vec(any::<u8>(), 0..12)
            .prop_map(|bytes| HeaderValue::normalize(bytes).unwrap_or_default()),
    ]
}

const URLS: &[&str] = &[
    "https://a.example/1",
    "https://b.example/1",
    "https://b.example/2#f",
    "https://c.example/",
    "https://w.b.example/",
    "https://w.a.example/",
    "http://a.example/",
    "https://a.example:444/",
    "data:text/plain,x",
    "about:blank",
    "blob:https://a.example/1",
    "ftp://b.example/",
    "https://b.example:25/",
];

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "DELETE", "patch", "CONNECT", "*",
];

const REQUEST_NAMES: &[&str] = &[
    "x-a",
    "x-b",
    "authorization",
    "content-type",
    "range",
    "accept",
    "if-none-match",
];

const REQUEST_VALUES: &[&str] = &[
    "1",
    "text/plain",
    "application/json",
    "bytes=0-",
    "bytes=-1",
    "",
];

const ANSWER_NAMES: &[&str] = &[
    "access-control-allow-origin",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "location",
    "location",
    "referrer-policy",
    "cross-origin-resource-policy",
    "content-type",
    "x-content-type-options",
    "timing-allow-origin",
    "vary",
    "set-cookie",
    "x-a",
];

const ANSWER_VALUES: &[&str] = &[
    "*",
    "*",
    "https://a.example",
    "null",
    "true",
    "PUT, DELETE",
    "x-a, authorization",
    "9",
    "0",
    "/2",
    "https://b.example/1",
    "https://c.example/",
    "https://a.example/1",
    "https://u:p@b.example/",
    "http://b.example/",
    "data:,x",
    "no-referrer",
    "same-origin",
    "image/png",
    "nosniff",
    "",
    "a b",
];
