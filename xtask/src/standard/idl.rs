//! The anchors that Bikeshed gives to Web IDL: interfaces, dictionaries with their members, enumerations, typedefs.

use super::ids::simplified;

pub(super) struct Definition<'a> {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) text: &'a str,
}

/// The definitions of every `<pre class=idl>`; partial ones define nothing.
pub(super) fn definitions(text: &str) -> Vec<Definition<'_>> {
    let translated = translated(text);
    let mut definitions: Vec<_> = text
        .split("<pre class=idl>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</pre>"))
        .flat_map(|(block, _)| statements(block))
        .flat_map(definition)
        .collect();
    for definition in &mut definitions {
        if let Some((_, anchor)) = translated.iter().find(|(id, _)| *id == definition.anchor) {
            definition.anchor = (*anchor).to_owned();
        }
    }
    definitions
}

/// The metadata that gives some of these anchors another name: `Translate IDs: from to,from to`.
fn translated(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter_map(|line| line.strip_prefix("Translate IDs: "))
        .flat_map(|pairs| pairs.split(','))
        .filter_map(|pair| pair.trim().split_once(' '))
        .collect()
}

/// Parts at the `;` that stand outside braces.
fn statements(block: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    // The `;` of an escape ends no statement.
    let mut escaped = false;
    block
        .split_inclusive(move |sign: char| {
            match sign {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '&' => escaped = true,
                ';' if escaped => {
                    escaped = false;
                    return false;
                }
                _ => {}
            }
            sign == ';' && depth == 0
        })
        .collect()
}

fn definition(statement: &str) -> Vec<Definition<'_>> {
    let body = without_extended_attributes(statement.trim());
    let words: Vec<&str> = body
        .split([' ', '\n', '{', ':', ';'])
        .filter(|word| !word.is_empty())
        .collect();
    let (prefix, name) = match words.as_slice() {
        ["interface", "mixin", name, ..] | ["interface", name, ..] => ("", *name),
        ["dictionary", name, ..] => ("dictdef-", *name),
        ["enum", name, ..] => ("enumdef-", *name),
        ["typedef", .., name] => ("typedefdef-", *name),
        _ => return Vec::new(),
    };
    let entry = |anchor: String, name: &str| Definition {
        anchor,
        name: name.to_owned(),
        text: body,
    };
    let mut found = vec![entry(format!("{prefix}{}", simplified(name)), name)];
    if prefix == "dictdef-" {
        for member in members(body) {
            found.push(entry(
                simplified(&format!("dom-{name}-{member}")),
                &format!("{member} ({name})"),
            ));
        }
    }
    found
}

fn without_extended_attributes(statement: &str) -> &str {
    match statement
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]\n"))
    {
        Some((_, rest)) => rest.trim_start(),
        None => statement,
    }
}

/// `Type name = default;` → `name`.
fn members(dictionary: &str) -> impl Iterator<Item = &str> {
    let inner = dictionary.split_once('{').map_or("", |(_, inner)| inner);
    inner
        .split(';')
        .filter_map(|member| member.split('=').next()?.split_whitespace().last())
        .filter(|name| !name.starts_with('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_dictionaries_and_their_members_have_anchors() {
        let text = "Translate IDs: typedefdef-requestinfo requestinfo,dictdef-x x
<pre class=idl>
typedef (Request or USVString) RequestInfo;

[Exposed=(Window,Worker)]
interface Request {
  Promise&lt;any> json();
};

dictionary RequestInit {
  ByteString method;
  boolean keepalive = false;
};
partial interface Window { undefined f(); };
</pre>";
        let anchors: Vec<_> = definitions(text)
            .into_iter()
            .map(|definition| definition.anchor)
            .collect();
        assert_eq!(
            anchors,
            [
                "requestinfo",
                "request",
                "dictdef-requestinit",
                "dom-requestinit-method",
                "dom-requestinit-keepalive"
            ]
        );
    }
}
