//! Which modules a file of the core names: in `use` statements and in paths that start with `crate`, `self` or `super`.
//!
//! Comments and items under `#[cfg(test)]` do not count.

use super::rust_tokens::{Token, tokens};
use super::test_items::without_tests;

/// One path that a file names, from the crate's root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    /// From 1.
    pub(super) line: usize,
}

/// `module` is the file's own place, like `infrastructure/headers`; empty for lib.rs.
pub(super) fn imports(text: &str, module: &str) -> Vec<Import> {
    let mut reader = Reader {
        tokens: without_tests(&tokens(text)),
        at: 0,
        module: module
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        inline: Vec::new(),
        depth: 0,
        found: Vec::new(),
    };
    while reader.at < reader.tokens.len() {
        reader.step();
    }
    reader.found
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    module: Vec<String>,
    /// The `mod name { … }` that are open, each with the depth of its braces.
    inline: Vec<(String, usize)>,
    depth: usize,
    found: Vec<Import>,
}

impl Reader {
    fn sign(&self, ahead: usize, sign: char) -> bool {
        self.tokens
            .get(self.at + ahead)
            .is_some_and(|token| token.is_sign(sign))
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        self.tokens.get(self.at + ahead).and_then(Token::word)
    }

    fn separator(&self, ahead: usize) -> bool {
        self.sign(ahead, ':') && self.sign(ahead + 1, ':')
    }

    fn step(&mut self) {
        match self.word(0) {
            Some("use") if self.word(1).is_some() || self.sign(1, '{') || self.sign(1, ':') => {
                self.at += 1;
                return self.use_tree(&[]);
            }
            Some("mod") if self.sign(2, '{') => {
                let name = self.word(1).unwrap_or_default().to_owned();
                self.at += 2;
                self.inline.push((name, self.depth));
            }
            // `pub(in crate::…)` says who sees an item, it imports nothing.
            Some("in") if self.at > 0 && self.tokens[self.at - 1].is_sign('(') => {
                self.at += 1;
                self.path();
                return;
            }
            Some("crate" | "self" | "super") if self.separator(1) => {
                let line = self.tokens[self.at].line;
                let path = self.path();
                return self.record(&path, line);
            }
            _ => {}
        }
        self.count_braces();
        self.at += 1;
    }

    fn count_braces(&mut self) {
        if self.sign(0, '{') {
            self.depth += 1;
        } else if self.sign(0, '}') {
            self.depth = self.depth.saturating_sub(1);
            if self
                .inline
                .last()
                .is_some_and(|(_, depth)| *depth == self.depth)
            {
                self.inline.pop();
            }
        }
    }

    /// Words joined by `::`.
    fn path(&mut self) -> Vec<String> {
        let mut path = Vec::new();
        while let Some(word) = self.word(0) {
            path.push(word.to_owned());
            self.at += 1;
            if !(self.separator(0) && self.word(2).is_some()) {
                break;
            }
            self.at += 2;
        }
        path
    }

    /// `a::b`, `a::{b, c::d}`, `a::*`, `a as b`: each leaf is recorded.
    fn use_tree(&mut self, prefix: &[String]) {
        if self.separator(0) {
            // `::name` is another crate.
            self.at += 2;
        }
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        let mut path = prefix.to_vec();
        path.extend(self.path());
        if self.separator(0) {
            self.at += 2;
        }
        if self.sign(0, '{') {
            self.at += 1;
            while self.at < self.tokens.len() && !self.sign(0, '}') {
                self.use_tree(&path);
                if self.sign(0, ',') {
                    self.at += 1;
                }
            }
            self.at += 1;
            return;
        }
        if self.sign(0, '*') {
            self.at += 1;
        } else if self.word(0) == Some("as") {
            self.at += 2;
        } else if path.len() == prefix.len() {
            // Not a tree: leave the sign, so that the walk goes on.
            self.at += 1;
            return;
        }
        self.record(&path, line);
    }

    fn record(&mut self, path: &[String], line: usize) {
        let mut base = self.module.clone();
        base.extend(self.inline.iter().map(|(name, _)| name.clone()));
        let Some(first) = path.first() else { return };
        let mut rest = path;
        match first.as_str() {
            "crate" => base.clear(),
            "self" | "super" => {}
            // Edition 2024: another crate, or a name in scope whose own import was recorded.
            _ => return,
        }
        while let Some(word) = rest
            .first()
            .filter(|word| ["crate", "self", "super"].contains(&word.as_str()))
        {
            if word == "super" {
                base.pop();
            }
            rest = &rest[1..];
        }
        // `use a::{self}` names the module itself.
        base.extend(rest.iter().filter(|word| *word != "self").cloned());
        self.found.push(Import { path: base, line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str, module: &str) -> Vec<String> {
        imports(text, module)
            .iter()
            .map(|import| import.path.join("::"))
            .collect()
    }

    #[test]
    fn nested_braces_over_several_lines() {
        let text = "use crate::{\n  infrastructure::{requests::{Request, Mode as M}, headers::*},\n  time::Timestamp,\n};\nuse std::fmt;";
        assert_eq!(
            paths(text, "x"),
            [
                "infrastructure::requests::Request",
                "infrastructure::requests::Mode",
                "infrastructure::headers",
                "time::Timestamp"
            ]
        );
        assert_eq!(imports(text, "x")[3].line, 3);
    }

    #[test]
    fn relative_paths_start_from_the_file() {
        let text = "use super::headers::{self, HeaderList}; use super::super::time::Timestamp; pub use self::inner::A;";
        assert_eq!(
            paths(text, "infrastructure/requests"),
            [
                "infrastructure::headers",
                "infrastructure::headers::HeaderList",
                "time::Timestamp",
                "infrastructure::requests::inner::A"
            ]
        );
    }

    #[test]
    fn super_inside_an_inline_module_is_the_file() {
        let text = "mod deep { use super::A; fn f() { if x {} } }\nuse super::B;";
        assert_eq!(
            paths(text, "infrastructure/requests"),
            ["infrastructure::requests::A", "infrastructure::B"]
        );
    }

    #[test]
    fn inline_paths_count_and_comments_do_not() {
        let text = "/// crate::doc::link\nfn f(x: crate::time::Timestamp) -> Vec<u8> { crate::remarks::push::<u8>(x) } // crate::no\nconst S: &str = \"crate::no\";";
        assert_eq!(paths(text, "x"), ["time::Timestamp", "remarks::push"]);
    }

    #[test]
    fn visibility_is_not_an_import() {
        let text =
            "pub(in crate::fetching) fn f() {} pub(crate) use crate::time::T; pub(super) struct S;";
        assert_eq!(paths(text, "x"), ["time::T"]);
    }

    #[test]
    fn precise_capturing_is_not_a_use_statement() {
        assert_eq!(
            paths("fn f() -> impl Sized + use<'_, T> { crate::a::f() }", "x"),
            ["a::f"]
        );
    }
}
