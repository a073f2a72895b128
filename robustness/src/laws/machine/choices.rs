//! Requests and answers made of bytes: mostly such that go far, sometimes any bytes at all.

use arbitrary::Unstructured;
use vetch_core::fetch_api::request_class::{InitBody, RequestInit, construct};
use vetch_core::{
    Body, CacheMode, CredentialsMode, Destination, Environment, ExchangeKind, HeaderList,
    HeaderName, HeaderValue, Initiator, Mode, OutgoingRequest, RedirectMode, ReferrerPolicy,
    Request, Status,
};

/// Choices, made by bytes one after the other. When they are used up, each is the first there is.
pub(super) struct Choices<'a>(Unstructured<'a>);

/// What comes back.
pub(super) enum Reply {
    /// Nothing: the first choice, so that a conversation whose bytes are used up ends.
    Broken,
    /// A head.
    Head(Status, HeaderList),
}

impl<'a> Choices<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    pub(super) fn are_used_up(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn among<T: Copy>(&mut self, all: &[T]) -> T {
        *self.0.choose(all).expect("there is something to choose")
    }

    /// A number below that.
    fn below(&mut self, end: usize) -> usize {
        self.0.choose_index(end).unwrap_or_default()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    /// Milliseconds: none, some, or for ever.
    pub(super) fn pause(&mut self) -> u64 {
        match self.below(4) {
            0 => 0,
            1 => 1_000 * self.0.arbitrary::<u8>().map_or(0, u64::from),
            2 => self.0.arbitrary::<u32>().map_or(0, u64::from),
            _ => self.0.arbitrary().unwrap_or_default(),
        }
    }

    /// A request as a page can make it, or nothing where the door refuses.
    pub(super) fn request(&mut self) -> Option<Request> {
        let page = Environment::of_origin(self.among(PAGES)).expect("an origin");
        let url = self.among(URLS);
        let init = self.init();
        let mut request = construct(url, init, &page.into()).ok()?.request;
        request.use_cors_preflight = self.one_in(8);
        request.user_activation = self.one_in(4);
        request.local_urls_only = self.one_in(16);
        if self.one_in(8) {
            request.initiator = Initiator::Prefetch;
        }
        Some(request)
    }

    fn init(&mut self) -> RequestInit {
        let body = (0..self.below(2)).map(|_| self.body()).next();
        RequestInit {
            method: Some(self.among(METHODS).to_owned()),
            headers: (0..self.below(4)).map(|_| self.wish()).collect(),
            body,
            mode: Some(self.among(&MODES)),
            credentials: Some(self.among(&CredentialsMode::ALL).1),
            redirect: Some(self.among(&RedirectMode::ALL).1),
            cache: self.one_in(4).then(|| self.among(&CacheMode::ALL).1),
            referrer_policy: self.one_in(2).then(|| self.among(&ReferrerPolicy::ALL).1),
            integrity: self.among(&["", "", "sha256-x", "sha512-"]).to_owned(),
            keepalive: self.one_in(4),
            duplex: self.one_in(2).then(|| "half".to_owned()),
            destination: if self.one_in(4) {
                Destination::Named(self.among(&Destination::NAMES))
            } else {
                Destination::Empty
            },
            ..RequestInit::default()
        }
    }

    fn body(&mut self) -> InitBody {
        let length = self.0.arbitrary().unwrap_or_default();
        InitBody {
            body: self.among(&[
                Body::Replayable { length: 3 },
                Body::Stream,
                Body::Replayable { length },
            ]),
            content_type: self
                .one_in(2)
                .then(|| self.among(REQUEST_VALUES).to_owned()),
        }
    }

    fn wish(&mut self) -> (String, String) {
        let name = self.among(REQUEST_NAMES).to_owned();
        let value = if self.one_in(8) {
            self.bytes().into_iter().map(char::from).collect()
        } else {
            self.among(REQUEST_VALUES).to_owned()
        };
        (name, value)
    }

    /// What comes back for this request.
    pub(super) fn reply(&mut self, outgoing: &OutgoingRequest) -> Reply {
        let choice = self.below(8);
        if choice == 0 {
            return Reply::Broken;
        }
        let mut headers = HeaderList::new();
        if choice > 2 {
            welcome(outgoing, &mut headers);
        }
        let mut status = Status::OK;
        if choice > 5 && outgoing.kind == ExchangeKind::Request {
            status = Status::new(self.among(&[302, 301, 303, 307, 308])).expect("a status");
            let target = HeaderValue::from_static(self.among(TARGETS));
            headers.append(HeaderName::from_static("location"), target);
        } else if choice < 5 {
            let number = if self.one_in(4) {
                self.0.int_in_range(0..=999).unwrap_or_default()
            } else {
                self.among(STATUSES)
            };
            status = Status::new(number).expect("a status");
        }
        for _ in 0..self.below(6) {
            let (name, value) = self.answer_line();
            headers.append(name, value);
        }
        Reply::Head(status, headers)
    }

    fn answer_line(&mut self) -> (HeaderName, HeaderValue) {
        let name = HeaderName::from_static(self.among(ANSWER_NAMES));
        let value = if self.one_in(8) {
            HeaderValue::normalize(self.bytes()).unwrap_or_default()
        } else {
            HeaderValue::from_static(self.among(ANSWER_VALUES))
        };
        (name, value)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.below(24).min(self.0.len());
        self.0.bytes(length).unwrap_or_default().to_vec()
    }
}

