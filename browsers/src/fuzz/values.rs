//! The values that decide, each with its weight: half of them plain, the others at a boundary of a rule.
//!
//! A value may use the templates of [`crate::places`] and of [`crate::scenario::Answer`].

/// A weight and a value.
pub(super) type Weighted<T> = (u32, T);

/// `None` leaves it to the API's default.
pub(super) const METHODS: &[Weighted<Option<&str>>] = &[
    (30, None),
    (6, Some("GET")),
    (4, Some("get")),
    (12, Some("POST")),
    (3, Some("post")),
    (14, Some("PUT")),
    (3, Some("put")),
    (6, Some("DELETE")),
    (2, Some("Delete")),
    (5, Some("HEAD")),
    (2, Some("head")),
    (3, Some("OPTIONS")),
    (1, Some("options")),
    (4, Some("PATCH")),
    (3, Some("patch")),
    (1, Some("chicken")),
    (1, Some("*")),
    (1, Some("CONNECT")),
    (1, Some("trace")),
    (1, Some("GE T")),
    (1, Some("")),
];

/// Request headers whose value needs no thought.
pub(super) const PLAIN_HEADERS: &[Weighted<(&str, &str)>] = &[
    (20, ("X-A", "1")),
    (12, ("x-b", "2")),
    (3, ("X-Long-Name-With-Many-Words", "a, b")),
    (14, ("Authorization", "Bearer x")),
    (2, ("authorization", "")),
    (3, ("X-A", "")),
    (2, ("X-A", " \t padded \t")),
    (2, ("*", "1")),
    (3, ("If-None-Match", "\"e\"")),
    (2, ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")),
    (1, ("If-Range", "\"e\"")),
    (2, ("Cache-Control", "no-cache")),
    (1, ("Cache-Control", "max-age=60")),
    (1, ("Pragma", "no-cache")),
    (2, ("User-Agent", "odd/1")),
    (2, ("DPR", "2")),
    (1, ("Downlink", "1.5")),
    (1, ("RTT", "50")),
    (1, ("ECT", "4g")),
    (1, ("Viewport-Width", "800")),
    (2, ("Save-Data", "on")),
    (1, ("Save-Data", "off")),
    (1, ("Device-Memory", "4")),
    (2, ("Origin", "http://evil.test")),
    (2, ("Cookie", "a=1")),
    (1, ("Host", "evil.test")),
    (1, ("Sec-Odd", "1")),
    (1, ("Proxy-Odd", "1")),
    (1, ("Accept-Encoding", "br")),
    (1, ("Access-Control-Request-Method", "PUT")),
    (1, ("Date", "x")),
    (1, ("X-HTTP-Method-Override", "TRACE")),
    (1, ("X-Method-Override", "GET, track")),
    (1, ("X-HTTP-Method", "PUT")),
    (1, ("Last-Event-ID", "1")),
    (1, ("X-Requested-With", "XMLHttpRequest")),
    (1, ("Purpose", "prefetch")),
    (1, ("Upgrade-Insecure-Requests", "1")),
    (1, ("X A", "1")),
];

/// Safelisted by name; the value decides.
pub(super) const SAFELISTED_NAMES: &[Weighted<&str>] = &[
    (6, "Accept"),
    (4, "Accept-Language"),
    (4, "Content-Language"),
    (12, "Content-Type"),
    (2, "accept"),
    (2, "CONTENT-TYPE"),
    (5, "Range"),
];

/// Values of `Content-Type`.
pub(super) const CONTENT_TYPES: &[Weighted<&str>] = &[
    (10, "text/plain"),
    (4, "text/plain;charset=UTF-8"),
    (2, "text/plain; charset=utf-8"),
    (2, "TEXT/PLAIN"),
    (1, "text/plain;"),
    (1, "text/plain; a=b"),
    (1, "text/plain;a=\"b\""),
    (2, "text/plainx"),
    (1, "text/ plain"),
    (1, "text/plain, text/plain"),
    (1, "text/plain;a=(b)"),
    (4, "application/x-www-form-urlencoded"),
    (4, "multipart/form-data"),
    (2, "multipart/form-data; boundary=x"),
    (14, "application/json"),
    (2, "application/xml"),
    (2, "text/html"),
    (2, ""),
    (1, "invalid"),
];

/// Values of `Range`.
pub(super) const RANGES: &[Weighted<&str>] = &[
    (8, "bytes=0-1"),
    (4, "bytes=0-"),
    (3, "bytes=-1"),
    (2, "bytes=1-0"),
    (2, "bytes=0-0,2-3"),
    (2, "bytes= 0-1"),
    (1, "bytes=a-b"),
    (1, "items=0-1"),
    (1, "bytes=00-01"),
    (1, ""),
];

/// Bytes at either side of a rule of the safelist, put into an otherwise safe value.
pub(super) const BOUNDARY_BYTES: &[char] = &[
    '"', '(', ')', ':', '<', '>', '?', '@', '[', '\\', ']', '{', '}', '!', '#', '$', '*', '+', ',',
    '-', '.', '/', ';', '=', '_', '~', '`', '|', '&', '\'', '^', '%', '0', 'Z', ' ',
];

/// `Access-Control-Allow-Origin`, line by line.
pub(super) const ALLOW_ORIGINS: &[Weighted<&[&str]>] = &[
    (40, &["{origin}"]),
    (16, &["*"]),
    (8, &[]),
    (5, &["null"]),
    (3, &["NULL"]),
    (4, &["{same.origin}"]),
    (4, &["{cross.origin}"]),
    (2, &["{origin}/"]),
    (2, &[" {origin} \t"]),
    (2, &["{origin}, {origin}"]),
    (2, &["{origin}, *"]),
    (2, &["{origin}", "{origin}"]),
    (1, &["*", "*"]),
    (1, &["*", "{origin}"]),
    (1, &["{origin} null"]),
    (1, &[""]),
    (1, &["\"*\""]),
    (1, &["*.site.test"]),
    (1, &["{origin};"]),
];

/// `Access-Control-Allow-Credentials`.
pub(super) const ALLOW_CREDENTIALS: &[Weighted<&[&str]>] = &[
    (45, &["true"]),
    (35, &[]),
    (3, &["TRUE"]),
    (3, &["True"]),
    (3, &["false"]),
    (2, &["true, true"]),
    (2, &["true", "true"]),
    (2, &[" true "]),
    (1, &[""]),
    (1, &["1"]),
    (1, &["*"]),
    (1, &["true;"]),
];

/// `Access-Control-Allow-Methods`.
pub(super) const ALLOW_METHODS: &[Weighted<&[&str]>] = &[
    (35, &["{acrm}"]),
    (14, &["*"]),
    (14, &[]),
    (6, &["PUT, DELETE"]),
    (5, &["PUT"]),
    (4, &["put"]),
    (3, &["PATCH"]),
    (3, &["GET"]),
    (3, &["PUT", "DELETE"]),
    (3, &["GET,PUT ,DELETE,\tPATCH"]),
    (2, &[",PUT,,DELETE,"]),
    (2, &["*, PUT"]),
    (2, &["DELETE, *"]),
    (2, &[""]),
    (1, &["PUT DELETE"]),
    (1, &["PUT, ("]),
    (1, &["\"PUT\""]),
    (1, &["{acrm};"]),
    (1, &[",,,"]),
];

/// `Access-Control-Allow-Headers`.
pub(super) const ALLOW_HEADERS: &[Weighted<&[&str]>] = &[
    (38, &["{acrh}"]),
    (14, &["*"]),
    (12, &[]),
    (6, &["x-a, x-b"]),
    (4, &["X-A"]),
    (4, &["authorization, x-a"]),
    (4, &["*, Authorization"]),
    (4, &["content-type"]),
    (3, &["Content-Type, X-A, x-b, AUTHORIZATION"]),
    (3, &["x-a", "content-type, range"]),
    (2, &["X-A,,X-B,"]),
    (2, &["x-b\t, x-a"]),
    (2, &[""]),
    (1, &["x-a x-b"]),
    (1, &["x-a, (", "x-b"]),
    (1, &["\"x-a\""]),
    (1, &["*, *"]),
];

/// `Access-Control-Max-Age`. None runs out while a scenario runs.
pub(super) const MAX_AGES: &[Weighted<&[&str]>] = &[
    (40, &[]),
    (25, &["60"]),
    (6, &["0"]),
    (3, &["600"]),
    (3, &["86401"]),
    (2, &["-1"]),
    (2, &["+60"]),
    (2, &["abc"]),
    (2, &["60.5"]),
    (1, &["60s"]),
    (1, &[""]),
    (1, &["99999999999999999999"]),
    (1, &["60, 60"]),
    (1, &["60", "60"]),
    (1, &["0060"]),
    (1, &[" 60 "]),
];

/// `Access-Control-Expose-Headers`.
pub(super) const EXPOSE_HEADERS: &[Weighted<&[&str]>] = &[
    (50, &[]),
    (12, &["X-A"]),
    (14, &["*"]),
    (6, &["x-a, x-b"]),
    (2, &["X-A", "x-b"]),
    (2, &["X-A,,X-B"]),
    (2, &["*, Authorization"]),
    (2, &["*", "X-A"]),
    (2, &["set-cookie, x-a"]),
    (1, &["x-a x-b"]),
    (1, &["x-a, ("]),
    (1, &[""]),
    (1, &["\"x-a\""]),
];

/// Statuses of an actual response.
pub(super) const STATUSES: &[Weighted<u16>] = &[
    (70, 200),
    (4, 204),
    (3, 404),
    (2, 201),
    (2, 206),
    (1, 205),
    (2, 304),
    (1, 300),
    (1, 302),
    (1, 400),
    (1, 403),
    (1, 416),
    (1, 500),
    (1, 503),
    (1, 299),
    (1, 599),
];

/// Statuses of a preflight's answer.
pub(super) const PREFLIGHT_STATUSES: &[Weighted<u16>] = &[
    (50, 204),
    (35, 200),
    (2, 201),
    (1, 299),
    (1, 206),
    (1, 301),
    (1, 302),
    (1, 307),
    (1, 304),
    (2, 404),
    (1, 400),
    (1, 405),
    (1, 500),
];

/// Statuses of a redirect.
pub(super) const REDIRECTS: &[Weighted<u16>] = &[(3, 301), (5, 302), (4, 303), (4, 307), (4, 308)];

/// `Referrer-Policy`, of a request or a redirect.
pub(super) const REFERRER_POLICIES: &[&str] = &[
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

/// A request's own referrer.
pub(super) const REFERRERS: &[&str] = &[
    "",
    "about:client",
    "{same}/other?q#f",
    "{cross}/other",
    "other",
    "http://[",
];

/// Cache modes of a request.
pub(super) const CACHE_MODES: &[&str] = &[
    "default",
    "no-store",
    "reload",
    "no-cache",
    "force-cache",
    "only-if-cached",
];

/// The types of a Blob.
pub(super) const BLOB_TYPES: &[&str] = &[
    "",
    "text/plain",
    "application/json",
    "TEXT/PLAIN;a=b",
    "application/x-www-form-urlencoded;charset=UTF-8",
];

/// Subresource integrity of the body `ok`: right, wrong, of no known kind, and both of the first two.
pub(super) const INTEGRITIES: &[&str] = &[
    "sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=",
    "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "md5-x",
    "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=",
];

/// Odd `Location`s, line by line; `{there}` is a role's folder, `{host}` its host, `{path}` the path that is scripted.
pub(super) const ODD_LOCATIONS: &[Weighted<&[&str]>] = &[
    (4, &["{base}{path}"]),
    (2, &["{there}{path}#fragment"]),
    (3, &["http://u:p@{host}{base}{path}"]),
    (1, &["data:,x"]),
    (1, &["ftp://www.other.test/"]),
    (1, &["http://["]),
    (1, &["//{host}{base}{path}"]),
    (1, &["?q"]),
    (1, &[""]),
    (1, &["{there}{path}", "{there}{path}"]),
    (1, &["{there}{path}", "{there}{path}x"]),
    (1, &[" {there}{path} "]),
    (1, &["{there}{path}?a b"]),
    (1, &[]),
];
