//! What a person reads of errors and values: each reason with its code, sentence and hint, and `Debug` output, in which
//! no secret shows.

use std::fmt::Write as _;

use vetch_core::fetch_api::invalid_request::{InvalidRequest, Problem};
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetch_api::xhr::{XhrInit, send};
use vetch_core::http_extensions::content_type_options::should_be_blocked_due_to_nosniff;
use vetch_core::http_extensions::cross_origin_resource_policy::CrossOriginResourcePolicyBlock;
use vetch_core::infrastructure::environments::{EmbedderPolicy, ReferrerUrl};
use vetch_core::infrastructure::mime_type_blocking::should_be_blocked_due_to_mime_type;
use vetch_core::infrastructure::requests::Referrer;
use vetch_core::infrastructure::responses::InvalidLocation;
use vetch_core::infrastructure::urls::Shown;
use vetch_core::neighbours::subresource_integrity::IntegrityMetadata;
use vetch_core::network_error::{CorsCheckFailure, HeadLimit};
use vetch_core::{
    AgentState, Destination, ExchangeKind, HeaderList, HeaderName, NetworkError, Origin, Profile,
    Reason, Step, Timestamp, TransportFailure, fetch,
};

use crate::cases::header_list;
use crate::request_class::client;

const URL: &str = "https://b.example/items";

#[test]
fn every_reason_as_it_is_told() {
    let mut told = String::new();
    let exchanges = [ExchangeKind::Request, ExchangeKind::Preflight];
    for (reason, exchange) in rules()
        .into_iter()
        .map(|reason| (reason, ExchangeKind::Request))
        .chain(
            cors_failures().flat_map(|reason| exchanges.map(|exchange| (reason.clone(), exchange))),
        )
        .chain(preflight_failures().map(|reason| (reason, ExchangeKind::Preflight)))
        .chain(transport_failures().map(|reason| (reason, ExchangeKind::Request)))
    {
        let where_it_failed = match &reason {
            Reason::Transport(failure) if failure.is_before_sending() => " before sending",
            _ => "",
        };
        let error = NetworkError::new(reason, exchange, URL.parse().expect("a URL"));
        let cdp = error.cdp().unwrap_or_else(|| "-".to_owned());
        let (code, anchor, hint) = (error.code(), error.anchor(), error.hint());
        writeln!(
            told,
            "{code} ({cdp}){where_it_failed}, {anchor}\n    {error}\n    {hint}"
        )
        .expect("memory");
    }
    insta::assert_snapshot!(told);
}

fn rules() -> Vec<Reason> {
    let url = || URL.parse().expect("a URL");
    let integrity = IntegrityMetadata::parse("sha256-AAAA").matches(b"x");
    vec![
        Reason::NotALocalUrl { url: url() },
        Reason::BadPort { port: 25 },
        Reason::CrossOriginInSameOriginMode {
            origin: "https://a.example".to_owned(),
            url: url(),
        },
        Reason::NoCorsRedirectModeNotFollow,
        Reason::UnsupportedScheme {
            scheme: "gopher".to_owned(),
        },
        Reason::NothingToFetch { url: url() },
        Reason::RedirectModeError { status: 302 },
        Reason::RedirectLocation(InvalidLocation::Several {
            values: "/a, /b".to_owned(),
        }),
        Reason::RedirectScheme { url: url() },
        Reason::TooManyRedirects { limit: 20 },
        Reason::RedirectContainsCredentials {
            host: "b.example".to_owned(),
        },
        Reason::RedirectStreamBody { status: 307 },
        Reason::RedirectAfterPreflight { status: 302 },
        Reason::RangeNotRequested { status: 206 },
        Reason::ProxyAuthentication,
        Reason::KeepaliveBodyTooLong {
            length: 65_537,
            limit: 65_536,
        },
        Reason::NotCached,
        Reason::Integrity(integrity.expect_err("another body")),
        Reason::IntegrityWithoutBody,
    ]
    .into_iter()
    .chain(responses_blocked())
    .collect()
}

