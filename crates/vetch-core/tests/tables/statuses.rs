//! The table of statuses: every number from 0 to 65535, by class.

use serde::Deserialize;
use vetch_core::infrastructure::statuses::Status;

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    class: String,
}

impl Input {
    fn holds(&self, number: u16) -> bool {
        Status::new(number).is_some_and(|status| match self.class.as_str() {
            "status" => status.as_u16() == number && status.to_string() == number.to_string(),
            "null body status" => status.is_null_body(),
            "ok status" => status.is_ok(),
            "range status" => status.is_range(),
            "redirect status" => status.is_redirect(),
            other => panic!("{other} is no class"),
        })
    }
}

#[test]
fn statuses() {
    let table = include_str!("../../../../fixtures/cases/statuses.json");
    cases::check(table, |input: &Input| {
        cases::ranges(
            0..=u16::MAX,
            |number| input.holds(number),
            |number| number.to_string(),
        )
    });
}
