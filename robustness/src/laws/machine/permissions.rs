//! What servers have allowed, read from their answers without the core's help.

use vetch_core::{
    CredentialsMode, ExchangeKind, HeaderList, Method, Mode, OutgoingRequest, Request, Status,
    Timestamp, VisibleHeaders,
};

use crate::steps::header_safelists::cors_unsafe_request_header_names;
use crate::steps::header_values::tokens;

/// What preflights have brought so far.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    grants: Vec<Grant>,
    /// The preflight's answer just before, if it was one.
    live: Option<usize>,
}

/// One answer to a preflight.
#[derive(Debug)]
struct Grant {
    partition: String,
    origin: Vec<u8>,
    url: String,
    is_credentialed: bool,
    methods: Vec<String>,
    names: Vec<String>,
    /// The last moment at which it may be used without asking again, in milliseconds.
    until: u64,
}

impl Permissions {
    /// What needs permission has it: in the answer just before, or in one that is still kept.
    pub(super) fn check(&mut self, asked: &Request, outgoing: &OutgoingRequest, now: Timestamp) {
        let live = self.live.take();
        if outgoing.kind == ExchangeKind::Preflight || asked.mode != Mode::Cors {
            return;
        }
        let origin = outgoing.header_list.get("origin");
        let stays_home = asked.origin.is_same_origin_with_url(&outgoing.url);
        let Some(origin) = origin.filter(|origin| !stays_home || **origin == "null") else {
            // A request that stays at home may leave its origin out; one that goes abroad must say it.
            assert!(
                stays_home || *asked.origin.serialize() == "null",
                "no Origin to {}",
                outgoing.url
            );
            return;
        };
        if stays_home && *asked.origin.serialize() == *origin {
            return;
        }
        let is_credentialed = asked.credentials_mode == CredentialsMode::Include;
        let applies = |(at, grant): &(usize, &Grant)| {
            grant.partition == partition(asked)
                && grant.origin == origin.as_bytes()
                && grant.url == outgoing.url.as_str()
                && (grant.is_credentialed || !is_credentialed)
                && (live == Some(*at) || now.as_millis() <= grant.until)
        };
        let grants: Vec<&Grant> = self
            .grants
            .iter()
            .enumerate()
            .filter(applies)
            .map(|(_, grant)| grant)
            .collect();
        let method = &outgoing.method;
        let is_simple = matches!(*method, Method::GET | Method::HEAD | Method::POST);
        assert!(
            is_simple || grants.iter().any(|grant| grant.allows_method(method)),
            "{method} {} goes without permission",
            outgoing.url
        );
        for name in wished_names(asked, outgoing) {
            assert!(
                grants.iter().any(|grant| grant.allows_name(&name)),
                "{name} to {} goes without permission",
                outgoing.url
            );
        }
    }

    /// An answer came.
    pub(super) fn answered(
        &mut self,
        (asked, outgoing): (&Request, &OutgoingRequest),
        (status, headers): (Status, &HeaderList),
        now: Timestamp,
    ) {
        if outgoing.kind == ExchangeKind::Request {
            return;
        }
        let is_ok = matches!(status.as_u16(), 200..=299);
        if !is_ok || !is_readable(asked, outgoing, headers) {
            return;
        }
        let (Some(mut methods), Some(names)) = (
            list(headers, "access-control-allow-methods"),
            list(headers, "access-control-allow-headers"),
        ) else {
            return;
        };
        if !headers.contains("access-control-allow-methods") && asked.use_cors_preflight {
            let wished = outgoing.header_list.get("access-control-request-method");
            methods.extend(wished.map(|wished| wished.to_string()));
        }
        let origin = outgoing.header_list.get("origin");
        self.live = Some(self.grants.len());
        self.grants.push(Grant {
            partition: partition(asked),
            origin: origin.expect("a preflight has it").as_bytes().to_vec(),
            url: outgoing.url.to_string(),
            is_credentialed: asked.credentials_mode == CredentialsMode::Include,
            methods,
            names,
            until: now.as_millis().saturating_add(millis(headers)),
        });
    }
}

impl Grant {
    fn allows_method(&self, wished: &Method) -> bool {
        let is_it = |method: &String| method == wished.as_str();
        self.methods.iter().any(is_it) || self.has_wildcard(&self.methods)
    }

    fn allows_name(&self, wished: &str) -> bool {
        let is_it = |name: &String| name.eq_ignore_ascii_case(wished);
        self.names.iter().any(is_it) || self.has_wildcard(&self.names) && wished != "authorization"
    }

    fn has_wildcard(&self, list: &[String]) -> bool {
        !self.is_credentialed && list.iter().any(|item| item == "*")
    }
}

/// Whether the answer lets the page's origin read it.
pub(super) fn is_readable(
    asked: &Request,
    outgoing: &OutgoingRequest,
    headers: &HeaderList,
) -> bool {
    let is_credentialed = asked.credentials_mode == CredentialsMode::Include;
    let lines = |name| headers.values_of(name).collect::<Vec<_>>();
    let origin = outgoing.header_list.get("origin");
    let is_allowed = match lines("access-control-allow-origin")[..] {
        [value] if *value == "*" => !is_credentialed,
        [value] => origin.is_some_and(|origin| *origin == *value),
        _ => false,
    };
    let allows_credentials = lines("access-control-allow-credentials");
    is_allowed
        && (!is_credentialed || matches!(allows_credentials[..], [value] if *value == "true"))
}

/// Each header that the page sees is safelisted or exposed.
pub(super) fn check_exposed(asked: &Request, answered: &HeaderList, seen: VisibleHeaders<'_>) {
    const SAFELISTED: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    let exposed = list(answered, "access-control-expose-headers").unwrap_or_default();
    let exposes_all = asked.credentials_mode != CredentialsMode::Include
        && exposed.iter().any(|item| item == "*");
    for (name, _) in seen.iter() {
        let is_exposed = exposed
            .iter()
            .any(|item| name.as_str().eq_ignore_ascii_case(item));
        let is_safe = SAFELISTED.contains(&name.as_str());
        assert!(is_safe || is_exposed || exposes_all, "{name} is shown");
    }
}

/// The names that the page set, that still go, and that need permission.
fn wished_names(asked: &Request, outgoing: &OutgoingRequest) -> Vec<String> {
    // Line by line, as the page gave them: the wire has them combined, and the Standard judges each by itself.
    let lines = asked.header_list.iter();
    let wished: Vec<_> = lines
        .filter(|(name, _)| outgoing.header_list.contains(*name))
        .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
        .collect();
    let names = cors_unsafe_request_header_names(&wished);
    names
        .into_iter()
        .map(|name| String::from_utf8(name).expect("a token"))
        .collect()
}

fn partition(asked: &Request) -> String {
    asked.network_partition_key().as_str().to_owned()
}

/// All items of all lines, none where the header is absent, nothing where an item is no token.
fn list(headers: &HeaderList, name: &'static str) -> Option<Vec<String>> {
    let lines = headers
        .values_of(name)
        .map(|value| tokens(value.as_bytes()));
    Some(lines.collect::<Option<Vec<_>>>()?.concat())
}

/// How long an answer may be kept: what one line of digits says, five seconds otherwise.
fn millis(headers: &HeaderList) -> u64 {
    let lines: Vec<String> = headers
        .values_of("access-control-max-age")
        .map(ToString::to_string)
        .collect();
    let seconds = match &lines[..] {
        [line] if !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()) => {
            line.parse().unwrap_or(u64::MAX).min(1 << 31)
        }
        _ => 5,
    };
    seconds * 1_000
}
