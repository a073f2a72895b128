//! The table of byte ranges: for each of the 256 bytes, whether it may stand there.

use serde::Deserialize;
use vetch_core::infrastructure::header_safelists::{
    is_cors_unsafe_request_header_byte, unsafe_request_header,
};
use vetch_core::infrastructure::header_values::{HeaderValue, extract_tokens};
use vetch_core::infrastructure::headers::HeaderName;
use vetch_core::infrastructure::methods;
use vetch_core::profile::RequestHeaderRules;

use crate::cases;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What the bytes are: a header's name for its safelist rule, or another word.
    of: String,
    /// Which bytes are listed: those that are `allowed` or those that are `refused`.
    list: String,
    /// What stands before the byte.
    before: String,
    /// What stands after it.
    after: String,
}

impl Input {
    fn allows(&self, byte: u8) -> bool {
        let bytes = [self.before.as_bytes(), &[byte], self.after.as_bytes()].concat();
        match self.of.as_str() {
            "method" => methods::parse(&bytes).is_some(),
            "header name" => HeaderName::from_bytes(&bytes).is_ok(),
            "header value" => HeaderValue::normalize(bytes).is_ok(),
            "token list" => extract_tokens(&bytes).is_some(),
            "CORS-unsafe request-header byte" => is_cors_unsafe_request_header_byte(byte),
            name => HeaderValue::normalize(bytes).is_ok_and(|value| {
                unsafe_request_header(
                    &HeaderName::from_static(header(name)),
                    &value,
                    &RequestHeaderRules::SPEC,
                )
                .is_none()
            }),
        }
    }
}

fn header(name: &str) -> &'static str {
    let all = [
        "accept",
        "accept-language",
        "content-language",
        "content-type",
        "range",
    ];
    all.into_iter()
        .find(|known| *known == name)
        .expect("a safelisted name")
}

#[test]
fn byte_ranges() {
    let table = include_str!("../../../../fixtures/cases/byte_ranges.json");
    cases::check(table, |input: &Input| {
        let listed = match input.list.as_str() {
            "allowed" => true,
            "refused" => false,
            other => panic!("{other} is no list"),
        };
        let holds = |number: u16| input.allows(u8::try_from(number).expect("a byte")) == listed;
        cases::ranges(0..=255, holds, |byte| format!("{byte:02x}"))
    });
}
