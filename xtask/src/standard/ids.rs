//! The ids that Bikeshed makes for definitions and headings without one.

use super::markup::Tag;

const IDL_KINDS: &[&str] = &[
    "attribute",
    "method",
    "constructor",
    "dict-member",
    "enum-value",
];

/// `text` is the definition's own, or the first of its `lt`.
pub(super) fn made(tag: &Tag<'_>, text: &str) -> String {
    let idl = IDL_KINDS.iter().any(|kind| tag.has(kind));
    let text = if idl { first(text, '(') } else { text };
    let id = match tag.attribute("for") {
        Some(owners) => simplified(&format!("{}-{text}", first(&owners, ','))),
        None => simplified(text),
    };
    if idl { format!("dom-{id}") } else { id }
}

pub(super) fn first(list: &str, separator: char) -> &str {
    list.split(separator).next().unwrap_or_default().trim()
}

/// Lower case; runs of spaces, slashes, commas and opening brackets to a hyphen; other punctuation away.
pub(super) fn simplified(text: &str) -> String {
    let mut id = String::new();
    for sign in text.trim().replace("()", "").to_lowercase().chars() {
        match sign {
            'a'..='z' | '0'..='9' | '_' | '-' => id.push(sign),
            _ if sign.is_whitespace() || matches!(sign, '/' | '(' | ',') => id.push(' '),
            _ => {}
        }
    }
    let parts: Vec<&str> = id.split(' ').filter(|part| !part.is_empty()).collect();
    parts.join("-").trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn an_id_is_lower_case_with_hyphens() {
        for (text, id) in [
            (
                "append a request `Cookie` header",
                "append-a-request-cookie-header",
            ),
            ("append to a request's list()", "append-to-a-requests-list"),
            ("get, decode, and split", "get-decode-and-split"),
            (
                "request/destination-script-like",
                "request-destination-script-like",
            ),
        ] {
            assert_eq!(simplified(text), id);
        }
    }
}
