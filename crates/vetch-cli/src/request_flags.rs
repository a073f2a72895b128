//! The flags of `fetch` and `explain` as a request description.
//! In: flags as written. Out: a description; files are read here, and a header without a colon is a mistake.

use std::io::Read;

use bytes::Bytes;
use url::{ParseError, Url};

use crate::arguments::RequestArguments;
use crate::request_description::{BodyDescription, Mistakes, RequestDescription, with_scheme};

/// The description that the flags give, and the mistakes that it cannot hold.
pub(crate) fn describe(flags: RequestArguments) -> (RequestDescription, Mistakes) {
    let mut mistakes = Mistakes::default();
    let body = body(&flags, &mut mistakes);
    let headers = headers(&flags.headers, &mut mistakes);
    if flags.page.is_none() {
        check_absolute(&flags.url, &mut mistakes);
    }
    check_scheme(&flags.url, &mut mistakes);
    let method = flags
        .method
        .or_else(|| body.is_some().then(|| "POST".to_owned()));
    let description = RequestDescription {
        url: Some(flags.url),
        origin: flags.origin,
        client_url: flags.page,
        top_level_site: flags.top_level_site,
        method,
        headers,
        body,
        mode: flags.mode,
        credentials: flags.credentials,
        cache: flags.cache,
        redirect: flags.redirect,
        referrer: flags.referrer,
        referrer_policy: flags.referrer_policy,
        integrity: flags.integrity,
        keepalive: flags.keepalive,
        destination: flags.destination,
        initiator: flags.xhr.then(|| "xhr".to_owned()),
        upload_listeners: flags.upload_listeners,
        with_credentials: flags.with_credentials,
        timing: false,
        ..RequestDescription::default()
    };
    (description, mistakes)
}

/// Without a page there is nothing that a URL could be relative to.
fn check_absolute(written: &str, mistakes: &mut Mistakes) {
    let Err(reason) = Url::parse(written) else {
        return;
    };
    let fix = match (with_scheme(written), reason) {
        (Some(url), _) => format!("do you mean {url}?"),
        (None, ParseError::RelativeUrlWithoutBase) => {
            "write it like https://api.example/items, or name the --page".to_owned()
        }
        (None, _) => "write it like https://api.example/items".to_owned(),
    };
    mistakes.add("url", format!("{written:?} is not a URL ({reason}); {fix}"));
}

/// To the URL parser `localhost` is the scheme of `localhost:8080/items`; a person means the host.
fn check_scheme(written: &str, mistakes: &mut Mistakes) {
    if let (Ok(_), Some(url)) = (Url::parse(written), with_scheme(written)) {
        mistakes.add(
            "url",
            format!("{written:?} has no scheme; do you mean {url}?"),
        );
    }
}

fn headers(written: &[String], mistakes: &mut Mistakes) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for line in written {
        match line.split_once(':') {
            Some((name, value)) => headers.push((name.trim().to_owned(), value.to_owned())),
            None => mistakes.add(
                "headers",
                format!("{line:?} has no colon; write it like 'X-Token: 1'"),
            ),
        }
    }
    headers
}

/// Several `-d` are joined by `&`, as curl does.
fn body(flags: &RequestArguments, mistakes: &mut Mistakes) -> Option<BodyDescription> {
    if let Some(raw) = &flags.data_raw {
        return Some(BodyDescription::Text(raw.clone()));
    }
    if let Some(binary) = &flags.data_binary {
        return Some(BodyDescription::Bytes(Bytes::from(read(binary, mistakes))));
    }
    if flags.data.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    for data in &flags.data {
        match String::from_utf8(read(data, mistakes)) {
            Ok(text) => parts.push(text),
            Err(_) => mistakes.add(
                "body",
                format!(
                    "{data} is not UTF-8, so it is no script's string; use --data-binary {data}"
                ),
            ),
        }
    }
    Some(BodyDescription::Text(parts.join("&")))
}

/// What is written, or what the file after `@` holds.
fn read(written: &str, mistakes: &mut Mistakes) -> Vec<u8> {
    let Some(path) = written.strip_prefix('@') else {
        return written.as_bytes().to_vec();
    };
    let mut bytes = Vec::new();
    let result = if path == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    result.unwrap_or_else(|error| {
        mistakes.add(
            "body",
            format!("the file {path:?} cannot be read ({error}); to send an @, use --data-raw"),
        );
        Vec::new()
    })
}
