//! Rust source as words and signs: enough to follow its paths, with comments and literals left out.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    Sign(char),
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// From 1.
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Sign(_) => None,
        }
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text: text.chars().collect(),
        at: 0,
        line: 1,
    };
    let mut tokens = Vec::new();
    while let Some(next) = lexer.peek(0) {
        let line = lexer.line;
        if let Some(kind) = lexer.step(next) {
            tokens.push(Token { kind, line });
        }
    }
    tokens
}

struct Lexer {
    text: Vec<char>,
    at: usize,
    line: usize,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn advance(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some('\n') {
                self.line += 1;
            }
            self.at += 1;
        }
    }

    fn step(&mut self, next: char) -> Option<Kind> {
        match (next, self.peek(1)) {
            ('/', Some('/')) => self.skip_while(|sign| sign != '\n'),
            ('/', Some('*')) => self.skip_block_comment(),
            ('"', _) => self.skip_quoted('"'),
            ('\'', _) => self.skip_character_or_lifetime(),
            _ if next.is_alphabetic() || next == '_' => return self.word(),
            _ if next.is_whitespace() => self.advance(1),
            _ if next.is_ascii_digit() => {
                self.skip_while(|sign| sign.is_alphanumeric() || sign == '_');
            }
            _ => {
                self.advance(1);
                return Some(Kind::Sign(next));
            }
        }
        None
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.advance(1);
        }
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.advance(2);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.advance(2);
                }
                (Some(_), _) => self.advance(1),
                (None, _) => return,
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_quoted(&mut self, quote: char) {
        self.advance(1);
        while let Some(sign) = self.peek(0) {
            self.advance(if sign == '\\' { 2 } else { 1 });
            if sign == quote {
                return;
            }
        }
    }

    fn skip_raw(&mut self, hashes: usize) {
        self.advance(hashes + 1);
        while let Some(sign) = self.peek(0) {
            self.advance(1);
            if sign == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.advance(hashes);
                return;
            }
        }
    }

    /// `'a'` and `'\n'` are characters, `'a` is a lifetime.
    fn skip_character_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') || self.peek(2) == Some('\'') {
            self.skip_quoted('\'');
        } else {
            self.advance(1);
            self.skip_while(|sign| sign.is_alphanumeric() || sign == '_');
        }
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        self.skip_while(|sign| sign.is_alphanumeric() || sign == '_');
        let word: String = self.text[start..self.at].iter().collect();
        let rest = self.text[self.at..].iter();
        let hashes = rest.take_while(|sign| **sign == '#').count();
        let quoted = self.peek(hashes) == Some('"');
        match word.as_str() {
            "r" | "br" | "cr" if quoted => self.skip_raw(hashes),
            "b" | "c" if quoted && hashes == 0 => self.skip_quoted('"'),
            "b" if self.peek(0) == Some('\'') => self.skip_quoted('\''),
            // A raw identifier: the word comes next.
            "r" if hashes == 1 => self.advance(1),
            _ => return Some(Kind::Word(word)),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text)
            .iter()
            .filter_map(|token| token.word().map(str::to_owned))
            .collect()
    }

    #[test]
    fn comments_and_literals_are_left_out() {
        let text = r##"a // b
            /* c /* d */ e */ f "g \" h" r#"i " j"# b"k" 'l' '\'' b'"' '"' &'m n r#type 1u8 o"##;
        assert_eq!(words(text), ["a", "f", "n", "type", "o"]);
    }

    #[test]
    fn lines_are_counted_inside_literals_too() {
        let last = tokens("a\n\"\n\n\"\nb").pop().map(|token| token.line);
        assert_eq!(last, Some(5));
    }
}
