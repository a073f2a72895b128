//! A test's document: its scripts, its title and metas, and the elements that this harness has not.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// What is read of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) title: String,
    /// Names and contents.
    pub(crate) metas: Vec<(String, String)>,
    pub(crate) scripts: Vec<Script>,
    /// The first element that loads something by itself.
    pub(crate) unsupported: Option<String>,
}

/// A classic script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Inline(String),
    External {
        /// As written.
        address: String,
        crossorigin: Crossorigin,
    },
}

/// The `crossorigin` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crossorigin {
    None,
    Anonymous,
    UseCredentials,
}

/// Elements that fetch, frame or draw.
const ACTIVE: [&str; 14] = [
    "iframe", "frame", "img", "object", "embed", "video", "audio", "track", "portal", "link",
    "form", "svg", "canvas", "base",
];

/// `link` types that load nothing.
const IDLE_LINKS: [&str; 4] = ["help", "author", "match", "canonical"];

/// Where text goes.
enum Text {
    Nowhere,
    Title,
    Script,
    /// The text of a script that has a `src`, or is none.
    Ignored,
}

impl Document {
    /// Reads the tokens of an HTML document.
    pub(crate) fn parse(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut document = Self::default();
        let mut text = Text::Nowhere;
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => text = document.open(&tag),
                Token::EndTag(_) => text = Text::Nowhere,
                Token::String(string) => {
                    let string = String::from_utf8_lossy(&string);
                    match (&text, document.scripts.last_mut()) {
                        (Text::Title, _) => document.title.push_str(&string),
                        (Text::Script, Some(Script::Inline(source))) => source.push_str(&string),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        document
    }

    fn open(&mut self, tag: &StartTag<()>) -> Text {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        match name.as_str() {
            "title" => return Text::Title,
            "meta" => {
                if let (Some(name), Some(content)) = (attribute("name"), attribute("content")) {
                    self.metas.push((name, content));
                }
            }
            "script" => {
                let crossorigin = match attribute("crossorigin").as_deref() {
                    None => Crossorigin::None,
                    Some("use-credentials") => Crossorigin::UseCredentials,
                    Some(_) => Crossorigin::Anonymous,
                };
                let external = attribute("src").map(|address| Script::External {
                    address,
                    crossorigin,
                });
                return self.script(attribute("type").as_deref(), external);
            }
            "link" if attribute("rel").is_some_and(|rel| IDLE_LINKS.contains(&rel.as_str())) => {}
            "body" if attribute("onload").is_some() => self.lacks("<body onload>".into()),
            active if ACTIVE.contains(&active) => self.lacks(format!("<{active}>")),
            _ => {}
        }
        Text::Nowhere
    }

    fn script(&mut self, kind: Option<&str>, external: Option<Script>) -> Text {
        match kind.unwrap_or_default() {
            "" | "text/javascript" | "application/javascript" => {}
            "module" => self.lacks("<script type=module>".into()),
            _ => return Text::Ignored,
        }
        if let Some(external) = external {
            self.scripts.push(external);
            return Text::Ignored;
        }
        self.scripts.push(Script::Inline(String::new()));
        Text::Script
    }

    fn lacks(&mut self, element: String) {
        self.unsupported.get_or_insert(element);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_titles_and_metas_are_found() {
        let document = Document::parse(
            "<!doctype html><title>A &amp; b</title><meta name=timeout content=long>\
             <link rel=help href=x><script src=/a.js></script><script>if (1 < 2) '<p>'</script>\
             <script type=text/plain>no</script>",
        );
        assert_eq!(document.title, "A & b");
        assert_eq!(document.metas, [("timeout".to_owned(), "long".to_owned())]);
        let scripts = [
            Script::External {
                address: "/a.js".into(),
                crossorigin: Crossorigin::None,
            },
            Script::Inline("if (1 < 2) '<p>'".into()),
        ];
        assert_eq!(document.scripts, scripts);
        assert_eq!(document.unsupported, None);
    }

    #[test]
    fn an_element_that_loads_is_told() {
        let element = |html| Document::parse(html).unsupported;
        assert_eq!(element("<p><iframe src=x>").as_deref(), Some("<iframe>"));
        assert_eq!(
            element("<body onload=f()>").as_deref(),
            Some("<body onload>")
        );
        assert_eq!(element("<script>'<iframe>'</script>"), None);
    }
}
