//! Paper: lines of coloured text.
//! In: spans, some of which quote a server. Out: text in which no byte of a quotation can steer the terminal.

use anstyle::{AnsiColor, Style};

/// As it comes.
pub(crate) const PLAIN: Style = Style::new();
/// A heading.
pub(crate) const BOLD: Style = Style::new().bold();
/// Beside the point.
pub(crate) const DIM: Style = Style::new().dimmed();
/// A check that passed.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// A check that failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What was sent.
pub(crate) const SENT: Style = AnsiColor::Cyan.on_default();
/// What came.
pub(crate) const CAME: Style = AnsiColor::Magenta.on_default();
/// Worth a look.
pub(crate) const NOTE: Style = AnsiColor::Yellow.on_default();

/// Lines, with their colours as escape sequences; the stream that they are written to drops those where nobody sees them.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    text: String,
}

impl Paper {
    /// One line.
    pub(crate) fn line(&mut self, indent: usize, spans: &[(Style, &str)]) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        for (style, words) in spans {
            self.text.push_str(&style.render().to_string());
            self.text.extend(printable(words));
            self.text.push_str(&style.render_reset().to_string());
        }
        self.text.push('\n');
    }

    /// An empty line, unless the paper ends with one.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// All lines.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// The characters of a text, control characters escaped.
pub(crate) fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|character| {
        if character.is_control() {
            Printed::Escaped(character.escape_unicode())
        } else {
            Printed::Plain(std::iter::once(character))
        }
    })
}

enum Printed {
    Plain(std::iter::Once<char>),
    Escaped(std::char::EscapeUnicode),
}

impl Iterator for Printed {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Plain(character) => character.next(),
            Self::Escaped(characters) => characters.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, Paper};

    #[test]
    fn a_quotation_cannot_steer_the_terminal() {
        let mut paper = Paper::default();
        paper.line(2, &[(PLAIN, "a\x1b[31m\r\nb\u{9b}")]);
        assert_eq!(paper.into_text(), "  a\\u{1b}[31m\\u{d}\\u{a}b\\u{9b}\n");
    }
}
