//! Names that stand for a choice: modes, policies, destinations, initiators.
//! In: a name as written. Out: the choice, or a mistake that lists the names there are.

use vetch_core::{Destination, ReferrerPolicy};

use super::Api;
use super::mistakes::{Mistakes, nearest};

/// The choice of that name.
pub(super) fn one_of<T: Copy>(
    field: &'static str,
    written: Option<&str>,
    all: &[(&'static str, T)],
    mistakes: &mut Mistakes,
) -> Option<T> {
    let written = written?;
    let found = all
        .iter()
        .find_map(|(name, choice)| (*name == written).then_some(*choice));
    if found.is_none() {
        let names: Vec<&str> = all
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| field != "mode" || SCRIPT_MODES.contains(name))
            .collect();
        mistakes.add(
            field,
            format!("{written:?} is not known; use {}", or(&names)),
        );
    }
    found
}

/// A referrer policy; the empty string is none.
pub(super) fn referrer_policy(
    written: Option<&str>,
    mistakes: &mut Mistakes,
) -> Option<ReferrerPolicy> {
    let written = written.filter(|written| !written.is_empty());
    one_of("referrerPolicy", written, &ReferrerPolicy::ALL, mistakes)
}

/// A destination; absent is the empty string.
pub(super) fn destination(written: Option<&str>, mistakes: &mut Mistakes) -> Destination {
    let Some(written) = written else {
        return Destination::Empty;
    };
    Destination::parse(written).unwrap_or_else(|| {
        let names = or(&Destination::NAMES);
        let fix = match nearest(written, Destination::NAMES) {
            Some(meant) => format!("do you mean {meant}? It can be {names}"),
            None => format!("use {names}"),
        };
        mistakes.add("destination", format!("{written:?} is not known; {fix}"));
        Destination::Empty
    })
}

/// The API that is meant; nothing when it is unknown or not built.
pub(super) fn initiator(written: Option<&str>, mistakes: &mut Mistakes) -> Option<Api> {
    match written.unwrap_or("fetch") {
        "fetch" => Some(Api::Fetch),
        "xhr" => Some(Api::Xhr),
        element if ELEMENT_INITIATORS.contains(&element) => {
            let message = format!("{element} is not supported yet; use fetch or xhr");
            mistakes.add("initiator", message);
            None
        }
        unknown => {
            let message = format!("{unknown:?} is not known; use fetch or xhr");
            mistakes.add("initiator", message);
            None
        }
    }
}

/// `a, b or c`
pub(crate) fn or(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}

const SCRIPT_MODES: [&str; 3] = ["same-origin", "cors", "no-cors"];

const ELEMENT_INITIATORS: [&str; 12] = [
    "image",
    "script",
    "module-script",
    "stylesheet",
    "font",
    "audio",
    "video",
    "track",
    "manifest",
    "eventsource",
    "beacon",
    "ping",
];
