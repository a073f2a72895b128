//! Tables of cases, a module a section of the Standard, and the laws that hold for every input.

mod bytes;
mod cases;
mod cors_check;
mod filtered_responses;
mod forbidden_headers;
mod header_safelists;
mod header_values;
mod headers;
mod headers_class;
mod laws;
mod main_fetch;
mod methods;
mod origin_header;
mod origins;
mod range_values;
mod request_class;
mod requests;
mod responses;
mod statuses;
mod xhr;
