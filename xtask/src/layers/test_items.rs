//! Leaves out the items that only tests see: those under `#[cfg(test)]`.

use super::rust_tokens::Token;

pub(super) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        if !first.is_sign('#') {
            kept.push(first.clone());
            rest = after;
            continue;
        }
        let inner = after.first().is_some_and(|token| token.is_sign('!'));
        let length = 1 + usize::from(inner);
        let length = length + group(&rest[length..], ('[', ']'));
        let (attribute, after) = rest.split_at(length);
        rest = match (for_tests(attribute), inner) {
            (true, true) => &[],
            (true, false) => &after[item(after)..],
            (false, _) => after,
        };
    }
    kept
}

/// `cfg(test)`, also among other conditions.
fn for_tests(attribute: &[Token]) -> bool {
    let words: Vec<&str> = attribute.iter().filter_map(Token::word).collect();
    words.first() == Some(&"cfg") && words.contains(&"test") && !words.contains(&"not")
}

/// How many tokens the group at the start has; one when there is no group.
fn group(tokens: &[Token], (open, close): (char, char)) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        if token.is_sign(open) {
            depth += 1;
        } else if token.is_sign(close) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// How many tokens the item at the start has: up to its `;` or the end of its braces.
fn item(tokens: &[Token]) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.is_sign('{') {
            return at + group(&tokens[at..], ('{', '}'));
        }
        if token.is_sign(';') {
            return at + 1;
        }
        at += if token.is_sign('(') {
            group(&tokens[at..], ('(', ')'))
        } else if token.is_sign('[') {
            group(&tokens[at..], ('[', ']'))
        } else {
            1
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::rust_tokens::tokens;
    use super::*;

    #[test]
    fn only_items_for_tests_are_left_out() {
        let text = "#[cfg(test)] use a::{b, c}; #[cfg(test)] #[allow(x)] mod t { d } \
                    #[cfg(not(test))] e #[cfg(all(test, unix))] fn f(x: [u8; 2]) { g } #[inline] h";
        let kept = without_tests(&tokens(text));
        let words: Vec<_> = kept.iter().filter_map(Token::word).collect();
        assert_eq!(words, ["e", "h"]);
        assert!(without_tests(&tokens("#![cfg(test)] a")).is_empty());
    }
}
