//! The comments labelled `DIFFERS:` and `NOT DONE:`, each with the item it stands at.

use crate::workspace::Source;

const LABELS: &[&str] = &["DIFFERS", "NOT DONE"];

/// One departure from the Standard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) label: &'static str,
    pub(super) path: String,
    /// The function or type, where there is one.
    pub(super) item: Option<String>,
    pub(super) text: String,
}

pub(super) fn entries(source: &Source) -> Vec<Entry> {
    let lines: Vec<&str> = without_tests(&source.text);
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((label, step, start)) = comment(line).and_then(labelled) else {
            continue;
        };
        let mut text = format!("{step}{start}");
        for more in lines[index + 1..]
            .iter()
            .map_while(|line| continuation(line))
        {
            text.push(' ');
            text.push_str(more);
        }
        found.push(Entry {
            label,
            path: source.path.clone(),
            item: item(&lines, index),
            text: text.trim().to_owned(),
        });
    }
    found
}

/// The lines up to the file's test module, which stands last.
fn without_tests(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines
        .iter()
        .enumerate()
        .position(|(index, line)| {
            *line == "#[cfg(test)]"
                && lines[index + 1..]
                    .iter()
                    .find(|next| !next.starts_with("#["))
                    .is_some_and(|next| next.starts_with("mod "))
        })
        .unwrap_or(lines.len());
    lines[..tests].to_vec()
}

/// The words of a line's comment, also of one after code.
fn comment(line: &str) -> Option<&str> {
    let (_, comment) = line.split_once("//")?;
    Some(comment.trim_start_matches(['/', '!']).trim())
}

/// The label, the number of the step in front of it (with a space), and the words after it.
fn labelled(comment: &str) -> Option<(&'static str, String, &str)> {
    LABELS.iter().find_map(|label| {
        let mark = format!("{label}:");
        let at = comment.find(&mark)?;
        // In backticks or inside a longer word it is a mention.
        if comment[..at].ends_with(|sign: char| sign == '`' || sign.is_alphanumeric()) {
            return None;
        }
        let step = step_number(comment).filter(|_| at > 0);
        let step = step.map(|step| format!("{step} ")).unwrap_or_default();
        Some((*label, step, comment[at + mark.len()..].trim()))
    })
}

/// `4.` or `12.3.` at the start of a comment.
fn step_number(comment: &str) -> Option<&str> {
    let first = comment.split(' ').next()?;
    let numeric = first.starts_with(|sign: char| sign.is_ascii_digit())
        && first
            .chars()
            .all(|sign| sign.is_ascii_digit() || sign == '.');
    (numeric && first.ends_with('.')).then_some(first)
}

/// A further line of the same comment; an empty comment, a step or another label ends it.
fn continuation(line: &str) -> Option<&str> {
    if !line.trim_start().starts_with("//") {
        return None;
    }
    let words = comment(line)?;
    let ends = words.is_empty() || step_number(words).is_some() || labelled(words).is_some();
    (!ends).then_some(words)
}

/// What the comment belongs to: nothing for `//!`, the item below for `///`, else the function around it.
fn item(lines: &[&str], index: usize) -> Option<String> {
    let line = lines[index];
    let own = indent(line);
    let words = line.trim_start();
    if words.starts_with("//!") {
        return None;
    }
    let below = || lines[index + 1..].iter().find_map(|line| item_name(line));
    if words.starts_with("///") {
        return below();
    }
    let around = lines[..index]
        .iter()
        .rev()
        .filter(|line| !line.trim().is_empty() && indent(line) < own)
        .find_map(|line| item_name(line));
    around.or_else(below)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn item_name(line: &str) -> Option<String> {
    let words = line
        .split(|sign: char| !(sign.is_alphanumeric() || sign == '_'))
        .filter(|word| !word.is_empty());
    let mut words =
        words.skip_while(|word| matches!(*word, "pub" | "crate" | "super" | "async" | "unsafe"));
    let mut kind = words.next()?;
    let mut name = words.next()?;
    if (kind, name) == ("const", "fn") {
        (kind, name) = (name, words.next()?);
    }
    let is_item = matches!(
        kind,
        "fn" | "struct" | "enum" | "trait" | "const" | "static" | "type"
    );
    (is_item && !line.trim_start().starts_with("//")).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(&'static str, Option<String>, String)> {
        let source = Source {
            path: "f.rs".into(),
            text: text.into(),
        };
        entries(&source)
            .into_iter()
            .map(|entry| (entry.label, entry.item, entry.text))
            .collect()
    }

    #[test]
    fn a_label_goes_on_until_the_comment_ends() {
        let text = "//! DIFFERS: one\n//! two\n//!\n//! three\n\nfn f() {\n    // NOT DONE: four\n    // five\n    x();\n}";
        assert_eq!(
            of(text),
            [
                ("DIFFERS", None, "one two".to_owned()),
                ("NOT DONE", Some("f".to_owned()), "four five".to_owned())
            ]
        );
    }

    #[test]
    fn a_step_keeps_its_number_and_the_next_step_is_another() {
        let text = "pub(crate) const fn g() {\n    // 4.2. NOT DONE: CSP\n    // 5. Go on.\n    if x {\n        // 6. DIFFERS: this\n    }\n}";
        let item = || Some("g".to_owned());
        assert_eq!(
            of(text),
            [
                ("NOT DONE", item(), "4.2. CSP".to_owned()),
                ("DIFFERS", item(), "6. this".to_owned())
            ]
        );
    }

    #[test]
    fn documentation_belongs_to_the_item_below() {
        let text = "fn before() {}\n/// DIFFERS: a\n#[must_use]\npub struct After;";
        assert_eq!(of(text)[0].1.as_deref(), Some("After"));
    }

    #[test]
    fn a_mention_and_the_tests_do_not_count() {
        let text = "//! The labels are `DIFFERS:` and `NOT DONE:`.\n#[cfg(test)]\nmod tests {\n    // DIFFERS: no\n}";
        assert!(of(text).is_empty());
    }
}
