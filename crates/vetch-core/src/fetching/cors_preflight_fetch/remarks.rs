//! What is odd in a preflight's answer that grants the request.
//! In: the request and the answer. Out: remarks.

use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS};

use super::max_age::{MaxAge, kept_though_malformed, max_age};
use crate::fetching::http_network_fetch::IncomingResponse;
use crate::infrastructure::headers::Extracted;
use crate::infrastructure::requests::{CredentialsMode, Request};
use crate::profile::Profile;
use crate::remarks::Remark;

/// Odd things in an answer that grants the request.
pub fn remarks(request: &Request, response: &IncomingResponse, profile: &Profile) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if request.credentials_mode == CredentialsMode::Include {
        for header in [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS] {
            let listed = response.header_list.extract_token_list(&header);
            if matches!(listed, Some(Extracted::Values(tokens)) if tokens.contains(&&b"*"[..])) {
                remarks.push(Remark::WildcardIgnoredWithCredentials { header });
            }
        }
    }
    let answered = max_age(&response.header_list, profile);
    match (answered, profile.max_age_limit) {
        (MaxAge::Seconds(seconds), Some(limit)) if seconds > limit => {
            remarks.push(Remark::MaxAgeAboveLimit { seconds, limit });
        }
        (MaxAge::Malformed(value), _) => remarks.push(Remark::MaxAgeNotUnderstood {
            kept: kept_though_malformed(&value, profile),
            value,
        }),
        _ => {}
    }
    remarks
}
