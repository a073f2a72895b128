//! As a request's: what needs permission, and whether a preflight asks for it, is what the steps say.

use std::collections::BTreeSet;

use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::main_fetch::needs_preflight;
use vetch_core::infrastructure::header_safelists::{
    cors_unsafe_request_header_names, unsafe_request_header, unsafe_request_headers,
};
use vetch_core::profile::RequestHeaderRules;
use vetch_core::{Environment, HeaderList, HeaderName, Method, Profile, Request};

use crate::steps::header_safelists as steps;
use crate::steps::header_values::Header;

/// The pairs are the list's.
pub(super) fn hold(list: &HeaderList, headers: &[Header<'_>]) {
    let rules = &RequestHeaderRules::SPEC;
    for ((name, value), header) in list.iter().zip(headers) {
        let reason = unsafe_request_header(name, value, rules);
        let by_the_steps = steps::is_cors_safelisted_request_header(*header);
        assert_eq!(reason.is_none(), by_the_steps, "{name}: {value:?}");
    }
    let by_the_steps = steps::cors_unsafe_request_header_names(headers);
    let names = cors_unsafe_request_header_names(list, rules);
    assert_eq!(bytes_of(&names), by_the_steps);
    let explained: BTreeSet<_> = unsafe_request_headers(list, rules)
        .map(|(name, _)| name.as_str().as_bytes())
        .collect();
    assert!(explained.into_iter().eq(&by_the_steps));
    let mut headers: Vec<_> = list.clone().into_iter().collect();
    headers.reverse();
    let reversed: HeaderList = headers.into_iter().collect();
    assert_eq!(names, cors_unsafe_request_header_names(&reversed, rules));
    preflights(list, !by_the_steps.is_empty());
}

fn bytes_of(names: &[HeaderName]) -> Vec<&[u8]> {
    names.iter().map(|name| name.as_str().as_bytes()).collect()
}

/// Main fetch's step 12 · fetch.spec.whatwg.org/#concept-main-fetch
fn preflights(list: &HeaderList, has_unsafe_names: bool) {
    let mut request = request();
    request.header_list.clone_from(list);
    for (method, is_safelisted) in [(Method::GET, true), (Method::PUT, false)] {
        request.method = method;
        for (use_cors_preflight, unsafe_request) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            request.use_cors_preflight = use_cors_preflight;
            request.unsafe_request = unsafe_request;
            let by_the_steps =
                use_cors_preflight || unsafe_request && (!is_safelisted || has_unsafe_names);
            assert_eq!(needs_preflight(&request, &Profile::SPEC), by_the_steps);
        }
    }
}

fn request() -> Request {
    let page = Environment::of_origin("https://a.example").expect("an origin");
    let url = "https://b.example/";
    let constructed = construct(url, RequestInit::default(), &page.into());
    constructed.expect("a request").request
}
