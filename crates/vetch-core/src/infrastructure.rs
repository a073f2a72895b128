//! Chapter 2, Infrastructure: the nouns and predicates that every algorithm reads.

pub mod environments;
pub mod filtered_responses;
pub mod forbidden_headers;
pub mod header_safelists;
pub mod header_values;
pub mod headers;
pub mod methods;
pub mod mime_type_blocking;
pub mod mime_types;
pub mod network_partition_keys;
pub mod origins;
pub mod port_blocking;
pub mod range_values;
pub mod requests;
pub mod responses;
pub mod statuses;
pub mod urls;
