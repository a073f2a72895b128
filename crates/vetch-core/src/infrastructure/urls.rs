//! URL parsing · url.spec.whatwg.org/#concept-url-parser
//! In: a text, and a base URL or none. Out: a URL, and what of one may be shown.
//! Differs: nothing; the library's URL is brought up to the Standard's paths.

use std::borrow::Cow;
use std::fmt;

use url::{ParseError, Position, Url};

/// Parse with a base URL.
///
/// ```
/// use vetch_core::infrastructure::urls::parse;
/// let base = "https://app.example/".parse().unwrap();
/// assert_eq!(parse("a^b?^", &base).unwrap().as_str(), "https://app.example/a%5Eb?^");
/// assert_eq!(parse("data:,a #", &base).unwrap().as_str(), "data:,a%20#");
/// ```
pub fn parse(text: &str, base: &Url) -> Result<Url, ParseError> {
    base.join(text).map(brought_up)
}

/// Parse without a base URL.
///
/// ```
/// use vetch_core::infrastructure::urls::parse_absolute;
/// assert_eq!(parse_absolute("https://app.example/p^q").unwrap().path(), "/p%5Eq");
/// assert!(parse_absolute("/p").is_err());
/// ```
pub fn parse_absolute(text: &str) -> Result<Url, ParseError> {
    Url::parse(text).map(brought_up)
}

/// What the `url` crate does not know yet: the path percent-encode set has U+005E, and an opaque path that ends with a
/// space before a query or fragment ends with `%20`.
fn brought_up(mut url: Url) -> Url {
    encode_in_path(&mut url, '^');
    if let Some(path) = url.path().strip_suffix(' ') {
        let path = format!("{path}%20");
        url.set_path(&path);
    }
    url
}

/// Percent-encode an ASCII character wherever it stands in the path of a URL that has segments.
pub fn encode_in_path(url: &mut Url, character: char) {
    if !url.cannot_be_a_base() && url.path().contains(character) {
        let encoded = format!("%{:02X}", u32::from(character));
        let path = url.path().replace(character, &encoded);
        url.set_path(&path);
    }
}

/// The URL without user name and password, for whatever someone may read.
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    if has_credentials(&url) {
        // Both fail only for URLs without a host, which have no user name either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    url
}

/// Includes credentials · url.spec.whatwg.org/#include-credentials
pub fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// A text that somebody wrote for a URL, for an error: what may be a user name and password in it is hidden, and since
/// the text need not parse, that is all before its last `@`, except a scheme.
///
/// ```
/// use vetch_core::infrastructure::urls::shown_text;
/// assert_eq!(shown_text("https://me:secret@[/x"), "https://(hidden)@[/x");
/// assert_eq!(shown_text("https:me:secret@api.example//x"), "(hidden)@api.example//x");
/// assert_eq!(shown_text("/items"), "/items");
/// ```
pub fn shown_text(text: &str) -> Cow<'_, str> {
    let (Some(first), Some(last)) = (text.find('@'), text.rfind('@')) else {
        return Cow::Borrowed(text);
    };
    let start = text[..first].find("//").map_or(0, |slashes| slashes + 2);
    Cow::Owned(format!("{}(hidden){}", &text[..start], &text[last..]))
}

/// A URL in `Debug` output: a user name and password are hidden.
///
/// ```
/// use vetch_core::infrastructure::urls::Shown;
/// let url = "https://me:secret@api.example/x".parse().unwrap();
/// assert_eq!(format!("{:?}", Shown(&url)), "https://(hidden)@api.example/x");
/// ```
pub struct Shown<'a>(pub &'a Url);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0;
        if has_credentials(url) {
            let (before, behind) = (Position::BeforeUsername, Position::BeforeHost);
            write!(f, "{}(hidden)@{}", &url[..before], &url[behind..])
        } else {
            f.write_str(url.as_str())
        }
    }
}