/// Headers that allow the request whatever it is.
fn welcome(outgoing: &OutgoingRequest, headers: &mut HeaderList) {
    let echoes = [
        ("access-control-allow-origin", "origin"),
        (
            "access-control-allow-methods",
            "access-control-request-method",
        ),
        (
            "access-control-allow-headers",
            "access-control-request-headers",
        ),
    ];
    for (answer, question) in echoes {
        if let Some(value) = outgoing.header_list.get(question) {
            headers.append(HeaderName::from_static(answer), value.into_owned());
        }
    }
    headers.append(
        HeaderName::from_static("access-control-allow-credentials"),
        HeaderValue::from_static("true"),
    );
}

const PAGES: &[&str] = &["https://a.example", "http://p.example", "null"];

const MODES: [Mode; 4] = [Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin];

const URLS: &[&str] = &[
    "https://b.example/1",
    "https://b.example/2#f",
    "https://a.example/1",
    "https://c.example/",
    "https://w.a.example/",
    "http://a.example/",
    "http://p.example/",
    "data:text/plain,x",
    "about:blank",
    "blob:https://a.example/1",
    "ftp://b.example/",
    "https://b.example:25/",
];

const TARGETS: &[&str] = &[
    "https://b.example/1",
    "https://b.example/2#f",
    "https://c.example/",
    "https://a.example/1",
    "http://p.example/",
    "/2",
    "#g",
    "https://u:p@b.example/",
    "http://b.example/",
    "data:,x",
    "",
    "https://",
];

const METHODS: &[&str] = &[
    "GET", "PUT", "POST", "HEAD", "DELETE", "patch", "CONNECT", "*",
];

const STATUSES: &[u16] = &[200, 204, 206, 304, 401, 407, 416, 421, 404];

const REQUEST_NAMES: &[&str] = &[
    "x-a",
    "x-b",
    "authorization",
    "content-type",
    "range",
    "accept",
    "if-none-match",
    "cookie",
    "origin",
    "*",
    "",
];

const REQUEST_VALUES: &[&str] = &[
    "1",
    "text/plain",
    "application/json",
    "bytes=0-",
    "bytes=-1",
    "multipart/form-data",
    "",
];

const ANSWER_NAMES: &[&str] = &[
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "location",
    "referrer-policy",
    "cross-origin-resource-policy",
    "content-type",
    "x-content-type-options",
    "timing-allow-origin",
    "vary",
    "set-cookie",
    "content-range",
    "x-a",
];

const ANSWER_VALUES: &[&str] = &[
    "*",
    "https://a.example",
    "http://p.example",
    "null",
    "true",
    "PUT, DELETE",
    "x-a, authorization",
    "9",
    "0",
    "/2",
    "https://b.example/1",
    "https://c.example/",
    "no-referrer",
    "unsafe-url",
    "same-origin",
    "cross-origin",
    "image/png",
    "text/css",
    "nosniff",
    "",
    "a b",
];
