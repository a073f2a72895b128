//! Checks: what an answer had to say, and what it said.
//! In: an exchange and the reasons for which it was refused. Out: one row per check that was reached.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
};
use vetch::ExchangeRecord;
use vetch_core::infrastructure::methods::is_cors_safelisted;
use vetch_core::network_error::CorsCheckFailure;
use vetch_core::{CredentialsMode, ExchangeKind, HeaderList, HeaderName, Method, Reason};

use super::headers::title;

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) passed: bool,
    /// What was looked at.
    pub(super) what: String,
    pub(super) wanted: String,
    pub(super) got: String,
}

/// What the checks of one exchange depend on.
pub(super) struct Judged<'a> {
    pub(super) exchange: &'a ExchangeRecord,
    pub(super) credentials_mode: CredentialsMode,
    /// Why this answer was refused; empty when it was not.
    pub(super) reasons: &'a [&'a Reason],
}

/// The checks of an answer to a preflight or to a `cors` request, in the Standard's order.
pub(super) fn checks(judged: &Judged<'_>) -> Vec<Check> {
    let mut checks = cors_check(judged);
    if judged.exchange.kind == ExchangeKind::Request {
        return checks;
    }
    checks.push(status(judged));
    if checks.iter().all(|check| check.passed) {
        checks.extend(methods(judged));
        checks.extend(header_names(judged));
    }
    checks
}

fn cors_check(judged: &Judged<'_>) -> Vec<Check> {
    let includes = judged.credentials_mode == CredentialsMode::Include;
    let origin = text(&judged.exchange.request_headers, &ORIGIN).unwrap_or_default();
    let is_credentials = |reason: &&Reason| {
        matches!(
            reason,
            Reason::CorsCheck(CorsCheckFailure::InvalidAllowCredentials { .. })
        )
    };
    let is_origin =
        |reason: &&Reason| matches!(reason, Reason::CorsCheck(_)) && !is_credentials(reason);
    let wanted = if includes {
        format!("{origin} (* does not do with credentials)")
    } else {
        format!("{origin} or *")
    };
    let mut checks = vec![judged.row(&ACCESS_CONTROL_ALLOW_ORIGIN, wanted, is_origin)];
    if includes {
        let wanted = "true".to_owned();
        checks.push(judged.row(&ACCESS_CONTROL_ALLOW_CREDENTIALS, wanted, is_credentials));
    }
    checks
}

fn status(judged: &Judged<'_>) -> Check {
    let refused = judged.reasons.iter().any(|reason| {
        matches!(
            reason,
            Reason::PreflightStatus { .. } | Reason::PreflightRedirect { .. }
        )
    });
    Check {
        passed: !refused,
        what: "status".to_owned(),
        wanted: "200 to 299".to_owned(),
        got: judged
            .exchange
            .status
            .map_or_else(|| NOTHING.to_owned(), |status| status.to_string()),
    }
}

fn methods(judged: &Judged<'_>) -> Option<Check> {
    let method = text(
        &judged.exchange.request_headers,
        &ACCESS_CONTROL_REQUEST_METHOD,
    )?;
    let safelisted =
        Method::from_bytes(method.as_bytes()).is_ok_and(|method| is_cors_safelisted(&method));
    if safelisted && judged.reasons.is_empty() {
        return None;
    }
    Some(judged.row(&ACCESS_CONTROL_ALLOW_METHODS, method, |reason| {
        matches!(
            reason,
            Reason::MethodDisallowed { .. } | Reason::InvalidAllowMethods { .. }
        )
    }))
}

fn header_names(judged: &Judged<'_>) -> Option<Check> {
    let names = text(
        &judged.exchange.request_headers,
        &ACCESS_CONTROL_REQUEST_HEADERS,
    )?;
    let wanted = names.replace(',', ", ");
    Some(judged.row(&ACCESS_CONTROL_ALLOW_HEADERS, wanted, |reason| {
        matches!(
            reason,
            Reason::HeaderDisallowed { .. } | Reason::InvalidAllowHeaders { .. }
        )
    }))
}

impl Judged<'_> {
    fn row(&self, name: &HeaderName, wanted: String, fails: impl Fn(&&Reason) -> bool) -> Check {
        Check {
            passed: !self.reasons.iter().any(fails),
            what: title(name),
            wanted,
            got: text(&self.exchange.response_headers, name).unwrap_or_else(|| NOTHING.to_owned()),
        }
    }
}

fn text(headers: &HeaderList, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(value.isomorphic_decode().into_owned())
}

const NOTHING: &str = "nothing";
