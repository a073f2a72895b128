//! Look-ups that hit, from a small cache to a full one, beside a bare `HashMap` with the same keys in the same run.
//!
//! The map has no lock, no order of use and no rules: it is the floor, and shows how much of the growth is memory.
//!
//! `cargo bench -p vetch-core --bench cors_preflight_cache`

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_preflight_cache::{
    PreflightAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::requests::UrlList;
use vetch_core::{CredentialsMode, Environment, HeaderName, Method, Request, Timestamp};

/// The map's keys are hashes already.
#[derive(Default)]
struct PassThrough(u64);

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

type Map = HashMap<u128, Arc<[u64; 3]>, BuildHasherDefault<PassThrough>>;

fn request() -> Request {
    let page = Arc::new(Environment::of_origin("https://app.example").expect("an origin"));
    construct("https://api.example/", RequestInit::default(), &page)
        .expect("a request")
        .request
}

fn url_list(number: usize) -> UrlList {
    let url = format!("https://api.example/v1/accounts/{number}/orders?page=1&size=50");
    UrlList::new(url.parse().expect("a URL"))
}

/// An order without pattern, the same in every run.
fn shuffle<T>(items: &mut [T]) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for last in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state >> 32).unwrap_or_default() % (last + 1);
        items.swap(last, other);
    }
}

fn look_ups(criterion: &mut Criterion) {
    let now = Timestamp::from_millis(0);
    let methods = [Method::PUT];
    let names = ["content-type", "x-requested-with"].map(HeaderName::from_static);
    let question = Question {
        method_needed: Some(&Method::PUT),
        unsafe_names: &names,
        credentials_mode: CredentialsMode::SameOrigin,
    };
    let answer = PreflightAnswer {
        methods: &methods,
        header_names: &names,
        max_age: 600,
    };
    let mut group = criterion.benchmark_group("look_up");
    for keys in [10, 10_000, 1_000_000] {
        // Room to spare, since each shard keeps to its own part.
        let config = PreflightCacheConfig::default().with_capacity(keys * 2);
        let cache = PreflightCache::new(config);
        let mut request = request();
        let mut cache_keys = Vec::new();
        for number in 0..keys {
            request.url_list = url_list(number);
            let key = cache.key(&request);
            cache.store(&key, &request, &answer, now);
            cache_keys.push(key);
        }
        // Every key is asked for once before one is asked for again, so a large cache is met cold.
        shuffle(&mut cache_keys);
        let mut url_lists: Vec<_> = (0..keys).map(url_list).collect();
        shuffle(&mut url_lists);
        let (map, map_keys) = bare_map(keys);

        group.bench_function(BenchmarkId::new("bare_map", keys), |bencher| {
            let mut turn = map_keys.iter().cycle();
            bencher.iter(|| {
                let found = turn.next().and_then(|key| map.get(key));
                black_box(found.map(|value| value[0]))
            });
        });
        group.bench_function(BenchmarkId::new("key_made_before", keys), |bencher| {
            let mut turn = cache_keys.iter().cycle();
            bencher.iter(|| {
                let answer = turn.next().map(|key| cache.answers(key, &question, now));
                black_box(answer)
            });
        });
        // The URLs are as many as the keys and as cold, which those of a fetch that has just begun are not.
        group.bench_function(BenchmarkId::new("key_made_each_time", keys), |bencher| {
            let mut turn = 0;
            bencher.iter(|| {
                turn = (turn + 1) % url_lists.len();
                std::mem::swap(&mut request.url_list, &mut url_lists[turn]);
                black_box(cache.answers(&cache.key(&request), &question, now))
            });
        });
        assert_eq!(cache.statistics().misses, 0, "every look-up hits");
        assert_eq!(cache.len(), keys, "nothing was evicted");
    }
    group.finish();
}

fn bare_map(keys: usize) -> (Map, Vec<u128>) {
    let mut key = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835_u128;
    let mut map_keys: Vec<_> = (0..keys)
        .map(|_| {
            key = key.wrapping_mul(0xDA94_2042_E4DD_58B5).rotate_left(64) ^ 0x5851_F42D;
            key
        })
        .collect();
    let map = map_keys
        .iter()
        .map(|key| (*key, Arc::new([0; 3])))
        .collect();
    shuffle(&mut map_keys);
    (map, map_keys)
}

criterion_group!(benches, look_ups);
criterion_main!(benches);
