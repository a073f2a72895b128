//! URL parsing · url.spec.whatwg.org/#concept-url-parser
//! In: a base URL and a text. Out: a URL.
//! Differs: nothing; the library's URL is brought up to the Standard's path percent-encode set.

use url::{ParseError, Url};

/// Parse with a base URL.
///
/// ```
/// use vetch_core::infrastructure::urls::parse;
/// let base = "https://app.example/".parse().unwrap();
/// assert_eq!(parse("a^b?^", &base).unwrap().as_str(), "https://app.example/a%5Eb?^");
/// ```
pub fn parse(text: &str, base: &Url) -> Result<Url, ParseError> {
    let mut url = base.join(text)?;
    // The `url` crate does not know yet that the path percent-encode set has U+005E.
    encode_in_path(&mut url, '^');
    Ok(url)
}

/// Percent-encode an ASCII character wherever it stands in the path of a URL that has segments.
pub fn encode_in_path(url: &mut Url, character: char) {
    if !url.cannot_be_a_base() && url.path().contains(character) {
        let encoded = format!("%{:02X}", u32::from(character));
        let path = url.path().replace(character, &encoded);
        url.set_path(&path);
    }
}
