//! The table of `Location` values and the URL that each leads to.

use serde::Deserialize;
use vetch_core::Profile;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::responses::InvalidLocation;

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The URL list of the response; the last one is its URL.
    urls: Vec<String>,
    status: u16,
    location: Vec<String>,
    fragment: Option<String>,
}

#[test]
fn location_urls() {
    let table = include_str!("../../../../fixtures/cases/location_urls.json");
    cases::check(table, |input: &Input| {
        let client = Environment::of_origin("https://a.example").expect("an origin");
        let request = cases::request(client, &input.urls);
        let headers = cases::lines(&[("location", &input.location)]);
        let response = cases::response(&request, input.status, headers);
        match response.location_url(input.fragment.as_deref(), &Profile::SPEC) {
            Ok(location) => location.map(String::from),
            Err(InvalidLocation::Several { values }) => Some(format!("several: {values}")),
            Err(InvalidLocation::NotAUrl { .. }) => Some("not a URL".to_owned()),
            Err(other) => panic!("{other}"),
        }
    });
}
