//! Getting and splitting header values, step by step.

/// A header's name and value.
pub type Header<'a> = (&'a [u8], &'a [u8]);

/// Get a header's value from a list · fetch.spec.whatwg.org/#concept-header-list-get
pub fn get(name: &[u8], list: &[Header<'_>]) -> Option<Vec<u8>> {
    let is_it = |header: &&Header<'_>| header.0.eq_ignore_ascii_case(name);
    let values: Vec<&[u8]> = list.iter().filter(is_it).map(|header| header.1).collect();
    if values.is_empty() {
        return None;
    }
    Some(values.join(&[0x2C, 0x20][..]))
}

/// Get, decode and split a header value · fetch.spec.whatwg.org/#header-value-get-decode-and-split
pub fn get_decode_and_split(value: &[u8]) -> Vec<String> {
    let input: Vec<char> = value.iter().copied().map(char::from).collect();
    let mut position = 0;
    let mut values = Vec::new();
    let mut temporary = String::new();
    loop {
        while position < input.len() && !matches!(input[position], '"' | ',') {
            temporary.push(input[position]);
            position += 1;
        }
        if position < input.len() && input[position] == '"' {
            temporary.push_str(&quoted_string(&input, &mut position).0);
            if position < input.len() {
                continue;
            }
        }
        values.push(temporary.trim_matches(['\t', ' ']).to_owned());
        temporary.clear();
        if position >= input.len() {
            return values;
        }
        assert_eq!(input[position], ',');
        position += 1;
    }
}

/// Collect an HTTP quoted string · fetch.spec.whatwg.org/#collect-an-http-quoted-string
///
/// As it stands, and with its value extracted.
pub(crate) fn quoted_string(input: &[char], position: &mut usize) -> (String, String) {
    let start = *position;
    let mut value = String::new();
    assert_eq!(input[*position], '"');
    *position += 1;
    loop {
        while *position < input.len() && !matches!(input[*position], '"' | '\\') {
            value.push(input[*position]);
            *position += 1;
        }
        if *position >= input.len() {
            break;
        }
        let quote_or_backslash = input[*position];
        *position += 1;
        if quote_or_backslash == '"' {
            break;
        }
        if *position >= input.len() {
            value.push('\\');
            break;
        }
        value.push(input[*position]);
        *position += 1;
    }
    (input[start..*position].iter().collect(), value)
}

/// The items of an ABNF `#token`, or nothing where an item is none · RFC 9110 section 5.6.1.2
pub fn tokens(value: &[u8]) -> Option<Vec<String>> {
    let text: String = value.iter().copied().map(char::from).collect();
    let items = text.split(',').map(|item| item.trim_matches(['\t', ' ']));
    let items = items.filter(|item| !item.is_empty());
    items
        .map(|item| is_token(item).then(|| item.to_owned()))
        .collect()
}

/// HTTP token code points, and at least one.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
