//! `Access-Control-Max-Age` · fetch.spec.whatwg.org/#http-access-control-max-age
//! In: a preflight's answer. Out: how long it is kept.
//! Differs: nothing; a profile has its own default, limit and grammar.

use http::header::ACCESS_CONTROL_MAX_AGE;

use crate::infrastructure::headers::{Extracted, HeaderList};
use crate::profile::{MaxAgeGrammar, MaxAgeMalformed, Profile};

/// `Access-Control-Max-Age` as extracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MaxAge {
    Absent,
    Malformed(String),
    Seconds(u32),
}

impl MaxAge {
    /// The seconds that an answer is kept.
    pub(super) fn kept(self, profile: &Profile) -> u32 {
        let seconds = match self {
            Self::Absent => profile.max_age_default,
            Self::Malformed(value) => kept_though_malformed(&value, profile),
            Self::Seconds(seconds) => seconds,
        };
        seconds.min(profile.max_age_limit.unwrap_or(u32::MAX))
    }
}

/// The seconds that an answer is kept whose max-age does not parse.
pub(super) fn kept_though_malformed(value: &str, profile: &Profile) -> u32 {
    match profile.max_age_malformed {
        MaxAgeMalformed::NotKept if !value.is_empty() => 0,
        MaxAgeMalformed::NotKept | MaxAgeMalformed::KeptForDefault => profile.max_age_default,
    }
}

/// `delta-seconds`; what is too large to count is 2³¹ seconds, as RFC 9111 section 1.2.2 has it.
pub(super) fn max_age(response: &HeaderList, profile: &Profile) -> MaxAge {
    let value = match response.extract_single(&ACCESS_CONTROL_MAX_AGE) {
        None => return MaxAge::Absent,
        // Its ABNF allows one line.
        Some(Extracted::Failure(value)) => {
            return MaxAge::Malformed(value.isomorphic_decode().into_owned());
        }
        Some(Extracted::Values(value)) => value,
    };
    let (is_negative, digits) = match (profile.max_age_grammar, value.as_bytes()) {
        (MaxAgeGrammar::SignedDigits, [b'-', digits @ ..]) => (true, digits),
        (MaxAgeGrammar::SignedDigits, [b'+', digits @ ..]) | (_, digits) => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return MaxAge::Malformed(value.isomorphic_decode().into_owned());
    }
    if is_negative {
        return MaxAge::Seconds(0);
    }
    MaxAge::Seconds(digits.iter().fold(0_u32, |seconds, digit| {
        seconds
            .saturating_mul(10)
            .saturating_add(u32::from(digit - b'0'))
            .min(1 << 31)
    }))
}
