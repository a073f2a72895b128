//! Chapter 3, HTTP extensions: headers that fetch gives a meaning to.

pub mod content_type_options;
pub mod cross_origin_resource_policy;
pub mod origin_header;
