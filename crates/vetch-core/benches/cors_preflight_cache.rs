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

/// How many requests a run goes through; spread over the whole cache, so that a large one is met cold.
const ASKED: usize = 4_096;

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

fn requests_to(count: usize, one_in: usize) -> impl Iterator<Item = Request> {
    let page = Arc::new(Environment::of_origin("https://app.example").expect("an origin"));
    let request = construct("https://api.example/", RequestInit::default(), &page);
    let request = request.expect("a request").request;
    (0..count).step_by(one_in).map(move |number| {
        let mut request = request.clone();
        let url = format!("https://api.example/v1/accounts/{number}/orders?page=1&size=50");
        request.url_list = UrlList::new(url.parse().expect("a URL"));
        request
    })
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
        let mut map = Map::default();
        let mut spread = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835_u128;
        let mut map_keys = Vec::new();
        for request in requests_to(keys, 1) {
            cache.store(&cache.key(&request), &request, &answer, now);
            spread = spread
                .wrapping_mul(0xDA94_2042_E4DD_58B5_u128)
                .rotate_left(64)
                ^ 0x5851_F42D;
            map.insert(spread, Arc::new([0; 3]));
            map_keys.push(spread);
        }
        let mut requests: Vec<_> = requests_to(keys, keys.div_ceil(ASKED)).collect();
        shuffle(&mut requests);
        let cache_keys: Vec<_> = requests.iter().map(|request| cache.key(request)).collect();
        shuffle(&mut map_keys);
        map_keys.truncate(requests.len());

        let mut turn = (0..map_keys.len()).cycle();
        group.bench_function(BenchmarkId::new("bare_map", keys), |bencher| {
            bencher.iter(|| {
                let found = turn.next().and_then(|at| map.get(&map_keys[at]));
                black_box(found.is_some())
            });
        });
        let mut turn = (0..cache_keys.len()).cycle();
        group.bench_function(BenchmarkId::new("key_made_before", keys), |bencher| {
            bencher.iter(|| {
                let key = turn.next().map(|at| &cache_keys[at]).expect("endless");
                black_box(cache.answers(key, &question, now).is_hit())
            });
        });
        let mut turn = (0..requests.len()).cycle();
        group.bench_function(BenchmarkId::new("key_made_each_time", keys), |bencher| {
            bencher.iter(|| {
                let request = turn.next().map(|at| &requests[at]).expect("endless");
                black_box(cache.answers(&cache.key(request), &question, now).is_hit())
            });
        });
        assert_eq!(cache.statistics().misses, 0);
        assert_eq!(cache.len(), keys);
    }
    group.finish();
}

criterion_group!(benches, look_ups);
criterion_main!(benches);
