//! Encodings, URLs, forms and MIME types: other standards, by the crates that keep to them.

#![expect(
    clippy::needless_pass_by_value,
    reason = "what a script passes arrives owned"
)]

use encoding_rs::Encoding;
use rquickjs::{Ctx, Function, Object, TypedArray};
use serde_json::json;
use url::{Url, form_urlencoded};
use vetch::vetch_core::infrastructure::mime_types;
use vetch::{HeaderList, HeaderName, HeaderValue};

use super::host::{OrNull, bytes_of};

const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");

pub(super) fn add<'js>(ctx: &Ctx<'js>, functions: &Object<'js>) -> rquickjs::Result<()> {
    functions.set("utf8Encode", Function::new(ctx.clone(), utf8_encode)?)?;
    functions.set(
        "encodingName",
        Function::new(ctx.clone(), |label: String| encoding_name(&label))?,
    )?;
    functions.set("decode", Function::new(ctx.clone(), decode)?)?;
    functions.set("urlParse", Function::new(ctx.clone(), url_parse)?)?;
    functions.set("urlSet", Function::new(ctx.clone(), url_set)?)?;
    functions.set("formParse", Function::new(ctx.clone(), form_parse)?)?;
    functions.set("formSerialize", Function::new(ctx.clone(), form_serialize)?)?;
    functions.set(
        "mimeType",
        Function::new(ctx.clone(), |text: String| mime_type(&text))?,
    )
}

fn utf8_encode(ctx: Ctx<'_>, text: String) -> rquickjs::Result<TypedArray<'_, u8>> {
    TypedArray::new(ctx, text.into_bytes())
}

fn encoding_name(label: &str) -> OrNull {
    OrNull(Encoding::for_label(label.as_bytes()).map(|encoding| encoding.name().to_lowercase()))
}

/// `null` where the bytes are malformed and that is fatal.
fn decode(label: String, bytes: String, fatal: bool, ignore_bom: bool) -> OrNull {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let bytes = bytes_of(&bytes);
    let (text, malformed) = if ignore_bom {
        encoding.decode_without_bom_handling(&bytes)
    } else {
        encoding.decode_with_bom_removal(&bytes)
    };
    OrNull((!(fatal && malformed)).then(|| text.into_owned()))
}

fn url_parse(text: String, base: Option<String>) -> OrNull {
    let base = base.map(|base| Url::parse(&base)).transpose();
    let url = base.and_then(|base| Url::options().base_url(base.as_ref()).parse(&text));
    OrNull(url.ok().as_ref().map(parts))
}

/// The setters of the URL class; one that fails changes nothing.
fn url_set(href: String, part: String, value: String) -> Option<String> {
    let mut url = Url::parse(&href).ok()?;
    match part.as_str() {
        "href" => url = Url::parse(&value).unwrap_or(url),
        "search" => {
            url.set_query(Some(value.trim_start_matches('?')).filter(|query| !query.is_empty()));
        }
        "hash" => {
            url.set_fragment(Some(value.trim_start_matches('#')).filter(|hash| !hash.is_empty()));
        }
        "pathname" => url.set_path(&value),
        "protocol" => url.set_scheme(value.trim_end_matches(':')).unwrap_or(()),
        "username" => url.set_username(&value).unwrap_or(()),
        "password" => url.set_password(Some(&value)).unwrap_or(()),
        "port" => url.set_port(value.parse().ok()).unwrap_or(()),
        "hostname" => url.set_host(Some(&value)).unwrap_or(()),
        "host" => {
            let (hostname, digits) = value.split_once(':').unwrap_or((&value, ""));
            url.set_host(Some(hostname)).unwrap_or(());
            if let Ok(port) = digits.parse() {
                url.set_port(Some(port)).unwrap_or(());
            }
        }
        _ => {}
    }
    Some(parts(&url))
}

fn parts(url: &Url) -> String {
    let port = url.port().map(|port| port.to_string()).unwrap_or_default();
    let hostname = url.host_str().unwrap_or_default();
    let colon = if port.is_empty() { "" } else { ":" };
    let marked = |mark: char, text: Option<&str>| {
        let text = text.filter(|text| !text.is_empty());
        text.map(|text| format!("{mark}{text}")).unwrap_or_default()
    };
    json!({
        "href": url.as_str(),
        "protocol": format!("{}:", url.scheme()),
        "username": url.username(),
        "password": url.password().unwrap_or_default(),
        "host": format!("{hostname}{colon}{port}"),
        "hostname": hostname,
        "port": port,
        "pathname": url.path(),
        "search": marked('?', url.query()),
        "hash": marked('#', url.fragment()),
        "origin": url.origin().ascii_serialization(),
    })
    .to_string()
}

fn form_parse(text: String) -> String {
    let pairs: Vec<_> = form_urlencoded::parse(text.as_bytes()).collect();
    json!(pairs).to_string()
}

fn form_serialize(pairs: String) -> String {
    // The glue wrote it.
    let pairs: Vec<(String, String)> = serde_json::from_str(&pairs).unwrap_or_default();
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// `null` where it does not parse.
fn mime_type(text: &str) -> String {
    let value = HeaderValue::from_byte_string(text).ok();
    let headers: HeaderList = value
        .into_iter()
        .map(|value| (CONTENT_TYPE, value))
        .collect();
    let parsed = mime_types::extract_a_mime_type(&headers).map(|mime| {
        json!({
            "essence": format!("{}/{}", mime.type_, mime.subtype),
            "charset": mime.get_parameter("charset"),
            "boundary": mime.get_parameter("boundary"),
            "text": mime.to_string(),
        })
    });
    json!(parsed).to_string()
}
