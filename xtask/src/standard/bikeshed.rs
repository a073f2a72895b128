//! fetch.bs → the rows of the pin.
//!
//! An anchor is an `id`, or the id that Bikeshed makes of a `<dfn>` without one. It stands for the smallest
//! `<div algorithm>` around it, else for its own paragraph or list item with the lists below; a heading stands for its section.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::markup::{Tag, tags, words};
use super::pin::{Pin, Row};
use super::{hash, idl, ids};

/// Without commit, date and hash of the whole, which the text does not say.
pub(super) fn pin(text: &str) -> Pin {
    let source = Source::new(text);
    let mut rows = BTreeMap::new();
    let mut renamed = BTreeSet::new();
    for (index, tag) in source.tags.iter().enumerate() {
        let Some(anchor) = source.anchor(index) else {
            continue;
        };
        for old in tag
            .attribute("oldids")
            .iter()
            .flat_map(|ids| ids.split(','))
        {
            renamed.insert((old.trim().to_owned(), anchor.clone()));
        }
        // Of two equal ids the first is where a link leads.
        rows.entry(anchor.clone())
            .or_insert_with(|| source.row(anchor, index));
    }
    for definition in idl::definitions(text) {
        rows.entry(definition.anchor.clone())
            .or_insert_with(|| Row {
                anchor: definition.anchor,
                title: definition.name,
                steps: 0,
                hash: hash(&words(definition.text)),
            });
    }
    Pin {
        rows: rows.into_values().collect(),
        renamed: renamed.into_iter().collect(),
        ..Pin::default()
    }
}

struct Source<'a> {
    text: &'a str,
    tags: Vec<Tag<'a>>,
    algorithms: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Self {
        let tags = tags(text);
        let algorithms = algorithms(&tags);
        Self {
            text,
            tags,
            algorithms,
        }
    }

    fn anchor(&self, index: usize) -> Option<String> {
        let tag = &self.tags[index];
        let given = tag.attribute("id").filter(|_| !tag.closing);
        let named = tag.opens("dfn") || tag.is_heading();
        given.or_else(|| named.then(|| ids::made(tag, &self.linking_text(index))))
    }

    fn linking_text(&self, index: usize) -> String {
        let tag = &self.tags[index];
        match tag.attribute("lt") {
            Some(texts) => ids::first(&texts, '|').to_owned(),
            None => self.content(index),
        }
    }

    fn content(&self, index: usize) -> String {
        let tag = &self.tags[index];
        let close = self.tags[index..]
            .iter()
            .find(|other| other.closing && other.name == tag.name);
        words(&self.text[tag.end..close.map_or(tag.end, |close| close.start)])
    }

    fn row(&self, anchor: String, index: usize) -> Row {
        let block = self.block(index);
        let first = self.tags.partition_point(|tag| tag.start < block.start);
        let last = self.tags.partition_point(|tag| tag.start < block.end);
        Row {
            title: self
                .title(index, first..last)
                .unwrap_or_else(|| anchor.clone()),
            steps: top_level_steps(&self.tags[first..last]),
            hash: hash(&words(&self.text[block])),
            anchor,
        }
    }

    /// A definition's own words with what it is for; of another element the first definition inside.
    fn title(&self, index: usize, inside: Range<usize>) -> Option<String> {
        let named = |tag: &Tag<'_>| tag.opens("dfn") || tag.is_heading();
        let index = if named(&self.tags[index]) {
            index
        } else {
            inside.into_iter().find(|inner| named(&self.tags[*inner]))?
        };
        let title = self.content(index);
        match self.tags[index].attribute("for") {
            Some(owner) => Some(format!("{title} ({owner})")),
            None => Some(title),
        }
    }

    fn block(&self, index: usize) -> Range<usize> {
        let tag = &self.tags[index];
        if tag.is_heading() {
            let next = self.tags[index + 1..]
                .iter()
                .find(|other| other.is_heading());
            return tag.start..next.map_or(self.text.len(), |next| next.start);
        }
        let around = self
            .algorithms
            .iter()
            .filter(|range| range.contains(&tag.start));
        if let Some(smallest) = around.min_by_key(|range| range.len()) {
            return smallest.clone();
        }
        let start = self.tags[..=index].iter().rposition(|other| {
            !other.closing
                && matches!(
                    other.name,
                    "p" | "li" | "dt" | "dd" | "div" | "pre" | "td" | "th"
                )
        });
        self.paragraph(start.unwrap_or(index))
    }

    /// From the tag up to the next of its kind, with the lists and tables below it.
    fn paragraph(&self, index: usize) -> Range<usize> {
        let start = &self.tags[index];
        let ends = |name: &str| match start.name {
            "p" => matches!(
                name,
                "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "div" | "pre" | "li" | "dt" | "dd"
            ),
            own => name == own,
        };
        let mut depth = 0_usize;
        for tag in &self.tags[index + 1..] {
            if depth == 0 && !tag.closing && ends(tag.name) {
                return start.start..tag.start;
            }
            if matches!(tag.name, "ol" | "ul" | "dl" | "table" | "div" | "pre") {
                if !tag.closing {
                    depth += 1;
                } else if depth == 0 {
                    return start.start..tag.start;
                } else {
                    depth -= 1;
                }
            }
        }
        start.start..self.text.len()
    }
}

