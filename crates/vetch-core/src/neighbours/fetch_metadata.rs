//! Fetch Metadata · w3c.github.io/webappsec-fetch-metadata/#fetch-integration
//! In: a request. Out: its `Sec-Fetch-Dest`, `-Mode`, `-Site` and `-User` headers.
//! Differs: the current URL decides whether there are any; `none` is never sent.

use url::Url;

use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::{HeaderList, HeaderName};
use crate::infrastructure::origins::is_potentially_trustworthy;
use crate::infrastructure::requests::{Destination, Mode, Request};

/// Append the Fetch metadata headers for a request, to the headers of one hop.
///
/// The hop's headers must have none of them beyond those of the request's own list, as any other would be there twice.
///
/// w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
pub fn append_fetch_metadata_headers(request: &Request, headers: &mut HeaderList) {
    // 1. An insecure server learns nothing.
    // DIFFERS: the current URL, not the first; each hop is told about itself, as in every browser and by w3c/webappsec-fetch-metadata#99.
    if !is_potentially_trustworthy(request.current_url()) {
        return;
    }
    // To set one is to append it where the list has none, as it is unless an embedder gave the request one.
    let mut own = request.header_list.iter();
    let is_told = own.any(|(name, _)| is_fetch_metadata(name));
    let set = if is_told {
        HeaderList::set
    } else {
        HeaderList::append
    };
    // 2. to 4. The three that every request has.
    let site = site_value(request, request.url_list.iter());
    set(
        headers,
        SEC_FETCH_DEST,
        destination_value(request.destination),
    );
    set(headers, SEC_FETCH_MODE, mode_value(request.mode));
    set(headers, SEC_FETCH_SITE, site);
    // 5. Only when there is something to say.
    if request.destination.is_navigation() && request.user_activation {
        set(headers, SEC_FETCH_USER, HeaderValue::from_static("?1"));
    }
}

/// Whether this is the name of one of these headers.
pub fn is_fetch_metadata(name: &HeaderName) -> bool {
    name.as_str().starts_with("sec-fetch-")
}

/// w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-dest
fn destination_value(destination: Destination) -> HeaderValue {
    match destination {
        Destination::Empty => const { HeaderValue::from_static("empty") },
        Destination::Named(name) => HeaderValue::from_static(name),
    }
}

/// w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-mode
fn mode_value(mode: Mode) -> HeaderValue {
    match mode {
        Mode::SameOrigin => const { HeaderValue::from_static("same-origin") },
        Mode::Cors => const { HeaderValue::from_static("cors") },
        Mode::NoCors => const { HeaderValue::from_static("no-cors") },
        Mode::Navigate => const { HeaderValue::from_static("navigate") },
        Mode::WebSocket => const { HeaderValue::from_static("websocket") },
        Mode::WebTransport => const { HeaderValue::from_static("webtransport") },
    }
}

/// How far these URLs, which are the whole URL list, are from the request's origin.
///
/// w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
pub fn site_value<'a>(request: &Request, urls: impl Iterator<Item = &'a Url>) -> HeaderValue {
    // NOT DONE: 4. `none` for what the user typed: nothing in a request tells an address bar from a link, and a link
    // that says `none` would slip past servers that keep other sites out.
    // 3. Until a URL says otherwise.
    let mut site = const { HeaderValue::from_static("same-origin") };
    // 5. The farthest URL of the list decides.
    for url in urls {
        if request.origin.is_same_origin_with_url(url) {
            continue;
        }
        if !request.origin.is_same_site_with_url(url) {
            return const { HeaderValue::from_static("cross-site") };
        }
        site = const { HeaderValue::from_static("same-site") };
    }
    site
}

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// `Sec-Fetch-Site`
pub const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_USER: HeaderName = HeaderName::from_static("sec-fetch-user");
