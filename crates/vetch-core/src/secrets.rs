//! What `Debug` output hides of the core's types: user names and passwords of URLs, and headers that a script set.
//! In: a value. Out: text for a log.
//! Differs: nothing; a [`HeaderList`](crate::HeaderList) hides the values of credentials by itself.

use std::fmt::{Debug, Formatter, Result};

use crate::fetch_api::request_class::RequestInit;
use crate::fetch_api::xhr::XhrInit;
use crate::fetching::http_network_fetch::OutgoingRequest;
use crate::infrastructure::environments::{Environment, ReferrerUrl};
use crate::infrastructure::requests::{Referrer, UrlList};
use crate::infrastructure::urls::Shown;

impl Debug for UrlList {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_list().entries(self.iter().map(Shown)).finish()
    }
}

impl Debug for Referrer {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NoReferrer => f.write_str("NoReferrer"),
            Self::Client => f.write_str("Client"),
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
        }
    }
}

impl Debug for ReferrerUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        Shown(self.url()).fmt(f)
    }
}

impl Debug for Environment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Environment")
            .field("url", &Shown(&self.url))
            .field("origin", &self.origin)
            .field("network_partition_key", &self.network_partition_key)
            .field("referrer_policy", &self.referrer_policy)
            .field("embedder_policy", &self.embedder_policy)
            .field("global", &self.global)
            .finish_non_exhaustive()
    }
}

impl Debug for OutgoingRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("OutgoingRequest")
            .field("kind", &self.kind)
            .field("method", &self.method)
            .field("url", &Shown(&self.url))
            .field("header_list", &self.header_list)
            .field("body", &self.body)
            .field("credentials", &self.credentials)
            .field("connection", &self.connection)
            .field("network_partition_key", &self.network_partition_key)
            .finish()
    }
}

impl Debug for RequestInit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("RequestInit")
            .field("method", &self.method)
            .field("headers", &Names(&self.headers))
            .field("body", &self.body)
            .field("mode", &self.mode)
            .field("credentials", &self.credentials)
            .field("redirect", &self.redirect)
            .finish_non_exhaustive()
    }
}

impl Debug for XhrInit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("XhrInit")
            .field("method", &self.method)
            .field("headers", &Names(&self.headers))
            .field("body", &self.body)
            .field("with_credentials", &self.with_credentials)
            .field("upload_listeners", &self.upload_listeners)
            .finish_non_exhaustive()
    }
}

/// The names alone: as a script writes them, any header may be a secret.
struct Names<'a>(&'a [(String, String)]);

impl Debug for Names<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let names = self.0.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}
