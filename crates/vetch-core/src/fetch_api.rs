//! Chapter 5, Fetch API: the door through which a script's wishes become requests.

pub mod headers_class;
pub mod invalid_request;
pub mod request_class;
pub mod xhr;
