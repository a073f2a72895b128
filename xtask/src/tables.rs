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

/// With a space before each three digits from the end.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let grouped = [0, 16, 999, 1_000, 17_060, 1_000_000].map(grouped);
        let wanted = ["0", "16", "999", "1 000", "17 060", "1 000 000"];
        assert_eq!(grouped, wanted);
    }

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
