//! TAO check · fetch.spec.whatwg.org/#tao-check
//! In: a request and a response's headers. Out: whether the page may see how long the fetch took.
//! Differs: see the label.

use crate::infrastructure::header_values::get_decode_and_split;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::requests::{Mode, Request, ResponseTainting};

const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

/// What the TAO check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaoCheck {
    /// Success: the page may see the timing.
    Passed,
    /// Failure: it may not, here and after any later redirect.
    Failed,
}

/// TAO check.
///
/// fetch.spec.whatwg.org/#concept-tao-check
// NOT DONE: the navigation timing allow values list, for which HTTP fetch remembers each redirect's header (6.1) and
// main fetch hands them on (18): only the navigation TAO check reads it, and a navigation is the embedder's.
pub fn tao_check(request: &Request, response: &HeaderList) -> TaoCheck {
    // 2. One failed hop fails all that follow.
    if request.timing_allow_failed {
        return TaoCheck::Failed;
    }
    // 3. to 5. A list that names all, or this request's origin; an absent header names none.
    if let Some(value) = response.get(TIMING_ALLOW_ORIGIN) {
        let origin = request.byte_serialized_origin();
        let mut values = get_decode_and_split(value.as_bytes());
        if values.any(|value| value == b"*" || value == origin.as_bytes()) {
            return TaoCheck::Passed;
        }
    }
    // 6. A frame's timing belongs to the frame, not to the page around it.
    let is_navigation = request.mode == Mode::Navigate;
    if is_navigation
        && !request
            .origin
            .is_same_origin_with_url(request.current_url())
    {
        return TaoCheck::Failed;
    }
    // 7. and 8. Same origin all along needs no header.
    match request.response_tainting {
        ResponseTainting::Basic => TaoCheck::Passed,
        ResponseTainting::Cors | ResponseTainting::Opaque => TaoCheck::Failed,
    }
}
