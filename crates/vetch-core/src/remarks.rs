//! Remarks: what is odd in a fetch, but not fatal.
//! In: facts found while judging. Out: a list for the person debugging, never for the page.

use crate::infrastructure::headers::HeaderName;

/// Something odd that did not stop the fetch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// `*` in a list header means nothing special when credentials are included.
    #[error("`*` in {header} is only a literal name, because the credentials mode is include")]
    WildcardIgnoredWithCredentials {
        /// The header.
        header: HeaderName,
    },
    /// The server allows credentials that were not asked for.
    #[error(
        "Access-Control-Allow-Credentials is {value:?}, but the credentials mode is not include"
    )]
    CredentialsAllowedButNotIncluded {
        /// The value.
        value: String,
    },
    /// `Access-Control-Max-Age` is above the limit of this profile.
    #[error("Access-Control-Max-Age {seconds} is above this profile's limit of {limit} seconds")]
    MaxAgeAboveLimit {
        /// What the server asked for, in seconds.
        seconds: u32,
        /// What is kept, in seconds.
        limit: u32,
    },
    /// `Access-Control-Max-Age` does not parse.
    #[error("Access-Control-Max-Age {value:?} is not a number of seconds; {kept} seconds are used")]
    MaxAgeNotUnderstood {
        /// The value.
        value: String,
        /// What is used, in seconds.
        kept: u32,
    },
    /// `Access-Control-Expose-Headers` does not parse, so it exposes nothing.
    #[error(
        "Access-Control-Expose-Headers {value:?} is not a list of header names; it exposes nothing"
    )]
    ExposeHeadersNotUnderstood {
        /// The value.
        value: String,
    },
    /// A header that the script set was dropped: it belongs to the user agent.
    #[error("the header {name} was dropped: {reason}")]
    ForbiddenHeaderDropped {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The answer names one origin but does not say that it varies by origin.
    #[error(
        "Access-Control-Allow-Origin names an origin, but Vary does not list Origin: a shared cache may hand this answer to another origin"
    )]
    VaryOriginMissing,
}

impl Remark {
    /// A stable name in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WildcardIgnoredWithCredentials { .. } => "wildcard-ignored-with-credentials",
            Self::CredentialsAllowedButNotIncluded { .. } => "credentials-allowed-but-not-included",
            Self::MaxAgeAboveLimit { .. } => "max-age-above-limit",
            Self::MaxAgeNotUnderstood { .. } => "max-age-not-understood",
            Self::ExposeHeadersNotUnderstood { .. } => "expose-headers-not-understood",
            Self::ForbiddenHeaderDropped { .. } => "forbidden-header-dropped",
            Self::VaryOriginMissing => "vary-origin-missing",
        }
    }
}
