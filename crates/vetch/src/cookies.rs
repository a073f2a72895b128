//! Cookies: the store, read and written only where the machine says that credentials are included.
//!
//! Host, path, expiry, `Secure`, `HttpOnly` and the prefixes of names are looked at; a public suffix cannot be a cookie's
//! domain. Size and number are bounded.
// NOT DONE: SameSite, third-party and partitioned cookies come later; and a Secure cookie of `*.localhost` is not sent over
// plain HTTP.

mod bytes;
mod integrity;
mod shares;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cookie_store::{Cookie, CookieDomain, CookieError, CookieExpiration, CookieStore, StoreAction};
use time::OffsetDateTime;
use url::Url;
use vetch_core::infrastructure::header_values::isomorphic_decode;
use vetch_core::{HeaderList, HeaderValue};

use shares::{Place, Shares, Worth};

/// The cookies of a user agent.
///
/// In names and values each byte is one character, by the table of `bytes`, so that what is not UTF-8 comes back as it was.
#[derive(Default)]
pub(crate) struct Cookies(Mutex<Store>);

#[derive(Default)]
struct Store {
    cookies: CookieStore,
    shares: Shares,
}

/// Why a cookie is not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("its Domain is a public suffix, under which everyone may register")]
    PublicSuffix,
    #[error("it has more than {limit} bytes in {what}")]
    TooLong { what: &'static str, limit: usize },
    #[error("it has the control character {0:?}")]
    ControlCharacter(char),
    #[error("it is not NAME=VALUE")]
    NotAPair,
    #[error("it is Secure, and the URL is plain HTTP")]
    SecureOverHttp,
    #[error("a Secure cookie has its name, and the URL is plain HTTP")]
    OverlaysSecure,
    #[error(
        "its name begins with __Secure- and it is not Secure, or with __Host- and it is not Secure, with Path=/ and without Domain"
    )]
    Prefix,
    #[error("its site has as many cookies as it may have, and all others are Secure")]
    Crowded,
    #[error(transparent)]
    Store(#[from] CookieError),
}

