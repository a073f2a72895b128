//! The smallest change that would mend a failed check, for the server's owner or the page's author.

use http::HeaderName;
use http::header::AUTHORIZATION;

use super::{CorsCheckFailure, ExchangeKind, NetworkError, Reason, TransportFailure};

/// What would mend one of an error's reasons.
pub(super) fn hint(error: &NetworkError, reason: &Reason) -> String {
    let exchange = error.exchange();
    let fixed = fixed(reason);
    match reason {
        Reason::HeaderDisallowed { allowed, .. } => {
            headers_disallowed(error, allowed.as_deref().unwrap_or_default())
        }
        Reason::CorsCheck(failure) => cors_check(failure, exchange),
        Reason::PreflightStatus { .. } => {
            "answer the OPTIONS request with status 204 (before authentication and routing get to it)"
                .to_owned()
        }
        Reason::PreflightRedirect { .. } => {
            "answer the OPTIONS request at this URL itself, or let the page ask at the final URL"
                .to_owned()
        }
        Reason::InvalidAllowMethods { .. } => {
            "send Access-Control-Allow-Methods as methods separated by commas".to_owned()
        }
        Reason::InvalidAllowHeaders { .. } => {
            "send Access-Control-Allow-Headers as header names separated by commas".to_owned()
        }
        Reason::MethodDisallowed { method, allowed } => {
            method_disallowed(method, allowed.as_deref().unwrap_or_default())
        }
        Reason::RedirectAfterPreflight { .. } => {
            "send a simple request first (GET without own headers), read Response.url of its answer, and send this request there".to_owned()
        }
        Reason::Transport(failure) => transport(failure),
        _ => fixed.to_owned(),
    }
}

