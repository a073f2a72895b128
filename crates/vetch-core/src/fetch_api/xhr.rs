//! XMLHttpRequest's open(), setRequestHeader() and send() · xhr.spec.whatwg.org/#the-send()-method
//! In: what a script does with one `XMLHttpRequest`. Out: a request, or every mistake at once.
//! Differs: events, time-outs and response types are the embedder's.

use std::borrow::Cow;
use std::sync::Arc;

use super::headers_class::parse;
use super::invalid_request::{InvalidRequest, Problem};
use super::request_class::{Constructed, InitBody, parse_method};
use crate::infrastructure::environments::Environment;
use crate::infrastructure::forbidden_headers::forbidden_request_header;
use crate::infrastructure::header_values::HeaderValue;
use crate::infrastructure::headers::HeaderList;
use crate::infrastructure::methods::Method;
use crate::infrastructure::mime_types;
use crate::infrastructure::requests::{
    Body, CacheMode, CredentialsMode, Destination, Initiator, InitiatorType, Mode, RedirectMode,
    Referrer, Request, ResponseTainting, UrlList,
};
use crate::infrastructure::urls;
use crate::profile::{CharsetCorrection, InvalidType, OwnType, RequestHeaderRules, UnsentType};
use crate::remarks::Remark;

/// What a script does with one `XMLHttpRequest` between `open()` and `send()`. Its `Debug` output shows no value of a
/// header.
#[derive(Clone, Default)]
pub struct XhrInit {
    /// Method given to `open()`.
    pub method: String,
    /// Calls of `setRequestHeader()`, in order.
    pub headers: Vec<(String, String)>,
    /// Body given to `send()`.
    pub body: Option<XhrBody>,
    /// `withCredentials`.
    pub with_credentials: WithCredentials,
    /// Whether listeners are registered on `upload`.
    pub upload_listeners: UploadListeners,
    /// How the user agent's profile has a script's headers.
    pub rules: RequestHeaderRules,
}

/// A body given to `send()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XhrBody {
    /// The body and the type that it implies.
    pub init: InitBody,
    /// Whether it is text, which decides over the charset.
    pub text: XhrText,
}

/// Whether a body is text: a string, a document or `URLSearchParams`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum XhrText {
    /// It is, so it goes as UTF-8 and a `charset` that says otherwise is corrected.
    Text,
    /// It is not: a Blob, a buffer or `FormData`.
    Bytes,
}

/// `withCredentials` · xhr.spec.whatwg.org/#the-withcredentials-attribute
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WithCredentials {
    /// False: credentials only to the page's own origin.
    #[default]
    No,
    /// True: credentials to every origin.
    Yes,
}

/// Whether event listeners are registered on the upload object when `send()` is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UploadListeners {
    /// None.
    #[default]
    None,
    /// One or more: a cross-origin request asks first.
    Registered,
}

/// `open()`, `setRequestHeader()` and `send()` in one.
///
/// ```
/// use vetch_core::Environment;
/// use vetch_core::fetch_api::xhr::{UploadListeners, XhrInit, send};
/// let page = Environment::of_origin("https://app.example").unwrap().into();
/// let init = XhrInit { method: "post".to_owned(), upload_listeners: UploadListeners::Registered, ..XhrInit::default() };
/// assert!(send("https://api.example/", init, &page).unwrap().request.use_cors_preflight);
/// ```
pub fn send(
    url: &str,
    init: XhrInit,
    client: &Arc<Environment>,
) -> Result<Constructed, InvalidRequest> {
    let mut problems = Vec::new();
    let method = parse_method(&init.method, &mut problems);
    let url = urls::parse(url, &client.url).map_err(|reason| {
        problems.push(Problem::new(
            "url",
            format!("{url:?} is not a URL ({reason}); write it like https://api.example/items"),
        ));
    });
    let (mut headers, remarks) = author_request_headers(&init.headers, &mut problems);
    let sends_body = !matches!(method, Some(Method::GET | Method::HEAD));
    if let Some(body) = init.body.as_ref().filter(|_| !sends_body)
        && init.rules.unsent_type == UnsentType::SentOfParameters
        && is_of_parameters(body)
    {
        set_content_type(body, &init.rules, &mut headers, &mut problems);
    }
    let body = init.body.filter(|_| sends_body);
    if matches!(&body, Some(body) if body.init.body == Body::Stream) {
        problems.push(Problem::new(
            "body",
            "XMLHttpRequest cannot send a stream; use fetch, or a body that is not a stream",
        ));
    }
    if let Some(body) = &body {
        set_content_type(body, &init.rules, &mut headers, &mut problems);
    }
    let (Ok(url), Some(method), None) = (url, method, InvalidRequest::of(problems.clone())) else {
        return Err(InvalidRequest::of(problems)
            .unwrap_or_else(|| Problem::new("request", "it cannot be made").into()));
    };
    // NOT DONE: the use-URL-credentials flag: a user name in the URL is never sent, as HTTP authentication is to come.
    let request = Request {
        method,
        url_list: UrlList::new(url),
        header_list: headers,
        body: body.map_or(Body::None, |body| body.init.body),
        client: Arc::clone(client),
        origin: client.origin.clone(),
        mode: Mode::Cors,
        credentials_mode: match init.with_credentials {
            WithCredentials::Yes => CredentialsMode::Include,
            WithCredentials::No => CredentialsMode::SameOrigin,
        },
        cache_mode: CacheMode::Default,
        redirect_mode: RedirectMode::Follow,
        referrer: Referrer::Client,
        referrer_policy: None,
        destination: Destination::Empty,
        initiator: Initiator::Empty,
        initiator_type: InitiatorType::XmlHttpRequest,
        integrity_metadata: String::new(),
        keepalive: false,
        local_urls_only: false,
        unsafe_request: true,
        use_cors_preflight: init.upload_listeners == UploadListeners::Registered,
        user_activation: false,
        redirect_count: 0,
        response_tainting: ResponseTainting::Basic,
        timing_allow_failed: false,
    };
    Ok(Constructed { request, remarks })
}

