//! How a profile has a script's request headers otherwise than the Standard.
//! In: nothing; this is data. Out: the fields that the safelists, the doors and the profile's points read.

/// The choices of request headers. The first value of each is the Standard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestHeaderRules {
    /// How a name counts that is given several times.
    pub repeated: RepeatedNames,
    /// What bytes beyond ASCII do to a value that is otherwise safe.
    pub beyond_ascii: BytesBeyondAscii,
    /// What bytes beyond ASCII become on the wire.
    pub sent_as: SentAs,
    /// How strictly `Content-Type` is read.
    pub type_grammar: TypeGrammar,
    /// Which `Range` is safe.
    pub range_unit: RangeUnit,
    /// The largest number that a safe `Range` can have, if there is one.
    pub range_limit: Option<u64>,
    /// What `Range` becomes on the wire.
    pub range_on_the_wire: RangeOnTheWire,
    /// Whether client hints are safe.
    pub client_hints: ClientHints,
    /// What becomes of a script's `User-Agent`.
    pub user_agent: ScriptUserAgent,
    /// How `XMLHttpRequest` corrects the charset of a text.
    pub charset: CharsetCorrection,
    /// What becomes of a script's own type beside that of the body, sent by `XMLHttpRequest`.
    pub own_type: OwnType,
    /// What becomes of a Blob's type that is no MIME type, sent by `XMLHttpRequest`.
    pub invalid_type: InvalidType,
    /// Whether the type of a body goes along that `XMLHttpRequest` does not send, as with `GET`.
    pub unsent_type: UnsentType,
    /// Whether a body's type goes along in the mode `no-cors` when it is not safelisted.
    pub no_cors_type: NoCorsType,
}

/// How a name counts that is given several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepeatedNames {
    /// Each line is judged, all together have a limit; they are sent joined.
    EachLine,
    /// One header, joined from the start.
    Joined,
    /// Each line is judged, and named in the preflight each time; all together have no limit. They are sent joined, but
    /// an empty line empties those before it, and of a name that takes one value the last line stays; until a redirect,
    /// a body's type is that of the first.
    EachLineForItself,
}

/// What bytes beyond ASCII do to a value that is otherwise safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BytesBeyondAscii {
    /// Nothing.
    Safe,
    /// They make it unsafe.
    Unsafe,
}

/// What bytes beyond ASCII become on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SentAs {
    /// They stay.
    Bytes,
    /// Each is a code point, sent as UTF-8.
    Utf8,
}

/// How strictly `Content-Type` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TypeGrammar {
    /// As a MIME type.
    Lenient,
    /// A comma makes it unsafe, and so does an empty parameter that is not the last, as in `text/plain;;`.
    Strict,
}

/// Whether the unit of a safe `Range` is `bytes` in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RangeUnit {
    /// In lower case.
    LowerCase,
    /// In any case.
    AnyCase,
}

/// What `Range` becomes on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RangeOnTheWire {
    /// It stays.
    AsWritten,
    /// A single range that an HTTP cache may answer, that of a `GET` which neither is conditional nor asks for no cache,
    /// is written anew, without blanks and leading zeros.
    RewrittenForCache,
}

/// Whether client hints are safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientHints {
    /// They are names like any other.
    Unsafe,
    /// Those with a value of their grammar are safe, and `Intervention` is.
    Safe,
}

/// What becomes of a script's `User-Agent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptUserAgent {
    /// It is sent.
    Sent,
    /// It is sent, also by the preflight that asks for it.
    SentInPreflight,
    /// It is ignored.
    Ignored,
}

/// How `XMLHttpRequest` corrects the charset of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CharsetCorrection {
    /// One that is not UTF-8 is corrected, and the type is written anew.
    WrittenAnew,
    /// Every charset is replaced where it stands, `utf-8` too.
    InPlace,
}

/// What becomes of a script's own type beside that of the body, sent by `XMLHttpRequest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OwnType {
    /// That of the body takes its place.
    Replaced,
    /// It stays behind that of the body, which is sent: both are judged, and a redirect brings back the script's own.
    KeptBehind,
}

/// What becomes of a Blob's type that is no MIME type, sent by `XMLHttpRequest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidType {
    /// It is sent as it is.
    Sent,
    /// It is not sent.
    Dropped,
}

/// Whether the type of a body goes along that `XMLHttpRequest` does not send, as with `GET`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsentType {
    /// It does not.
    Dropped,
    /// That of `URLSearchParams` does.
    SentOfParameters,
}

/// Whether a body's type goes along in the mode `no-cors` when it is not safelisted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoCorsType {
    /// It does not.
    Dropped,
    /// It does.
    Sent,
}

impl RequestHeaderRules {
    /// The Standard's.
    pub const SPEC: Self = Self {
        repeated: RepeatedNames::EachLine,
        beyond_ascii: BytesBeyondAscii::Safe,
        sent_as: SentAs::Bytes,
        type_grammar: TypeGrammar::Lenient,
        range_unit: RangeUnit::LowerCase,
        range_limit: None,
        range_on_the_wire: RangeOnTheWire::AsWritten,
        client_hints: ClientHints::Unsafe,
        user_agent: ScriptUserAgent::Sent,
        charset: CharsetCorrection::WrittenAnew,
        own_type: OwnType::Replaced,
        invalid_type: InvalidType::Sent,
        unsent_type: UnsentType::Dropped,
        no_cors_type: NoCorsType::Dropped,
    };
}

impl Default for RequestHeaderRules {
    fn default() -> Self {
        Self::SPEC
    }
}
