//! Header lists: each operation does what the Standard says of it, whatever the list.

mod cors_check;
mod safelists;

use std::collections::BTreeSet;

use vetch_core::infrastructure::header_values::{extract_tokens, isomorphic_decode};
use vetch_core::{HeaderList, HeaderName, HeaderValue};

use crate::steps::{self, header_values::Header};

/// Each line is a name, a colon and a value; what is none is passed over.
pub fn hold(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(header);
    let list: HeaderList = lines.collect();
    let names: BTreeSet<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
    for name in names {
        getting(&list, name);
        setting(&list, name);
    }
    for (_, value) in list.iter() {
        values(value);
    }
    sorting(&list);
    let headers = pairs(&list);
    safelists::hold(&list, &headers);
    cors_check::hold(&list, &headers);
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at(colon);
    let name = HeaderName::from_bytes(name).ok()?;
    Some((name, HeaderValue::normalize(&value[1..]).ok()?))
}

/// The list for the transcriptions.
fn pairs(list: &HeaderList) -> Vec<Header<'_>> {
    let pairs = list.iter();
    pairs
        .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
        .collect()
}

/// Of values: normalising again changes nothing, and items are what the steps say.
fn values(value: &HeaderValue) {
    let bytes = value.as_bytes();
    assert!(!bytes.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r')));
    assert_eq!(HeaderValue::normalize(bytes).as_ref(), Ok(value));
    let text = value.isomorphic_decode();
    assert_eq!(HeaderValue::from_byte_string(&text).as_ref(), Ok(value));
    let tokens = extract_tokens(bytes).map(|tokens| {
        let texts = tokens
            .into_iter()
            .map(|token| isomorphic_decode(token).into_owned());
        texts.collect::<Vec<_>>()
    });
    assert_eq!(tokens, steps::header_values::tokens(bytes), "of {value:?}");
}

/// Get joins all values, and splitting it is what the steps say.
fn getting(list: &HeaderList, name: &str) {
    let lines: Vec<&[u8]> = list.values_of(name).map(HeaderValue::as_bytes).collect();
    let joined = lines.join(&b", "[..]);
    let got = list.get(name).expect("the name is there");
    assert_eq!(got.as_bytes(), joined);
    assert!(list.contains(&*name.to_ascii_uppercase()));
    let split = list.get_decode_and_split(name).expect("the name is there");
    assert_eq!(split, steps::header_values::get_decode_and_split(&joined));
}

/// Set, combine and delete change that name and no other.
fn setting(list: &HeaderList, name: &str) {
    let key: HeaderName = name.parse().expect("a name");
    let value = HeaderValue::from_static("new");
    let others = |list: &HeaderList| {
        let others = list.iter().filter(|(other, _)| **other != key);
        let owned = others.map(|(name, value)| (name.clone(), value.clone()));
        owned.collect::<Vec<_>>()
    };
    let mut set = list.clone();
    set.set(key.clone(), value.clone());
    assert_eq!(set.values_of(name).collect::<Vec<_>>(), [&value]);
    let mut deleted = list.clone();
    deleted.delete(name);
    assert!(!deleted.contains(name));
    let mut combined = list.clone();
    combined.combine(key.clone(), &value);
    assert_eq!(combined.len(), list.len());
    let first = list.values_of(name).next().expect("the name is there");
    let expected = [first.as_bytes(), b", new"].concat();
    assert_eq!(
        combined.values_of(name).next().map(HeaderValue::as_bytes),
        Some(&*expected)
    );
    for changed in [set, deleted, combined] {
        assert_eq!(others(&changed), others(list));
    }
}

/// Sort and combine, and combining on the way out: each name once, with what *get* gives.
fn sorting(list: &HeaderList) {
    let sorted = list.sort_and_combine();
    let names: Vec<&str> = sorted.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.is_sorted());
    let combined = list.clone().combined();
    for (name, value) in combined.iter() {
        assert_eq!(list.get(name).as_deref(), Some(value));
        assert_eq!(combined.values_of(name).count(), 1);
        if name == "set-cookie" {
            assert!(sorted.values_of(name).eq(list.values_of(name)));
        } else {
            assert!(sorted.values_of(name).eq([value]));
        }
    }
    let all: BTreeSet<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        all.iter()
            .all(|name| combined.contains(*name) && sorted.contains(*name))
    );
}
