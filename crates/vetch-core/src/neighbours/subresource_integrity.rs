//! Subresource Integrity · w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
//! In: integrity metadata and a body's bytes. Out: a match, or the hashes wanted and the hash got.
//! Differs: any ASCII white space parts two hashes, not U+0020 alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// Integrity metadata, parsed: the hashes of the strongest algorithm that it names.
///
/// ```
/// use vetch_core::neighbours::subresource_integrity::IntegrityMetadata;
/// let metadata = IntegrityMetadata::parse("sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
/// assert!(metadata.matches(b"hello").is_ok());
/// assert!(metadata.matches(b"hallo").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntegrityMetadata {
    strongest: Option<Algorithm>,
    /// Base64 values for that algorithm; one of them must match.
    values: Vec<String>,
}

/// A hash algorithm, the stronger the greater.
///
/// w3c.github.io/webappsec-subresource-integrity/#valid-sri-hash-algorithm-token-set
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `sha256`
    Sha256,
    /// `sha384`
    Sha384,
    /// `sha512`
    Sha512,
}

/// The body is not one that the integrity metadata allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body's hash is {got}, but integrity wants {}", wanted.join(" or "))]
#[non_exhaustive]
pub struct IntegrityMismatch {
    /// The hashes of the strongest algorithm named, as `sha256-…`; each of them would do.
    pub wanted: Vec<String>,
    /// The body's hash by that algorithm.
    pub got: String,
}

impl IntegrityMetadata {
    /// Parse metadata, and get the strongest of it; what names no known algorithm is passed over.
    ///
    /// w3c.github.io/webappsec-subresource-integrity/#parse-metadata
    /// and w3c.github.io/webappsec-subresource-integrity/#get-the-strongest-metadata
    pub fn parse(metadata: &str) -> Self {
        let mut parsed = Self::default();
        // 2. Each hash.
        // DIFFERS: at any ASCII white space, as the `integrity` attribute's own example and every browser have it.
        for item in metadata.split_ascii_whitespace() {
            // 2.1. and 2.2. No option is defined, so all of them are left out.
            let expression = item.split('?').next().unwrap_or_default();
            // 2.3. to 2.7. The value ends at a second hyphen, since base64 has none.
            let mut parts = expression.split('-');
            let Some(algorithm) = parts.next().and_then(Algorithm::parse) else {
                continue;
            };
            let value = parts.next().unwrap_or_default();
            // 2.8. and 2.9. Weaker ones than the strongest so far need not be kept.
            if parsed.strongest < Some(algorithm) {
                parsed.strongest = Some(algorithm);
                parsed.values.clear();
            }
            if parsed.strongest == Some(algorithm) {
                parsed.values.push(value.to_owned());
            }
        }
        parsed
    }

    /// Whether it asks for nothing, so that any bytes match.
    pub fn is_empty(&self) -> bool {
        self.strongest.is_none()
    }

    /// Do bytes match metadata list: one of the strongest hashes is the body's.
    ///
    /// w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
    pub fn matches(&self, bytes: &[u8]) -> Result<(), IntegrityMismatch> {
        // 1. to 3. Parsed already; nothing asked is a match.
        let Some(algorithm) = self.strongest else {
            return Ok(());
        };
        // 4. The text is compared, so a hash in another alphabet or without padding does not match.
        let got = algorithm.apply(bytes);
        if self.values.contains(&got) {
            return Ok(());
        }
        // 5. None matches.
        let name = algorithm.name();
        Err(IntegrityMismatch {
            wanted: self
                .values
                .iter()
                .map(|value| format!("{name}-{value}"))
                .collect(),
            got: format!("{name}-{got}"),
        })
    }
}

impl Algorithm {
    /// All algorithms, the weakest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The algorithm of that name, in any case.
    ///
    /// w3c.github.io/webappsec-subresource-integrity/#valid-sri-hash-algorithm-token
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Apply algorithm to bytes: the hash in base64.
    ///
    /// w3c.github.io/webappsec-subresource-integrity/#apply-algorithm-to-response
    pub fn apply(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => STANDARD.encode(Sha256::digest(bytes)),
            Self::Sha384 => STANDARD.encode(Sha384::digest(bytes)),
            Self::Sha512 => STANDARD.encode(Sha512::digest(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mismatch_says_what_was_wanted_and_what_came() {
        let metadata = IntegrityMetadata::parse("sha256-x sha256-y");
        let mismatch = metadata.matches(b"hello").expect_err("does not match");
        assert_eq!(
            mismatch.to_string(),
            "the body's hash is sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=, but integrity wants sha256-x or sha256-y"
        );
    }

    #[test]
    fn unknown_algorithms_ask_for_nothing() {
        let metadata = IntegrityMetadata::parse("md5-x future512-y");
        assert!(metadata.is_empty() && metadata.matches(b"anything").is_ok());
    }
}
