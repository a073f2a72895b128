//! The CORS-preflight cache: a table of cases, a model, and the promise that it never allows more than a live preflight.

use std::sync::Arc;

use proptest::prelude::*;
use serde::Deserialize;
use vetch_core::fetch_api::request_class::{RequestInit, construct};
use vetch_core::fetching::cors_preflight_cache::{
    CacheAnswer, CredentialsFlag, EntryToken, Inspection, KEPT_URL_LIMIT, PreflightAnswer,
    PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::environments::Environment;
use vetch_core::infrastructure::headers::HeaderName;
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::network_partition_keys::NetworkPartitionKey;
use vetch_core::infrastructure::origins::Origin;
use vetch_core::infrastructure::requests::{CacheMode, CredentialsMode, Request, UrlList};
use vetch_core::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct RequestRow {
    origin: String,
    top_level: Option<String>,
    url: String,
    via: Vec<String>,
    credentials: String,
    cache_mode: String,
    // What the steps say besides the request; flattening would switch off the check for unknown members.
    methods: Vec<String>,
    headers: Vec<String>,
    max_age: Option<u32>,
    method: Option<String>,
    expect: Option<String>,
}

impl Default for RequestRow {
    fn default() -> Self {
        Self {
            origin: "https://app.example".into(),
            top_level: None,
            url: "https://api.example/items/7".into(),
            via: Vec::new(),
            credentials: "same-origin".into(),
            cache_mode: "default".into(),
            methods: Vec::new(),
            headers: Vec::new(),
            max_age: None,
            method: None,
            expect: None,
        }
    }
}

impl RequestRow {
    fn request(&self) -> Request {
        let mut environment = Environment::of_origin(&self.origin).unwrap();
        if let Some(top_level) = &self.top_level {
            environment.network_partition_key =
                NetworkPartitionKey::determine(&Origin::parse(top_level).unwrap());
        }
        let mut urls = self
            .via
            .iter()
            .chain([&self.url])
            .map(|url| url.parse().unwrap());
        let page = Arc::new(environment);
        let mut request = construct("https://api.example/", RequestInit::default(), &page)
            .unwrap()
            .request;
        request.url_list = UrlList::new(urls.next().unwrap());
        urls.for_each(|url| request.url_list.append(url));
        request.credentials_mode = named(&CredentialsMode::ALL, &self.credentials);
        request.cache_mode = named(&CacheMode::ALL, &self.cache_mode);
        request
    }
}

fn named<T: Copy>(all: &[(&str, T)], name: &str) -> T {
    all.iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("{name}"))
        .1
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

fn header_name(name: &str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).unwrap()
}

