//! The Standard's source as tags: loose HTML, where `</p>` and `</li>` are mostly left out.

/// A tag, with where it stands in the text.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) closing: bool,
    pub(super) start: usize,
    pub(super) end: usize,
    attributes: &'a str,
}

impl Tag<'_> {
    pub(super) fn opens(&self, name: &str) -> bool {
        !self.closing && self.name == name
    }

    pub(super) fn is_heading(&self) -> bool {
        !self.closing && matches!(self.name, "h2" | "h3" | "h4" | "h5" | "h6")
    }

    /// The value of an attribute; empty for one without a value.
    pub(super) fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let name_end = rest
                .find(|sign: char| sign == '=' || sign.is_whitespace())
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(name_end);
            let (value, after) = match after.strip_prefix('=') {
                Some(after) => value(after),
                None => ("", after),
            };
            if name == wanted {
                return Some(value.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            rest = after.trim_start();
        }
        None
    }

    pub(super) fn has(&self, attribute: &str) -> bool {
        self.attribute(attribute).is_some()
    }
}

/// A quoted or bare value, and what follows it.
fn value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = &text[1..];
            inner.split_once(quote).unwrap_or((inner, ""))
        }
        _ => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

/// Every tag, comments left out.
pub(super) fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        if text[start..].starts_with("<!--") {
            at = comment_end(text, start);
            continue;
        }
        match tag(text, start) {
            Some(tag) => {
                at = tag.end;
                tags.push(tag);
            }
            None => at = start + 1,
        }
    }
    tags
}

fn comment_end(text: &str, start: usize) -> usize {
    text[start..]
        .find("-->")
        .map_or(text.len(), |found| start + found + 3)
}

fn tag(text: &str, start: usize) -> Option<Tag<'_>> {
    let closing = text[start + 1..].starts_with('/');
    let name_start = start + 1 + usize::from(closing);
    let name_length = text[name_start..].find(|sign: char| !sign.is_ascii_alphanumeric())?;
    let name = &text[name_start..name_start + name_length];
    if !name.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    let inner = &text[name_start + name_length..];
    let length = inner.find(|sign: char| match quote {
        None if sign == '"' || sign == '\'' => {
            quote = Some(sign);
            false
        }
        None => sign == '>',
        Some(open) => {
            if sign == open {
                quote = None;
            }
            false
        }
    })?;
    Some(Tag {
        name,
        closing,
        start,
        end: name_start + name_length + length + 1,
        attributes: &inner[..length],
    })
}

/// The words alone: no tags, no comments, one space between words.
pub(super) fn words(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        plain.push_str(&text[at..start]);
        at = if text[start..].starts_with("<!--") {
            comment_end(text, start)
        } else if let Some(tag) = tag(text, start) {
            tag.end
        } else {
            plain.push('<');
            start + 1
        };
    }
    plain.push_str(&text[at..]);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_quoted_bare_or_alone() {
        let text = "<!-- <p id=no> --><dfn export for=\"header\n list\" lt='a > b' id=x>get</dfn> <{form}>";
        let tags = tags(text);
        assert_eq!(tags.len(), 2);
        assert_eq!(tags[0].attribute("for").as_deref(), Some("header list"));
        assert_eq!(tags[0].attribute("lt").as_deref(), Some("a > b"));
        assert_eq!(tags[0].attribute("id").as_deref(), Some("x"));
        assert!(tags[0].has("export") && !tags[0].has("list"));
        assert!(tags[1].closing);
    }

    #[test]
    fn words_are_what_a_reader_sees() {
        assert_eq!(words("a\n <b>c</b><!-- d --> 1 < 2"), "a c 1 < 2");
    }
}