impl Cookies {
    /// `Cookie` for a request to that URL, or nothing. `ahead` is how far the engine's clock was moved.
    pub(crate) fn header(&self, url: &Url, ahead: Duration) -> Option<HeaderValue> {
        let mut header = String::new();
        for (name, value) in self.lock().matching(url, ahead) {
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
        HeaderValue::normalize(bytes::of_text(&header)).ok()
    }

    /// Store what the response's `Set-Cookie` lines say; what cannot be stored is passed over.
    pub(crate) fn receive(&self, url: &Url, headers: &HeaderList, ahead: Duration) {
        let mut lines = headers.values_of(&http::header::SET_COOKIE).peekable();
        if lines.peek().is_none() {
            return;
        }
        let mut store = self.lock();
        for line in lines {
            if let Err(refused) = store.set(url, line.as_bytes(), ahead) {
                tracing::debug!(target: "vetch", host = url.host_str(), %refused, "cookie not stored");
            }
        }
    }

    /// Store one cookie.
    pub(crate) fn set(&self, url: &Url, set_cookie: &[u8], ahead: Duration) -> Result<(), Refused> {
        self.lock().set(url, set_cookie, ahead)
    }

    /// Names and values for that URL.
    pub(crate) fn list(&self, url: &Url, ahead: Duration) -> Vec<(String, String)> {
        let store = self.lock();
        let pairs = store.matching(url, ahead).into_iter();
        pairs
            .map(|(name, value)| (utf8(name), utf8(value)))
            .collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock().0 = Store::default();
    }

    fn lock(&self) -> Locked<'_> {
        Locked(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Cookies {
    /// No name and no value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cookies").finish_non_exhaustive()
    }
}

/// As RFC 6265bis and browsers have it, name and value together.
const NAME_AND_VALUE_BYTES: usize = 4_096;

/// As RFC 6265bis bounds an attribute; a page's long URL makes a default path that long too.
const PATH_BYTES: usize = 1_024;

/// The store keeps the whole line, attributes that nobody knows included.
const LINE_BYTES: usize = 8_192;

struct Locked<'a>(MutexGuard<'a, Store>);

impl Locked<'_> {
    fn unexpired(&self, ahead: Duration) -> impl Iterator<Item = &Cookie<'static>> {
        let now = now(ahead);
        let cookies = self.0.cookies.iter_any();
        cookies.filter(move |cookie| !cookie.expires.expires_by(&now))
    }

    /// Longer paths first, then in the order in which they were set.
    fn matching(&self, url: &Url, ahead: Duration) -> Vec<(&str, &str)> {
        let now = now(ahead);
        let mut cookies = self.0.cookies.matches(url);
        cookies.retain(|cookie| !cookie.expires.expires_by(&now));
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        cookies
            .into_iter()
            .map(|cookie| cookie.name_value())
            .collect()
    }

    fn set(&mut self, url: &Url, set_cookie: &[u8], ahead: Duration) -> Result<(), Refused> {
        let text = bytes::as_text(set_cookie);
        let is_control = |character: char| character.is_ascii_control() && character != '\t';
        if let Some(control) = text.chars().find(|character| is_control(*character)) {
            return Err(Refused::ControlCharacter(control));
        }
        refuse_above(LINE_BYTES, "its line", set_cookie.len())?;
        let mut cookie = Cookie::parse(text, url).map_err(|error| match error {
            CookieError::Parse => Refused::NotAPair,
            other => other.into(),
        })?;
        let kept = self.unexpired(ahead);
        integrity::check(&cookie, url, kept)?;
        let (name, value) = cookie.name_value();
        // Each is a byte of the line.
        let characters = |text: &str| text.chars().count();
        refuse_above(
            NAME_AND_VALUE_BYTES,
            "name and value",
            characters(name) + characters(value),
        )?;
        refuse_above(PATH_BYTES, "its path", characters(&cookie.path))?;
        // Max-Age counts from the engine's now; the store counts from the system's.
        if cookie.max_age().is_some_and(time::Duration::is_positive)
            && let CookieExpiration::AtUtc(expires) = cookie.expires
        {
            let expires = expires.saturating_add(signed(ahead));
            cookie.expires = CookieExpiration::AtUtc(expires);
        }
        // As hosts are written, in lower case say, which the attribute need not be.
        if let CookieDomain::Suffix(domain) = &cookie.domain
            && is_public_suffix(domain)
        {
            // A suffix that is a host has cookies too, and keeps them to itself.
            if url.host_str() != Some(domain) {
                return Err(Refused::PublicSuffix);
            }
            cookie.domain = CookieDomain::HostOnly(domain.clone());
        }
        self.insert(cookie.into_owned(), url, ahead)
    }

    fn insert(
        &mut self,
        cookie: Cookie<'static>,
        url: &Url,
        ahead: Duration,
    ) -> Result<(), Refused> {
        let place = Place::of(&cookie);
        let Store { cookies, shares } = &mut *self.0;
        match cookies.insert(cookie, url) {
            Ok(StoreAction::Inserted) => {
                let now = now(ahead);
                let worth = |place: &Place| Worth::of(place.find_in(cookies), &now);
                let Some(goes) = shares.add(place.clone(), worth) else {
                    return Ok(());
                };
                goes.clear_in(cookies);
                if goes == place {
                    return Err(Refused::Crowded);
                }
                Ok(())
            }
            Ok(StoreAction::ExpiredExisting) => {
                place.clear_in(cookies);
                shares.remove(&place);
                Ok(())
            }
            // A cookie that has expired already is how a server takes one away.
            Ok(StoreAction::UpdatedExisting) | Err(CookieError::Expired) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn refuse_above(limit: usize, what: &'static str, length: usize) -> Result<(), Refused> {
    if length > limit {
        return Err(Refused::TooLong { what, limit });
    }
    Ok(())
}

/// The engine's now.
fn now(ahead: Duration) -> OffsetDateTime {
    OffsetDateTime::now_utc().saturating_add(signed(ahead))
}

fn signed(duration: Duration) -> time::Duration {
    time::Duration::try_from(duration).unwrap_or(time::Duration::MAX)
}

fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}

/// The bytes read as UTF-8; if they are none, each is one code point.
fn utf8(text: &str) -> String {
    String::from_utf8(bytes::of_text(text))
        .unwrap_or_else(|error| isomorphic_decode(error.as_bytes()).into_owned())
}
