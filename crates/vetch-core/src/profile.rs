//! Profiles: where browsers depart from the Standard, and where the Standard lets a user agent choose.
//! In: nothing; this is data. Out: named fields that the sections read. No section asks which browser it is.

mod browsers;
mod choices;
mod preflight_cache_rules;
mod redirect_rules;
mod request_header_rules;

pub use choices::{
    AbsentAllowMethods, AuthorizationByWildcard, ConditionalCacheHeaders, ConditionalRequests,
    Credentialless, DataUrlLength, HiddenOrigin, InsecurePreflightMetadata, MaxAgeGrammar,
    MaxAgeMalformed, OnlyIfCached, OpaqueReferrer, PathPipes, PreflightCacheMode,
    PreflightFailureOrder, PreflightLanguages, PreflightOrigin, PreflightSite, PreflightedRedirect,
    ProxyAuthentication, ReferrerDowngrade, RelaxedReferrerPolicies, ResetContentBody,
    ResponseHeaderLines, SingleLabelSites, SwitchedProtocols, UnknownIntegrity,
    UnknownResourcePolicy, UploadWithoutBody, UrlUserinfo, Wildcards,
};
pub use redirect_rules::{
    CrossOriginDelete, DifferingLocations, EmptyLocation, ErrorMode, LocationBytes, ManualBody,
    ManualMode, RedirectCorsCheck, RedirectRules, RedirectStatuses, RedirectUserinfo,
    RedirectedClientHints, RedirectedMetadata, RedirectedOrigin, RedirectedPreflight,
    RedirectedRequest, SeveralLocations,
};
pub use request_header_rules::{
    BytesBeyondAscii, CharsetCorrection, ClientHints, InvalidType, NoCorsType, OwnType,
    RangeOnTheWire, RangeUnit, RepeatedNames, RequestHeaderRules, ScriptUserAgent, SentAs,
    TypeGrammar, UnsentType,
};

use crate::infrastructure::statuses::Status;
pub use preflight_cache_rules::{
    CacheClearing, CacheModesPast, CacheRefresh, CachedHead, CachedSafelistedMethods,
    CachedWildcards, CredentialedEntries, DeniedAnswers, NullOrigins, PreflightCacheRules,
};

/// A user agent's choices, as data: the sections that a field concerns read it, and none reads the name.
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
    /// What `Access-Control-Max-Age` may be.
    pub max_age_grammar: MaxAgeGrammar,
    /// Whether `*` in `Access-Control-Allow-Methods`, `-Headers` and `-Expose-Headers` stands for all.
    pub wildcards: Wildcards,
    /// Whether `*` in a fresh answer stands for `Authorization`.
    pub authorization_by_wildcard: AuthorizationByWildcard,
    /// What an answer allows that names no methods, when upload listeners asked for a preflight.
    pub absent_allow_methods: AbsentAllowMethods,
    /// What happens when a request that needed a preflight is redirected.
    pub preflighted_redirect: PreflightedRedirect,
    /// Which failure of a preflight answer is named first when its status and its CORS headers are both wrong.
    pub preflight_failure_order: PreflightFailureOrder,
    /// Whether a preflight tells the user's languages.
    pub preflight_languages: PreflightLanguages,
    /// The cache mode of a preflight.
    pub preflight_cache_mode: PreflightCacheMode,
    /// Whose origin a preflight names after redirects.
    pub preflight_origin: PreflightOrigin,
    /// Which URLs decide about the `Sec-Fetch-Site` of a preflight after redirects.
    pub preflight_site: PreflightSite,
    /// What a preflight says in `Sec-Fetch-*` to an insecure URL.
    pub insecure_preflight_metadata: InsecurePreflightMetadata,
    /// How the preflight cache departs.
    pub preflight_cache: PreflightCacheRules,
    /// From where to where a referrer is withheld.
    pub referrer_downgrade: ReferrerDowngrade,
    /// Whether lax referrer policies hold for other sites.
    pub relaxed_referrer_policies: RelaxedReferrerPolicies,
    /// `Origin` on a `no-cors` request when the referrer policy hides the page.
    pub hidden_origin: HiddenOrigin,
    /// What a script's conditional headers do to a request.
    pub conditional_cache_headers: ConditionalCacheHeaders,
    /// Whether a document with an opaque origin tells its URL as referrer.
    pub opaque_referrer: OpaqueReferrer,
    /// Whether upload listeners ask for a preflight without a body.
    pub upload_without_body: UploadWithoutBody,
    /// How a script's request headers count and what they become.
    pub request_headers: RequestHeaderRules,
    /// What a 407 is.
    pub proxy_authentication: ProxyAuthentication,
    /// Whether `only-if-cached` goes to the network when nothing is cached.
    pub only_if_cached: OnlyIfCached,
    /// Which API's conditional headers change the cache mode.
    pub conditional_requests: ConditionalRequests,
    /// Which hosts without a registrable domain are one site.
    pub single_label_sites: SingleLabelSites,
    /// Whether integrity metadata of which no algorithm is known wants a body.
    pub unknown_integrity: UnknownIntegrity,
    /// What the embedder policy `credentialless` does.
    pub credentialless: Credentialless,
    /// What a resource policy of an unknown value is.
    pub unknown_resource_policy: UnknownResourcePolicy,
    /// What `|` in a URL's path becomes.
    pub path_pipes: PathPipes,
    /// What becomes of a user name in the URL that a request is made with.
    pub url_userinfo: UrlUserinfo,
    /// Whether the response of a `data:` URL tells its length.
    pub data_url_length: DataUrlLength,
    /// Whether the body of a 205 can be read.
    pub reset_content_body: ResetContentBody,
    /// What a 101 is that nobody asked for.
    pub switched_protocols: SwitchedProtocols,
    /// How redirects are followed.
    pub redirects: RedirectRules,
    /// What a response's header lines become.
    pub response_header_lines: ResponseHeaderLines,
}

impl Profile {
    /// Redirect status · fetch.spec.whatwg.org/#redirect-status, as far as the profile follows it.
    pub fn is_redirect(&self, status: Status) -> bool {
        match self.redirects.statuses {
            RedirectStatuses::Named => status.is_redirect(),
            RedirectStatuses::MostOf3xx => {
                matches!(status.as_u16(), 301..=303 | 307..=399)
            }
        }
    }

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