/// setRequestHeader(): forbidden ones go without a word, repeated ones are combined.
///
/// xhr.spec.whatwg.org/#the-setrequestheader()-method
fn author_request_headers(
    calls: &[(String, String)],
    problems: &mut Vec<Problem>,
) -> (HeaderList, Vec<Remark>) {
    let mut headers = HeaderList::new();
    let mut remarks = Vec::new();
    for (name, value) in calls {
        match parse(name, value) {
            Err(invalid) => problems.push(Problem::new("headers", invalid.to_string())),
            Ok((header_name, value)) => match forbidden_request_header(&header_name, &value) {
                None => headers.combine(header_name, &value),
                Some(forbidden) => remarks.push(Remark::ForbiddenHeaderDropped {
                    name: name.clone(),
                    reason: forbidden.to_string(),
                }),
            },
        }
    }
    (headers, remarks)
}

/// The steps of send() on `Content-Type`: text goes as UTF-8, whatever the script wrote; else the implied type stands in.
fn set_content_type(
    body: &XhrBody,
    rules: &RequestHeaderRules,
    headers: &mut HeaderList,
    problems: &mut Vec<Problem>,
) {
    let author = headers.get(&http::header::CONTENT_TYPE);
    let wanted = match (&author, body.text) {
        (Some(author), XhrText::Text) => match rules.charset {
            CharsetCorrection::WrittenAnew => with_utf8_charset(&author.isomorphic_decode()),
            CharsetCorrection::InPlace => Some(charsets_replaced(&author.isomorphic_decode())),
        },
        (Some(_), XhrText::Bytes) => None,
        (None, _) => body.init.content_type.clone().filter(|implied| {
            rules.invalid_type == InvalidType::Sent || mime_types::parse(implied).is_some()
        }),
    };
    let own_behind = author
        .filter(|_| rules.own_type == OwnType::KeptBehind)
        .map(Cow::into_owned);
    match wanted.as_deref().map(HeaderValue::from_byte_string) {
        Some(Ok(value)) => headers.set(http::header::CONTENT_TYPE, value),
        Some(Err(reason)) => problems.push(Problem::new("body", format!("its type: {reason}"))),
        None => {}
    }
    if let Some(own) = own_behind {
        headers.append(http::header::CONTENT_TYPE, own);
    }
}

/// Whether the body is `URLSearchParams`: a Blob's type is in lower case.
fn is_of_parameters(body: &XhrBody) -> bool {
    let implied = body.init.content_type.as_deref();
    implied == Some("application/x-www-form-urlencoded;charset=UTF-8")
}

/// The type with the charset corrected, or nothing when it is right as it is.
fn with_utf8_charset(content_type: &str) -> Option<String> {
    let mut mime = mime_types::parse(content_type)?;
    let charset = mime
        .parameters
        .iter_mut()
        .find(|(name, _)| name == "charset")?;
    if charset.1.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    "UTF-8".clone_into(&mut charset.1);
    Some(mime.to_string())
}

/// The type with the value of every `charset` replaced where it stands, quotes and all else kept.
fn charsets_replaced(content_type: &str) -> String {
    let mut replaced = String::with_capacity(content_type.len());
    let mut done = 0;
    while let Some((start, end)) = next_charset(content_type, done) {
        replaced.push_str(&content_type[done..start]);
        replaced.push_str("UTF-8");
        done = end;
    }
    replaced.push_str(&content_type[done..]);
    replaced
}

/// Where the value of the next `charset` stands. It is looked for, not parsed: a comma is part of it, one in another
/// parameter's quotes counts, and none after one at the head or without a value.
fn next_charset(content_type: &str, from: usize) -> Option<(usize, usize)> {
    const NAME: &[u8] = b"charset";
    let bytes = content_type.as_bytes();
    let is_blank = |byte: &u8| *byte <= b' ';
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    // The first byte from there on that is not so.
    let skip = |at: usize, is_so: &dyn Fn(&u8) -> bool| {
        at + bytes[at..].iter().take_while(|byte| is_so(byte)).count()
    };
    let mut at = from;
    let equals_sign = loop {
        let mut words = bytes.get(at..)?.windows(NAME.len());
        at += words.position(|word| word.eq_ignore_ascii_case(NAME))?;
        let before = bytes.get(at.checked_sub(1)?)?;
        at += NAME.len();
        if is_blank(before) || *before == b';' {
            let sign = skip(at, &is_blank);
            if bytes.get(sign) == Some(&b'=') {
                break sign;
            }
            at = sign + 1;
        }
    };
    let start = skip(equals_sign + 1, &|byte| is_blank(byte) || is_quote(byte));
    let end = skip(start, &|byte| {
        !(is_blank(byte) || is_quote(byte) || *byte == b';')
    });
    (start < end).then_some((start, end))
}
