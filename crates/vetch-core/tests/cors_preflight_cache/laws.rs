//! What holds whatever the cache is taught: it answers as the Standard's list, and allows no more than a live preflight.

use proptest::prelude::*;
use vetch_core::fetching::cors_preflight_cache::{
    PreflightAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::requests::CredentialsMode;
use vetch_core::time::Timestamp;

use crate::case_counts::at_least;
use crate::rows::{RequestRow, header_name, method};
use crate::standards_list::{LivePreflight, Model, place_of};

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

fn mode(include: bool) -> CredentialsMode {
    if include {
        CredentialsMode::Include
    } else {
        CredentialsMode::SameOrigin
    }
}

proptest! {
    #![proptest_config(at_least(512))]

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
