//! What values become where libraries meet, and when they are equal.

use std::collections::HashSet;
use std::sync::Arc;

use vetch_core::fetch_api::headers_class::{Fate, Guard, Headers};
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_preflight_cache::{PreflightCache, PreflightCacheConfig};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::header_values::InvalidHeaderValue;
use vetch_core::infrastructure::mime_types::essence;
use vetch_core::{
    AgentState, HeaderList, HeaderValue, Origin, Profile, ReferrerPolicy, ResponseType, Step,
    Timestamp, fetch,
};

use crate::cases::{header_list, pairs};

#[test]
fn what_an_http_library_received_is_normalised() {
    let received = http::HeaderValue::from_static;
    assert_eq!(HeaderValue::from(received("a b")).as_bytes(), b"a b");
    assert_eq!(HeaderValue::from(received(" a b\t")).as_bytes(), b"a b");
}

#[test]
fn a_value_with_control_bytes_is_none_that_an_http_library_sends() {
    let plain = HeaderValue::from_static("a");
    let control = HeaderValue::from_static("a\u{1}");
    assert_eq!(control.clone().into_http(), None);
    assert!(HeaderValue::from_static("é").into_http().is_some());
    let given_away = plain.into_http();
    assert_eq!(given_away, Some(http::HeaderValue::from_static("a")));
    assert_eq!(control, HeaderValue::normalize("a\u{1}").expect("a value"));
}

#[test]
fn values_are_their_bytes() {
    let (a, b) = (HeaderValue::from_static("a"), HeaderValue::from_static("b"));
    assert_eq!(a, *b"a".as_slice());
    assert_eq!(a, "a");
    assert!(a < b && HeaderValue::default() < a);
    let same = HeaderValue::from(http::HeaderValue::from_static(" a"));
    assert_eq!(HashSet::from([a, same, b]).len(), 2);
    let shown = HeaderValue::from_byte_string("\"\u{e9}").expect("bytes");
    assert_eq!(
        (shown.to_string(), format!("{shown:?}")),
        ("\"\u{e9}".to_owned(), "\"\\\"\u{e9}\"".to_owned())
    );
}

#[test]
#[should_panic(expected = "not a header value")]
fn a_static_value_has_no_line_end() {
    let _ = HeaderValue::from_static("a\r\nb");
}

#[test]
fn lines_of_a_header_map_come_in_order_each_with_its_name() {
    let mut map = http::HeaderMap::new();
    for (name, value) in [("x-a", "1"), ("x-a", "2"), ("x-b", "3"), ("x-a", "4")] {
        map.append(name, http::HeaderValue::from_static(value));
    }
    let list = HeaderList::from(map);
    let wanted = [("x-a", "1"), ("x-a", "2"), ("x-a", "4"), ("x-b", "3")];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(pairs(&list), wanted);
    assert!(!list.is_empty() && HeaderList::new().is_empty());
    let values = list.into_iter().map(|(_, value)| value.to_string());
    assert_eq!(values.collect::<String>(), "1243");
}

#[test]
fn a_repeated_name_is_found_in_a_long_list_too() {
    let line = |number: usize| (format!("x-{number}"), "v".to_owned());
    let mut lines: Vec<_> = (0..40).map(line).collect();
    lines.push(line(7));
    let combined = header_list(&lines).combined();
    assert_eq!(combined.len(), 40);
    assert_eq!(combined.get("x-7").expect("a value").to_string(), "v, v");
}

#[test]
fn essences_are_equal_in_any_case() {
    let of = |value: &'static [u8]| essence(value).expect("parses");
    assert!(of(b"text/plain") == of(b"TEXT/Plain; charset=a"));
    assert!(of(b"text/plain") != of(b"text/html"));
}

#[test]
fn equal_origins_are_one_in_a_set() {
    let of = |text: &str| Origin::parse(text).expect("an origin");
    let origins: HashSet<_> = [
        of("https://a.example"),
        of("https://A.example:443"),
        of("http://a.example"),
    ]
    .into();
    assert_eq!(origins.len(), 2);
}

#[test]
fn a_page_of_which_only_the_origin_is_known_needs_one() {
    assert!(Environment::of_origin("nonsense").is_err());
    let page = Environment::of_origin("https://a.example").expect("an origin");
    assert_eq!(page.url.as_str(), "https://a.example/");
}

