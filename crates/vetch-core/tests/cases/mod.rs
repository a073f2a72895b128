//! Tables of cases: read, run, and every failing name reported at once.

use std::fmt::Debug;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::header_values::HeaderValue;
use vetch_core::infrastructure::headers::{HeaderList, HeaderName};
use vetch_core::infrastructure::requests::Request;

/// One row: the sentence it tests, what goes in, what must come out.
#[derive(Deserialize)]
struct Case<I, E> {
    name: String,
    #[serde(flatten)]
    input: I,
    expected: E,
}

/// Run every case of a table through `actual`.
///
/// # Panics
///
/// When the table does not parse or a case comes out otherwise; names all of them.
pub(crate) fn check<I, E>(table: &str, actual: impl Fn(&I) -> E)
where
    I: DeserializeOwned,
    E: DeserializeOwned + PartialEq + Debug,
{
    let cases: Vec<Case<I, E>> = serde_json::from_str(table).expect("a table of cases");
    assert!(!cases.is_empty(), "the table has cases");
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let actual = actual(&case.input);
            let (name, expected) = (&case.name, &case.expected);
            (actual != *expected)
                .then(|| format!("{name}\n    expected {expected:?}\n    actual   {actual:?}"))
        })
        .collect();
    let (failed, all) = (failures.len(), cases.len());
    assert!(
        failures.is_empty(),
        "{failed} of {all} cases fail:\n{}",
        failures.join("\n")
    );
}

/// A header list with one line per value, of code points that are bytes.
#[allow(dead_code, reason = "not every table has headers")]
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

/// A request from that client with that URL list, otherwise as `fetch()` makes it.
#[allow(dead_code, reason = "not every table has requests")]
pub(crate) fn request(client: Environment, url_list: &[String]) -> Request {
    let (first, redirects) = url_list.split_first().expect("a URL");
    let constructed = construct(first, RequestInit::default(), &Arc::new(client));
    let mut request = constructed.expect("a request").request;
    for url in redirects {
        request.url_list.append(url.parse().expect("a URL"));
    }
    request
}
