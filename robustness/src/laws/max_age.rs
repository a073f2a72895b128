//! `Access-Control-Max-Age`: an answer is kept as long as the value says, and not longer than the profile lets it.

use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::profile::{MaxAgeGrammar, MaxAgeMalformed};
use vetch_core::trace::{Decision, Record};
use vetch_core::{
    AgentState, Environment, HeaderList, HeaderName, HeaderValue, IncomingResponse, Profile,
    Status, Step, Timestamp, fetch,
};

use super::values;

/// Each line is a value of the header.
pub fn hold(bytes: &[u8]) {
    let values = values(bytes);
    for profile in Profile::ALL {
        let (kept, remaining) = kept(&values, profile);
        let kept = u64::from(kept);
        assert!(kept <= profile.max_age_limit.map_or(1 << 31, u64::from));
        assert!(remaining.iter().all(|seconds| *seconds <= kept));
        if profile == Profile::SPEC {
            assert_eq!(remaining.is_empty(), kept == 0);
            assert!(remaining.iter().all(|seconds| *seconds == kept));
        }
        // Of several lines, or an empty one, browsers read some and not others.
        let is_plain = matches!(&values[..], [value] if !value.as_bytes().is_empty());
        if is_plain || profile == Profile::SPEC {
            assert_eq!(
                kept,
                expected(&values, &profile),
                "{} {values:?}",
                profile.name
            );
        }
    }
}

/// For how many seconds a preflight's answer with those lines says to be kept, and what is in the cache then.
fn kept(values: &[HeaderValue], profile: Profile) -> (u32, Vec<u64>) {
    let mut agent = AgentState::new(profile);
    agent.record = Record::Everything;
    let page = Environment::of_origin("https://a.example").expect("an origin");
    let init = RequestInit {
        method: Some("PUT".to_owned()),
        ..RequestInit::default()
    };
    let constructed = construct("https://b.example/", init, &page.into());
    let now = Timestamp::from_millis(7);
    let step = fetch(constructed.expect("a request").request, &agent, now);
    let Step::Send(preflight) = step else {
        panic!("a PUT elsewhere asks first");
    };
    let line = |name, value| (HeaderName::from_static(name), value);
    let mut headers = HeaderList::from_iter([
        line("access-control-allow-origin", HeaderValue::from_static("*")),
        line(
            "access-control-allow-methods",
            HeaderValue::from_static("PUT"),
        ),
    ]);
    for value in values {
        headers.append(
            HeaderName::from_static("access-control-max-age"),
            value.clone(),
        );
    }
    let answer = IncomingResponse::new(Status::OK, "OK", headers);
    let Step::Send(request) = preflight.receive(answer, &agent, now) else {
        panic!("the answer allows the PUT, whatever its max-age");
    };
    let entries = agent.preflight_cache.export(now);
    let remaining = entries
        .iter()
        .map(|entry| entry.remaining_seconds)
        .collect();
    let answer = IncomingResponse::new(
        Status::OK,
        "OK",
        HeaderList::from_iter([line(
            "access-control-allow-origin",
            HeaderValue::from_static("*"),
        )]),
    );
    let Step::Done(outcome) = request.receive(answer, &agent, now) else {
        panic!("a 200 ends a fetch");
    };
    let mut decisions = outcome.trace.decisions().iter();
    let max_age = decisions.find_map(|decision| match decision {
        Decision::PreflightPassed { max_age, .. } => Some(*max_age),
        _ => None,
    });
    (max_age.expect("a preflight passed"), remaining)
}

/// `delta-seconds` by RFC 9111, with the profile's grammar, default and limit.
fn expected(values: &[HeaderValue], profile: &Profile) -> u64 {
    let default = u64::from(profile.max_age_default);
    let seconds = match values {
        [] => Some(default),
        [value] => seconds(&value.isomorphic_decode(), profile.max_age_grammar),
        _ => None,
    };
    let is_empty = values.iter().all(|value| value.as_bytes().is_empty()) && values.len() == 1;
    let malformed = match profile.max_age_malformed {
        MaxAgeMalformed::NotKept if !is_empty => 0,
        _ => default,
    };
    let limit = profile.max_age_limit.map_or(u64::MAX, u64::from);
    seconds.unwrap_or(malformed).min(limit)
}

fn seconds(text: &str, grammar: MaxAgeGrammar) -> Option<u64> {
    let is_signed = grammar == MaxAgeGrammar::SignedDigits;
    let (digits, is_negative) = match text.chars().next() {
        Some('-') if is_signed => (&text[1..], true),
        Some('+') if is_signed => (&text[1..], false),
        _ => (text, false),
    };
    if digits.is_empty() || digits.chars().any(|c| !c.is_ascii_digit()) {
        return None;
    }
    if is_negative {
        return Some(0);
    }
    let digits = digits.trim_start_matches('0');
    let too_large = 1 << 31;
    if digits.is_empty() {
        return Some(0);
    }
    // Eleven digits are more than 2³¹, and fewer fit.
    if digits.len() > 10 {
        return Some(too_large);
    }
    Some(digits.parse::<u64>().expect("ten digits").min(too_large))
}
