//! A profile's header lines: as a request's go over the wire, and as a response's are read.
//! In: a header list. Out: the same as the profile has it; for `Profile::SPEC` each name once, and every line as sent.

use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE,
    FROM, HOST, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, LOCATION, MAX_FORWARDS,
    PROXY_AUTHORIZATION, RANGE, REFERER, USER_AGENT,
};

use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::methods::Method;
use crate::infrastructure::range_values::{Whitespace, parse_single_range};
use crate::infrastructure::requests::{Body, CacheMode, Request, ResponseTainting};
use crate::profile::{Profile, RangeOnTheWire, RepeatedNames, ResponseHeaderLines, SentAs};

/// A request's own headers as they go over the wire, each name once: `request_headers`.
// DIFFERS: a name goes out once, its values joined, as in every browser; the text sends the lines of the header list. To
// HTTP it is the same.
pub fn on_the_wire(own: HeaderList, request: &Request, profile: &Profile) -> HeaderList {
    let rules = &profile.request_headers;
    let mut headers = match rules.repeated {
        RepeatedNames::EachLine | RepeatedNames::Joined => own.combined(),
        RepeatedNames::EachLineForItself => {
            let mut headers = line_by_line(&own);
            // A body has its type from the first line, until a redirect puts the script's headers into its place.
            let mut types = own.iter().filter(|(name, _)| **name == CONTENT_TYPE);
            if request.body != Body::None
                && request.redirect_count == 0
                && let Some((name, value)) = types.next()
            {
                headers.set(name.clone(), value.clone());
            }
            headers
        }
    };
    if rules.sent_as == SentAs::Utf8 {
        headers.change_values(|value| {
            let text = value.isomorphic_decode();
            HeaderValue::normalize(text.into_owned()).ok()
        });
    }
    if rules.range_on_the_wire == RangeOnTheWire::RewrittenForCache
        && request.method == Method::GET
        && request.cache_mode != CacheMode::NoStore
        && !request.is_conditional()
        && let Some(range) = headers.get(RANGE)
        && let Some(rewritten) = rewritten_range(range.as_bytes())
    {
        headers.set(RANGE, rewritten);
    }
    headers
}

/// One line after the other: an empty one empties, one of a name that takes one value replaces, the others join.
fn line_by_line(own: &HeaderList) -> HeaderList {
    let mut headers = HeaderList::with_capacity(own.len());
    for (name, value) in own.iter() {
        let is_empty = |value: &HeaderValue| value.as_bytes().is_empty();
        let replaces = is_empty(value)
            || SINGLE_VALUED.contains(name)
            || headers.get(name).is_none_or(|earlier| is_empty(&earlier));
        if replaces {
            headers.set(name.clone(), value.clone());
        } else {
            headers.combine(name.clone(), value);
        }
    }
    headers
}

/// A single range without blanks and leading zeros.
fn rewritten_range(value: &[u8]) -> Option<HeaderValue> {
    let lower = value.to_ascii_lowercase();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let compact: Vec<u8> = lower.into_iter().filter(|byte| !blank(byte)).collect();
    let range = parse_single_range(&compact, Whitespace::Refused)?;
    let number = |digits: Option<&[u8]>| match digits {
        None => Some(String::new()),
        Some([]) => Some("0".to_owned()),
        Some(digits) => {
            let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
            Some(number.to_string())
        }
    };
    let written = format!("bytes={}-{}", number(range.start)?, number(range.end)?);
    HeaderValue::normalize(written).ok()
}

/// The headers of a response as the profile reads them: `response_header_lines`.
pub fn read(mut headers: Arc<HeaderList>, request: &Request, profile: &Profile) -> Arc<HeaderList> {
    match profile.response_header_lines {
        ResponseHeaderLines::AsSent => headers,
        ResponseHeaderLines::Utf8 => {
            let is_utf8 = |value: &HeaderValue| std::str::from_utf8(value.as_bytes()).is_ok();
            if headers.iter().all(|(_, value)| is_utf8(value)) {
                return headers;
            }
            Arc::make_mut(&mut headers).change_values(|value| {
                let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                HeaderValue::normalize(text).ok()
            });
            headers
        }
        ResponseHeaderLines::WithoutEmptyRepeats => {
            Arc::new(without_empty_repeats(&headers, request.response_tainting))
        }
    }
}

/// The CORS check sees every line.
fn without_empty_repeats(headers: &HeaderList, tainting: ResponseTainting) -> HeaderList {
    let mut read = HeaderList::with_capacity(headers.len());
    for (name, value) in headers.iter() {
        let (name, value) = (name.clone(), value.clone());
        let earlier = read.get(&name).map(|earlier| earlier.as_bytes().to_vec());
        match earlier {
            Some(_)
                if name == ACCESS_CONTROL_ALLOW_ORIGIN && tainting == ResponseTainting::Cors =>
            {
                read.append(name, value);
            }
            Some(_) if value.as_bytes().is_empty() => {}
            Some(earlier) if name == LOCATION && *value.as_bytes() == *earlier => {}
            Some(earlier) if earlier.is_empty() => read.set(name, value),
            Some(earlier) if name == CONTENT_TYPE => {
                let types = [&earlier, value.as_bytes()].join(&b","[..]);
                if let Ok(types) = HeaderValue::normalize(types) {
                    read.set(name, types);
                }
            }
            None | Some(_) => read.append(name, value),
        }
    }
    read
}

/// Names that take one value, as Firefox's network stack knows them.
const SINGLE_VALUED: [HeaderName; 12] = [
    AUTHORIZATION,
    CONTENT_DISPOSITION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    FROM,
    HOST,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    MAX_FORWARDS,
    PROXY_AUTHORIZATION,
    REFERER,
    USER_AGENT,
];
