//! The table of requests and the `Origin` header that each carries.

use serde::Deserialize;
use vetch_core::http_extensions::origin_header::append_a_request_origin_header;
use vetch_core::infrastructure::environments::{Environment, ReferrerPolicy};
use vetch_core::infrastructure::headers::HeaderList;
use vetch_core::infrastructure::methods;
use vetch_core::infrastructure::requests::{Mode, Referrer};

use crate::cases::{self, TAINTINGS, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    origin: String,
    urls: Vec<String>,
    mode: String,
    tainting: String,
    method: String,
    policy: Option<String>,
    client_policy: Option<String>,
    #[serde(default)]
    no_referrer: bool,
    /// Whose rules; the Standard's unless told.
    profile: Option<String>,
}

#[test]
fn origin_headers() {
    let table = include_str!("../../../../fixtures/cases/origin_header.json");
    cases::check(table, |input: &Input| {
        let policy = |name: &String| named(&ReferrerPolicy::ALL, name);
        let mut client = Environment::of_origin(&input.origin).expect("an origin");
        client.referrer_policy = input.client_policy.as_ref().map(policy).unwrap_or_default();
        let mut request = cases::request(client, &input.urls);
        request.mode = named(&Mode::ALL, &input.mode);
        request.response_tainting = named(&TAINTINGS, &input.tainting);
        request.method = methods::parse(input.method.as_bytes()).expect("a method");
        request.referrer_policy = input.policy.as_ref().map(policy);
        let mut headers = HeaderList::new();
        if input.no_referrer {
            request.referrer = Referrer::NoReferrer;
        }
        let profile = cases::profile(input.profile.as_deref());
        append_a_request_origin_header(&request, &profile, &mut headers);
        headers.get("origin").map(|value| value.to_string())
    });
}