fn responses_blocked() -> Vec<Reason> {
    let nosniff = |lines: &[(String, String)]| {
        let block = should_be_blocked_due_to_nosniff(script(), &header_list(lines));
        Reason::Nosniff(block.expect_err("no script"))
    };
    let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let declared = line("x-content-type-options", "nosniff");
    let html = [declared.clone(), line("content-type", "text/html")];
    let image = header_list(&[line("content-type", "image/png")]);
    let image = should_be_blocked_due_to_mime_type(script(), &image);
    let policies = [
        EmbedderPolicy::UnsafeNone,
        EmbedderPolicy::Credentialless,
        EmbedderPolicy::RequireCorp,
    ];
    let wanted = || "https://b.example".to_owned();
    let got = || Origin::parse("https://a.example").expect("an origin");
    let mut blocked = vec![
        nosniff(&[declared]),
        nosniff(&html),
        Reason::MimeType(image.expect_err("no script")),
        Reason::CrossOriginResourcePolicy(CrossOriginResourcePolicyBlock::NotSameOrigin {
            wanted: wanted(),
            got: got(),
        }),
        Reason::CrossOriginResourcePolicy(CrossOriginResourcePolicyBlock::NotSameSite {
            wanted: wanted(),
            got: got(),
        }),
    ];
    blocked.extend(policies.map(|embedder_policy| {
        let block = CrossOriginResourcePolicyBlock::NotSameOriginByEmbedderPolicy {
            wanted: wanted(),
            got: got(),
            embedder_policy,
        };
        Reason::CrossOriginResourcePolicy(block)
    }));
    blocked
}

/// Each for a page with an origin, and for one whose origin is `null`.
fn cors_failures() -> impl Iterator<Item = Reason> {
    let of = |wanted: &str| {
        let (wanted, came) = (wanted.to_owned(), "x".to_owned());
        [
            CorsCheckFailure::MissingAllowOrigin {
                wanted: wanted.clone(),
            },
            CorsCheckFailure::WildcardOriginNotAllowed {
                wanted: wanted.clone(),
            },
            CorsCheckFailure::MultipleAllowOriginValues {
                wanted: wanted.clone(),
                came: came.clone(),
            },
            CorsCheckFailure::InvalidAllowOriginValue {
                wanted: wanted.clone(),
                came: came.clone(),
            },
            CorsCheckFailure::AllowOriginMismatch { wanted, came },
        ]
    };
    let credentials = [None, Some("TRUE".to_owned())]
        .map(|came| CorsCheckFailure::InvalidAllowCredentials { came });
    let failures = of("https://a.example").into_iter().chain(of("null"));
    failures.chain(credentials).map(Reason::CorsCheck)
}

fn preflight_failures() -> impl Iterator<Item = Reason> {
    let method = |allowed: Option<&str>| Reason::MethodDisallowed {
        method: "PUT".to_owned(),
        allowed: allowed.map(str::to_owned),
    };
    let header = |allowed: Option<&str>| Reason::HeaderDisallowed {
        name: HeaderName::from_static("x-token"),
        allowed: allowed.map(Into::into),
    };
    [
        Reason::PreflightStatus { status: 404 },
        Reason::PreflightRedirect { status: 302 },
        Reason::InvalidAllowMethods {
            value: "P UT".to_owned(),
        },
        Reason::InvalidAllowHeaders {
            value: "x token".to_owned(),
        },
        method(None),
        method(Some("GET")),
        header(None),
        header(Some("x-other")),
    ]
    .into_iter()
}

