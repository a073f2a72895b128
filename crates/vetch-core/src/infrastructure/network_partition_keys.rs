//! Network partition keys · fetch.spec.whatwg.org/#network-partition-keys
//! In: the top-level origin. Out: the key that keeps one site's network state from another's.
//! Differs: the implementation-defined second key is always null.

use std::sync::Arc;

use super::origins::Origin;

/// The top-level site under which a request is made.
///
/// fetch.spec.whatwg.org/#network-partition-key
///
/// ```
/// use vetch_core::{NetworkPartitionKey, Origin};
/// let key = |origin| NetworkPartitionKey::determine(&Origin::parse(origin).unwrap());
/// assert_eq!(key("https://a.shop.example"), key("https://b.shop.example:8443"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkPartitionKey(Arc<str>);

impl NetworkPartitionKey {
    /// Determine the network partition key of an environment, given its top-level origin.
    ///
    /// fetch.spec.whatwg.org/#determine-the-network-partition-key
    pub fn determine(top_level_origin: &Origin) -> Self {
        Self(top_level_origin.site().into())
    }

    /// The site, serialised.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
