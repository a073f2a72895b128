//! The tables of request headers that go without asking, and of lists of them.

use serde::Deserialize;
use vetch_core::infrastructure::header_safelists::{
    REQUEST_BODY_HEADER_NAMES, Unsafe, cors_unsafe_request_header_names,
    is_cors_non_wildcard_request_header_name, is_cors_safelisted_response_header_name,
    is_no_cors_safelisted_request_header, is_privileged_no_cors_request_header_name,
    unsafe_request_header, unsafe_request_headers,
};
use vetch_core::infrastructure::header_values::HeaderValue;
use vetch_core::infrastructure::headers::HeaderNameSet;
use vetch_core::infrastructure::headers::{HeaderList, HeaderName};
use vetch_core::profile::RequestHeaderRules;

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Header {
    #[serde(rename = "header")]
    name: String,
    #[serde(default)]
    value: String,
    /// How long the value is in the end, filled up with `a`.
    length: Option<usize>,
    /// Whose rules; the Standard's unless told.
    profile: Option<String>,
}

impl Header {
    fn parts(&self) -> (HeaderName, HeaderValue) {
        let length = self.length.unwrap_or_default();
        let fill = "a".repeat(length.saturating_sub(self.value.chars().count()));
        cases::header(&self.name, &format!("{}{fill}", self.value))
    }

    fn rules(&self) -> RequestHeaderRules {
        cases::profile(self.profile.as_deref()).request_headers
    }
}

fn rule(found: &Unsafe) -> String {
    match found {
        Unsafe::Name => "name".to_owned(),
        Unsafe::Length { length } => format!("length {length}"),
        Unsafe::Byte { byte } => format!("byte {byte:02x}"),
        Unsafe::ContentType => "content type".to_owned(),
        Unsafe::Range => "range".to_owned(),
        Unsafe::Total { length } => format!("total {length}"),
        other => panic!("{other} is new"),
    }
}

#[test]
fn cors_safelisted_request_headers() {
    let table = include_str!("../../../../fixtures/cases/header_safelists.json");
    cases::check(table, |input: &Header| {
        let (name, value) = input.parts();
        let rules = input.rules();
        let found = unsafe_request_header(&name, &value, &rules);
        // The no-CORS safelist is the same but for Range and client hints.
        let in_no_cors = found.is_none() && name != "range" && input.profile.is_none();
        assert_eq!(
            is_no_cors_safelisted_request_header(&name, &value, &rules),
            in_no_cors,
            "{name}: {value}"
        );
        found.as_ref().map(rule)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    headers: Vec<Header>,
}

#[test]
fn cors_unsafe_request_header_names_of_lists() {
    let table = include_str!("../../../../fixtures/cases/unsafe_request_header_names.json");
    cases::check(table, |input: &List| {
        let headers: HeaderList = input.headers.iter().map(Header::parts).collect();
        let reasons: Vec<_> = unsafe_request_headers(&headers, &RequestHeaderRules::SPEC)
            .map(|(name, found)| format!("{name}: {}", rule(&found)))
            .collect();
        let names: Vec<_> = cors_unsafe_request_header_names(&headers, &RequestHeaderRules::SPEC)
            .iter()
            .map(ToString::to_string)
            .collect();
        (names, reasons)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    header: String,
    set: String,
    #[serde(default)]
    exposed: Vec<String>,
}

#[test]
fn sets_of_names() {
    let table = include_str!("../../../../fixtures/cases/header_name_sets.json");
    cases::check(table, |input: &Name| {
        let parse = |name: &str| HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let name = parse(&input.header);
        match input.set.as_str() {
            "non-wildcard" => is_cors_non_wildcard_request_header_name(&name),
            "privileged no-CORS" => is_privileged_no_cors_request_header_name(&name),
            "request-body" => REQUEST_BODY_HEADER_NAMES.contains(&name),
            "safelisted response" => {
                let exposed: Vec<_> = input.exposed.iter().map(|name| parse(name)).collect();
                is_cors_safelisted_response_header_name(&name, &HeaderNameSet::new(&exposed))
            }
            other => panic!("{other} is no set"),
        }
    });
}
