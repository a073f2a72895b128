//! What is odd in a response that the page may read, and what of it the page does not see.
//! In: the request and the filtered response. Out: remarks, and the hidden names.

use crate::infrastructure::filtered_responses::FilteredResponse;
use crate::infrastructure::headers::{Extracted, HeaderName};
use crate::infrastructure::requests::{CredentialsMode, Request, ResponseTainting};
use crate::remarks::Remark;

/// The names that the page does not see.
pub fn hidden_names(response: &FilteredResponse) -> Vec<HeaderName> {
    let is_visible = response.header_list().is_visible();
    let names = response.internal().header_list.iter().map(|(name, _)| name);
    names.filter(|name| !is_visible(name)).cloned().collect()
}

/// Odd things in a response that the page may read.
pub fn remarks(request: &Request, response: &FilteredResponse, remarks: &mut Vec<Remark>) {
    if request.response_tainting != ResponseTainting::Cors {
        return;
    }
    let headers = &response.internal().header_list;
    let exposed = http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
    match headers.extract_token_list(&exposed) {
        Some(Extracted::Failure(value)) => remarks.push(Remark::ExposeHeadersNotUnderstood {
            value: value.isomorphic_decode().into_owned(),
        }),
        Some(Extracted::Values(names))
            if request.credentials_mode == CredentialsMode::Include
                && names.contains(&&b"*"[..]) =>
        {
            remarks.push(Remark::WildcardIgnoredWithCredentials { header: exposed });
        }
        _ => {}
    }
    if let Some(value) = headers.get(&http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS)
        && request.credentials_mode != CredentialsMode::Include
    {
        remarks.push(Remark::CredentialsAllowedButNotIncluded {
            value: value.isomorphic_decode().into_owned(),
        });
    }
    let names_one_origin = headers
        .get(&http::header::ACCESS_CONTROL_ALLOW_ORIGIN)
        .is_some_and(|value| *value != "*" && *value != "null");
    if names_one_origin && !varies_by_origin(response) {
        remarks.push(Remark::VaryOriginMissing);
    }
}

fn varies_by_origin(response: &FilteredResponse) -> bool {
    let vary = response
        .internal()
        .header_list
        .get_decode_and_split(&http::header::VARY);
    vary.is_some_and(|names| {
        names
            .iter()
            .any(|name| name == "*" || name.eq_ignore_ascii_case("origin"))
    })
}
