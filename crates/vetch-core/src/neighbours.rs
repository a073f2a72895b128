//! Neighbours: the other standards that fetch calls.

pub mod fetch_metadata;
pub mod referrer_policy;
pub mod subresource_integrity;
