//! The choices that a profile makes, one enum for each field.
//! In: nothing; this is data. Out: the values. The first of each is the Standard's.

/// How long an answer is kept whose `Access-Control-Max-Age` does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MaxAgeMalformed {
    /// As long as one without the header, as in the Standard.
    KeptForDefault,
    /// Not at all; an empty value counts as none.
    NotKept,
}

/// What `Access-Control-Max-Age` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MaxAgeGrammar {
    /// Digits.
    Digits,
    /// Digits with a sign or without; below zero is zero.
    SignedDigits,
}

/// Whether `*` in an uncredentialed answer, as it comes, stands for all methods or names; `CachedWildcards` says the same
/// of an answer that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wildcards {
    /// It does, as in the Standard since 2017.
    Honoured,
    /// It is a name like any other, as before.
    Literal,
}

/// Whether `*` in an uncredentialed `Access-Control-Allow-Headers` stands for `Authorization` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorizationByWildcard {
    /// It does not: `Authorization` is a CORS non-wildcard request-header name.
    Refused,
    /// It does.
    Allowed,
}

/// What a redirect of a request that needed a preflight leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightedRedirect {
    /// It is followed, with a preflight of its own where one is needed, as in the Standard since 2016.
    Followed,
    /// It is a network error, as before.
    Refused,
}

/// Which of two failures of a preflight answer is the reason given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightFailureOrder {
    /// The CORS check comes first, as the Standard reads.
    CorsCheckFirst,
    /// The status comes first.
    StatusFirst,
}

/// Whether a preflight tells the user's languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightLanguages {
    /// It does not.
    Withheld,
    /// It sends the default `Accept-Language`.
    Told,
}

/// The cache mode of a preflight, which decides its `Cache-Control` and `Pragma`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightCacheMode {
    /// The default one.
    Default,
    /// That of the request it is made for.
    AsRequest,
}

/// Whose origin a preflight names when redirects have tainted the request, and which URLs it knows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightOrigin {
    /// The request's, which is `null` then.
    AsRequest,
    /// The page's, as if the request had been made with the URL that is asked: it knows of no redirect. The answer must
    /// allow that origin, unless it is the target's own, and is kept for it.
    Page,
}

/// Which URLs decide about the `Sec-Fetch-Site` of a preflight after redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightSite {
    /// All that the preflight knows of: `preflight_origin`.
    WholeList,
    /// The one that is asked.
    CurrentUrl,
    /// The one that is asked, for which an origin that a redirect made `null` is another site.
    CrossSiteOnceTainted,
}

/// What a preflight to a URL that is not potentially trustworthy says in `Sec-Fetch-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InsecurePreflightMetadata {
    /// Nothing.
    Nothing,
    /// `Sec-Fetch-Mode` alone.
    Mode,
}

/// What an answer without `Access-Control-Allow-Methods` allows to a request with the use-CORS-preflight flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AbsentAllowMethods {
    /// The request's own method.
    OwnMethod,
    /// The CORS-safelisted methods, as to any other request.
    SafelistedMethods,
}

/// From where to where a referrer is withheld, because someone between could read it who could not before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReferrerDowngrade {
    /// From a potentially trustworthy URL to one that is not: `http://localhost` counts as the former.
    FromTrustworthy,
    /// From `https` to anything else.
    FromHttps,
}

/// Whether the policies that tell other sites more than the default one are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RelaxedReferrerPolicies {
    /// They are.
    Honoured,
    /// They count as `strict-origin-when-cross-origin` for another site than the page's, whatever the scheme. A redirect
    /// back tells again what that kept, unless it sets a policy.
    SameSiteOnly,
}

