//! The profiles: the Standard, the Recommendation before it, and the browsers.
//! In: nothing; this is data. Out: the constants, each with its date and its evidence.

use super::Profile;
use super::choices::{
    AbsentAllowMethods, AuthorizationByWildcard, ConditionalCacheHeaders, HiddenOrigin,
    InsecurePreflightMetadata, MaxAgeGrammar, MaxAgeMalformed, OpaqueReferrer, PreflightCacheMode,
    PreflightFailureOrder, PreflightLanguages, PreflightOrigin, PreflightSite, PreflightedRedirect,
    ReferrerDowngrade, RelaxedReferrerPolicies, ResponseHeaderBytes, UploadWithoutBody, Wildcards,
};
use super::preflight_cache_rules::{
    CacheClearing, CacheModesPast, CacheRefresh, CachedHead, CachedWildcards, CredentialedEntries,
    DeniedAnswers, NullOrigins, PreflightCacheRules,
};
use super::redirect_rules::{
    CrossOriginDelete, EmptyLocation, ErrorMode, LocationBytes, ManualMode, RedirectRules,
    RedirectStatuses, RedirectUserinfo, RedirectedMetadata, RedirectedOrigin, RedirectedPreflight,
    RedirectedRequest, SeveralLocations,
};

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
        max_age_grammar: MaxAgeGrammar::Digits,
        wildcards: Wildcards::Honoured,
        authorization_by_wildcard: AuthorizationByWildcard::Refused,
        absent_allow_methods: AbsentAllowMethods::OwnMethod,
        preflighted_redirect: PreflightedRedirect::Followed,
        preflight_failure_order: PreflightFailureOrder::CorsCheckFirst,
        preflight_languages: PreflightLanguages::Withheld,
        preflight_cache_mode: PreflightCacheMode::Default,
        preflight_origin: PreflightOrigin::AsRequest,
        preflight_site: PreflightSite::WholeList,
        insecure_preflight_metadata: InsecurePreflightMetadata::Nothing,
        preflight_cache: PreflightCacheRules::SPEC,
        referrer_downgrade: ReferrerDowngrade::FromTrustworthy,
        relaxed_referrer_policies: RelaxedReferrerPolicies::Honoured,
        hidden_origin: HiddenOrigin::Null,
        conditional_cache_headers: ConditionalCacheHeaders::NoCache,
        opaque_referrer: OpaqueReferrer::Withheld,
        upload_without_body: UploadWithoutBody::Asks,
        redirects: RedirectRules::SPEC,
        response_header_bytes: ResponseHeaderBytes::AsSent,
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

    /// What the three browsers have in common and the Standard has otherwise.
    const BROWSERS: Self = Self {
        authorization_by_wildcard: AuthorizationByWildcard::Allowed,
        absent_allow_methods: AbsentAllowMethods::SafelistedMethods,
        preflight_languages: PreflightLanguages::Told,
        referrer_downgrade: ReferrerDowngrade::FromHttps,
        ..Self::SPEC
    };

    /// Chromium, as far as this table's fields go.
    pub const CHROMIUM: Self = Self {
        name: "chromium",
        date: "2026-11-23",
        evidence: "recorded 2026-11-23, Chromium 156.0.8078.79; preflight_result.cc (cap)",
        max_age_limit: Some(7_200),
        max_age_grammar: MaxAgeGrammar::SignedDigits,
        preflight_cache_mode: PreflightCacheMode::AsRequest,
        preflight_site: PreflightSite::CurrentUrl,
        insecure_preflight_metadata: InsecurePreflightMetadata::Mode,
        preflight_cache: PreflightCacheRules {
            refresh: CacheRefresh::Replaced,
            clearing: CacheClearing::PreflightFailure,
            past: CacheModesPast::NoStoreReloadNoCache,
            null_origins: NullOrigins::NotKept,
            ..PreflightCacheRules::SPEC
        },
        hidden_origin: HiddenOrigin::Told,
        conditional_cache_headers: ConditionalCacheHeaders::MaxAgeZero,
        redirects: RedirectRules {
            error_mode: ErrorMode::WithLocation,
            manual_mode: ManualMode::Parsable,
            empty_location: EmptyLocation::None,
            several_locations: SeveralLocations::FollowedIfEqual,
            location_bytes: LocationBytes::Encoded,
            userinfo: RedirectUserinfo::Refused,
            ..RedirectRules::SPEC
        },
        upload_without_body: UploadWithoutBody::DoesNotAsk,
        ..Self::BROWSERS
    };

    /// Firefox, as far as this table's fields go.
    pub const FIREFOX: Self = Self {
        name: "firefox",
        date: "2026-11-23",
        evidence: "recorded 2026-11-23, Firefox ESR 153.7.0; nsCORSListenerProxy.cpp (cap, order)",
        accept_language: "en-US,en;q=0.5",
        max_age_limit: Some(86_400),
        max_age_malformed: MaxAgeMalformed::NotKept,
        preflight_failure_order: PreflightFailureOrder::StatusFirst,
        preflight_cache_mode: PreflightCacheMode::AsRequest,
        preflight_origin: PreflightOrigin::Page,
        preflight_cache: PreflightCacheRules {
            wildcards: CachedWildcards::NotKept,
            credentialed_entries: CredentialedEntries::AnswerCredentialed,
            refresh: CacheRefresh::MergedUnlessZero,
            past: CacheModesPast::NoStoreReload,
            head: CachedHead::NeedsEntry,
            ..PreflightCacheRules::SPEC
        },
        relaxed_referrer_policies: RelaxedReferrerPolicies::SameSiteOnly,
        redirects: RedirectRules {
            several_locations: SeveralLocations::FollowedIfEqual,
            location_bytes: LocationBytes::EncodedWithTabs,
            preflight: RedirectedPreflight::AsMade,
            request: RedirectedRequest::LastWithAuthorization,
            ..RedirectRules::SPEC
        },
        ..Self::BROWSERS
    };

    /// WebKit, as far as this table's fields go.
    pub const WEBKIT: Self = Self {
        name: "webkit",
        date: "2026-11-23",
        evidence: "recorded 2026-11-23, WebKitGTK 2.50.6; CrossOriginPreflightResultCache.cpp (cap), CrossOriginAccessControl.cpp (order)",
        accept_encoding: "gzip, deflate, br",
        max_age_limit: Some(600),
        max_age_grammar: MaxAgeGrammar::SignedDigits,
        preflight_failure_order: PreflightFailureOrder::StatusFirst,
        preflight_cache: PreflightCacheRules {
            authorization: AuthorizationByWildcard::Allowed,
            wildcards: CachedWildcards::ByRequest,
            refresh: CacheRefresh::Replaced,
            clearing: CacheClearing::PreflightFailure,
            denied: DeniedAnswers::Kept,
            null_origins: NullOrigins::KeptUnlessTainted,
            ..PreflightCacheRules::SPEC
        },
        preflight_site: PreflightSite::CrossSiteOnceTainted,
        opaque_referrer: OpaqueReferrer::Told,
        redirects: RedirectRules {
            statuses: RedirectStatuses::MostOf3xx,
            error_mode: ErrorMode::WithLocation,
            empty_location: EmptyLocation::Refused,
            several_locations: SeveralLocations::Joined,
            preflight: RedirectedPreflight::AsMade,
            cross_origin_delete: CrossOriginDelete::BecomesGet,
            request: RedirectedRequest::First,
            metadata: RedirectedMetadata::NotToAnotherOrigin,
            origin: RedirectedOrigin::ByFirstMethod,
            ..RedirectRules::SPEC
        },
        response_header_bytes: ResponseHeaderBytes::Utf8,
        ..Self::BROWSERS
    };

    /// All profiles.
    pub const ALL: [Self; 5] = [
        Self::SPEC,
        Self::CHROMIUM,
        Self::FIREFOX,
        Self::WEBKIT,
        Self::W3C_2014,
    ];
}