/// `x-{1..3}` is `x-1`, `x-2`, `x-3`.
fn expand(names: &[String]) -> Vec<String> {
    let expand_one = |name: &String| {
        let Some((prefix, range)) = name.split_once('{') else {
            return vec![name.clone()];
        };
        let (from, to) = range.trim_end_matches('}').split_once("..").unwrap();
        let (from, to): (u32, u32) = (from.parse().unwrap(), to.parse().unwrap());
        (from..=to)
            .map(|number| format!("{prefix}{number}"))
            .collect()
    };
    names.iter().flat_map(expand_one).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Step {
    Store(RequestRow),
    Lookup(RequestRow),
    Clear(RequestRow),
    ClearAll {},
    RemoveExpired {},
    /// Seconds.
    Advance(f64),
    Len(usize),
    Statistics {
        hits: u64,
        misses: u64,
        insertions: u64,
        evictions: u64,
    },
    #[serde(rename_all = "camelCase")]
    StoreUrls {
        count: usize,
        capacity_at_most: usize,
    },
}

#[derive(Deserialize)]
struct Case {
    name: String,
    capacity: Option<usize>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

struct Run {
    cache: PreflightCache,
    now: Timestamp,
}

impl Run {
    fn store(&self, row: &RequestRow) {
        let request = row.request();
        let methods: Vec<_> = expand(&row.methods)
            .iter()
            .map(|name| method(name))
            .collect();
        let header_names: Vec<_> = expand(&row.headers)
            .iter()
            .map(|name| header_name(name))
            .collect();
        let answer = PreflightAnswer {
            methods: &methods,
            header_names: &header_names,
            max_age: row.max_age.expect("maxAge"),
        };
        self.cache
            .store(&self.cache.key(&request), &request, &answer, self.now);
    }

    fn look_up(&self, row: &RequestRow) -> String {
        let request = row.request();
        let method = row.method.as_deref().map(method);
        let names: Vec<_> = row.headers.iter().map(|name| header_name(name)).collect();
        let question = Question {
            method_needed: method.as_ref(),
            unsafe_names: &names,
            credentials_mode: request.credentials_mode,
        };
        match self
            .cache
            .answers(&self.cache.key(&request), &question, self.now)
        {
            CacheAnswer::Hit => "hit".into(),
            CacheAnswer::Miss {
                method,
                header_names,
            } => {
                let missing: Vec<_> = method
                    .iter()
                    .map(Method::as_str)
                    .chain(header_names.iter().map(HeaderName::as_str))
                    .collect();
                format!("miss: {}", missing.join(", "))
            }
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let same = |what: &str, found: String, wanted: String| {
            (found == wanted)
                .then_some(())
                .ok_or_else(|| format!("{what}: found {found}, wanted {wanted}"))
        };
        match step {
            Step::Store(row) => self.store(row),
            Step::Lookup(row) => {
                let wanted = row.expect.clone().expect("expect");
                return same("lookup", self.look_up(row), wanted);
            }
            Step::Clear(row) => self.cache.clear(&self.cache.key(&row.request())),
            Step::ClearAll {} => self.cache.clear_all(),
            Step::RemoveExpired {} => self.cache.remove_expired(self.now),
            Step::Advance(seconds) => {
                let elapsed = std::time::Duration::from_secs_f64(*seconds).as_millis();
                let elapsed = u64::try_from(elapsed).unwrap();
                self.now = Timestamp::from_millis(self.now.as_millis() + elapsed);
            }
            Step::Len(wanted) => {
                return same("len", self.cache.len().to_string(), wanted.to_string());
            }
            Step::Statistics {
                hits,
                misses,
                insertions,
                evictions,
            } => {
                let found = self.cache.statistics();
                let found = [found.hits, found.misses, found.insertions, found.evictions];
                let wanted = [*hits, *misses, *insertions, *evictions];
                return same("statistics", format!("{found:?}"), format!("{wanted:?}"));
            }
            Step::StoreUrls {
                count,
                capacity_at_most,
            } => {
                for number in 0..*count {
                    self.store(&RequestRow {
                        url: format!("https://api.example/{number}"),
                        methods: vec!["PUT".into()],
                        max_age: Some(600),
                        ..RequestRow::default()
                    });
                }
                let kept = self.cache.len();
                let evictions = usize::try_from(self.cache.statistics().evictions).unwrap();
                if kept > *capacity_at_most || kept + evictions != *count {
                    return Err(format!("{kept} keys kept, {evictions} evicted"));
                }
            }
        }
        Ok(())
    }
}

#[test]
fn cases() {
    let text = include_str!("../../../fixtures/cases/cors_preflight_cache.json");
    let table: Table = serde_json::from_str(text).unwrap();
    let mut failures = Vec::new();
    for case in &table.cases {
        let mut config = PreflightCacheConfig::default();
        if let Some(capacity) = case.capacity {
            config = config.with_capacity(capacity);
        }
        let mut run = Run {
            cache: PreflightCache::new(config),
            now: Timestamp::from_millis(7),
        };
        for (number, step) in case.steps.iter().enumerate() {
            if let Err(failure) = run.step(step) {
                failures.push(format!("{}: step {}: {failure}", case.name, number + 1));
            }
        }
    }
    assert!(table.cases.len() > 50, "the table is there");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[derive(Clone, Debug)]
enum Operation {
    Store {
        place: usize,
        include: bool,
        methods: Vec<usize>,
        names: Vec<usize>,
        max_age: u32,
    },
    LookUp {
        place: usize,
        include: bool,
        method: Option<usize>,
        names: Vec<usize>,
    },
    Clear {
        place: usize,
    },
    RemoveExpired,
    Advance(u64),
}

const METHODS: [&str; 5] = ["*", "PUT", "DELETE", "patch", "PATCH"];
const NAMES: [&str; 5] = ["*", "authorization", "x-a", "content-type", "x-b"];

/// Requests that differ in partition, origin, taint, URL, query and fragment; some of them share a key.
fn places() -> Vec<RequestRow> {
    let row = |change: &dyn Fn(&mut RequestRow)| {
        let mut row = RequestRow::default();
        change(&mut row);
        row
    };
    vec![
        row(&|_| {}),
        row(&|row| row.top_level = Some("https://shop.example".into())),
        row(&|row| {
            row.origin = "null".into();
            row.top_level = Some("https://app.example".into());
        }),
        row(&|row| row.via = vec!["https://other.example/".into()]),
        row(&|row| row.url.push_str("?a")),
        row(&|row| row.url.push_str("#a")),
        row(&|row| row.cache_mode = "reload".into()),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let place = 0..places().len();
    let tokens = || prop::collection::vec(0..METHODS.len(), 0..4);
    prop_oneof![
        4 => (place.clone(), any::<bool>(), tokens(), tokens(), 0..12_u32).prop_map(
            |(place, include, methods, names, max_age)| Operation::Store { place, include, methods, names, max_age }
        ),
        8 => (place.clone(), any::<bool>(), prop::option::of(0..METHODS.len()), tokens()).prop_map(
            |(place, include, method, names)| Operation::LookUp { place, include, method, names }
        ),
        1 => place.prop_map(|place| Operation::Clear { place }),
        1 => Just(Operation::RemoveExpired),
        4 => (0..7_000_u64).prop_map(Operation::Advance),
    ]
}

type Place = (String, Vec<u8>, String);

fn place_of(request: &Request) -> Place {
    (
        request.network_partition_key().as_str().to_owned(),
        request.byte_serialized_origin().as_bytes().to_vec(),
        request.current_url().to_string(),
    )
}

/// An answer that was stored, as it came.
struct LivePreflight {
    place: Place,
    include: bool,
    methods: Vec<Method>,
    names: Vec<HeaderName>,
    until: u64,
}

impl LivePreflight {
    /// Whether it was asked for a request that stands for this one.
    fn concerns(&self, place: &Place, include: bool, now: u64) -> bool {
        self.place == *place && now < self.until && (self.include || !include)
    }

    fn wildcard_counts(&self, include: bool) -> bool {
        !include && !self.include
    }

    fn allows_method(&self, method: &Method, include: bool) -> bool {
        let wildcard = self.wildcard_counts(include) && self.methods.iter().any(|m| m == "*");
        self.methods.contains(method) || wildcard
    }

    fn allows_name(&self, name: &HeaderName, include: bool) -> bool {
        let wildcard = self.wildcard_counts(include) && self.names.iter().any(|n| n == "*");
        self.names.contains(name) || (wildcard && name != "authorization")
    }
}

/// The Standard's list of cache entries, each with all its fields, with our labelled differences.
#[derive(Default)]
struct Model(Vec<ModelEntry>);

struct ModelEntry {
    place: Place,
    until: u64,
    include: bool,
    method: Option<Method>,
    name: Option<HeaderName>,
}

impl Model {
    fn has_match(&self, is_match: impl Fn(&ModelEntry) -> bool) -> bool {
        self.0.iter().any(is_match)
    }

    fn store(&mut self, answer: &LivePreflight) {
        let pairs = answer
            .methods
            .iter()
            .map(|method| (Some(method.clone()), None))
            .chain(answer.names.iter().map(|name| (None, Some(name.clone()))));
        for (method, name) in pairs {
            for entry in &mut self.0 {
                let same = entry.method == method && entry.name == name;
                let wildcard = !entry.include
                    && ((method.is_some() && entry.method.as_ref().is_some_and(|own| own == "*"))
                        || (name.as_ref().is_some_and(|name| name != "authorization")
                            && entry.name.as_ref().is_some_and(|own| own == "*")));
                let by_credentials = entry.include || !answer.include;
                if entry.place == answer.place && by_credentials && (same || wildcard) {
                    entry.until = entry.until.min(answer.until);
                }
            }
            let own = self.0.iter_mut().find(|entry| {
                entry.place == answer.place
                    && entry.include == answer.include
                    && entry.method == method
                    && entry.name == name
            });
            match own {
                Some(entry) => entry.until = answer.until,
                None => self.0.push(ModelEntry {
                    place: answer.place.clone(),
                    until: answer.until,
                    include: answer.include,
                    method,
                    name,
                }),
            }
        }
    }

    fn answers(
        &self,
        (place, include): (&Place, bool),
        (method, names): (Option<&Method>, &[HeaderName]),
        now: u64,
    ) -> CacheAnswer {
        let concerns = |entry: &ModelEntry| {
            entry.place == *place && now < entry.until && (entry.include || !include)
        };
        let method = method.filter(|method| {
            !self.has_match(|entry| {
                let Some(own) = &entry.method else {
                    return false;
                };
                concerns(entry) && (own == *method || (own == "*" && !entry.include))
            })
        });
        let missing = |name: &&HeaderName| {
            !self.has_match(|entry| {
                let Some(own) = &entry.name else { return false };
                let wildcard = own == "*" && !entry.include && *name != "authorization";
                concerns(entry) && (own == *name || wildcard)
            })
        };
        let header_names: Vec<_> = names.iter().filter(missing).cloned().collect();
        if method.is_none() && header_names.is_empty() {
            return CacheAnswer::Hit;
        }
        CacheAnswer::Miss {
            method: method.cloned(),
            header_names,
        }
    }
}

fn mode(include: bool) -> CredentialsMode {
    if include {
        CredentialsMode::Include
    } else {
        CredentialsMode::SameOrigin
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever it was taught: a hit means that for each method and name an answer stored for that key, within its own
    /// max-age, allows it for this request. And it answers exactly as the Standard's list does with our differences.
    #[test]
    fn the_cache_never_allows_more_than_a_live_preflight(
        operations in prop::collection::vec(operation(), 1..60),
        capacity in prop_oneof![Just(2_usize), Just(10_000)],
        seed in any::<[u8; 16]>(),
    ) {
        let config = PreflightCacheConfig::default().with_capacity(capacity).with_seed(seed);
        let cache = PreflightCache::new(config);
        let requests: Vec<_> = places().iter().map(RequestRow::request).collect();
        let mut stored: Vec<LivePreflight> = Vec::new();
        let mut model = Model::default();
        let mut now = 0;
        for operation in operations {
            let at = Timestamp::from_millis(now);
            match operation {
                Operation::Store { place, include, methods, names, max_age } => {
                    let mut request = requests[place].clone();
                    request.credentials_mode = mode(include);
                    let methods: Vec<_> = methods.iter().map(|m| method(METHODS[*m])).collect();
                    let names: Vec<_> = names.iter().map(|n| header_name(NAMES[*n])).collect();
                    let answer = PreflightAnswer { methods: &methods, header_names: &names, max_age };
                    cache.store(&cache.key(&request), &request, &answer, at);
                    let until = now + u64::from(max_age) * 1_000;
                    let live = LivePreflight { place: place_of(&request), include, methods, names, until };
                    model.store(&live);
                    stored.push(live);
                }
                Operation::LookUp { place, include, method: asked, names } => {
                    let place = &requests[place];
                    let asked = asked.map(|m| method(METHODS[m]));
                    let names: Vec<_> = names.iter().map(|n| header_name(NAMES[*n])).collect();
                    let question = Question {
                        method_needed: asked.as_ref(),
                        unsafe_names: &names,
                        credentials_mode: mode(include),
                    };
                    let found = cache.answers(&cache.key(place), &question, at);
                    let place = place_of(place);
                    let live = || stored.iter().filter(|answer| answer.concerns(&place, include, now));
                    if found.is_hit() {
                        if let Some(method) = &asked {
                            prop_assert!(live().any(|answer| answer.allows_method(method, include)));
                        }
                        for name in &names {
                            prop_assert!(live().any(|answer| answer.allows_name(name, include)));
                        }
                    }
                    // A small cache may have evicted what the model still has.
                    if capacity > requests.len() {
                        let wanted = model.answers((&place, include), (asked.as_ref(), &names), now);
                        prop_assert_eq!(found, wanted);
                    }
                }
                Operation::Clear { place } => {
                    let request = &requests[place];
                    cache.clear(&cache.key(request));
                    let place = place_of(request);
                    model.0.retain(|entry| entry.place != place);
                    stored.retain(|answer| answer.place != place);
                }
                Operation::RemoveExpired => {
                    cache.remove_expired(at);
                    model.0.retain(|entry| now < entry.until);
                }
                Operation::Advance(millis) => now += millis,
            }
            prop_assert!(cache.len() <= capacity);
        }
    }
}

#[test]
fn threads_share_it_and_the_counts_add_up() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 4_000;
    let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(1_024));
    let requests: Vec<_> = (0..2_000)
        .map(|number| {
            let url = format!("https://api.example/{number}");
            RequestRow {
                url,
                ..RequestRow::default()
            }
            .request()
        })
        .collect();
    let put = [Method::PUT];
    let seen: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (cache, requests, put) = (&cache, &requests, &put);
                scope.spawn(move || {
                    let (mut hits, mut misses) = (0, 0);
                    for round in 0..ROUNDS {
                        let request = &requests[(round * 7 + thread * 31) % requests.len()];
                        let key = cache.key(request);
                        let question = Question {
                            method_needed: Some(&put[0]),
                            unsafe_names: &[],
                            credentials_mode: CredentialsMode::SameOrigin,
                        };
                        let now = Timestamp::from_millis(u64::try_from(round).unwrap());
                        if cache.answers(&key, &question, now).is_hit() {
                            hits += 1;
                        } else {
                            misses += 1;
                            let answer = PreflightAnswer {
                                methods: put,
                                header_names: &[],
                                max_age: 1,
                            };
                            cache.store(&key, request, &answer, now);
                        }
                        match round % 500 {
                            17 => cache.clear(&key),
                            99 => cache.remove_expired(now),
                            250 => drop(cache.export(now)),
                            _ => {}
                        }
                    }
                    (hits, misses)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    let statistics = cache.statistics();
    assert_eq!(
        statistics.hits,
        seen.iter().map(|(hits, _)| hits).sum::<u64>()
    );
    assert_eq!(
        statistics.misses,
        seen.iter().map(|(_, misses)| misses).sum::<u64>()
    );
    assert_eq!(
        statistics.hits + statistics.misses,
        u64::try_from(THREADS * ROUNDS).unwrap()
    );
    assert!(statistics.insertions <= statistics.misses);
    assert!(cache.len() <= 1_024);
}

fn store(cache: &PreflightCache, row: &RequestRow, methods: &[&str], names: &[&str], max_age: u32) {
    let request = row.request();
    let methods: Vec<_> = methods.iter().map(|name| method(name)).collect();
    let header_names: Vec<_> = names.iter().map(|name| header_name(name)).collect();
    let answer = PreflightAnswer {
        methods: &methods,
        header_names: &header_names,
        max_age,
    };
    cache.store(
        &cache.key(&request),
        &request,
        &answer,
        Timestamp::default(),
    );
}

fn exported(cache: &PreflightCache, now: u64) -> Vec<String> {
    cache
        .export(Timestamp::from_millis(now))
        .into_iter()
        .map(|entry| {
            let text = entry.text.map_or("-".to_owned(), |text| {
                let partition = text.network_partition_key;
                format!("{} {} {}", partition.as_str(), text.origin, text.url)
            });
            let token = match entry.token {
                EntryToken::Method(method) => format!("method {method}"),
                EntryToken::HeaderName(name) => format!("name {name}"),
            };
            let credentials = match entry.credentials {
                CredentialsFlag::Included => "included",
                CredentialsFlag::NotIncluded => "not included",
            };
            format!("{text} {token} {credentials} {}", entry.remaining_seconds)
        })
        .collect()
}

#[test]
fn the_export_is_sorted_and_leaves_out_what_has_expired() {
    let cache = PreflightCache::new(PreflightCacheConfig::default());
    let other = RequestRow {
        url: "https://api.example/a#f".into(),
        ..RequestRow::default()
    };
    let included = RequestRow {
        credentials: "include".into(),
        ..other.clone()
    };
    store(
        &cache,
        &RequestRow::default(),
        &["PUT", "DELETE"],
        &["x-b", "x-a"],
        10,
    );
    store(&cache, &other, &["*", "PUT"], &[], 20);
    store(&cache, &included, &["PUT"], &[], 5);
    let key = "https://app.example https://app.example";
    assert_eq!(
        exported(&cache, 1),
        [
            format!("{key} https://api.example/a#f method * not included 20"),
            format!("{key} https://api.example/a#f method PUT not included 20"),
            format!("{key} https://api.example/a#f method PUT included 5"),
            format!("{key} https://api.example/items/7 method DELETE not included 10"),
            format!("{key} https://api.example/items/7 method PUT not included 10"),
            format!("{key} https://api.example/items/7 name x-a not included 10"),
            format!("{key} https://api.example/items/7 name x-b not included 10"),
        ]
    );
    assert_eq!(exported(&cache, 10_000).len(), 2);
}

#[test]
fn texts_are_not_kept_when_told_so_or_too_long() {
    let config = PreflightCacheConfig::default().with_inspection(Inspection::Discard);
    let cache = PreflightCache::new(config);
    store(&cache, &RequestRow::default(), &["PUT"], &[], 10);
    assert_eq!(exported(&cache, 0), ["- method PUT not included 10"]);

    let cache = PreflightCache::new(PreflightCacheConfig::default());
    let url = format!("https://api.example/{}", "a".repeat(KEPT_URL_LIMIT));
    store(
        &cache,
        &RequestRow {
            url,
            ..RequestRow::default()
        },
        &["PUT"],
        &[],
        10,
    );
    assert_eq!(exported(&cache, 0), ["- method PUT not included 10"]);
}

#[test]
fn the_seed_decides_the_key_and_is_not_shown() {
    let request = RequestRow::default().request();
    let config = PreflightCacheConfig::default();
    let other = config.with_seed([7; 16]);
    let key = PreflightCache::new(config).key(&request);
    assert_eq!(key, PreflightCache::new(config).key(&request));
    assert_ne!(key, PreflightCache::new(other).key(&request));
    assert!(!format!("{other:?} {:?}", PreflightCache::new(other)).contains("7, 7"));
}

#[test]
fn a_key_and_a_hit_allocate_nothing() {
    let cache = PreflightCache::new(PreflightCacheConfig::default());
    let tainted = RequestRow {
        via: vec!["https://other.example/".into()],
        ..RequestRow::default()
    };
    for row in [RequestRow::default(), tainted] {
        store(&cache, &row, &["PUT"], &["x-a", "authorization"], 10);
        let request = row.request();
        let names = [header_name("x-a"), header_name("authorization")];
        let question = Question {
            method_needed: Some(&Method::PUT),
            unsafe_names: &names,
            credentials_mode: CredentialsMode::SameOrigin,
        };
        let mut answer = None;
        let allocations = allocation_counter::measure(|| {
            answer = Some(cache.answers(&cache.key(&request), &question, Timestamp::default()));
        });
        assert_eq!(answer, Some(CacheAnswer::Hit));
        assert_eq!(allocations.count_total, 0);
    }
}
