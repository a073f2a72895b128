//! Mistakes: each with the member that is wrong and one sentence that names the input and the fix.
//! In: mistakes as they are found. Out: all of them, in the order of the members.

use vetch_core::fetch_api::invalid_request::InvalidRequest;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The member, by its name in a session's line.
    pub(crate) field: String,
    /// One sentence that names the input and the fix.
    pub(crate) message: String,
}

/// The mistakes of one request or line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mistakes(Vec<Mistake>);

impl Mistake {
    /// A mistake in that member.
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Mistakes {
    /// One mistake.
    pub(crate) fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![Mistake::new(field, message)])
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One more.
    pub(crate) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let mistake = Mistake::new(field, message);
        if !self.0.contains(&mistake) {
            self.0.push(mistake);
        }
    }

    /// Those that the API found. What follows only from a mistake already told is left out.
    pub(crate) fn add_problems(&mut self, invalid: &InvalidRequest) {
        for problem in invalid.problems() {
            let told = |field: &str| self.0.iter().any(|mistake| mistake.field == field);
            let follows = told(problem.field) || (problem.field == "cache" && told("mode"));
            if !follows || problem.field == "headers" {
                self.add(problem.field, problem.message.clone());
            }
        }
    }

    /// The value, or nothing and its mistakes here. Of a member that is already known to be wrong no more is said.
    pub(crate) fn take<T>(&mut self, result: Result<T, Self>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(others) => {
                let told: Vec<String> =
                    self.0.iter().map(|mistake| mistake.field.clone()).collect();
                for mistake in others.0 {
                    if !told.contains(&mistake.field) || mistake.field == "headers" {
                        self.add(mistake.field, mistake.message);
                    }
                }
                None
            }
        }
    }

    /// In the order of a request's members, unknown ones last.
    pub(crate) fn sorted(mut self) -> Vec<Mistake> {
        self.0.sort_by_key(|mistake| {
            MEMBERS
                .iter()
                .position(|member| *member == mistake.field)
                .unwrap_or(MEMBERS.len())
        });
        self.0
    }
}

/// The known name that is meant, if one is near.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_ascii_lowercase();
    known
        .into_iter()
        .map(|name| {
            let likeness = strsim::jaro(&written, &name.to_ascii_lowercase());
            (likeness, name)
        })
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The members of a session's request, in the contract's order.
pub(crate) const MEMBERS: [&str; 24] = [
    "url",
    "origin",
    "clientUrl",
    "clientHeaders",
    "topLevelSite",
    "method",
    "headers",
    "body",
    "bodyType",
    "mode",
    "credentials",
    "cache",
    "redirect",
    "referrer",
    "referrerPolicy",
    "integrity",
    "keepalive",
    "duplex",
    "destination",
    "initiator",
    "crossorigin",
    "uploadListeners",
    "withCredentials",
    "timing",
];
