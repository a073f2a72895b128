//! Tables in documents that are made from data: each stands between two marks.

use crate::{Failure, workspace};

/// A place for a table in a document: between `<!-- name:begin -->` and `<!-- name:end -->`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) document: &'static str,
    pub(crate) name: &'static str,
    /// What of `cargo xtask` writes it.
    pub(crate) verb: &'static str,
}

impl Table {
    /// Put it there.
    pub(crate) fn write(self, table: &str) -> Result<(), Failure> {
        let document = workspace::read(self.document)?;
        workspace::write(self.document, &self.replaced(&document, table)?)
    }

    /// A sentence when another one is there.
    pub(crate) fn check(self, document: &str, table: &str) -> Result<Option<String>, Failure> {
        let is_current = self.replaced(document, table)? == document;
        let Self {
            document,
            name,
            verb,
        } = self;
        let sentence =
            || format!("{document} has another table of {name}: `cargo xtask {verb}` writes it");
        Ok((!is_current).then(sentence))
    }

    fn replaced(self, document: &str, table: &str) -> Result<String, Failure> {
        let (begin, end) = (self.mark("begin"), self.mark("end"));
        let parts = document.split_once(&begin).and_then(|(before, rest)| {
            let (_, after) = rest.split_once(&end)?;
            Some((before, after))
        });
        let (before, after) = parts.ok_or_else(|| {
            Failure::finding(format!(
                "{} lacks the lines {begin} and {end}",
                self.document
            ))
        })?;
        Ok(format!("{before}{begin}\n\n{table}\n{end}{after}"))
    }

    fn mark(self, which: &str) -> String {
        format!("<!-- {}:{which} -->", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let table = Table {
            document: "X.md",
            name: "x",
            verb: "x",
        };
        let document = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n";
        let next = table.replaced(document, "| new |\n").expect("marks");
        assert_eq!(
            next,
            "a\n<!-- x:begin -->\n\n| new |\n\n<!-- x:end -->\nb\n"
        );
        assert!(table.check(&next, "| new |\n").expect("marks").is_none());
        assert!(table.check(document, "| new |\n").expect("marks").is_some());
        assert!(table.replaced("a", "").is_err());
    }
}
