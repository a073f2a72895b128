//! The table of `Timing-Allow-Origin` values and who may see the timing.

use serde::Deserialize;
use vetch_core::fetching::tao_check::{TaoCheck, tao_check};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::requests::{Mode, Request, ResponseTainting};

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    origin: String,
    url_list: Vec<String>,
    mode: String,
    response_tainting: String,
    timing_allow_failed: bool,
    timing_allow_origin: Vec<String>,
}

impl Input {
    fn request(&self) -> Request {
        let client = Environment::of_origin(&self.origin).expect("an origin");
        let mut request = cases::request(client, &self.url_list);
        request.mode = Mode::ALL
            .into_iter()
            .find_map(|(name, mode)| (name == self.mode).then_some(mode))
            .expect("a mode");
        request.response_tainting = match self.response_tainting.as_str() {
            "basic" => ResponseTainting::Basic,
            "cors" => ResponseTainting::Cors,
            "opaque" => ResponseTainting::Opaque,
            other => panic!("{other} is no response tainting"),
        };
        request.timing_allow_failed = self.timing_allow_failed;
        request
    }
}

#[test]
fn tao_check_cases() {
    let table = include_str!("../../../../fixtures/cases/tao_check.json");
    cases::check(table, |input: &Input| {
        let headers = cases::lines(&[("timing-allow-origin", &input.timing_allow_origin)]);
        match tao_check(&input.request(), &headers) {
            TaoCheck::Passed => "passed".to_owned(),
            TaoCheck::Failed => "failed".to_owned(),
        }
    });
}
