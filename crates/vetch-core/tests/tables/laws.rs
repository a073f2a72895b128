//! Laws: what holds for every input. What is held against the steps of the Standard is in the package `vetch-robustness`.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use vetch_core::fetch_api::request_class::{InitBody, RequestInit, construct};
use vetch_core::fetch_api::xhr::{XhrBody, XhrInit, XhrText, send};
use vetch_core::fetching::cors_check::cors_check;
use vetch_core::fetching::main_fetch::{classify, filter, needs_preflight, prepare};
use vetch_core::http_extensions::content_type_options::determine_nosniff;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::header_safelists::{
    cors_unsafe_request_header_names, unsafe_request_header,
};
use vetch_core::infrastructure::header_values::{
    HeaderValue, extract_tokens, get_decode_and_split, isomorphic_decode,
};
use vetch_core::infrastructure::headers::{HeaderList, HeaderName};
use vetch_core::infrastructure::mime_types::{essence, extract_a_mime_type};
use vetch_core::infrastructure::origins::Origin;
use vetch_core::infrastructure::range_values::{Whitespace, parse_single_range};
use vetch_core::infrastructure::requests::{Body, CredentialsMode, Request};
use vetch_core::infrastructure::{forbidden_headers, methods};
use vetch_core::neighbours::referrer_policy::parse_from_header;
use vetch_core::neighbours::subresource_integrity::IntegrityMetadata;
use vetch_core::profile::RequestHeaderRules;
use vetch_core::{ExchangeKind, NetworkError, Profile, Reason};

use crate::cases::{self, TAINTINGS};

const PAGE: &str = "https://a.example";

fn page() -> Environment {
    Environment::of_origin(PAGE).expect("an origin")
}

fn request() -> Request {
    cases::request(page(), &["https://b.example/".to_owned()])
}

/// Bytes of which many are what a parser looks for.
fn telling_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = select(b" \t\r\n,;=\"\\/*:.#?@[]-+_09azAZ\x00\x0b\x7f\xa0\xe9\xff".to_vec());
    vec(prop_oneof![8 => telling, 1 => any::<u8>()], 0..40)
}

/// Values of headers, many of them near to what the rules ask for.
fn values() -> impl Strategy<Value = HeaderValue> {
    let near = select(vec![
        "",
        "*",
        "true",
        PAGE,
        "null",
        "x-a",
        "x-a, x-b",
        "*, x-a",
        "no no",
        "text/plain",
        "application/json",
        "bytes=0-1",
        "bytes=-1",
        "de",
        "nosniff",
        "GET, TRACE",
    ]);
    prop_oneof![
        3 => near.prop_map(HeaderValue::from_static),
        1 => "[a-z]{100,140}".prop_map(|text| HeaderValue::normalize(text).expect("letters")),
        1 => telling_bytes().prop_map(|mut bytes| {
            // None is rejected, of which a run has only so many.
            bytes.retain(|byte| !matches!(byte, 0 | b'\r' | b'\n'));
            HeaderValue::normalize(bytes).expect("a header value")
        }),
    ]
}

/// Headers of a response or a request, names repeated.
fn headers(
    names: &'static [&'static str],
) -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let name = select(names).prop_map(HeaderName::from_static);
    vec((name, values()), 0..14)
}

/// Headers twice: in one order and in another.
fn shuffled(names: &'static [&'static str]) -> impl Strategy<Value = (HeaderList, HeaderList)> {
    headers(names).prop_flat_map(|headers| {
        let other = Just(headers.clone())
            .prop_shuffle()
            .prop_map(HeaderList::from_iter);
        (Just(HeaderList::from_iter(headers)), other)
    })
}

const REQUEST_NAMES: &[&str] = &[
    "accept",
    "accept-language",
    "content-language",
    "content-type",
    "range",
    "authorization",
    "x-a",
    "x-b",
];

const RESPONSE_NAMES: &[&str] = &[
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "cache-control",
    "content-type",
    "set-cookie",
    "set-cookie2",
    "x-a",
    "x-b",
    "*",
];

const CREDENTIALS: [CredentialsMode; 3] = [
    CredentialsMode::Omit,
    CredentialsMode::SameOrigin,
    CredentialsMode::Include,
];

fn codes(request: &Request, response: &HeaderList) -> Vec<String> {
    let url = request.current_url();
    let error = |failure| {
        NetworkError::new(
            Reason::CorsCheck(failure),
            ExchangeKind::Request,
            url.as_ref().clone(),
        )
    };
    let failures = cors_check(request, response).err().unwrap_or_default();
    failures
        .into_iter()
        .map(|failure| error(failure).code())
        .collect()
}

/// Whether `Access-Control-Expose-Headers` exposes the name, told without the core's parsers.
fn is_exposed(name: &HeaderName, response: &HeaderList, credentials: CredentialsMode) -> bool {
    let lines = response.values_of("access-control-expose-headers");
    let list = lines.map(ToString::to_string).collect::<Vec<_>>().join(",");
    let items: Vec<_> = list
        .split(',')
        .map(|item| item.trim_matches([' ', '\t']))
        .collect();
    let is_token = |item: &str| {
        item.chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
    };
    items.iter().all(|item| is_token(item))
        && (items
            .iter()
            .any(|item| name.as_str().eq_ignore_ascii_case(item))
            || credentials != CredentialsMode::Include && items.contains(&"*"))
}

