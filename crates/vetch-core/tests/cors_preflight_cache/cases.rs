//! The table of cases.

use serde::Deserialize;
use vetch_core::fetching::cors_preflight_cache::{
    CacheAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::headers::HeaderName;
use vetch_core::infrastructure::methods::Method;
use vetch_core::time::Timestamp;

use crate::rows::{RequestRow, header_name, method, store_at};

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
        let (methods, names) = (expand(&row.methods), expand(&row.headers));
        let methods: Vec<_> = methods.iter().map(String::as_str).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let answer = (&methods[..], &names[..], row.max_age.expect("maxAge"));
        store_at(&self.cache, row, answer, self.now);
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
                    .into_iter()
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
    let text = include_str!("../../../../fixtures/cases/cors_preflight_cache.json");
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