#[test]
fn a_page_that_goes_elsewhere_is_the_referrer_from_there() {
    let agent = AgentState::new(Profile::SPEC);
    let referrer = |page: &Arc<Environment>| {
        let init = RequestInit::default();
        let request = construct("https://b.example/", init, page).expect("a request");
        let step = fetch(request.request, &agent, Timestamp::from_millis(0));
        let Step::Send(exchange) = step else {
            panic!("the request is to be sent");
        };
        let (outgoing, _) = exchange.into_request();
        outgoing
            .header_list
            .get("referer")
            .map(|value| value.to_string())
    };
    let url = |text: &str| text.parse().expect("a URL");
    let mut page = Environment::of_page(url("https://a.example/1"));
    page.referrer_policy = ReferrerPolicy::UnsafeUrl;
    let mut page = Arc::new(page);
    assert_eq!(referrer(&page).as_deref(), Some("https://a.example/1"));
    let mut copy = Environment::clone(&page);
    copy.url = url("https://a.example/2");
    assert_eq!(
        referrer(&Arc::new(copy)).as_deref(),
        Some("https://a.example/2")
    );
    Arc::get_mut(&mut page).expect("the only one").url = url("https://a.example/3");
    assert_eq!(referrer(&page).as_deref(), Some("https://a.example/3"));
}

#[test]
fn accept_language_stays_safelisted() {
    let mut headers = AgentState::new(Profile::default()).default_headers;
    let before = headers.accept_language().clone();
    let value = |text: &str| HeaderValue::normalize(text).expect("a value");
    assert!(headers.set_accept_language(value("en=\"x\"")).is_err());
    assert_eq!(*headers.accept_language(), before);
    assert_eq!(headers.set_accept_language(value("de, en;q=0.5")), Ok(()));
    assert_eq!(headers.accept_language().as_bytes(), b"de, en;q=0.5");
}

#[test]
fn the_guard_of_a_list_that_is_there_is_for_what_follows() {
    let there = header_list(&[("host".to_owned(), "a.example".to_owned())]);
    let mut headers = Headers::of_list(Guard::Request, there);
    assert!(matches!(
        headers.append("Host", "b.example"),
        Ok(Fate::Dropped { .. })
    ));
    assert!(matches!(headers.append("X-A", "1"), Ok(Fate::Kept)));
    assert_eq!(headers.list().len(), 2);
    assert!(headers.append("X-A", "\u{100}").is_err());
    let wide = HeaderValue::from_byte_string("\u{100}");
    assert!(matches!(wide, Err(InvalidHeaderValue::NotAByte { .. })));
}

#[test]
fn the_type_of_a_body_passes_the_guard_where_the_profile_lets_it() {
    let json = "application/json";
    let fate = |profile: Profile| {
        let mut headers = Headers::with_rules(Guard::RequestNoCors, profile.request_headers);
        let fate = headers.append_implied_type(json).expect("a value");
        assert_eq!(headers.list().len(), usize::from(fate == Fate::Kept));
        fate == Fate::Kept
    };
    assert!(!fate(Profile::SPEC));
    assert!(fate(Profile::WEBKIT));
}

#[test]
fn an_empty_cache_says_so() {
    let cache = PreflightCache::new(PreflightCacheConfig::default());
    assert!(cache.is_empty());
}

#[test]
fn kinds_have_the_standards_names() {
    assert_eq!(ResponseType::Default.as_str(), "default");
}

#[test]
fn values_of_every_length_are_their_bytes_however_they_came() {
    for length in 0..=64 {
        for byte in [b'a', 0xff] {
            let bytes = vec![byte; length];
            let received = http::HeaderValue::from_bytes(&bytes).expect("a value");
            let value = HeaderValue::normalize(&bytes).expect("a value");
            assert_eq!(value, *bytes.as_slice());
            assert_eq!(value, HeaderValue::from(received.clone()));
            assert_eq!(value.clone().into_shared(), value);
            assert_eq!(
                value.clone().into_shared().into_http(),
                Some(received.clone())
            );
            assert_eq!(value.into_http(), Some(received));
        }
    }
}

#[test]
fn numbers_are_their_digits() {
    for number in [0, 7, 10, 4711, u64::MAX] {
        assert_eq!(HeaderValue::from(number).to_string(), number.to_string());
    }
}
