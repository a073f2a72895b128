//! The loop that takes the machine's exchanges to the wire.

use vetch_core::fetch_api::request_class::Constructed;

use crate::body::Source;
use crate::{FetchError, Response, UserAgent};

pub(crate) async fn run(
    _user_agent: &UserAgent,
    _constructed: Constructed,
    _source: Source,
) -> Result<Response, FetchError> {
    todo!()
}
