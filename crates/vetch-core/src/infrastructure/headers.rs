//! Headers · fetch.spec.whatwg.org/#terminology-headers
//! In: names and values. Out: the header list with the Standard's own operations.
//! Differs: see the label.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub use http::HeaderName;

use super::header_values::{HeaderValue, get_decode_and_split, tokens};

/// A header list: names and values in order, repeated names included.
///
/// Its `Debug` output hides the values of credentials, and a `Location` that may name a user.
///
/// fetch.spec.whatwg.org/#concept-header-list
///
/// ```
/// use vetch_core::{HeaderList, HeaderName, HeaderValue};
/// let mut list = HeaderList::new();
/// list.append(HeaderName::from_static("vary"), HeaderValue::from_static("Origin"));
/// list.append(HeaderName::from_static("vary"), HeaderValue::from_static("Accept"));
/// assert_eq!(*list.get("vary").unwrap(), "Origin, Accept");
/// ```
// DIFFERS: names are kept in lower case (`http::HeaderName`), so how a script first spelt one, which *append* gives to the
// later ones, is not remembered. No page sees it, and HTTP/2 has no other spelling.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HeaderList(Vec<(HeaderName, HeaderValue)>);

/// What *extract header list values* found where the header is present.
///
/// Absence is the `None` around it, so absent, malformed and empty cannot be confused.
///
/// fetch.spec.whatwg.org/#extract-header-list-values
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extracted<T> {
    /// The value does not match the header's ABNF; the first line that does not, as received.
    Failure(HeaderValue),
    /// The values in order.
    Values(T),
}

impl HeaderList {
    /// An empty list.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An empty list with room for that many headers.
    pub fn with_capacity(headers: usize) -> Self {
        Self(Vec::with_capacity(headers))
    }

    /// Make room for that many headers more.
    pub fn reserve(&mut self, more: usize) {
        self.0.reserve_exact(more);
    }

    /// The same list with room for that many headers more.
    #[must_use]
    pub fn clone_with_room(&self, more: usize) -> Self {
        let mut headers = Vec::with_capacity(self.0.len() + more);
        headers.extend_from_slice(&self.0);
        Self(headers)
    }

    /// Append all headers of another list.
    pub fn extend_from(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// Each name once, with its values combined.
    #[must_use]
    pub fn combined(self) -> Self {
        if self.has_repeated_names() {
            self.with_repeated_names_combined()
        } else {
            self
        }
    }

    fn with_repeated_names_combined(&self) -> Self {
        let mut combined = Self::with_capacity(self.len());
        let mut lines: HashMap<&HeaderName, Vec<&[u8]>> = HashMap::with_capacity(self.len());
        for (name, value) in self.iter() {
            lines.entry(name).or_default().push(value.as_bytes());
        }
        for (name, value) in self.iter() {
            match lines.remove(name) {
                Some(values) if values.len() > 1 => {
                    let joined = HeaderValue::from_joined(values.join(&b", "[..]));
                    combined.append(name.clone(), joined);
                }
                Some(_) => combined.append(name.clone(), value.clone()),
                None => {}
            }
        }
        combined
    }

    /// Whether a name comes more than once; a short list is looked through without allocation.
    fn has_repeated_names(&self) -> bool {
        if self.0.len() > FEW {
            return self.has_repeated_names_by_hash();
        }
        let mut rest = self.0.as_slice();
        while let [(name, _), later @ ..] = rest {
            if later.iter().any(|(other, _)| other == name) {
                return true;
            }
            rest = later;
        }
        false
    }

    fn has_repeated_names_by_hash(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.0.len());
        !self.0.iter().all(|(name, _)| seen.insert(name))
    }

    /// How many headers there are, repeated names counted each time.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The headers in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Contains · fetch.spec.whatwg.org/#header-list-contains
    pub fn contains(&self, name: impl AsHeaderName) -> bool {
        self.values_of(name).next().is_some()
    }

