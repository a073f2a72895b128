//! The tables of what a page sees of a response, and of responses that are still stopped.

use serde::Deserialize;
use vetch_core::fetching::main_fetch::{filter, finish};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::filtered_responses::{FilteredResponse, VisibleHeaders};
use vetch_core::infrastructure::header_safelists::ExposedHeaderNames;
use vetch_core::infrastructure::headers::{HeaderList, HeaderName};
use vetch_core::infrastructure::methods;
use vetch_core::infrastructure::requests::{CredentialsMode, Request};
use vetch_core::infrastructure::responses::ResponseBody;
use vetch_core::{ExchangeKind, NetworkError, Profile};

use crate::cases::{self, TAINTINGS, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    tainting: String,
    #[serde(default = "same_origin")]
    credentials: String,
    headers: Vec<(String, String)>,
}

fn same_origin() -> String {
    "same-origin".to_owned()
}

#[test]
fn visible_headers() {
    let table = include_str!("../../../../fixtures/cases/visible_headers.json");
    cases::check(table, |input: &Input| {
        let mut request = request(&input.tainting);
        request.credentials_mode = named(&CredentialsMode::ALL, &input.credentials);
        let response = cases::response(&request, 200, cases::header_list(&input.headers));
        let filtered = filter(&request, response, &Profile::SPEC);
        let visible = filtered.header_list();
        assert_each_look_sees_the_same(visible, &visible.to_list(), &input.headers);
        cases::pairs(&visible.to_list())
    });
}

/// A look at what is visible is the same look at the list of it.
fn assert_each_look_sees_the_same(
    visible: VisibleHeaders<'_>,
    list: &HeaderList,
    came: &[(String, String)],
) {
    for (name, _) in came {
        let name = name.as_str();
        assert_eq!(visible.contains(name), list.contains(name), "{name}");
        assert_eq!(visible.get(name), list.get(name), "{name}");
        let lines = visible.values_of(name);
        assert!(lines.eq(list.values_of(name)), "{name}");
    }
    assert!(!visible.contains("x-never-came"));
    assert_eq!(visible.len(), list.len());
    assert_eq!(visible.is_empty(), list.is_empty());
    assert_eq!(format!("{visible:?}"), format!("{list:?}"));
}

fn request(tainting: &str) -> Request {
    let client = Environment::of_origin("https://a.example").expect("an origin");
    let urls = [
        "https://b.example/1".to_owned(),
        "https://b.example/2#end".to_owned(),
    ];
    let mut request = cases::request(client, &urls);
    request.response_tainting = named(&TAINTINGS, tainting);
    request
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct View {
    #[serde(rename = "type")]
    kind: String,
    exposed: Vec<String>,
}

/// What a page sees, in the order of the Standard's members.
#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Seen {
    #[serde(rename = "type")]
    kind: String,
    url: Option<String>,
    redirected: bool,
    status: u16,
    status_message: String,
    headers: Vec<String>,
    body: bool,
}

#[test]
fn views() {
    let table = include_str!("../../../../fixtures/cases/filtered_responses.json");
    cases::check(table, |input: &View| {
        let names = ["cache-control", "set-cookie", "set-cookie2", "x-token"];
        let headers = names.map(|name| (name.to_owned(), "1".to_owned()));
        let internal = cases::response(&request("cors"), 203, cases::header_list(&headers));
        let exposed: Vec<_> = input
            .exposed
            .iter()
            .map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a header name"))
            .collect();
        let response = match input.kind.as_str() {
            "basic" => FilteredResponse::basic(internal),
            "cors" => FilteredResponse::cors(internal, ExposedHeaderNames::Listed(exposed)),
            "opaque" => FilteredResponse::opaque(internal),
            "opaqueredirect" => FilteredResponse::opaque_redirect(internal),
            other => panic!("{other} is no type"),
        };
        assert_eq!(
            response.internal().header_list.len(),
            4,
            "the internal response is whole"
        );
        let has_body = *response.body() != ResponseBody::Null;
        assert_eq!(response.shows_body(), has_body);
        Seen {
            kind: response.kind().as_str().to_owned(),
            url: response.url().map(ToString::to_string),
            redirected: response.is_redirected(),
            status: response.status(),
            status_message: String::from_utf8_lossy(response.status_message()).into_owned(),
            headers: response
                .header_list()
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            body: has_body,
        }
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct End {
    tainting: String,
    #[serde(default = "get")]
    method: String,
    status: u16,
    /// Whether the response was made for a range.
    #[serde(default)]
    range_requested: bool,
    #[serde(default)]
    request_headers: Vec<(String, String)>,
    #[serde(default)]
    integrity: String,
}

fn get() -> String {
    "GET".to_owned()
}

#[test]
fn ends() {
    let table = include_str!("../../../../fixtures/cases/response_ends.json");
    cases::check(table, |input: &End| {
        let mut request = request(&input.tainting);
        request.method = methods::parse(input.method.as_bytes()).expect("a method");
        request.header_list = cases::header_list(&input.request_headers);
        request.integrity_metadata.clone_from(&input.integrity);
        let mut response = cases::response(&request, input.status, cases::header_list(&[]));
        response.range_requested = input.range_requested;
        let mut response = filter(&request, response, &Profile::SPEC);
        match finish(&request, &mut response, &Profile::SPEC) {
            Ok(()) if response.internal().body == ResponseBody::Null => {
                vec!["no body".to_owned()]
            }
            Ok(()) => vec!["body".to_owned()],
            Err(reasons) => {
                let url = request.current_url();
                let error =
                    |reason| NetworkError::new(reason, ExchangeKind::Request, url.as_ref().clone());
                reasons
                    .into_iter()
                    .map(|reason| error(reason).code())
                    .collect()
            }
        }
    });
}
