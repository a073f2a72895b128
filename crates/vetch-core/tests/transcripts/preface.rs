//! What the page does, as a transcript's preface tells it.

use vetch_core::fetch_api::request_class::{InitBody, RequestInit};
use vetch_core::fetch_api::xhr::{UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText};
use vetch_core::{
    Body, CredentialsMode, Destination, Environment, Mode, Origin, Profile, RedirectMode,
};

use crate::transcript::Transcript;

/// A call of one of the two doors.
pub(crate) enum Wish {
    Fetch { url: String, init: RequestInit },
    Xhr { url: String, init: XhrInit },
}

/// Whose rules.
pub(crate) fn profile(transcript: &Transcript) -> Profile {
    let name = transcript.get("profile").unwrap_or("spec");
    Profile::by_name(name).expect("a profile")
}

/// Who asks.
pub(crate) fn page(transcript: &Transcript) -> Environment {
    let url = transcript.get("page").expect("a page").parse();
    let url = url.expect("a URL");
    match transcript.get("origin") {
        None => Environment::of_page(url),
        Some(origin) => Environment::with_origin(url, Origin::parse(origin).expect("an origin")),
    }
}

/// What for.
pub(crate) fn wish(transcript: &Transcript) -> Wish {
    let request = transcript.get("request").expect("a request");
    let (method, url) = request.split_once(' ').expect("a method and a URL");
    let headers = transcript
        .all("header")
        .map(|header| header.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = transcript.get("body").map(body);
    let credentials = transcript
        .get("credentials")
        .map(|name| named(&CredentialsMode::ALL, name));
    let url = url.to_owned();
    if transcript.get("api") == Some("XMLHttpRequest") {
        let init = XhrInit {
            method: method.to_owned(),
            headers,
            body: body.map(|init| XhrBody {
                init,
                text: XhrText::Text,
            }),
            with_credentials: match credentials {
                Some(CredentialsMode::Include) => WithCredentials::Yes,
                _ => WithCredentials::No,
            },
            upload_listeners: match transcript.get("upload-listeners") {
                Some(_) => UploadListeners::Registered,
                None => UploadListeners::None,
            },
            ..XhrInit::default()
        };
        Wish::Xhr { url, init }
    } else {
        let init = RequestInit {
            method: Some(method.to_owned()),
            headers,
            body,
            credentials,
            mode: transcript.get("mode").map(|name| named(&Mode::ALL, name)),
            redirect: transcript
                .get("redirect")
                .map(|name| named(&RedirectMode::ALL, name)),
            destination: Destination::parse(transcript.get("destination").unwrap_or_default())
                .expect("a destination"),
            ..RequestInit::default()
        };
        Wish::Fetch { url, init }
    }
}

fn body(text: &str) -> InitBody {
    let (length, content_type) = match text.split_once(' ') {
        Some((length, content_type)) => (length, Some(content_type.to_owned())),
        None => (text, None),
    };
    let length = length.parse().expect("a length");
    InitBody {
        body: Body::Replayable { length },
        content_type,
    }
}

fn named<T: Copy>(all: &[(&'static str, T)], wanted: &str) -> T {
    let found = all.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is no name")).1
}
