//! `Location`: it leads where the URL parser says, seen from where the response came from.

use url::Url;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::infrastructure::requests::UrlList;
use vetch_core::infrastructure::responses::{InternalResponse, InvalidLocation};
use vetch_core::{
    AgentState, Environment, HeaderList, HeaderName, Profile, Status, Step, Timestamp, fetch,
};

use super::values;

/// The first line is the response's URL, each other one a value of `Location`.
pub fn hold(bytes: &[u8]) {
    let (base, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &b""[..]),
    };
    let Some(base) = std::str::from_utf8(base)
        .ok()
        .and_then(|text| Url::parse(text).ok())
    else {
        return;
    };
    let name = HeaderName::from_static("location");
    let lines = values(rest).into_iter().map(|value| (name.clone(), value));
    let mut response = response();
    response.url_list = UrlList::new(base.clone());
    response.header_list = lines.collect::<HeaderList>().into();
    for profile in Profile::ALL {
        response.status = Status::OK;
        assert_eq!(response.location_url(Some("f"), &profile), Ok(None));
        response.status = Status::new(302).expect("a status");
        let found = response.location_url(Some("f"), &profile);
        if let Ok(Some(location)) = &found {
            assert!(location.fragment().is_some());
        }
        if profile == Profile::SPEC {
            as_the_parser_says(&response, &base, found);
        }
    }
}

fn as_the_parser_says(
    response: &InternalResponse,
    base: &Url,
    found: Result<Option<Url>, InvalidLocation>,
) {
    let lines: Vec<_> = response.header_list.values_of("location").collect();
    let [line] = lines[..] else {
        let is_several = matches!(found, Err(InvalidLocation::Several { .. }));
        assert!(if lines.is_empty() {
            found == Ok(None)
        } else {
            is_several
        });
        return;
    };
    match (base.join(&line.isomorphic_decode()), found) {
        (Ok(mut expected), Ok(Some(location))) => {
            // The URL Standard encodes these by now, the library does not yet.
            let path = expected.path();
            if !expected.cannot_be_a_base() {
                let path = path.replace('^', "%5E");
                expected.set_path(&path);
            } else if let Some(path) = path.strip_suffix(' ') {
                let path = format!("{path}%20");
                expected.set_path(&path);
            }
            if expected.fragment().is_none() {
                expected.set_fragment(Some("f"));
            }
            assert_eq!(location, expected);
        }
        (Err(_), Err(InvalidLocation::NotAUrl { .. })) => {}
        (expected, found) => panic!("{found:?} is not {expected:?}"),
    }
}

/// A response to change: that of a `data:` URL.
fn response() -> InternalResponse {
    let page = Environment::of_origin("https://a.example").expect("an origin");
    let constructed = construct("data:,x", RequestInit::default(), &page.into());
    let request = constructed.expect("a request").request;
    let agent = AgentState::new(Profile::SPEC);
    let Step::Done(outcome) = fetch(request, &agent, Timestamp::from_millis(0)) else {
        panic!("a data: URL needs no network");
    };
    outcome.verdict.expect("a response").internal().clone()
}