    /// Get: all values of that name, joined by `, `; nothing when the name is absent.
    ///
    /// fetch.spec.whatwg.org/#concept-header-list-get
    pub fn get(&self, name: impl AsHeaderName) -> Option<Cow<'_, HeaderValue>> {
        let mut values = self.values_of(name);
        let first = values.next()?;
        let Some(second) = values.next() else {
            return Some(Cow::Borrowed(first));
        };
        let mut joined = first.as_bytes().to_vec();
        for value in std::iter::once(second).chain(values) {
            joined.extend_from_slice(b", ");
            joined.extend_from_slice(value.as_bytes());
        }
        // Joining can leave a space at an end where an empty value stood, as the Standard's own result has it.
        Some(Cow::Owned(HeaderValue::from_joined(joined)))
    }

    /// The values of that name, line by line.
    pub fn values_of(&self, name: impl AsHeaderName) -> impl Iterator<Item = &HeaderValue> {
        self.0
            .iter()
            .filter(move |(candidate, _)| name.names(candidate))
            .map(|(_, value)| value)
    }

    /// Get, decode and split · fetch.spec.whatwg.org/#concept-header-list-get-decode-split
    pub fn get_decode_and_split(&self, name: impl AsHeaderName) -> Option<Vec<String>> {
        let value = self.get(name)?;
        Some(
            get_decode_and_split(value.as_bytes())
                .map(|item| super::header_values::isomorphic_decode(item).into_owned())
                .collect(),
        )
    }

    /// Extract header list values for a header whose ABNF is `#token`; nothing when the name is absent.
    ///
    /// fetch.spec.whatwg.org/#extract-header-list-values
    pub fn extract_token_list(&self, name: impl AsHeaderName) -> Option<Extracted<Vec<&[u8]>>> {
        self.extract_tokens(name, Some)
    }

    /// The same, each token as what it names; one that names nothing is left out.
    pub(crate) fn extract_tokens<'a, T>(
        &'a self,
        name: impl AsHeaderName,
        parse: impl Fn(&'a [u8]) -> Option<T>,
    ) -> Option<Extracted<Vec<T>>> {
        let mut list: Option<Vec<T>> = None;
        for value in self.values_of(name) {
            // Most lists are short, and then take their memory once.
            let list = list.get_or_insert_with(|| Vec::with_capacity(4));
            for token in tokens(value.as_bytes()) {
                let Some(token) = token else {
                    return Some(Extracted::Failure(value.clone()));
                };
                list.extend(parse(token));
            }
        }
        list.map(Extracted::Values)
    }

    /// Extract header list values for a header of which the ABNF allows one; several are a failure.
    ///
    /// fetch.spec.whatwg.org/#extract-header-list-values
    pub fn extract_single(
        &self,
        name: impl AsHeaderName + Copy,
    ) -> Option<Extracted<&HeaderValue>> {
        let mut values = self.values_of(name);
        let first = values.next()?;
        if values.next().is_none() {
            return Some(Extracted::Values(first));
        }
        self.get(name)
            .map(|joined| Extracted::Failure(joined.into_owned()))
    }

    /// Append · fetch.spec.whatwg.org/#concept-header-list-append
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Insert as the line of its name that has so many others of it before; at the end if they are fewer.
    ///
    /// ```
    /// use vetch_core::{HeaderList, HeaderName, HeaderValue};
    /// let name = HeaderName::from_static("vary");
    /// let values = ["a", "b", "d"].map(|value| (name.clone(), HeaderValue::from_static(value)));
    /// let mut list = HeaderList::from_iter(values);
    /// list.insert(name.clone(), HeaderValue::from_static("c"), 2);
    /// list.insert(name.clone(), HeaderValue::from_static("e"), 9);
    /// assert_eq!(*list.get(&name).unwrap(), "a, b, c, d, e");
    /// ```
    pub fn insert(&mut self, name: HeaderName, value: HeaderValue, before: usize) {
        let headers = self.0.iter().enumerate();
        let own = headers.filter(|(_, (other, _))| *other == name);
        let place = own.map(|(place, _)| place).nth(before);
        self.0.insert(place.unwrap_or(self.0.len()), (name, value));
    }

    /// Append unless the list contains the name: what "should append" headers of the user agent do.
    pub fn append_if_absent(&mut self, name: HeaderName, value: HeaderValue) {
        if !self.contains(&name) {
            self.append(name, value);
        }
    }

    /// Delete · fetch.spec.whatwg.org/#concept-header-list-delete
    pub fn delete(&mut self, name: impl AsHeaderName) {
        self.0.retain(move |(candidate, _)| !name.names(candidate));
    }

    /// Set: the first header of that name takes the value, the others go.
    ///
    /// fetch.spec.whatwg.org/#concept-header-list-set
    pub fn set(&mut self, name: HeaderName, value: HeaderValue) {
        let Some(first) = self.0.iter().position(|(candidate, _)| *candidate == name) else {
            return self.append(name, value);
        };
        let mut position = 0;
        self.0.retain(|(candidate, _)| {
            let keep = position <= first || *candidate != name;
            position += 1;
            keep
        });
        if let Some(header) = self.0.get_mut(first) {
            header.1 = value;
        }
    }

    /// Combine: join to the first value of that name with `, `, or append.
    ///
    /// fetch.spec.whatwg.org/#concept-header-list-combine
    pub fn combine(&mut self, name: HeaderName, value: &HeaderValue) {
        match self.0.iter_mut().find(|(candidate, _)| *candidate == name) {
            Some((_, first)) => {
                let joined = [first.as_bytes(), b", ", value.as_bytes()].concat();
                *first = HeaderValue::from_joined(joined);
            }
            None => self.append(name, value.clone()),
        }
    }

    /// Sort and combine: one header per name, sorted; `set-cookie` stays one header per line.
    ///
    /// fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
    #[must_use]
    pub fn sort_and_combine(&self) -> Self {
        // Sorting keeps the order of equal names, so the values of one name stand together and in order.
        let mut sorted: Vec<&(HeaderName, HeaderValue)> = self.0.iter().collect();
        sorted.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        let mut headers = Self::new();
        for same_name in sorted.chunk_by(|a, b| a.0 == b.0) {
            let same_name: Self = same_name.iter().map(|header| (*header).clone()).collect();
            if same_name.contains(&http::header::SET_COOKIE) {
                headers.extend_from(&same_name);
            } else if let Some((name, _)) = same_name.0.first()
                && let Some(value) = same_name.get(name)
            {
                headers.append(name.clone(), value.into_owned());
            }
        }
        headers
    }

    /// Give each header the value that is made of its own, where one is made.
    pub fn change_values(&mut self, change: impl Fn(&HeaderValue) -> Option<HeaderValue>) {
        for (_, value) in &mut self.0 {
            if let Some(changed) = change(value) {
                *value = changed;
            }
        }
    }

    /// Keep the headers for which the predicate holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&HeaderName, &HeaderValue) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }
}

