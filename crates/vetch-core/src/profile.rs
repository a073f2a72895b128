//! Profiles: where browsers depart from the Standard, and where the Standard lets a user agent choose.
//! In: nothing; this is data. Out: named fields that the sections read. No section asks which browser it is.

/// A user agent's choices, as data: every field is read by exactly one section.
///
/// ```
/// use vetch_core::Profile;
/// assert_eq!(Profile::SPEC.max_age_limit, None);
/// assert_eq!(Profile::by_name("w3c-2014").unwrap().name, "w3c-2014");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name by which the command line knows it.
    pub name: &'static str,
    /// The day on which the fields were last compared with their source.
    pub date: &'static str,
    /// Where the fields come from.
    pub evidence: &'static str,
    /// `Accept-Language` where the request has none: what the browser sends in American English.
    pub accept_language: &'static str,
    /// `Accept-Encoding` where the request has none.
    pub accept_encoding: &'static str,
    /// Seconds that a preflight answer is kept when it gives no usable `Access-Control-Max-Age`.
    pub max_age_default: u32,
    /// The imposed limit on max-age in seconds, if there is one.
    pub max_age_limit: Option<u32>,
    /// What happens with an answer whose `Access-Control-Max-Age` does not parse.
    pub max_age_malformed: MaxAgeMalformed,
    /// Whether `*` in `Access-Control-Allow-Methods`, `-Headers` and `-Expose-Headers` stands for all.
    pub wildcards: Wildcards,
    /// What happens when a request that needed a preflight is redirected.
    pub preflighted_redirect: PreflightedRedirect,
    /// Which failure of a preflight answer is named first when its status and its CORS headers are both wrong.
    pub preflight_failure_order: PreflightFailureOrder,
}

/// How long an answer is kept whose `Access-Control-Max-Age` does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaxAgeMalformed {
    /// As long as one without the header, as in the Standard.
    KeptForDefault,
    /// Not at all.
    NotKept,
}

/// Whether `*` stands for all methods or names in an uncredentialed answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wildcards {
    /// It does, as in the Standard since 2017.
    Honoured,
    /// It is a name like any other, as before.
    Literal,
}

/// What a redirect of a request that needed a preflight leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PreflightedRedirect {
    /// It is followed, with a preflight of its own where one is needed, as in the Standard since 2016.
    Followed,
    /// It is a network error, as before.
    Refused,
}

/// Which of two failures of a preflight answer is the reason given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PreflightFailureOrder {
    /// The CORS check comes first, as the Standard reads.
    CorsCheckFirst,
    /// The status comes first.
    StatusFirst,
}

impl Profile {
    /// The Standard alone.
    pub const SPEC: Self = Self {
        name: "spec",
        date: "2026-07-02",
        evidence: "whatwg/fetch 586cd2a",
        accept_language: "en-US,en;q=0.9",
        accept_encoding: "gzip, deflate, br, zstd",
        max_age_default: 5,
        max_age_limit: None,
        max_age_malformed: MaxAgeMalformed::KeptForDefault,
        wildcards: Wildcards::Honoured,
        preflighted_redirect: PreflightedRedirect::Followed,
        preflight_failure_order: PreflightFailureOrder::CorsCheckFirst,
    };

    /// The W3C Recommendation "Cross-Origin Resource Sharing" of 16 January 2014, which many documents still describe.
    pub const W3C_2014: Self = Self {
        name: "w3c-2014",
        date: "2014-01-16",
        evidence: "www.w3.org/TR/2014/REC-cors-20140116",
        wildcards: Wildcards::Literal,
        preflighted_redirect: PreflightedRedirect::Refused,
        ..Self::SPEC
    };

    /// Chromium, as far as this table's fields go.
    pub const CHROMIUM: Self = Self {
        name: "chromium",
        date: "2026-11-23",
        evidence: "preflight_result.cc (cap); Chromium 156 measured (malformed max-age)",
        max_age_limit: Some(7_200),
        ..Self::SPEC
    };

    /// Firefox, as far as this table's fields go.
    pub const FIREFOX: Self = Self {
        name: "firefox",
        date: "2026-11-23",
        evidence: "nsCORSListenerProxy.cpp (cap, order); Firefox 153 measured (malformed max-age)",
        accept_language: "en-US,en;q=0.5",
        max_age_limit: Some(86_400),
        max_age_malformed: MaxAgeMalformed::NotKept,
        preflight_failure_order: PreflightFailureOrder::StatusFirst,
        ..Self::SPEC
    };

    /// WebKit, as far as this table's fields go.
    pub const WEBKIT: Self = Self {
        name: "webkit",
        date: "2026-11-23",
        evidence: "CrossOriginPreflightResultCache.cpp (cap); CrossOriginAccessControl.cpp (order)",
        accept_encoding: "gzip, deflate, br",
        max_age_limit: Some(600),
        preflight_failure_order: PreflightFailureOrder::StatusFirst,
        ..Self::SPEC
    };

    /// All profiles.
    pub const ALL: [Self; 5] = [
        Self::SPEC,
        Self::CHROMIUM,
        Self::FIREFOX,
        Self::WEBKIT,
        Self::W3C_2014,
    ];

    /// The profile of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::SPEC
    }
}
