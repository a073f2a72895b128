//! A session's request member as a request description.
//! In: a JSON object. Out: a description; a member of the wrong type, or one that there is not, is a mistake.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde_json::{Map, Value};
use vetch_core::HeaderValue;

use crate::request_description::{
    BodyDescription, BodyType, MEMBERS, Mistakes, RequestDescription, nearest,
};

/// The description that the object gives, and the mistakes that it cannot hold.
pub(super) fn describe(object: Map<String, Value>) -> (RequestDescription, Mistakes) {
    let mut members = Members {
        object,
        mistakes: Mistakes::default(),
    };
    members.refuse_unknown();
    let description = RequestDescription {
        url: members.string("url"),
        origin: members.string("origin"),
        client_url: members.string("clientUrl"),
        client_headers: members.headers("clientHeaders"),
        top_level_site: members.string("topLevelSite"),
        method: members.string("method"),
        headers: members.headers("headers"),
        body: members.body(),
        body_type: members.body_type(),
        mode: members.string("mode"),
        credentials: members.string("credentials"),
        cache: members.string("cache"),
        redirect: members.string("redirect"),
        referrer: members.string("referrer"),
        referrer_policy: members.string("referrerPolicy"),
        integrity: members.string("integrity"),
        keepalive: members.boolean("keepalive"),
        duplex: members.string("duplex"),
        destination: members.string("destination"),
        initiator: members.string("initiator"),
        crossorigin: members.string("crossorigin"),
        upload_listeners: members.boolean("uploadListeners"),
        with_credentials: members.boolean("withCredentials"),
        timing: members.boolean("timing"),
    };
    (description, members.mistakes)
}

struct Members {
    object: Map<String, Value>,
    mistakes: Mistakes,
}

impl Members {
    fn refuse_unknown(&mut self) {
        for name in self.object.keys() {
            if MEMBERS.contains(&name.as_str()) {
                continue;
            }
            let fix = match nearest(name, MEMBERS) {
                Some(meant) => format!("do you mean {meant}?"),
                None => format!("use {}", MEMBERS.join(", ")),
            };
            self.mistakes.add(
                name.clone(),
                format!("a request has no member {name:?}; {fix}"),
            );
        }
    }

    /// The member, unless it is absent or null.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name).filter(|value| !value.is_null())
    }

    fn string(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            other => self.wrong(name, "a string", &other),
        }
    }

    fn boolean(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(choice)) => choice,
            Some(other) => self.wrong(name, "true or false", &other).unwrap_or(false),
        }
    }

    fn headers(&mut self, name: &'static str) -> Vec<(String, String)> {
        let Some(value) = self.take(name) else {
            return Vec::new();
        };
        let Value::Array(list) = value else {
            return self
                .wrong(name, "a list of [name, value]", &value)
                .unwrap_or_default();
        };
        let mut headers = Vec::new();
        for item in list {
            if let Some(header) = pair(&item) {
                headers.push(header);
            } else {
                let message = format!("{item} is not [name, value], both strings");
                self.mistakes.add(name, message);
            }
        }
        headers
    }

    fn body_type(&mut self) -> BodyType {
        match self.object.remove("bodyType") {
            None => BodyType::Implied,
            // Null is said, not left out: bytes that are written as text for the eye.
            Some(Value::Null) => BodyType::None,
            Some(Value::String(text)) if text.is_empty() => BodyType::None,
            Some(Value::String(text)) => match HeaderValue::from_byte_string(&text) {
                Ok(_) => BodyType::Named(text),
                Err(reason) => {
                    let message =
                        format!("{text:?} is no type ({reason}); write it like text/plain");
                    self.mistakes.add("bodyType", message);
                    BodyType::None
                }
            },
            Some(other) => self
                .wrong("bodyType", "a string", &other)
                .unwrap_or_default(),
        }
    }

    fn body(&mut self) -> Option<BodyDescription> {
        let value = self.take("body")?;
        let parsed = match &value {
            Value::Object(object) if object.len() == 1 => object
                .iter()
                .next()
                .map_or(Err(BODY_FORMS), |(kind, content)| body(kind, content)),
            _ => Err(BODY_FORMS),
        };
        parsed
            .map_err(|message| self.mistakes.add("body", message))
            .ok()
    }

    fn wrong<T>(&mut self, name: &'static str, wanted: &str, value: &Value) -> Option<T> {
        self.mistakes
            .add(name, format!("it must be {wanted}, not {}", kind(value)));
        None
    }
}

fn pair(item: &Value) -> Option<(String, String)> {
    match item.as_array()?.as_slice() {
        [Value::String(name), Value::String(value)] => Some((name.clone(), value.clone())),
        _ => None,
    }
}

fn body(kind: &str, content: &Value) -> Result<BodyDescription, &'static str> {
    match (kind, content) {
        ("text", Value::String(text)) => Ok(BodyDescription::Text(text.clone())),
        ("base64", content) => decode(content).map(BodyDescription::Bytes),
        ("stream", Value::Array(chunks)) => chunks
            .iter()
            .map(decode)
            .collect::<Result<Vec<Bytes>, _>>()
            .map(BodyDescription::Stream),
        _ => Err(BODY_FORMS),
    }
}

/// Base64 with or without its padding.
fn decode(content: &Value) -> Result<Bytes, &'static str> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, config)
        .decode(content.as_str().ok_or(BODY_FORMS)?)
        .map(Bytes::from)
        .map_err(|_| "it is not base64; use A-Z, a-z, 0-9, + and /, without line ends")
}

const BODY_FORMS: &str =
    "it must be null, {\"text\": string}, {\"base64\": string} or {\"stream\": [base64, …]}";

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
