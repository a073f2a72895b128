//! S19: every reason carries what was wanted and what came, and says both.

use vetch_core::network_error::CorsCheckFailure;
use vetch_core::{ExchangeKind, HeaderName, NetworkError, Reason};

#[test]
fn a_reason_says_its_values() {
    let text = |text: &str| text.to_owned();
    let rows: [(Reason, &[&str]); 8] = [
        (
            Reason::CorsCheck(CorsCheckFailure::AllowOriginMismatch {
                wanted: text("https://a.example"),
                came: text("https://b.example"),
            }),
            &["https://a.example", "https://b.example"],
        ),
        (
            Reason::CorsCheck(CorsCheckFailure::InvalidAllowCredentials {
                came: Some(text("TRUE")),
            }),
            &["true", "TRUE"],
        ),
        (Reason::PreflightStatus { status: 404 }, &["404", "200"]),
        (
            Reason::MethodDisallowed {
                method: text("PUT"),
                allowed: Some(text("put, GET")),
            },
            &["PUT", "put, GET"],
        ),
        (
            Reason::HeaderDisallowed {
                name: HeaderName::from_static("x-token"),
                allowed: Some("x-other".into()),
            },
            &["x-token", "x-other"],
        ),
        (Reason::BadPort { port: 25 }, &["25"]),
        (Reason::TooManyRedirects { limit: 20 }, &["20"]),
        (
            Reason::UnsupportedScheme {
                scheme: text("gopher"),
            },
            &["gopher"],
        ),
    ];
    for (reason, values) in rows {
        let url = "https://b.example/".parse().unwrap();
        let sentence = NetworkError::new(reason, ExchangeKind::Request, url).to_string();
        for value in values {
            assert!(sentence.contains(value), "{sentence:?} lacks {value:?}");
        }
    }
}
