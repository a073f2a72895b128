//! Cookies: the store, read and written only where the machine says that credentials are included.
//!
//! Host, path, expiry, `Secure` and `HttpOnly` are looked at; a public suffix cannot be a cookie's domain.
// NOT DONE: SameSite, third-party and partitioned cookies, and the name prefixes __Host- and __Secure-, come later.
// NOT DONE: expiry goes by the system's clock, which `UserAgent::advance` does not move.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{CookieError, CookieStore};
use url::Url;
use vetch_core::infrastructure::header_values::isomorphic_decode;
use vetch_core::{HeaderList, HeaderValue};

/// The cookies of a user agent.
///
/// Names and values are kept with each byte as one code point, so that what is not UTF-8 comes back as it was.
#[derive(Debug, Default)]
pub(crate) struct Cookies(Mutex<CookieStore>);

/// Why a cookie is not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("its Domain is a public suffix, under which everyone may register")]
    PublicSuffix,
    #[error(transparent)]
    Store(#[from] CookieError),
}

impl Cookies {
    /// `Cookie` for a request to that URL, or nothing.
    pub(crate) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let mut header = String::new();
        for (name, value) in self.lock().matching(url) {
            if !header.is_empty() {
                header.push_str("; ");
            }
            if !name.is_empty() {
                header.push_str(name);
                header.push('=');
            }
            header.push_str(value);
        }
        if header.is_empty() {
            return None;
        }
        HeaderValue::from_byte_string(&header).ok()
    }

    /// Store what the response's `Set-Cookie` lines say; what cannot be stored is passed over.
    pub(crate) fn receive(&self, url: &Url, headers: &HeaderList) {
        let mut lines = headers.values_of(&http::header::SET_COOKIE).peekable();
        if lines.peek().is_none() {
            return;
        }
        let mut store = self.lock();
        for line in lines {
            if let Err(refused) = store.set(url, line.as_bytes()) {
                tracing::debug!(target: "vetch", host = url.host_str(), %refused, "cookie not stored");
            }
        }
    }

    /// Store one cookie.
    pub(crate) fn set(&self, url: &Url, set_cookie: &[u8]) -> Result<(), Refused> {
        self.lock().set(url, set_cookie)
    }

    /// Names and values for that URL.
    pub(crate) fn list(&self, url: &Url) -> Vec<(String, String)> {
        let store = self.lock();
        let pairs = store.matching(url).into_iter();
        pairs
            .map(|(name, value)| (utf8(name), utf8(value)))
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().0.clear();
    }

    fn lock(&self) -> Locked<'_> {
        Locked(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Locked<'a>(MutexGuard<'a, CookieStore>);

impl Locked<'_> {
    /// Longer paths first, then in the order in which they were set.
    fn matching(&self, url: &Url) -> Vec<(&str, &str)> {
        let mut cookies = self.0.matches(url);
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        cookies
            .into_iter()
            .map(|cookie| cookie.name_value())
            .collect()
    }

    fn set(&mut self, url: &Url, set_cookie: &[u8]) -> Result<(), Refused> {
        let cookie = cookie_store::Cookie::parse(isomorphic_decode(set_cookie), url)?;
        if let Some(domain) = cookie.domain()
            && is_public_suffix(domain)
            && url.host_str() != Some(domain)
        {
            return Err(Refused::PublicSuffix);
        }
        match self.0.insert(cookie.into_owned(), url) {
            // A cookie that has expired already is how a server takes one away.
            Ok(_) | Err(CookieError::Expired) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_public_suffix(domain: &str) -> bool {
    let domain = domain.trim_start_matches('.');
    psl::suffix_str(domain) == Some(domain)
}

/// The bytes behind one-byte code points, read as UTF-8.
fn utf8(text: &str) -> String {
    let bytes: Vec<u8> = text
        .chars()
        .filter_map(|character| u8::try_from(character).ok())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
