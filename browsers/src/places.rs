//! Where each role listens in this run: roles to URLs on the way in, URLs to roles on the way out.
//!
//! | in a scenario | becomes |
//! | --- | --- |
//! | `{cross}` | `http://www.other.test:40123/s/00017`, the scenario's own folder there |
//! | `{cross.origin}` | `http://www.other.test:40123` |
//! | `{cross.host}` | `www.other.test:40123` |
//! | `{base}` | `/s/00017`, for a path without an origin |
//!
//! The folder keeps scenarios apart: preflight cache, HTTP cache and cookies (by their default path) need no clearing.

use std::collections::BTreeMap;

use crate::roles::Role;

/// The port of each role.
#[derive(Debug, Clone, Default)]
pub struct Places {
    ports: BTreeMap<Role, u16>,
}

impl Places {
    /// Says where a role listens.
    pub fn insert(&mut self, role: Role, port: u16) {
        self.ports.insert(role, port);
    }

    /// `host:port`, as in a URL.
    pub fn host(&self, role: Role) -> String {
        let port = self.ports.get(&role).copied().unwrap_or_default();
        format!("{}:{port}", role.spot.host())
    }

    /// The serialised origin.
    pub fn origin(&self, role: Role) -> String {
        format!("{}://{}", role.scheme(), self.host(role))
    }

    /// A scenario's templates filled in.
    pub fn fill(&self, run: usize, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let base = base(run);
        let mut filled = text.replace("{base}", &base);
        for role in self.ports.keys().copied() {
            let origin = self.origin(role);
            filled = filled
                .replace(&format!("{{{role}.origin}}"), &origin)
                .replace(&format!("{{{role}.host}}"), &self.host(role))
                .replace(&format!("{{{role}}}"), &format!("{origin}{base}"));
        }
        filled
    }

    /// The same the other way round.
    pub fn normalise(&self, run: usize, text: &str) -> String {
        let base = base(run);
        let mut plain = text.to_owned();
        for role in self.ports.keys().copied() {
            let origin = self.origin(role);
            if plain.contains(&self.host(role)) {
                plain = plain
                    .replace(&format!("{origin}{base}"), &format!("{{{role}}}"))
                    .replace(&origin, &format!("{{{role}.origin}}"))
                    .replace(&self.host(role), &format!("{{{role}.host}}"));
            }
        }
        plain.replace(&base, "{base}")
    }
}

/// The folder of one run of a scenario; always of the same length, so that it changes no length in a recording.
pub fn base(run: usize) -> String {
    format!("/s/{run:05}")
}

/// Which run a path belongs to, and the path inside.
pub fn split_base(path: &str) -> Option<(usize, &str)> {
    let (run, rest) = path.strip_prefix("/s/")?.split_at_checked(5)?;
    Some((run.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_and_found_again() {
        let mut places = Places::default();
        places.insert("cross".parse().expect("a role"), 4001);
        places.insert("tls-cross".parse().expect("a role"), 4002);
        for text in [
            "{cross}/a?b#c",
            "{tls-cross.origin}/",
            "https://u:p@{tls-cross.host}{base}/a",
            "{x}",
        ] {
            let filled = places.fill(3, text);
            assert!(!filled.contains("cross}"));
            assert_eq!(places.normalise(3, &filled), text);
        }
        assert_eq!(split_base("/s/00003/a"), Some((3, "/a")));
        assert_eq!(split_base("/s/3"), None);
    }
}
