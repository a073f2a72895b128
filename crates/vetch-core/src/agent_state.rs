//! The user agent's state that fetches share: the preflight cache, the profile, and the values it sends by default.
//! In: the caller's choices. Out: one value that threads share by reference.

use crate::fetching::cors_preflight_cache::{PreflightCache, PreflightCacheConfig};
use crate::infrastructure::header_safelists::{Unsafe, unsafe_request_header};
use crate::infrastructure::header_values::HeaderValue;
use crate::profile::{Profile, RequestHeaderRules};
use crate::trace::Record;

/// What fetches share. Cookies, HTTP authentication, HSTS and the HTTP cache are the driver's, not the core's.
///
/// ```
/// use vetch_core::{AgentState, Profile};
/// let agent = AgentState::new(Profile::SPEC);
/// assert_eq!(agent.preflight_cache.len(), 0);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct AgentState {
    /// Where the user agent departs from the Standard or chooses.
    pub profile: Profile,
    /// The CORS-preflight cache.
    pub preflight_cache: PreflightCache,
    /// Values that the user agent sends by default.
    pub default_headers: DefaultHeaders,
    /// Whether fetches record decisions and remarks.
    pub record: Record,
}

impl AgentState {
    /// A fresh state.
    pub fn new(profile: Profile) -> Self {
        Self::with_preflight_cache(profile, PreflightCacheConfig::default())
    }

    /// A fresh state whose preflight cache is configured so.
    pub fn with_preflight_cache(profile: Profile, config: PreflightCacheConfig) -> Self {
        Self {
            profile,
            preflight_cache: PreflightCache::with_rules(config, profile.preflight_cache),
            default_headers: DefaultHeaders::of(&profile),
            record: Record::default(),
        }
    }
}

/// Values that the user agent sends where the request has none of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DefaultHeaders {
    /// Default `User-Agent` value · fetch.spec.whatwg.org/#default-user-agent-value
    pub user_agent: HeaderValue,
    /// `Accept-Encoding`.
    pub accept_encoding: HeaderValue,
    accept_language: HeaderValue,
}

impl DefaultHeaders {
    /// The values of a profile, under a `User-Agent` that names vetch.
    pub fn of(profile: &Profile) -> Self {
        Self {
            user_agent: HeaderValue::from_static(concat!("vetch/", env!("CARGO_PKG_VERSION"))),
            accept_encoding: HeaderValue::from_static(profile.accept_encoding),
            accept_language: HeaderValue::from_static(profile.accept_language),
        }
    }

    /// `Accept-Language`.
    pub fn accept_language(&self) -> &HeaderValue {
        &self.accept_language
    }

    /// Set `Accept-Language`. A value that is not CORS-safelisted is refused: it would make every request ask first.
    pub fn set_accept_language(&mut self, value: HeaderValue) -> Result<(), Unsafe> {
        match unsafe_request_header(
            &http::header::ACCEPT_LANGUAGE,
            &value,
            &RequestHeaderRules::SPEC,
        ) {
            None => {
                self.accept_language = value;
                Ok(())
            }
            Some(rule) => Err(rule),
        }
    }
}
