//! S19: every reason carries what was wanted and what came, and says both.

use vetch_core::network_error::CorsCheckFailure;
use vetch_core::{ExchangeKind, HeaderName, NetworkError, Reason, TransportFailure};

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

#[test]
fn the_hint_about_headers_names_all_that_are_lacking_and_keeps_the_list() {
    let rows: [(&[&str], Option<&str>, &str); 5] = [
        (
            &["x-token"],
            None,
            "send Access-Control-Allow-Headers: x-token in the preflight's answer",
        ),
        (
            &["x-token", "x-trace"],
            Some("content-type,, x-id"),
            "send Access-Control-Allow-Headers: content-type, x-id, x-token, x-trace in the preflight's answer",
        ),
        // It may have let other names pass.
        (
            &["authorization"],
            Some("*"),
            "send Access-Control-Allow-Headers: *, authorization in the preflight's answer (* does not cover Authorization)",
        ),
        (
            &["authorization"],
            Some("x-id"),
            "send Access-Control-Allow-Headers: x-id, authorization in the preflight's answer (* does not cover Authorization)",
        ),
        (
            &["authorization", "x-token"],
            Some("*"),
            "send Access-Control-Allow-Headers: authorization, x-token in the preflight's answer (* does not cover Authorization)",
        ),
    ];
    for (names, allowed, hint) in rows {
        let mut reasons = names.iter().map(|name| Reason::HeaderDisallowed {
            name: HeaderName::from_static(name),
            allowed: allowed.map(Into::into),
        });
        let url = "https://b.example/".parse().unwrap();
        let error = NetworkError::new(reasons.next().unwrap(), ExchangeKind::Preflight, url)
            .with_further(reasons.collect());
        assert_eq!(error.hint(), hint);
        assert_eq!(error.hints(), [hint]);
    }
}

#[test]
fn the_hint_about_a_method_keeps_the_list_and_tells_the_case() {
    let rows = [
        ("PUT", None, "send Access-Control-Allow-Methods: PUT in"),
        (
            "PUT",
            Some("*"),
            "send Access-Control-Allow-Methods: PUT in",
        ),
        (
            "DELETE",
            Some("PUT, PATCH"),
            "send Access-Control-Allow-Methods: PUT, PATCH, DELETE in",
        ),
        (
            "PATCH",
            Some("get,patch, PUT"),
            "send Access-Control-Allow-Methods: get, PATCH, PUT in",
        ),
        (
            "patch",
            Some("PUT, PATCH, DELETE"),
            "ask with the method PATCH, as Access-Control-Allow-Methods has it (methods are case-sensitive, patch is another one)",
        ),
        (
            "patch",
            Some("PUT"),
            "send Access-Control-Allow-Methods: PUT, patch in",
        ),
    ];
    for (method, allowed, hint) in rows {
        let reason = Reason::MethodDisallowed {
            method: method.to_owned(),
            allowed: allowed.map(str::to_owned),
        };
        let url = "https://b.example/".parse().unwrap();
        let told = NetworkError::new(reason, ExchangeKind::Preflight, url).hint();
        assert!(told.starts_with(hint), "{told}");
    }
}

#[test]
fn a_change_that_mends_several_failures_is_told_once() {
    let redirect = Reason::NoCorsRedirectModeNotFollow;
    let url = "https://b.example/".parse().unwrap();
    let error = NetworkError::new(redirect.clone(), ExchangeKind::Request, url)
        .with_further(vec![redirect]);
    assert_eq!(error.hints(), [error.hint()]);
}

#[test]
fn only_a_preflight_that_was_answered_was_refused() {
    let told = |reason: Reason| {
        let url = "https://b.example/".parse().unwrap();
        NetworkError::new(reason, ExchangeKind::Preflight, url).to_string()
    };
    let refused = told(Reason::PreflightStatus { status: 404 });
    assert!(
        refused.starts_with("the preflight was refused: "),
        "{refused}"
    );
    let detail = "reset".to_owned();
    let closed = told(Reason::Transport(TransportFailure::Closed { detail }));
    assert!(!closed.starts_with("the preflight was refused"), "{closed}");
}

#[test]
fn each_of_several_failures_has_its_hint() {
    let further = vec![Reason::MethodDisallowed {
        method: "PUT".to_owned(),
        allowed: None,
    }];
    let header = Reason::HeaderDisallowed {
        name: HeaderName::from_static("x-token"),
        allowed: None,
    };
    let url = "https://b.example/".parse().unwrap();
    let error = NetworkError::new(header, ExchangeKind::Preflight, url).with_further(further);
    assert_eq!(
        error.hints(),
        [
            "send Access-Control-Allow-Headers: x-token in the preflight's answer",
            "send Access-Control-Allow-Methods: PUT in the preflight's answer (methods are case-sensitive)",
        ]
    );
}