/// The reach of each `<div algorithm>`.
fn algorithms(tags: &[Tag<'_>]) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    for tag in tags.iter().filter(|tag| tag.name == "div") {
        if !tag.closing {
            open.push(tag);
        } else if let Some(start) = open.pop()
            && start.has("algorithm")
        {
            found.push(start.start..tag.end);
        }
    }
    found
}

fn top_level_steps(tags: &[Tag<'_>]) -> usize {
    let mut open = Vec::new();
    let mut steps = 0;
    for tag in tags {
        match (tag.name, tag.closing) {
            ("ol" | "ul" | "dl", false) => open.push(tag.name),
            ("ol" | "ul" | "dl", true) => {
                open.pop();
            }
            ("li", false) if open == ["ol"] => steps += 1,
            _ => {}
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<h3 id=one oldids=uno,ein>One</h3>
<div algorithm>
<p>To <dfn export for=\"header list\">get a, b</dfn>:
<ol>
 <li><p>First.
 <li><ol><li>Nested.</ol>
 <li>Third.
</ol>
</div>
<p id=simple>A <dfn>CORS-safelisted thing</dfn> is
<ul>
 <li>this
</ul>
<p>Other.
<h3 id=two>Two</h3>
<dfn method for=Request><code>clone(<var>x</var>)</code></dfn>";

    fn row(anchor: &str) -> Row {
        let pin = pin(TEXT);
        pin.rows
            .into_iter()
            .find(|row| row.anchor == anchor)
            .expect(anchor)
    }

    #[test]
    fn ids_are_given_or_made_as_bikeshed_does() {
        let anchors: Vec<_> = pin(TEXT).rows.into_iter().map(|row| row.anchor).collect();
        assert_eq!(
            anchors,
            [
                "cors-safelisted-thing",
                "dom-request-clone",
                "header-list-get-a-b",
                "one",
                "simple",
                "two"
            ]
        );
    }

    #[test]
    fn steps_are_those_of_the_top_level() {
        let get = row("header-list-get-a-b");
        assert_eq!(
            (get.title.as_str(), get.steps),
            ("get a, b (header list)", 3)
        );
        assert_eq!(row("one").steps, 3);
        assert_eq!(row("two").steps, 0);
    }

    #[test]
    fn a_paragraph_stands_with_its_list_and_no_more() {
        assert_eq!(row("simple").title, "CORS-safelisted thing");
        assert_eq!(row("simple").hash, hash("A CORS-safelisted thing is this"));
    }

    #[test]
    fn former_ids_lead_to_the_present_one() {
        let pair = |old: &str| (old.to_owned(), "one".to_owned());
        assert_eq!(pin(TEXT).renamed, [pair("ein"), pair("uno")]);
    }
}
