//! What the page does, as a transcript's preface tells it.

use vetch_core::fetch_api::request_class::{InitBody, RequestInit};
use vetch_core::fetch_api::xhr::{UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText};
use vetch_core::{
    Body, CredentialsMode, Destination, Environment, Mode, Origin, Profile, RedirectMode,
};

use crate::fault::Fault;
use crate::transcript::Transcript;

/// A call of one of the two doors.
#[derive(Debug)]
pub enum Wish {
    /// `fetch()`
    Fetch {
        /// As the script writes it.
        url: String,
        /// The second argument.
        init: RequestInit,
    },
    /// `XMLHttpRequest`
    Xhr {
        /// As the script writes it.
        url: String,
        /// What is set before `send()`.
        init: XhrInit,
    },
}

/// Whose rules.
pub fn profile(transcript: &Transcript) -> Result<Profile, Fault> {
    let name = transcript.get("profile").unwrap_or("spec");
    Profile::by_name(name).ok_or_else(|| Fault::malformed("a profile", name))
}

/// Who asks.
pub fn page(transcript: &Transcript) -> Result<Environment, Fault> {
    let text = transcript.get("page").ok_or(Fault::Missing("a page"))?;
    let url = text.parse().map_err(|_| Fault::malformed("a URL", text))?;
    let Some(origin) = transcript.get("origin") else {
        return Ok(Environment::of_page(url));
    };
    let origin = Origin::parse(origin).map_err(|_| Fault::malformed("an origin", origin))?;
    Ok(Environment::with_origin(url, origin))
}

/// What for.
pub fn wish(transcript: &Transcript) -> Result<Wish, Fault> {
    let request = transcript
        .get("request")
        .ok_or(Fault::Missing("a request"))?;
    let (method, url) = request
        .split_once(' ')
        .ok_or_else(|| Fault::malformed("a method and a URL", request))?;
    let url = url.to_owned();
    if transcript.get("api") == Some("XMLHttpRequest") {
        let init = xhr_init(transcript, method)?;
        Ok(Wish::Xhr { url, init })
    } else {
        let init = request_init(transcript, method)?;
        Ok(Wish::Fetch { url, init })
    }
}

fn xhr_init(transcript: &Transcript, method: &str) -> Result<XhrInit, Fault> {
    let as_text = |init| XhrBody {
        init,
        text: XhrText::Text,
    };
    Ok(XhrInit {
        method: method.to_owned(),
        headers: headers(transcript)?,
        body: body(transcript)?.map(as_text),
        with_credentials: match named(transcript, "credentials", &CredentialsMode::ALL)? {
            Some(CredentialsMode::Include) => WithCredentials::Yes,
            _ => WithCredentials::No,
        },
        upload_listeners: match transcript.get("upload-listeners") {
            Some(_) => UploadListeners::Registered,
            None => UploadListeners::None,
        },
        ..XhrInit::default()
    })
}

fn request_init(transcript: &Transcript, method: &str) -> Result<RequestInit, Fault> {
    let destination = transcript.get("destination").unwrap_or_default();
    Ok(RequestInit {
        method: Some(method.to_owned()),
        headers: headers(transcript)?,
        body: body(transcript)?,
        credentials: named(transcript, "credentials", &CredentialsMode::ALL)?,
        mode: named(transcript, "mode", &Mode::ALL)?,
        redirect: named(transcript, "redirect", &RedirectMode::ALL)?,
        destination: Destination::parse(destination)
            .ok_or_else(|| Fault::malformed("a destination", destination))?,
        ..RequestInit::default()
    })
}

fn headers(transcript: &Transcript) -> Result<Vec<(String, String)>, Fault> {
    let header = |line: &str| {
        let (name, value) = line
            .split_once(": ")
            .ok_or_else(|| Fault::malformed("a header", line))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    transcript.all("header").map(header).collect()
}

fn body(transcript: &Transcript) -> Result<Option<InitBody>, Fault> {
    let Some(text) = transcript.get("body") else {
        return Ok(None);
    };
    let (length, content_type) = match text.split_once(' ') {
        Some((length, content_type)) => (length, Some(content_type.to_owned())),
        None => (text, None),
    };
    let length = length
        .parse()
        .map_err(|_| Fault::malformed("a length", length))?;
    Ok(Some(InitBody {
        body: Body::Replayable { length },
        content_type,
    }))
}

fn named<T: Copy>(
    transcript: &Transcript,
    line: &'static str,
    all: &[(&'static str, T)],
) -> Result<Option<T>, Fault> {
    let Some(wanted) = transcript.get(line) else {
        return Ok(None);
    };
    match all.iter().find(|(name, _)| *name == wanted) {
        Some((_, value)) => Ok(Some(*value)),
        None => Err(Fault::malformed(line, wanted)),
    }
}
