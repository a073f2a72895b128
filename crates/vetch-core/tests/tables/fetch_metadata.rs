//! The table of requests and the `Sec-Fetch-*` headers that they carry.

use serde::Deserialize;
use std::collections::BTreeMap;
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::headers::HeaderList;
use vetch_core::infrastructure::requests::{Destination, Mode, Request};
use vetch_core::neighbours::fetch_metadata::append_fetch_metadata_headers;

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    origin: String,
    url_list: Vec<String>,
    mode: String,
    destination: String,
    user_activation: bool,
}

impl Input {
    fn request(&self) -> Request {
        let client = Environment::of_origin(&self.origin).expect("an origin");
        let mut request = cases::request(client, &self.url_list);
        request.mode = Mode::ALL
            .into_iter()
            .find_map(|(name, mode)| (name == self.mode).then_some(mode))
            .expect("a mode");
        request.destination = Destination::parse(&self.destination).expect("a destination");
        request.user_activation = self.user_activation;
        request
    }
}

#[test]
fn fetch_metadata() {
    let table = include_str!("../../../../fixtures/cases/fetch_metadata.json");
    cases::check(table, |input: &Input| {
        let mut headers = HeaderList::new();
        append_fetch_metadata_headers(&input.request(), &mut headers);
        let text = |(name, value): (&_, &_)| (format!("{name}"), format!("{value}"));
        headers.iter().map(text).collect::<BTreeMap<_, _>>()
    });
}