/// Names of which it is asked whether one is among them, for each name of another list.
///
/// Both lists may be a server's, and long; a short one is looked through, which costs less than to hash it.
#[derive(Debug)]
pub struct HeaderNameSet<'a>(Names<'a>);

#[derive(Debug)]
enum Names<'a> {
    /// Every name.
    All,
    /// As they were listed.
    Few(&'a [HeaderName]),
    /// By their hashes.
    Many(HashSet<&'a HeaderName>),
}

impl<'a> HeaderNameSet<'a> {
    /// Those names.
    pub fn new(names: &'a [HeaderName]) -> Self {
        Self(if names.len() <= FEW {
            Names::Few(names)
        } else {
            Names::Many(names.iter().collect())
        })
    }

    /// Every name.
    pub const fn all() -> Self {
        Self(Names::All)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Names::Few([]))
    }

    /// Whether the name is one of them.
    pub fn contains(&self, name: &HeaderName) -> bool {
        match &self.0 {
            Names::All => true,
            Names::Few(names) => names.contains(name),
            Names::Many(names) => names.contains(name),
        }
    }
}

/// So many names are compared faster than they are hashed.
const FEW: usize = 16;

/// Convert header names to a sorted-lowercase set.
///
/// fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set
pub fn convert_header_names_to_a_sorted_lowercase_set<'a>(
    names: impl Iterator<Item = &'a HeaderName>,
) -> Vec<HeaderName> {
    let mut set: Vec<HeaderName> = names.cloned().collect();
    set.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    set.dedup();
    set
}

/// A name to look up: a `HeaderName`, or its text in any case.
pub trait AsHeaderName {
    /// Whether this is that name, compared byte-case-insensitively.
    fn names(&self, candidate: &HeaderName) -> bool;
}

impl AsHeaderName for &HeaderName {
    fn names(&self, candidate: &HeaderName) -> bool {
        **self == *candidate
    }
}

impl AsHeaderName for HeaderName {
    fn names(&self, candidate: &HeaderName) -> bool {
        self == candidate
    }
}

impl AsHeaderName for &str {
    fn names(&self, candidate: &HeaderName) -> bool {
        candidate.as_str().eq_ignore_ascii_case(self)
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

impl From<http::HeaderMap> for HeaderList {
    /// What an HTTP library received; it keeps the lines of one name together.
    fn from(map: http::HeaderMap) -> Self {
        let mut list = Self::with_capacity(map.len());
        for (name, value) in map {
            // A repeated line comes without its name.
            if let Some(name) = name.or_else(|| Some(list.0.last()?.0.clone())) {
                list.append(name, value.into());
            }
        }
        list
    }
}

impl IntoIterator for HeaderList {
    type Item = (HeaderName, HeaderValue);
    type IntoIter = std::vec::IntoIter<Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl std::fmt::Debug for HeaderList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut list = f.debug_list();
        for (name, value) in self.iter() {
            if is_secret(name) || may_name_a_user(name, value) {
                list.entry(&format_args!("{name}: (hidden)"));
            } else {
                list.entry(&format_args!("{name}: {value}"));
            }
        }
        list.finish()
    }
}

/// Whether the header is a URL that may have a user name and password.
fn may_name_a_user(name: &HeaderName, value: &HeaderValue) -> bool {
    *name == http::header::LOCATION && value.as_bytes().contains(&b'@')
}

/// Whether the header carries a credential, which logs and `Debug` output must not show.
pub fn is_secret(name: &HeaderName) -> bool {
    use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE].contains(name)
}
