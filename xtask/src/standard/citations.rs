//! Which anchors of the Standard the code cites, and where.

use std::collections::BTreeMap;

use crate::workspace::Source;

const ADDRESS: &str = "fetch.spec.whatwg.org/#";

/// Each cited anchor with the files that cite it.
pub(crate) fn cited(sources: &[Source]) -> BTreeMap<String, Vec<String>> {
    let mut cited: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources {
        for anchor in anchors(&source.text) {
            let files = cited.entry(anchor).or_default();
            if files.last() != Some(&source.path) {
                files.push(source.path.clone());
            }
        }
    }
    cited
}

/// An address that ends at the `#`, as when code puts it together, cites nothing.
fn anchors(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(ADDRESS)
        .skip(1)
        .map(|rest| {
            let end = rest.find(|sign: char| !belongs(sign));
            let anchor = &rest[..end.unwrap_or(rest.len())];
            anchor.trim_end_matches('-').to_owned()
        })
        .filter(|anchor| !anchor.is_empty())
}

/// Two of the Standard's anchors end in a question mark.
fn belongs(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_ends_where_the_sentence_goes_on() {
        let text = "//! <https://fetch.spec.whatwg.org/#concept-fetch>, see https://fetch.spec.whatwg.org/#blocked?.\nformat!(\"https://fetch.spec.whatwg.org/#{x}\")";
        assert_eq!(
            anchors(text).collect::<Vec<_>>(),
            ["concept-fetch", "blocked?"]
        );
    }
}
