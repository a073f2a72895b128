//! Look-ups that hit, from a small cache to a full one, beside a bare map with as many keys.

use std::hint::black_box;
use std::time::Instant;

use vetch_core::Request;
use vetch_core::fetching::cors_preflight_cache::{CacheKey, PreflightCache, PreflightCacheConfig};
use vetch_core::infrastructure::requests::UrlList;

use crate::contents::{Allowed, NOW, fill, request, shuffle, url_list};
use crate::peers::{BareMap, bare_map};
use crate::undisturbed::undisturbed;
use crate::{median, number, tell};

const ROUNDS: usize = 1_001;

/// Look-ups of one figure: few, so that most figures are taken without the machine doing something else meanwhile.
const LOOK_UPS: usize = 500;

/// A cache of no more keys is gone through once before each figure, as what it keeps in the processor's caches is its
/// own merit. A larger one is met cold.
const WARM: usize = 10_000;

pub(crate) fn measure() {
    let allowed = Allowed::new(&["content-type", "x-requested-with"]);
    let mut measured = [10, 10_000, 1_000_000].map(|keys| Measured::new(keys, &allowed));
    for round in 0..ROUNDS {
        for measured in &mut measured {
            measured.round(round, &allowed);
        }
    }
    println!("look-ups that hit, ns, and how many times the bare map");
    for measured in &measured {
        measured.print();
    }
    let [_, middle, large] = &measured;
    let hit = median(&middle.made_before);
    let said = format!("{hit:.0} ns");
    tell(
        "a hit at 10 000 keys, key made, under 80 ns",
        &said,
        hit < 80.0,
    );
    let growth = median(&large.made_before) / median(&middle.made_before);
    let of_map = median(&large.bare) / median(&middle.bare);
    let in_turn = median(&large.bare_in_turn) / median(&middle.bare_in_turn);
    let said = format!(
        "{growth:.1} times; the bare map {of_map:.1}, one look-up after the other {in_turn:.1}"
    );
    let promise = "from 10 000 to 1 000 000 keys at most 8 times";
    tell(promise, &said, growth <= 8.0);
}

/// A cache and a map of one size, and the nanoseconds of a look-up in each round.
struct Measured {
    map: BareMap,
    map_keys: Vec<u128>,
    bare: Vec<f64>,
    bare_in_turn: Vec<f64>,
    cache: PreflightCache,
    cache_keys: Vec<CacheKey>,
    made_before: Vec<f64>,
    request: Request,
    url_lists: Vec<UrlList>,
    made_each_time: Vec<f64>,
}

impl Measured {
    fn new(keys: usize, allowed: &Allowed) -> Self {
        // Room to spare, since each shard keeps to its own part.
        let config = PreflightCacheConfig::default().with_capacity(keys * 2);
        let cache = PreflightCache::new(config);
        let cache_keys = fill(&cache, keys, allowed);
        let (map, map_keys) = bare_map(keys);
        let mut url_lists: Vec<_> = (0..keys).map(url_list).collect();
        shuffle(&mut url_lists);
        Self {
            map,
            map_keys,
            bare: Vec::new(),
            bare_in_turn: Vec::new(),
            cache,
            cache_keys,
            made_before: Vec::new(),
            request: request("https://app.example"),
            url_lists,
            made_each_time: Vec::new(),
        }
    }

    fn round(&mut self, round: usize, allowed: &Allowed) {
        let question = allowed.question();
        let (map, cache, request) = (&self.map, &self.cache, &mut self.request);
        // Other keys than the figure before had, which would else be met warm.
        let elsewhere = round + self.map_keys.len() / LOOK_UPS / 2;
        self.bare.extend(figure(&mut self.map_keys, round, |key| {
            black_box(map.get(key).map(|value| value[0]));
        }));
        // Or a processor begins with the next look-ups while the first waits for memory; here each key waits for what was
        // found last, as it does behind a lock.
        let mut last = 0;
        let in_turn = figure(&mut self.map_keys, elsewhere, |key| {
            let found = map.get(&(*key ^ u128::from(last)));
            last = black_box(found.map_or(0, |value| value[0]));
        });
        self.bare_in_turn.extend(in_turn);
        let made_before = figure(&mut self.cache_keys, round, |key| {
            black_box(cache.answers(key, &question, NOW));
        });
        self.made_before.extend(made_before);
        // The URLs are as many as the keys and as cold, which those of a fetch that has just begun are not.
        let made_each_time = figure(&mut self.url_lists, elsewhere, |url_list| {
            std::mem::swap(&mut request.url_list, url_list);
            black_box(cache.answers(&cache.key(request), &question, NOW));
            std::mem::swap(&mut request.url_list, url_list);
        });
        self.made_each_time.extend(made_each_time);
    }

    fn print(&self) {
        assert_eq!(self.cache.statistics().misses, 0, "every look-up hits");
        let keys = self.cache_keys.len();
        println!("{keys:>9} keys: bare map {:.0}", median(&self.bare));
        for (what, figures) in [
            ("bare map, one after the other", &self.bare_in_turn),
            ("key made before", &self.made_before),
            ("key made each time", &self.made_each_time),
        ] {
            let ratio = median(figures) / median(&self.bare);
            let rounds = figures.len();
            println!(
                "  {what}: {:.0} ({ratio:.1}; {rounds} rounds)",
                median(figures)
            );
        }
    }
}

/// Nanoseconds of a look-up, of another part of the keys in each round.
fn figure<T>(keys: &mut [T], round: usize, mut look_up: impl FnMut(&mut T)) -> Option<f64> {
    let parts = keys.len().div_ceil(LOOK_UPS);
    let is_warm = keys.len() <= WARM;
    undisturbed(|| {
        if is_warm {
            keys.iter_mut().for_each(&mut look_up);
        }
        let part = keys.chunks_mut(LOOK_UPS).nth(round % parts);
        let part = part.expect("there are keys");
        let start = Instant::now();
        for _ in 0..LOOK_UPS / part.len() {
            part.iter_mut().for_each(&mut look_up);
        }
        start.elapsed().as_secs_f64() * 1e9 / number(LOOK_UPS)
    })
}
