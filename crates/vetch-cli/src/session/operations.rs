//! Operations: what a line asks for.
//! In: a line. Out: its id and an operation, or its id and what is wrong with it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use serde_json::value::RawValue;

use super::lines::{LINE_LIMIT, Line};
use super::{lone_surrogates, request_object};
use crate::request_description::{Mistakes, Wish, nearest, or};

/// An id as it was written, or `null`.
pub(super) type Id = Box<RawValue>;

/// What a line asks for.
#[derive(Debug)]
pub(super) enum Operation {
    Fetch(Box<Wish>),
    SetCookie { url: String, value: String },
    Cookies { url: String },
    Clear(Vec<Clear>),
    Advance(Duration),
    Stats,
}

/// What can be cleared. There is no HTTP cache, HSTS list or HTTP authentication yet, so that these three hold nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clear {
    PreflightCache,
    Cookies,
    HttpCache,
    Hsts,
    Auth,
    Connections,
}

impl Clear {
    const ALL: [(&'static str, Self); 6] = [
        ("preflight-cache", Self::PreflightCache),
        ("cookies", Self::Cookies),
        ("http-cache", Self::HttpCache),
        ("hsts", Self::Hsts),
        ("auth", Self::Auth),
        ("connections", Self::Connections),
    ];
}

/// The line's id, and what it asks for.
pub(super) fn parse(line: &Line) -> (Id, Result<Operation, Mistakes>) {
    let text = match line {
        Line::Text(text) => text,
        Line::TooLong => {
            let message = format!("the line has more than {LINE_LIMIT} bytes");
            return (null(), Err(Mistakes::one("line", message)));
        }
        Line::NotUtf8(position) => {
            let message = format!("the line is not UTF-8, from byte {position} on");
            return (null(), Err(Mistakes::one("line", message)));
        }
    };
    match serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text) {
        Ok(mut members) => {
            let id = members.remove("id").unwrap_or_else(null);
            (id, operation(&members))
        }
        Err(error) => {
            let message = match serde_json::from_str::<&RawValue>(text) {
                Ok(_) => "the line is not a JSON object; write {\"id\": …, \"op\": …}".to_owned(),
                Err(_) => format!("the line is not JSON ({error})"),
            };
            (null(), Err(Mistakes::one("line", message)))
        }
    }
}

fn operation(members: &BTreeMap<String, Box<RawValue>>) -> Result<Operation, Mistakes> {
    let op = members.get("op").map(|raw| raw.get());
    let op: Option<String> = op.and_then(|raw| serde_json::from_str(raw).ok());
    match op.as_deref() {
        Some("fetch") => known(members, "the op fetch", &["request"]).and_then(|()| fetch(members)),
        Some("set-cookie") => known(members, "the op set-cookie", &["url", "value"])
            .and_then(|()| set_cookie(members)),
        Some("cookies") => known(members, "the op cookies", &["url"])
            .and_then(|()| url(members))
            .map(|url| Operation::Cookies { url }),
        Some("clear") => known(members, "the op clear", &["what"]).and_then(|()| clear(members)),
        Some("advance") => {
            known(members, "the op advance", &["ms"]).and_then(|()| advance(members))
        }
        Some("stats") => known(members, "the op stats", &[]).map(|()| Operation::Stats),
        Some(unknown) => {
            let fix = match nearest(unknown, OPS) {
                Some(meant) => format!("do you mean {meant}?"),
                None => format!("use {}", or(&OPS)),
            };
            Err(Mistakes::one(
                "op",
                format!("{unknown:?} is not known; {fix}"),
            ))
        }
        // Without an op every op's members are known, so that `opp` is told and `request` is not.
        None if !members.contains_key("op") => {
            known(
                members,
                "a line",
                &["request", "url", "value", "what", "ms"],
            )?;
            Err(no_op())
        }
        None => Err(no_op()),
    }
}

fn no_op() -> Mistakes {
    Mistakes::one("op", format!("it must be one of {}", or(&OPS)))
}

