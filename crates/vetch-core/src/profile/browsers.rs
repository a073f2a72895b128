//! The profiles: the Standard, the Recommendation before it, and the browsers.
//! In: nothing; this is data. Out: the constants, each with its date and its evidence.

use super::Profile;
use super::choices::{
    AbsentAllowMethods, AuthorizationByWildcard, ConditionalCacheHeaders, ConditionalRequests,
    Credentialless, DataUrlLength, HiddenOrigin, InsecurePreflightMetadata, MaxAgeGrammar,
    MaxAgeMalformed, OnlyIfCached, OpaqueReferrer, PathPipes, PreflightCacheMode,
    PreflightFailureOrder, PreflightLanguages, PreflightOrigin, PreflightSite, PreflightedRedirect,
    ProxyAuthentication, ReferrerDowngrade, RelaxedReferrerPolicies, ResetContentBody,
    ResponseHeaderLines, SingleLabelSites, SwitchedProtocols, UnknownIntegrity,
    UnknownResourcePolicy, UploadWithoutBody, UrlUserinfo, Wildcards,
};
use super::preflight_cache_rules::{
    CacheClearing, CacheModesPast, CacheRefresh, CachedHead, CachedSafelistedMethods,
    CachedWildcards, CredentialedEntries, DeniedAnswers, NullOrigins, PreflightCacheRules,
};
use super::redirect_rules::{
    CrossOriginDelete, DifferingLocations, EmptyLocation, ErrorMode, LocationBytes, ManualBody,
    ManualMode, RedirectCorsCheck, RedirectRules, RedirectStatuses, RedirectUserinfo,
    RedirectedClientHints, RedirectedMetadata, RedirectedOrigin, RedirectedPreflight,
    RedirectedRequest, SeveralLocations,
};
use super::request_header_rules::{
    BytesBeyondAscii, CharsetCorrection, ClientHints, InvalidType, NoCorsType, OwnType,
    RangeOnTheWire, RangeUnit, RepeatedNames, RequestHeaderRules, ScriptUserAgent, SentAs,
    TypeGrammar, UnsentType,
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
        request_headers: RequestHeaderRules::SPEC,
        proxy_authentication: ProxyAuthentication::Refused,
        switched_protocols: SwitchedProtocols::NoAnswer,
        only_if_cached: OnlyIfCached::Refused,
        conditional_requests: ConditionalRequests::Every,
        single_label_sites: SingleLabelSites::ByScheme,
        unknown_integrity: UnknownIntegrity::WantsBody,
        credentialless: Credentialless::WithoutCredentials,
        unknown_resource_policy: UnknownResourcePolicy::SameOrigin,
        path_pipes: PathPipes::Kept,
        url_userinfo: UrlUserinfo::Kept,
        data_url_length: DataUrlLength::Untold,
        reset_content_body: ResetContentBody::Null,
        redirects: RedirectRules::SPEC,
        response_header_lines: ResponseHeaderLines::AsSent,
    };

    /// The W3C Recommendation "Cross-Origin Resource Sharing" of 16 January 2014, which many documents still describe.
    pub const W3C_2014: Self = Self {
        name: "w3c-2014",
        date: "2014-01-16",
        evidence: "www.w3.org/TR/2014/REC-cors-20140116",
        wildcards: Wildcards::Literal,
        preflight_cache: PreflightCacheRules {
            wildcards: CachedWildcards::Literal,
            ..PreflightCacheRules::SPEC
        },
        preflighted_redirect: PreflightedRedirect::Refused,
        ..Self::SPEC
    };

    /// What the three browsers have in common and the Standard has otherwise.
    const BROWSERS: Self = Self {
        authorization_by_wildcard: AuthorizationByWildcard::Allowed,
        absent_allow_methods: AbsentAllowMethods::SafelistedMethods,
        preflight_languages: PreflightLanguages::Told,
        referrer_downgrade: ReferrerDowngrade::FromHttps,
        unknown_integrity: UnknownIntegrity::WantsNothing,
        ..Self::SPEC
    };

    /// Chromium, as far as this table's fields go.
    pub const CHROMIUM: Self = Self {
        name: "chromium",
        date: "2026-11-25",
        evidence: "recorded 2026-11-25, Chromium 156.0.8078.108; preflight_result.cc (cap), xml_http_request.cc (charset)",
        max_age_limit: Some(7_200),
        max_age_grammar: MaxAgeGrammar::SignedDigits,
        preflight_cache_mode: PreflightCacheMode::AsRequest,
        preflight_site: PreflightSite::CurrentUrl,
        insecure_preflight_metadata: InsecurePreflightMetadata::Mode,
        unknown_integrity: UnknownIntegrity::WantsSight,
        preflight_cache: PreflightCacheRules {
            refresh: CacheRefresh::Replaced,
            clearing: CacheClearing::PreflightFailure,
            past: CacheModesPast::NoStoreReloadNoCache,
            null_origins: NullOrigins::KeptForOneFetch,
            safelisted_methods: CachedSafelistedMethods::Always,
            ..PreflightCacheRules::SPEC
        },
        hidden_origin: HiddenOrigin::Told,
        conditional_cache_headers: ConditionalCacheHeaders::MaxAgeZero,
        request_headers: RequestHeaderRules {
            repeated: RepeatedNames::Joined,
            range_limit: Some(i64::MAX as u64 - 1),
            range_on_the_wire: RangeOnTheWire::RewrittenForCache,
            client_hints: ClientHints::Safe,
            user_agent: ScriptUserAgent::Ignored,
            charset: CharsetCorrection::InPlace,
            invalid_type: InvalidType::Dropped,
            ..RequestHeaderRules::SPEC
        },
        credentialless: Credentialless::PastCache,
        path_pipes: PathPipes::Encoded,
        redirects: RedirectRules {
            error_mode: ErrorMode::WithLocation,
            manual_mode: ManualMode::Parsable,
            empty_location: EmptyLocation::None,
            several_locations: SeveralLocations::FollowedIfEqual,
            differing_locations: DifferingLocations::Refused,
            location_bytes: LocationBytes::Encoded,
            userinfo: RedirectUserinfo::RefusedByFetch,
            origin: RedirectedOrigin::ByMethodNullOnceCrossed,
            client_hints: RedirectedClientHints::ToOwnOriginOnly,
            ..RedirectRules::SPEC
        },
        upload_without_body: UploadWithoutBody::DoesNotAsk,
        ..Self::BROWSERS
    };

    /// Firefox, as far as this table's fields go.
    pub const FIREFOX: Self = Self {
        name: "firefox",
        date: "2026-11-25",
        evidence: "recorded 2026-11-25, Firefox ESR 153.7.0; nsCORSListenerProxy.cpp (cap, order), ReferrerInfo.cpp",
        accept_language: "en-US,en;q=0.5",
        max_age_limit: Some(86_400),
        max_age_malformed: MaxAgeMalformed::NotKept,
        preflight_failure_order: PreflightFailureOrder::StatusFirst,
        preflight_cache_mode: PreflightCacheMode::AsRequest,
        preflight_origin: PreflightOrigin::Page,
        preflight_cache: PreflightCacheRules {
            wildcards: CachedWildcards::Literal,
            credentialed_entries: CredentialedEntries::AnswerCredentialed,
            refresh: CacheRefresh::MergedUnlessZero,
            clearing: CacheClearing::AnyFailureButRedirectMode,
            past: CacheModesPast::NoStoreReload,
            head: CachedHead::NeedsEntry,
            safelisted_methods: CachedSafelistedMethods::Always,
            ..PreflightCacheRules::SPEC
        },
        relaxed_referrer_policies: RelaxedReferrerPolicies::SameSiteOnly,
        hidden_origin: HiddenOrigin::NullWithoutReferrerUntilPolicySet,
        request_headers: RequestHeaderRules {
            repeated: RepeatedNames::EachLineForItself,
            beyond_ascii: BytesBeyondAscii::Unsafe,
            type_grammar: TypeGrammar::Strict,
            own_type: OwnType::KeptBehind,
            range_limit: Some(u64::MAX),
            ..RequestHeaderRules::SPEC
        },
        proxy_authentication: ProxyAuthentication::Returned,
        conditional_requests: ConditionalRequests::OfFetch,
        single_label_sites: SingleLabelSites::UntilRedirected,
        response_header_lines: ResponseHeaderLines::WithoutEmptyRepeats,
        switched_protocols: SwitchedProtocols::AnAnswer,
        data_url_length: DataUrlLength::Told,
        unknown_resource_policy: UnknownResourcePolicy::Anybody,
        redirects: RedirectRules {
            differing_locations: DifferingLocations::Refused,
            location_bytes: LocationBytes::EncodedWithTabs,
            preflight: RedirectedPreflight::AsMade,
            request: RedirectedRequest::LastWithFirstHeaders,
            ..RedirectRules::SPEC
        },
        ..Self::BROWSERS
    };

    /// WebKit, as far as this table's fields go.
    pub const WEBKIT: Self = Self {
        name: "webkit",
        date: "2026-11-25",
        evidence: "recorded 2026-11-25, WebKitGTK 2.50.6; CrossOriginPreflightResultCache.cpp (cap), CrossOriginAccessControl.cpp (order), NetworkLoadChecker.cpp (redirects)",
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
            safelisted_methods: CachedSafelistedMethods::Always,
            ..PreflightCacheRules::SPEC
        },
        preflight_site: PreflightSite::CrossSiteOnceTainted,
        hidden_origin: HiddenOrigin::NullWithoutReferrerUntilCrossed,
        opaque_referrer: OpaqueReferrer::Told,
        request_headers: RequestHeaderRules {
            repeated: RepeatedNames::Joined,
            sent_as: SentAs::Utf8,
            range_unit: RangeUnit::AnyCase,
            range_limit: Some(u64::MAX),
            user_agent: ScriptUserAgent::SentInPreflight,
            invalid_type: InvalidType::Dropped,
            unsent_type: UnsentType::SentOfParameters,
            no_cors_type: NoCorsType::Sent,
            ..RequestHeaderRules::SPEC
        },
        proxy_authentication: ProxyAuthentication::Returned,
        only_if_cached: OnlyIfCached::GoesOn,
        reset_content_body: ResetContentBody::Readable,
        redirects: RedirectRules {
            statuses: RedirectStatuses::MostOf3xx,
            error_mode: ErrorMode::WithLocation,
            manual_body: ManualBody::OfThoseWithoutLocation,
            empty_location: EmptyLocation::Refused,
            several_locations: SeveralLocations::Joined,
            userinfo: RedirectUserinfo::RefusedOnceAsked,
            cors_check: RedirectCorsCheck::ByFirstUrlToo,
            preflight: RedirectedPreflight::AsMade,
            cross_origin_delete: CrossOriginDelete::BecomesGet,
            request: RedirectedRequest::First,
            metadata: RedirectedMetadata::NotToAnotherOrigin,
            origin: RedirectedOrigin::KeptWithinOrigin,
            ..RedirectRules::SPEC
        },
        response_header_lines: ResponseHeaderLines::Utf8,
        url_userinfo: UrlUserinfo::RemovedCrossOrigin,
        credentialless: Credentialless::Unknown,
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
