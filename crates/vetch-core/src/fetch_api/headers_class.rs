//! Headers class · fetch.spec.whatwg.org/#headers-class
//! In: names and values as a script gives them. Out: a header list, by the rules of its guard.
//! Differs: a header that a guard drops is told, so that a person can be warned.

use crate::infrastructure::forbidden_headers::{
    forbidden_request_header, is_forbidden_response_header_name,
};
use crate::infrastructure::header_safelists::{
    is_no_cors_safelisted_request_header, is_no_cors_safelisted_request_header_name,
    is_privileged_no_cors_request_header_name,
};
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::profile::{NoCorsType, RequestHeaderRules};

/// A guard · fetch.spec.whatwg.org/#concept-headers-guard
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guard {
    /// `immutable`
    Immutable,
    /// `request`
    Request,
    /// `request-no-cors`
    RequestNoCors,
    /// `response`
    Response,
    /// `none`
    None,
}

/// A `Headers` object.
///
/// ```
/// use vetch_core::fetch_api::headers_class::{Guard, Headers};
/// let mut headers = Headers::new(Guard::RequestNoCors);
/// headers.append("X-Token", "1").unwrap();
/// headers.append("Content-Type", "text/plain").unwrap();
/// assert_eq!(headers.list().len(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Headers {
    guard: Guard,
    rules: RequestHeaderRules,
    list: HeaderList,
}

/// What became of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in the list.
    Kept,
    /// The guard dropped it without a word to the script; why.
    Dropped {
        /// One clause.
        reason: String,
    },
}

/// What `Headers` throws.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// The name is no token.
    #[error("{name:?} is not a header name; use letters, digits and -")]
    Name {
        /// The name.
        name: String,
    },
    /// The value is no header value.
    #[error("the value of {name} is not a header value: {reason}")]
    Value {
        /// The header's name.
        name: String,
        /// Why.
        reason: crate::infrastructure::header_values::InvalidHeaderValue,
    },
    /// The guard is immutable.
    #[error("these headers cannot be changed")]
    Immutable,
}

impl Headers {
    /// No headers, with that guard.
    pub const fn new(guard: Guard) -> Self {
        Self::with_rules(guard, RequestHeaderRules::SPEC)
    }

    /// No headers, with that guard, which asks a profile's safelist.
    pub const fn with_rules(guard: Guard, rules: RequestHeaderRules) -> Self {
        Self {
            guard,
            rules,
            list: HeaderList::new(),
        }
    }

    /// The headers of a request or response that is there already; the guard is for what a script does from now on.
    pub const fn of_list(guard: Guard, list: HeaderList) -> Self {
        Self {
            guard,
            rules: RequestHeaderRules::SPEC,
            list,
        }
    }

    /// Append the type that a body implies: as [`Headers::append`], unless the rules let it past the guard.
    pub fn append_implied_type(&mut self, value: &str) -> Result<Fate, InvalidHeader> {
        if self.rules.no_cors_type == NoCorsType::Dropped {
            return self.append("Content-Type", value);
        }
        let (name, value) = parse("Content-Type", value)?;
        self.list.append(name, value);
        Ok(Fate::Kept)
    }

    /// Make room for that many headers more.
    pub fn reserve(&mut self, more: usize) {
        self.list.reserve(more);
    }

    /// The header list.
    pub const fn list(&self) -> &HeaderList {
        &self.list
    }

    /// The header list.
    pub fn into_list(self) -> HeaderList {
        self.list
    }

    /// Append · fetch.spec.whatwg.org/#concept-headers-append
    pub fn append(&mut self, name: &str, value: &str) -> Result<Fate, InvalidHeader> {
        // 1–2.
        let (name, value) = parse(name, value)?;
        if let Some(reason) = self.validate(&name, &value)? {
            return Ok(Fate::Dropped { reason });
        }
        // 3.
        if self.guard == Guard::RequestNoCors {
            let mut combined: HeaderList = self
                .list
                .values_of(&name)
                .map(|value| (name.clone(), value.clone()))
                .collect();
            combined.append(name.clone(), value.clone());
            let safelisted = combined.get(&name).is_some_and(|value| {
                is_no_cors_safelisted_request_header(&name, &value, &self.rules)
            });
            if !safelisted {
                return Ok(not_safelisted());
            }
        }
        // 4.
        self.list.append(name, value);
        // 5.
        self.remove_privileged_no_cors_request_headers();
        Ok(Fate::Kept)
    }

    /// Set · fetch.spec.whatwg.org/#dom-headers-set
    pub fn set(&mut self, name: &str, value: &str) -> Result<Fate, InvalidHeader> {
        // 1–2.
        let (name, value) = parse(name, value)?;
        if let Some(reason) = self.validate(&name, &value)? {
            return Ok(Fate::Dropped { reason });
        }
        // 3.
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_request_header(&name, &value, &self.rules)
        {
            return Ok(not_safelisted());
        }
        // 4–5.
        self.list.set(name, value);
        self.remove_privileged_no_cors_request_headers();
        Ok(Fate::Kept)
    }

    /// Delete · fetch.spec.whatwg.org/#dom-headers-delete
    pub fn delete(&mut self, name: &str) -> Result<Fate, InvalidHeader> {
        // 1. The value is one that every safelist takes.
        let (name, value) = parse(name, "")?;
        if let Some(reason) = self.validate(&name, &value)? {
            return Ok(Fate::Dropped { reason });
        }
        // 2.
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_request_header_name(&name)
            && !is_privileged_no_cors_request_header_name(&name)
        {
            return Ok(not_safelisted());
        }
        // 3–4.
        self.list.delete(&name);
        // 5.
        self.remove_privileged_no_cors_request_headers();
        Ok(Fate::Kept)
    }

    /// Validate: an error throws, a reason drops the header.
    ///
    /// fetch.spec.whatwg.org/#headers-validate
    fn validate(
        &self,
        name: &HeaderName,
        value: &HeaderValue,
    ) -> Result<Option<String>, InvalidHeader> {
        match self.guard {
            Guard::Immutable => Err(InvalidHeader::Immutable),
            Guard::Request => {
                Ok(forbidden_request_header(name, value).map(|forbidden| forbidden.to_string()))
            }
            Guard::Response if is_forbidden_response_header_name(name) => {
                Ok(Some("no script may see or set it".to_owned()))
            }
            Guard::Response | Guard::RequestNoCors | Guard::None => Ok(None),
        }
    }

    /// fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers
    fn remove_privileged_no_cors_request_headers(&mut self) {
        if self.guard == Guard::RequestNoCors {
            self.list
                .retain(|name, _| !is_privileged_no_cors_request_header_name(name));
        }
    }
}

/// A name and a normalised value, or what throws.
// DIFFERS: a name above 65 535 bytes is none: `http::HeaderName` holds no longer one.
pub fn parse(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidHeader> {
    let header_name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| InvalidHeader::Name {
        name: name.to_owned(),
    })?;
    let value = HeaderValue::from_byte_string(value).map_err(|reason| InvalidHeader::Value {
        name: name.to_owned(),
        reason,
    })?;
    Ok((header_name, value))
}

fn not_safelisted() -> Fate {
    Fate::Dropped {
        reason: "a no-cors request may only carry safelisted headers".to_owned(),
    }
}