/// Refuses members other than these, `id` and `op`. Nothing more is told then: what seems to be missing may be what a
/// mistyped name stands for.
fn known(
    members: &BTreeMap<String, Box<RawValue>>,
    whose: &str,
    names: &[&str],
) -> Result<(), Mistakes> {
    let names = [&["id", "op"], names].concat();
    let mut mistakes = Mistakes::default();
    for name in members
        .keys()
        .filter(|name| !names.contains(&name.as_str()))
    {
        let fix = match nearest(name, names.iter().copied()) {
            Some(meant) => format!("do you mean {meant}?"),
            None => format!("use {}", names.join(", ")),
        };
        mistakes.add(
            name.clone(),
            format!("{whose} has no member {name:?}; {fix}"),
        );
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

fn fetch(members: &BTreeMap<String, Box<RawValue>>) -> Result<Operation, Mistakes> {
    let object = match members
        .get("request")
        .map(|raw| serde_json::from_str(&lone_surrogates::replaced(raw.get())))
    {
        Some(Ok(Value::Object(object))) => object,
        Some(Err(error)) => {
            let message = format!("it cannot be read ({error})");
            return Err(Mistakes::one("request", message));
        }
        _ => {
            let message = "it must be an object, like {\"url\": \"https://api.example/\", \"origin\": \"https://app.example\"}";
            return Err(Mistakes::one("request", message));
        }
    };
    let (description, mut mistakes) = request_object::describe(object);
    match mistakes.take(description.check()) {
        Some(wish) if mistakes.is_empty() => Ok(Operation::Fetch(Box::new(wish))),
        _ => Err(mistakes),
    }
}

fn set_cookie(members: &BTreeMap<String, Box<RawValue>>) -> Result<Operation, Mistakes> {
    let mut mistakes = Mistakes::default();
    let url = mistakes.take(url(members));
    let value: Option<String> = value(members, "value");
    if value.is_none() {
        mistakes.add(
            "value",
            "it must be a string, as Set-Cookie has it: a=1; Path=/",
        );
    }
    match (url, value) {
        (Some(url), Some(value)) => Ok(Operation::SetCookie { url, value }),
        _ => Err(mistakes),
    }
}

fn url(members: &BTreeMap<String, Box<RawValue>>) -> Result<String, Mistakes> {
    let Some(text) = value::<String>(members, "url") else {
        let message = "it must be a string, like https://api.example/";
        return Err(Mistakes::one("url", message));
    };
    match url::Url::parse(&text) {
        Ok(_) => Ok(text),
        Err(reason) => {
            let message =
                format!("{text:?} is not a URL ({reason}); write it like https://api.example/");
            Err(Mistakes::one("url", message))
        }
    }
}

fn clear(members: &BTreeMap<String, Box<RawValue>>) -> Result<Operation, Mistakes> {
    let names = Clear::ALL.map(|(name, _)| name);
    let written = match value::<Value>(members, "what") {
        Some(Value::String(name)) => vec![Value::String(name)],
        Some(Value::Array(names)) => names,
        _ => {
            let message = format!("it must be one or a list of {}", or(&names));
            return Err(Mistakes::one("what", message));
        }
    };
    let mut mistakes = Mistakes::default();
    let mut what = Vec::new();
    for name in written {
        let known = Clear::ALL
            .into_iter()
            .find_map(|(known, clear)| (name == known).then_some(clear));
        match known {
            Some(clear) => what.push(clear),
            None => mistakes.add("what", format!("{name} is not known; use {}", or(&names))),
        }
    }
    if mistakes.is_empty() {
        Ok(Operation::Clear(what))
    } else {
        Err(mistakes)
    }
}

fn advance(members: &BTreeMap<String, Box<RawValue>>) -> Result<Operation, Mistakes> {
    let millis: Option<f64> = value(members, "ms");
    millis
        .and_then(|millis| Duration::try_from_secs_f64(millis / 1_000.0).ok())
        .map(Operation::Advance)
        .ok_or_else(|| {
            Mistakes::one(
                "ms",
                "it must be a number of milliseconds, 0 or more; time does not go back",
            )
        })
}

/// The member, if it is there and of that type.
fn value<T: serde::de::DeserializeOwned>(
    members: &BTreeMap<String, Box<RawValue>>,
    name: &str,
) -> Option<T> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

fn null() -> Id {
    RawValue::NULL.to_owned()
}

const OPS: [&str; 6] = [
    "fetch",
    "set-cookie",
    "cookies",
    "clear",
    "advance",
    "stats",
];