/// The list that came stays, and all names that it lacks are added at once.
fn headers_disallowed(error: &NetworkError, allowed: &str) -> String {
    let lacking: Vec<&HeaderName> = error
        .reasons()
        .filter_map(|reason| match reason {
            Reason::HeaderDisallowed { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    let mut listed = listed(allowed);
    // Where nothing else is lacking, `*` may have let the other names pass.
    let authorization_alone = lacking.iter().all(|name| **name == AUTHORIZATION);
    if authorization_alone && came(allowed).any(|name| name == "*") {
        listed.insert(0, "*");
    }
    listed.extend(lacking.iter().map(|name| name.as_str()));
    let exception = if lacking.contains(&&AUTHORIZATION) {
        " (* does not cover Authorization)"
    } else {
        ""
    };
    format!(
        "send Access-Control-Allow-Headers: {} in the preflight's answer{exception}",
        listed.join(", ")
    )
}

/// The items of a list that was not enough; `*` did not help, so it is no part of what would.
fn listed(allowed: &str) -> Vec<&str> {
    came(allowed).filter(|name| *name != "*").collect()
}

fn came(allowed: &str) -> impl Iterator<Item = &str> {
    let items = allowed.split(',').map(str::trim_ascii);
    items.filter(|name| !name.is_empty())
}

/// The list that came stays, and where only the case differs, that is said: a method in lower case is rarely meant.
fn method_disallowed(method: &str, allowed: &str) -> String {
    let mut listed = listed(allowed);
    let other_case = listed
        .iter_mut()
        .find(|name| name.eq_ignore_ascii_case(method));
    match other_case {
        Some(name) if method.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            return format!(
                "ask with the method {name}, as Access-Control-Allow-Methods has it (methods are case-sensitive, {method} is another one)"
            );
        }
        Some(name) => *name = method,
        None => listed.push(method),
    }
    format!(
        "send Access-Control-Allow-Methods: {} in the preflight's answer (methods are case-sensitive)",
        listed.join(", ")
    )
}

fn cors_check(failure: &CorsCheckFailure, exchange: ExchangeKind) -> String {
    let answer = match exchange {
        ExchangeKind::Preflight => "the preflight's answer",
        ExchangeKind::Request => "the answer",
    };
    match failure {
        // `null` stands for every sandboxed page, so nobody should be told to allow it.
        CorsCheckFailure::MissingAllowOrigin { wanted }
        | CorsCheckFailure::InvalidAllowOriginValue { wanted, .. }
        | CorsCheckFailure::AllowOriginMismatch { wanted, .. }
            if wanted == "null" =>
        {
            format!("send Access-Control-Allow-Origin: * in {answer} if anybody may read it; where a redirect made the origin null, let the page ask the final URL itself")
        }
        CorsCheckFailure::WildcardOriginNotAllowed { wanted }
        | CorsCheckFailure::MultipleAllowOriginValues { wanted, .. }
            if wanted == "null" =>
        {
            "leave the credentials out, or ask the final URL from a page with an origin: allowing null with credentials would let every sandboxed page in".to_owned()
        }
        CorsCheckFailure::MissingAllowOrigin { wanted }
        | CorsCheckFailure::WildcardOriginNotAllowed { wanted }
        | CorsCheckFailure::InvalidAllowOriginValue { wanted, .. }
        | CorsCheckFailure::AllowOriginMismatch { wanted, .. } => {
            format!("send Access-Control-Allow-Origin: {wanted} in {answer}")
        }
        CorsCheckFailure::MultipleAllowOriginValues { wanted, .. } => {
            format!(
                "send exactly one Access-Control-Allow-Origin: {wanted} in {answer} (is a proxy adding a second?)"
            )
        }
        CorsCheckFailure::InvalidAllowCredentials { .. } => {
            format!(
                "send Access-Control-Allow-Credentials: true in {answer}, once and in lower case"
            )
        }
    }
}

fn transport(failure: &TransportFailure) -> String {
    match failure {
        TransportFailure::Resolve { .. } => "check the host name",
        TransportFailure::Connect { .. } => "check that the server runs at that host and port",
        TransportFailure::Tls { .. } => {
            "check the server's certificate, or trust its authority (--cacert FILE)"
        }
        TransportFailure::TlsOfConnection { .. } => {
            "check what the server wants of its clients, a certificate perhaps"
        }
        TransportFailure::NotTls { .. } => "use http:// if this server has no TLS, or its port for https://",
        TransportFailure::Timeout { .. } => "check the server, or allow more time",
        TransportFailure::InformationalTooLong { .. } => "check the server, which should answer after a few of them",
        TransportFailure::HeadersTooLong { .. } => {
            "check the server, or raise the user agent's limit on heads if it is trusted"
        }
        TransportFailure::BodyTooLong { .. } => {
            "raise the limit if this server is trusted (--max-filesize BYTES)"
        }
        TransportFailure::StreamNeedsHttp2 => {
            "serve the URL over HTTP/2, or send a body that is not a stream"
        }
        TransportFailure::UrlTooLong { .. } => {
            "send what is long in the body, or check the server for redirects that make the URL grow"
        }
        TransportFailure::Unsendable { .. } => "change the header or URL that HTTP cannot carry",
        TransportFailure::RequestBody { .. } => "check where the request's body comes from",
        TransportFailure::Closed { .. }
        | TransportFailure::Malformed { .. }
        | TransportFailure::Decode { .. }
        | TransportFailure::Other { .. } => "check the server's answer",
    }
    .to_owned()
}

/// What the page's author mends, or one change of the answer that is always the same; empty where it depends on the data.
fn fixed(reason: &Reason) -> &'static str {
    match reason {
        Reason::CrossOriginInSameOriginMode { .. } => {
            "use the mode cors, or a URL of the page's origin"
        }
        Reason::NoCorsRedirectModeNotFollow => "use the redirect mode follow, or the mode cors",
        Reason::BadPort { .. } => "serve it on another port",
        Reason::NotALocalUrl { .. } | Reason::NothingToFetch { .. } => "use another URL",
        Reason::UnsupportedScheme { .. } => "use an http or https URL",
        Reason::RedirectModeError { .. } => "use the redirect mode follow, or the final URL",
        Reason::RedirectLocation(_) => "send one Location header with a valid URL",
        Reason::RedirectScheme { .. } => "redirect to an http or https URL",
        Reason::TooManyRedirects { .. } => "check the server for a redirect loop",
        Reason::RedirectContainsCredentials { .. } => {
            "redirect to a URL without user name and password"
        }
        Reason::RedirectStreamBody { .. } => {
            "answer with status 303, or send a body that is not a stream"
        }
        Reason::CrossOriginResourcePolicy(_) => {
            "send Cross-Origin-Resource-Policy: cross-origin in the answer (same-site is enough for pages of the same site)"
        }
        Reason::MimeType(_) | Reason::Nosniff(_) => {
            "send the Content-Type that the resource really has"
        }
        Reason::RangeNotRequested { .. } => "answer a request without Range with status 200",
        Reason::ProxyAuthentication => "answer with status 401 if this is no proxy",
        Reason::KeepaliveBodyTooLong { .. } => "send less, or leave keepalive out",
        Reason::NotCached => "use another cache mode",
        Reason::Integrity(_) => {
            "serve the body that the integrity metadata names, or change the metadata"
        }
        Reason::IntegrityWithoutBody => {
            "use the mode cors, so that the body may be read and checked"
        }
        _ => "",
    }
}