fn transport_failures() -> impl Iterator<Item = Reason> {
    let detail = || "the cause".to_owned();
    let limits = [
        HeadLimit::Bytes(16_384),
        HeadLimit::Lines(256),
        HeadLimit::Either {
            lines: 256,
            bytes: 16_384,
        },
    ];
    let heads = limits.map(|limit| TransportFailure::HeadersTooLong { limit });
    [
        TransportFailure::InformationalTooLong { limit: 1_048_576 },
        TransportFailure::Resolve { detail: detail() },
        TransportFailure::Connect { detail: detail() },
        TransportFailure::Tls { detail: detail() },
        TransportFailure::TlsOfConnection { detail: detail() },
        TransportFailure::NotTls { detail: detail() },
        TransportFailure::Timeout {
            phase: "the fetch",
            limit_millis: 300_000,
        },
        TransportFailure::Timeout {
            phase: TransportFailure::CONNECTING,
            limit_millis: 30_000,
        },
        TransportFailure::Closed { detail: detail() },
        TransportFailure::Malformed { detail: detail() },
        TransportFailure::UrlTooLong { limit: 65_534 },
        TransportFailure::BodyTooLong { limit: 1024 },
        TransportFailure::Decode {
            coding: "gzip".to_owned(),
            detail: detail(),
        },
        TransportFailure::StreamNeedsHttp2,
        TransportFailure::Unsendable { detail: detail() },
        TransportFailure::RequestBody { detail: detail() },
        TransportFailure::Other { detail: detail() },
    ]
    .into_iter()
    .chain(heads)
    .map(Reason::Transport)
}

#[test]
fn mistakes_are_told_one_after_the_other() {
    let one = InvalidRequest::from(Problem::new("method", "no token"));
    assert_eq!(one.to_string(), "method: no token");
    let two = vec![
        Problem::new("url", "no URL"),
        Problem::new("method", "no token"),
    ];
    let two = InvalidRequest::of(two).expect("mistakes");
    assert_eq!(two.to_string(), "url: no URL; method: no token");
}

#[test]
fn debug_output_hides_secrets() {
    let calls = || vec![("x-api-key".to_owned(), "secret".to_owned())];
    let init = RequestInit {
        method: Some("PUT".to_owned()),
        headers: calls(),
        ..RequestInit::default()
    };
    let xhr = XhrInit {
        method: "PUT".to_owned(),
        headers: calls(),
        ..XhrInit::default()
    };
    let with_user = "https://me:secret@b.example/x";
    let page = client("https://me:secret@a.example/");
    let (shown_init, shown_xhr) = (format!("{init:#?}"), format!("{xhr:#?}"));
    let url_list = send(with_user, xhr, &page)
        .expect("a request")
        .request
        .url_list;
    let request = construct(URL, init, &page).expect("a request").request;
    let Step::Send(exchange) = fetch(
        request,
        &AgentState::new(Profile::SPEC),
        Timestamp::from_millis(0),
    ) else {
        panic!("a preflight is to be sent");
    };
    let user: url::Url = with_user.parse().expect("a URL");
    let headers: Vec<_> = [
        ("authorization", "Bearer secret"),
        ("cookie", "secret"),
        ("proxy-authorization", "secret"),
        ("set-cookie", "secret"),
        ("location", "https://me:secret@c.example/"),
        ("location", "/next"),
        ("x-token", "t\u{1}"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let told = [
        shown_init,
        shown_xhr,
        format!("{page:#?}"),
        format!("{:#?}", exchange.request()),
        format!("{url_list:?}"),
        format!("{:?}", Shown(&user)),
        format!(
            "{:?}",
            [
                Referrer::NoReferrer,
                Referrer::Client,
                Referrer::Url(ReferrerUrl::new(user.clone()))
            ]
        ),
        format!("{:#?}", header_list(&headers)),
        format!("{:?}", header_list(&headers[6..]).get("x-token")),
        format!("{:?}", HeaderList::new()),
    ]
    .join("\n");
    assert!(!told.contains("secret"), "{told}");
    insta::assert_snapshot!(told.replace(env!("CARGO_PKG_VERSION"), "(version)"));
}

fn script() -> Destination {
    Destination::parse("script").expect("a destination")
}