/// `Origin` on a `no-cors` request that is neither `GET` nor `HEAD`, when the referrer policy hides the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HiddenOrigin {
    /// It is `null`.
    Null,
    /// It is `null`, and so it is where a script asks for no referrer, until a redirect sets a policy.
    NullWithoutReferrerUntilPolicySet,
    /// It is `null`, and so it is without a referrer, until a redirect crosses origins.
    NullWithoutReferrerUntilCrossed,
    /// It is the page's all the same.
    Told,
}

/// What a script's `If-None-Match` and its like do to a request in the default cache mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConditionalCacheHeaders {
    /// It says `no-cache` in `Pragma` and `Cache-Control`.
    NoCache,
    /// It says `max-age=0` in `Cache-Control`.
    MaxAgeZero,
}

/// Whether a document with an opaque origin, as in a sandboxed frame, tells its URL as referrer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpaqueReferrer {
    /// It does not.
    Withheld,
    /// It does, where it was loaded from the web.
    Told,
}

/// Whether upload listeners ask for a preflight when there is no body to upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UploadWithoutBody {
    /// They do.
    Asks,
    /// They do not.
    DoesNotAsk,
}

/// What a response's header lines become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseHeaderLines {
    /// They stay as sent.
    AsSent,
    /// What is not UTF-8 becomes U+FFFD, in UTF-8.
    Utf8,
    /// Of a name that comes several times the empty lines go, though the CORS check sees them; several types are
    /// joined by a comma alone, equal locations are one.
    WithoutEmptyRepeats,
}

/// What a 407 is, of a server that is no proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyAuthentication {
    /// A network error, since there is nobody to prompt.
    Refused,
    /// A response like any other.
    Returned,
}

/// What a 101 is that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SwitchedProtocols {
    /// No answer, as no other head can follow it: a network error.
    NoAnswer,
    /// A response like any other, without a body.
    AnAnswer,
}

/// What the cache mode `only-if-cached` does when nothing is cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnlyIfCached {
    /// It ends in a network error.
    Refused,
    /// It goes to the network.
    GoesOn,
}

/// Which API's conditional headers change the cache mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConditionalRequests {
    /// Every one's.
    Every,
    /// Those of `fetch()`, not of `XMLHttpRequest`.
    OfFetch,
}

/// Which hosts without a registrable domain, as `localhost`, are one site to Fetch Metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SingleLabelSites {
    /// The same host with the same scheme.
    ByScheme,
    /// The same host with any scheme; after a redirect none but the same origin, save to a preflight, which knows of no
    /// redirect.
    UntilRedirected,
}

/// What `|` in a URL's path becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathPipes {
    /// It stays.
    Kept,
    /// `%7C`
    Encoded,
}

/// What becomes of a user name in the URL that a request is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlUserinfo {
    /// It stays in the URL, and is in that of the response.
    Kept,
    /// It is gone from one of another origin than the page's.
    RemovedCrossOrigin,
}

/// Whether the response of a `data:` URL tells its length to `fetch()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataUrlLength {
    /// It does not.
    Untold,
    /// It does, by `Content-Length`.
    Told,
}

/// Whether integrity metadata of which no algorithm is known wants a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnknownIntegrity {
    /// It does: there is metadata.
    WantsBody,
    /// It does not, save of an opaque response: there is none.
    WantsNothing,
    /// It does not, save of a response that shows the page nothing: of an opaque redirect too.
    WantsSight,
}

/// What the embedder policy `credentialless` does to a `no-cors` request to another origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credentialless {
    /// It goes without credentials.
    WithoutCredentials,
    /// It goes without credentials, and past the HTTP cache.
    PastCache,
    /// Nothing: the policy is not known.
    Unknown,
}

/// What a `Cross-Origin-Resource-Policy` of an unknown value is to a page that asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnknownResourcePolicy {
    /// As much as none: the page's own origin may use the resource.
    SameOrigin,
    /// A policy that forbids nothing.
    Anybody,
}

/// Whether the body of a 205 can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResetContentBody {
    /// It cannot: 205 is a null body status.
    Null,
    /// It can.
    Readable,
}
