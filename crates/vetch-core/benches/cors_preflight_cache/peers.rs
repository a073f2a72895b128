//! What the cache is measured beside.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex};

use lru::LruCache;

use vetch_core::fetching::cors_preflight_cache::{PreflightAnswer, Question};
use vetch_core::{HeaderName, Method, Timestamp};

use crate::contents::{NOW, shuffle};

/// The keys are hashes already.
#[derive(Default)]
pub(crate) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(bytes) {
            *to = *from;
        }
        self.0 = u64::from_le_bytes(first);
    }
}

/// No lock, no order of use and no rules: it is the floor, and shows how much of the growth is memory.
pub(crate) type BareMap = HashMap<u128, Arc<[u64; 3]>, BuildHasherDefault<PassThrough>>;

pub(crate) fn bare_map(keys: usize) -> (BareMap, Vec<u128>) {
    let mut map_keys = hashes(keys);
    let map = map_keys
        .iter()
        .map(|key| (*key, Arc::new([0; 3])))
        .collect();
    shuffle(&mut map_keys);
    (map, map_keys)
}

/// The cache written down plainly: a list of entries for each key, in the order of use, behind one lock.
pub(crate) struct LockedLru(
    Mutex<LruCache<u128, Vec<PlainEntry>, BuildHasherDefault<PassThrough>>>,
);

struct PlainEntry {
    method: Option<Method>,
    header_name: Option<HeaderName>,
    expires: Timestamp,
}

impl LockedLru {
    pub(crate) fn filled(keys: usize, answer: &PreflightAnswer<'_>) -> (Self, Vec<u128>) {
        let mut lru = LruCache::unbounded_with_hasher(BuildHasherDefault::default());
        let mut lru_keys = hashes(keys);
        let expires = NOW.plus_seconds(answer.max_age);
        let methods = || answer.methods.iter().map(|method| (Some(method), None));
        let header_names = || answer.header_names.iter().map(|name| (None, Some(name)));
        for key in &lru_keys {
            let entry =
                |(method, header_name): (Option<&Method>, Option<&HeaderName>)| PlainEntry {
                    method: method.cloned(),
                    header_name: header_name.cloned(),
                    expires,
                };
            lru.put(*key, methods().chain(header_names()).map(entry).collect());
        }
        shuffle(&mut lru_keys);
        (Self(Mutex::new(lru)), lru_keys)
    }

    pub(crate) fn answers(&self, key: u128, question: &Question<'_>) -> bool {
        let mut lru = self.0.lock().expect("no thread panicked");
        let Some(entries) = lru.get(&key) else {
            return false;
        };
        let is_kept = |is_such: &dyn Fn(&PlainEntry) -> bool| {
            entries
                .iter()
                .any(|entry| NOW < entry.expires && is_such(entry))
        };
        let method = question.method_needed;
        method.is_none_or(|asked| is_kept(&|entry| entry.method.as_ref() == Some(asked)))
            && question
                .unsafe_names
                .iter()
                .all(|asked| is_kept(&|entry| entry.header_name.as_ref() == Some(asked)))
    }
}

fn hashes(keys: usize) -> Vec<u128> {
    let mut key = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835_u128;
    let next = |_| {
        key = key.wrapping_mul(0xDA94_2042_E4DD_58B5).rotate_left(64) ^ 0x5851_F42D;
        key
    };
    (0..keys).map(next).collect()
}
