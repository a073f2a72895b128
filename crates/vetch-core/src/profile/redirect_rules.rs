//! How a profile follows redirects otherwise than the Standard.
//! In: nothing; this is data. Out: the fields that HTTP fetch, HTTP-redirect fetch and the profile's points read.

/// The choices of redirects. The first value of each is the Standard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectRules {
    /// Which statuses are redirects.
    pub statuses: RedirectStatuses,
    /// What the redirect mode `error` refuses.
    pub error_mode: ErrorMode,
    /// What the redirect mode `manual` lets through.
    pub manual_mode: ManualMode,
    /// What a page reads of a redirect that the mode `manual` lets through.
    pub manual_body: ManualBody,
    /// What an empty `Location` means.
    pub empty_location: EmptyLocation,
    /// What several `Location` lines mean.
    pub several_locations: SeveralLocations,
    /// What an answer is whose `Location` lines differ, a redirect or not.
    pub differing_locations: DifferingLocations,
    /// What bytes beyond printable ASCII become in a `Location`.
    pub location_bytes: LocationBytes,
    /// Which redirects to a URL with a user name are refused.
    pub userinfo: RedirectUserinfo,
    /// Which credentials the CORS check of a redirect is about.
    pub cors_check: RedirectCorsCheck,
    /// Which hops of a redirected request ask first.
    pub preflight: RedirectedPreflight,
    /// What a redirect to another origin makes of `DELETE`.
    pub cross_origin_delete: CrossOriginDelete,
    /// Which request a hop is made from.
    pub request: RedirectedRequest,
    /// Which hops are told Fetch Metadata.
    pub metadata: RedirectedMetadata,
    /// What a hop without CORS says in `Origin`.
    pub origin: RedirectedOrigin,
    /// Whether client hints go along to another origin.
    pub client_hints: RedirectedClientHints,
}

/// Which statuses are redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectStatuses {
    /// 301, 302, 303, 307 and 308.
    Named,
    /// 300 to 399 but 300, 304, 305 and 306.
    MostOf3xx,
}

/// What the redirect mode `error` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorMode {
    /// Every redirect status.
    EveryRedirectStatus,
    /// Those that say where to go; the others are the response.
    WithLocation,
}

/// What the redirect mode `manual` lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ManualMode {
    /// Every redirect, unseen.
    Every,
    /// Not one whose `Location` cannot be parsed.
    Parsable,
}

/// What a page reads of a redirect that the mode `manual` lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ManualBody {
    /// Nothing.
    Null,
    /// The body of one that says nowhere to go.
    OfThoseWithoutLocation,
}

/// What an empty `Location` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmptyLocation {
    /// The same URL again.
    SameUrl,
    /// As much as none: the redirect is the response.
    None,
    /// Nothing that can be followed.
    Refused,
}

/// What several `Location` lines mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SeveralLocations {
    /// Nothing that can be followed.
    Refused,
    /// What they say, where all say the same.
    FollowedIfEqual,
    /// One URL, joined by `, `.
    Joined,
}

/// What an answer is whose `Location` lines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DifferingLocations {
    /// An answer like any other; only who follows it minds.
    Taken,
    /// A network error, whatever its status.
    Refused,
}

/// What bytes beyond printable ASCII become in a `Location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocationBytes {
    /// Each is a code point, which the URL parser encodes as UTF-8.
    Decoded,
    /// Each is percent-encoded as it is.
    Encoded,
    /// As `Encoded`, and a tab too.
    EncodedWithTabs,
}

/// Which redirects to a URL with a user name or password are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectUserinfo {
    /// Those of a `cors` request to another origin, or after one.
    RefusedCrossOrigin,
    /// As `RefusedCrossOrigin`, but from the page's own origin to another one only once the preflight has passed that
    /// the request needs there.
    RefusedOnceAsked,
    /// All of `fetch()`; of others as `RefusedCrossOrigin`.
    RefusedByFetch,
}

/// Which credentials the CORS check of a redirect is about, in the credentials mode `same-origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectCorsCheck {
    /// Those that the redirected request had.
    ByCurrentUrl,
    /// Those that the first request had, too: from the page's own origin credentials, which the redirect must allow. That
    /// is found after the preflight that the target needs.
    ByFirstUrlToo,
}

/// Which hops of a redirected request ask first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectedPreflight {
    /// Those at which the request, as it is then, needs it.
    AsNeeded,
    /// Every cross-origin one, once one has asked or when a header needed it as the request was made.
    AsMade,
}

/// What a redirect to another origin makes of `DELETE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrossOriginDelete {
    /// It stays.
    Stays,
    /// It becomes `GET`, and keeps its headers.
    BecomesGet,
}

/// Which request a hop is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectedRequest {
    /// That of the hop before.
    Last,
    /// That of the hop before, but the first one's headers that an earlier redirect took away come back, unless this
    /// redirect would take them from the first one; a preflight names every header of the first one that this redirect
    /// leaves.
    LastWithFirstHeaders,
    /// The first one: a preflight names its headers and its referrer, and headers that an earlier redirect took away
    /// come back, save `Authorization`. At a hop without CORS only `Content-Type` does, and only by 307 or 308.
    First,
}

/// Which hops are told Fetch Metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectedMetadata {
    /// All.
    Told,
    /// Not that of a `cors` request to another origin than the hop before, which is not told the cache mode either, nor
    /// to send a range uncoded; its preflight is told where the first URL was.
    NotToAnotherOrigin,
}

/// What a hop without CORS says in `Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectedOrigin {
    /// What its own method has it say.
    ByMethod,
    /// What its own method has it say, but `null` once a redirect crossed origins.
    ByMethodNullOnceCrossed,
    /// What the hop before said, where the redirect stayed within an origin: what a `POST` said, `null` as well, the `GET`
    /// that a redirect made of it says too, whatever policy the redirect sets. Otherwise what its own method has it say.
    KeptWithinOrigin,
}

/// Whether a script's client hints go along to another origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectedClientHints {
    /// They do, like any other header.
    Sent,
    /// A redirect to another origin than the page's drops them, but not with `keepalive`.
    ToOwnOriginOnly,
}

impl RedirectRules {
    /// The Standard's.
    pub const SPEC: Self = Self {
        statuses: RedirectStatuses::Named,
        error_mode: ErrorMode::EveryRedirectStatus,
        manual_mode: ManualMode::Every,
        manual_body: ManualBody::Null,
        empty_location: EmptyLocation::SameUrl,
        several_locations: SeveralLocations::Refused,
        differing_locations: DifferingLocations::Taken,
        location_bytes: LocationBytes::Decoded,
        userinfo: RedirectUserinfo::RefusedCrossOrigin,
        cors_check: RedirectCorsCheck::ByCurrentUrl,
        preflight: RedirectedPreflight::AsNeeded,
        cross_origin_delete: CrossOriginDelete::Stays,
        request: RedirectedRequest::Last,
        metadata: RedirectedMetadata::Told,
        origin: RedirectedOrigin::ByMethod,
        client_hints: RedirectedClientHints::Sent,
    };
}