fn is_safelisted(name: &HeaderName) -> bool {
    let safelisted =
        "cache-control content-language content-length content-type expires last-modified pragma";
    safelisted.split(' ').any(|safe| safe == name.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_parser_of_values_panic(bytes in telling_bytes()) {
        let text = isomorphic_decode(&bytes).into_owned();
        let _ = HeaderValue::from_byte_string(&text);
        let _ = methods::parse(&bytes).map(methods::normalize);
        let _ = methods::is_forbidden(&bytes);
        let _ = essence(&bytes);
        let _ = extract_tokens(&bytes);
        let _ = parse_single_range(&bytes, Whitespace::Allowed);
        let _ = get_decode_and_split(&bytes).count();
        let _ = IntegrityMetadata::parse(&text).matches(&bytes);
        if let Ok(value) = HeaderValue::normalize(bytes) {
            for name in ["accept", "accept-language", "content-type", "range", "x-http-method"] {
                let name = HeaderName::from_static(name);
                let _ = unsafe_request_header(&name, &value, &RequestHeaderRules::SPEC);
                let _ = forbidden_headers::forbidden_request_header(&name, &value);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_parser_of_headers_panic(lines in vec(values(), 0..4)) {
        let all = |name| lines.iter().map(|value| (HeaderName::from_static(name), value.clone())).collect::<HeaderList>();
        let _ = extract_a_mime_type(&all("content-type"));
        let _ = determine_nosniff(&all("x-content-type-options"));
        let _ = parse_from_header(&all("referrer-policy"));
        let _ = all("x").extract_token_list("x");
        let _ = all("x").extract_single("x");
        let _ = all("x").get_decode_and_split("x");
        let request = request();
        let _ = cors_check(&request, &all("access-control-allow-origin"));
        let _ = cases::response(&request, 302, all("location")).location_url(Some("x"), &Profile::SPEC);
    }

    #[test]
    fn no_text_makes_the_door_panic(
        url in "\\PC{0,20}|[a-z]{1,5}:[ -~\u{80}-\u{ff}]{0,20}|https?://[a-z0-9.\\[\\]:]{0,12}",
        method in "\\PC{0,8}",
        names in vec(("\\PC{0,8}", "\\PC{0,8}"), 0..4),
    ) {
        let client = Arc::new(page());
        let _ = Origin::parse(&url);
        let _ = Environment::of_origin(&url);
        let init = RequestInit {
            method: Some(method.clone()),
            headers: names.clone(),
            referrer: Some(url.clone()),
            ..RequestInit::default()
        };
        if let Ok(made) = construct(&url, init, &client) {
            let mut request = made.request;
            let _ = prepare(&mut request, &Profile::SPEC).and_then(|()| classify(&request, &Profile::SPEC));
            let _ = request.byte_serialized_origin();
        }
        let body = InitBody { body: Body::Replayable { length: 1 }, content_type: Some(method.clone()) };
        let body = Some(XhrBody { init: body, text: XhrText::Text });
        let _ = send(&url, XhrInit { method, headers: names, body, ..XhrInit::default() }, &client);
    }

    #[test]
    fn the_order_of_headers_never_decides_on_a_preflight((one, other) in shuffled(REQUEST_NAMES)) {
        let names = cors_unsafe_request_header_names(&one, &RequestHeaderRules::SPEC);
        prop_assert_eq!(&names, &cors_unsafe_request_header_names(&other, &RequestHeaderRules::SPEC));
        let mut request = request();
        request.header_list = one;
        prop_assert_eq!(needs_preflight(&request, &Profile::SPEC), !names.is_empty());
        request.header_list = other;
        prop_assert_eq!(needs_preflight(&request, &Profile::SPEC), !names.is_empty());
    }

    #[test]
    fn unsafe_names_are_sorted_and_unique(headers in headers(REQUEST_NAMES)) {
        let names = cors_unsafe_request_header_names(&headers.into_iter().collect(), &RequestHeaderRules::SPEC);
        prop_assert!(names.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
    }

    #[test]
    fn one_header_more_never_spares_a_preflight(headers in headers(REQUEST_NAMES)) {
        let mut list = HeaderList::new();
        let mut before = Vec::new();
        for (name, value) in headers {
            list.append(name, value);
            let names = cors_unsafe_request_header_names(&list, &RequestHeaderRules::SPEC);
            prop_assert!(before.iter().all(|name| names.contains(name)));
            before = names;
        }
    }

    #[test]
    fn the_order_of_headers_never_decides_the_cors_check(
        (one, other) in shuffled(RESPONSE_NAMES),
        credentials in select(&CREDENTIALS),
    ) {
        let mut request = request();
        request.credentials_mode = credentials;
        prop_assert_eq!(codes(&request, &one), codes(&request, &other));
    }

    #[test]
    fn credentials_never_make_a_cors_check_pass(headers in headers(RESPONSE_NAMES)) {
        let headers: HeaderList = headers.into_iter().collect();
        let mut request = request();
        let without = codes(&request, &headers).is_empty();
        request.credentials_mode = CredentialsMode::Include;
        prop_assert!(without || !codes(&request, &headers).is_empty());
    }

    #[test]
    fn filtering_shows_what_is_safelisted_or_exposed_and_nothing_else(
        headers in headers(RESPONSE_NAMES),
        credentials in select(&CREDENTIALS),
        tainting in select(&TAINTINGS),
    ) {
        let headers: HeaderList = headers.into_iter().collect();
        let mut request = request();
        request.credentials_mode = credentials;
        request.response_tainting = tainting.1;
        let response = cases::response(&request, 200, headers.clone());
        let filtered = filter(&request, response, &Profile::SPEC);
        let may_be_seen = |name: &HeaderName| match tainting.0 {
            _ if name == "set-cookie" || name == "set-cookie2" => false,
            "basic" => true,
            "cors" => is_safelisted(name) || is_exposed(name, &headers, credentials),
            _ => false,
        };
        let mut expected = headers.clone();
        expected.retain(|name, _| may_be_seen(name));
        prop_assert_eq!(cases::pairs(&filtered.header_list().to_list()), cases::pairs(&expected));
    }
}
