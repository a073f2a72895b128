//! A value of `Set-Cookie`, by the steps · RFC 6265bis, sections 5.6 and 5.7

use std::time::Duration;

use super::places::Place;

/// What a line says.
pub(super) struct SetCookie {
    name: Vec<u8>,
    value: Vec<u8>,
    /// Names in lower case, and values where there is an equals sign.
    attributes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl SetCookie {
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        if line
            .iter()
            .any(|byte| byte.is_ascii_control() && *byte != b'\t')
        {
            return None;
        }
        let mut parts = line.split(|byte| *byte == b';');
        let (name, value) = match name_and_value(parts.next()?) {
            (name, Some(value)) => (name, value),
            (value, None) => (&b""[..], value),
        };
        let attributes = parts.map(|part| {
            let (name, value) = name_and_value(part);
            (name.to_ascii_lowercase(), value.map(<[u8]>::to_vec))
        });
        Some(Self {
            name: name.to_vec(),
            value: value.to_vec(),
            attributes: attributes.collect(),
        })
    }

    /// As it stands in `Cookie`.
    pub(super) fn shown(&self) -> Vec<u8> {
        if self.name.is_empty() {
            return self.value.clone();
        }
        [&*self.name, b"=", &*self.value].concat()
    }

    /// Whether that place may set it so that it goes there.
    pub(super) fn may_go(&self, from: &Place, to: &Place) -> bool {
        let is_secure = self.attributes.iter().any(|(name, _)| name == b"secure");
        let is_safe = !is_secure || from.is_trustworthy && to.is_trustworthy;
        let shown = self.shown().to_ascii_lowercase();
        let is_of_host = shown.starts_with(b"__host-");
        let has_prefix = is_of_host || shown.starts_with(b"__secure-");
        let is_whole = !is_of_host || self.domain().is_none() && self.last("path") == Some(b"/");
        let keeps_prefix = !has_prefix || is_secure && is_whole;
        is_safe && keeps_prefix && self.is_of_domain(from, to) && self.is_of_path(from, to)
    }

    fn is_of_domain(&self, from: &Place, to: &Place) -> bool {
        let (from, to) = (from.host(), to.host());
        match self.domain() {
            None => from == to,
            Some(domain) => [from, to].iter().all(|host| {
                let before = host.strip_suffix(&*domain);
                before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
            }),
        }
    }

    /// The attribute `Domain`. One that is empty is passed over, as by RFC 6265, section 5.2.3.
    fn domain(&self) -> Option<String> {
        let domains = self.values("domain").filter(|value| !value.is_empty());
        let domain = domains.last()?;
        let domain = domain.strip_prefix(b".").unwrap_or(domain);
        (!domain.is_empty()).then(|| String::from_utf8_lossy(domain).to_ascii_lowercase())
    }

    fn is_of_path(&self, from: &Place, to: &Place) -> bool {
        let path = match self.last("path") {
            Some(path @ [b'/', ..]) => path,
            _ => match from.url.path().rfind('/') {
                None | Some(0) => b"/",
                Some(end) => &from.url.path().as_bytes()[..end],
            },
        };
        let behind = to.url.path().as_bytes().strip_prefix(path);
        behind.is_some_and(|behind| {
            behind.is_empty() || path.ends_with(b"/") || behind.starts_with(b"/")
        })
    }

    /// How long it lives; nothing where a line says it never, or more than once.
    pub(super) fn max_age(&self) -> Option<Duration> {
        let mut values = self.values("max-age");
        let (value, None) = (values.next()?, values.next()) else {
            return None;
        };
        let digits = value.strip_prefix(b"-").unwrap_or(value);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let seconds = str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX);
        let is_negative = value.starts_with(b"-");
        Some(Duration::from_secs(if is_negative { 0 } else { seconds }))
    }

    fn last(&self, name: &str) -> Option<&[u8]> {
        self.values(name).last()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let own = self
            .attributes
            .iter()
            .filter(move |(own, _)| own == name.as_bytes());
        own.filter_map(|(_, value)| value.as_deref())
    }
}

/// The pair of a line that has nothing else, and is kept wherever a secure place sets it.
pub(super) fn plain_pair(line: &[u8]) -> Option<(String, String)> {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b';';
    if line.len() > MOST_BYTES || !line.iter().all(is_plain) {
        return None;
    }
    let (name, value) = str::from_utf8(line).ok()?.split_once('=')?;
    let has_prefix = name.starts_with("__");
    (!name.is_empty() && !has_prefix).then(|| (name.to_owned(), value.to_owned()))
}

/// No longer than every cookie may be.
const MOST_BYTES: usize = 4_096;

/// Both without white space around them.
fn name_and_value(part: &[u8]) -> (&[u8], Option<&[u8]>) {
    match part.iter().position(|byte| *byte == b'=') {
        Some(end) => (trimmed(&part[..end]), Some(trimmed(&part[end + 1..]))),
        None => (trimmed(part), None),
    }
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
