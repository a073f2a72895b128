//! Tables of cases: read, run, and every failing name reported at once.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::header_values::HeaderValue;
use vetch_core::infrastructure::headers::{HeaderList, HeaderName};
use vetch_core::infrastructure::requests::{Request, ResponseTainting};
use vetch_core::infrastructure::responses::InternalResponse;
use vetch_core::infrastructure::statuses::Status;
use vetch_core::{AgentState, Profile, Step, Timestamp};

/// One row: the sentence it tests, what goes in, what must come out.
#[derive(Deserialize)]
struct Case<E> {
    name: String,
    expected: E,
    #[serde(flatten)]
    input: Map<String, Value>,
}

/// Run every case of a table through `actual`. Input types that deny unknown fields find misspelt members.
///
/// # Panics
///
/// When the table does not parse, a name comes twice or a case comes out otherwise; names all of them.
pub(crate) fn check<I, E>(table: &str, actual: impl Fn(&I) -> E)
where
    I: DeserializeOwned,
    E: DeserializeOwned + PartialEq + Debug,
{
    let cases: Vec<Case<E>> = serde_json::from_str(table).expect("a table of cases");
    assert!(!cases.is_empty(), "the table has cases");
    let mut names = BTreeSet::new();
    let mut failures = Vec::new();
    let all = cases.len();
    for Case {
        name,
        expected,
        input,
    } in cases
    {
        assert!(names.insert(name.clone()), "two cases are called {name:?}");
        let input: I = match serde_json::from_value(Value::Object(input)) {
            Ok(input) => input,
            Err(reason) => panic!("{name}: {reason}"),
        };
        let actual = actual(&input);
        if actual != expected {
            failures.push(format!(
                "{name}\n    expected {expected:?}\n    actual   {actual:?}"
            ));
        }
    }
    let failed = failures.len();
    assert!(
        failures.is_empty(),
        "{failed} of {all} cases fail:\n{}",
        failures.join("\n")
    );
}

/// A header list with one line per value, of code points that are bytes.
pub(crate) fn lines(headers: &[(&'static str, &[String])]) -> HeaderList {
    let line = |name: &'static str, value: &String| {
        let value = HeaderValue::from_byte_string(value).expect("a header value");
        (HeaderName::from_static(name), value)
    };
    headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(|value| line(name, value)))
        .collect()
}

/// A header name and a value of code points that are bytes.
pub(crate) fn header(name: &str, value: &str) -> (HeaderName, HeaderValue) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
    let value = HeaderValue::from_byte_string(value).expect("a header value");
    (name, value)
}

/// A header list of names and values in order.
pub(crate) fn header_list(headers: &[(String, String)]) -> HeaderList {
    headers
        .iter()
        .map(|(name, value)| header(name, value))
        .collect()
}

/// A header list as names and values of code points that are bytes.
pub(crate) fn pairs(headers: &HeaderList) -> Vec<(String, String)> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.to_string());
    headers.iter().map(text).collect()
}

/// The value of that name in one of the core's tables of names.
pub(crate) fn named<T: Copy>(all: &[(&'static str, T)], name: &str) -> T {
    let found = all.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("{name} is not known")).1
}

/// The name of a value in one of the core's tables of names.
pub(crate) fn name_of<T: Copy + PartialEq>(all: &[(&'static str, T)], value: T) -> &'static str {
    all.iter()
        .find(|(_, known)| *known == value)
        .expect("a name")
        .0
}

/// Response taintings by their names in the Standard.
pub(crate) const TAINTINGS: [(&str, ResponseTainting); 3] = [
    ("basic", ResponseTainting::Basic),
    ("cors", ResponseTainting::Cors),
    ("opaque", ResponseTainting::Opaque),
];

/// The numbers for which the predicate holds, as ranges: `7`, `9-12`.
pub(crate) fn ranges(
    numbers: RangeInclusive<u16>,
    holds: impl Fn(u16) -> bool,
    show: impl Fn(u16) -> String,
) -> Vec<String> {
    let mut found: Vec<(u16, u16)> = Vec::new();
    for number in numbers.filter(|number| holds(*number)) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => found.push((number, number)),
        }
    }
    let text = |(first, last)| {
        if first == last {
            show(first)
        } else {
            format!("{}-{}", show(first), show(last))
        }
    };
    found.into_iter().map(text).collect()
}

/// The profile of that name; the Standard's unless told.
pub(crate) fn profile(name: Option<&str>) -> Profile {
    name.map_or(Profile::SPEC, |name| {
        Profile::by_name(name).expect("a profile")
    })
}

/// A request from that client with that URL list, otherwise as `fetch()` makes it.
pub(crate) fn request(client: Environment, url_list: &[String]) -> Request {
    let (first, redirects) = url_list.split_first().expect("a URL");
    let constructed = construct(first, RequestInit::default(), &Arc::new(client));
    let mut request = constructed.expect("a request").request;
    for url in redirects {
        request.url_list.append(url.parse().expect("a URL"));
    }
    request
}

/// A response as it came from the network to that request.
pub(crate) fn response(request: &Request, status: u16, headers: HeaderList) -> InternalResponse {
    let page = Environment::of_origin("https://a.example").expect("an origin");
    let local = self::request(page, &["data:,x".to_owned()]);
    let agent = AgentState::new(Profile::SPEC);
    let Step::Done(outcome) = vetch_core::fetch(local, &agent, Timestamp::from_millis(0)) else {
        panic!("a data: URL needs no network");
    };
    let mut response = outcome.verdict.expect("a response").internal().clone();
    response.url_list = request.url_list.clone();
    response.status = Status::new(status).expect("a status");
    response.status_message = "As sent".into();
    response.header_list = headers.into();
    response
}
