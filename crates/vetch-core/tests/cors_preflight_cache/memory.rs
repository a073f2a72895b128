//! What the cache takes of memory, and when.

use vetch_core::fetching::cors_preflight_cache::{
    CacheAnswer, Inspection, KEPT_URL_LIMIT, PreflightAnswer, PreflightCache, PreflightCacheConfig,
    Question,
};
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::{CredentialsMode, UrlList};
use vetch_core::time::Timestamp;

use crate::rows::{RequestRow, header_name, store};

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

/// Of an entry alone on its key, which is what takes most.
#[test]
fn an_entry_takes_no_more_than_160_bytes() {
    const ENTRIES: usize = 30_000;
    for (inspection, limit) in [(Inspection::Discard, 160), (Inspection::Keep, 224)] {
        let config = PreflightCacheConfig::default()
            .with_capacity(ENTRIES)
            .with_inspection(inspection);
        let mut request = RequestRow::default().request();
        let mut filled = None;
        let allocated = allocation_counter::measure(|| {
            let cache = PreflightCache::new(config);
            for number in 0..2 * ENTRIES {
                let url = format!("https://api.example/v1/accounts/{number}/orders?page=1");
                request.url_list = UrlList::new(url.parse().unwrap());
                let answer = PreflightAnswer {
                    methods: &[Method::PUT],
                    header_names: &[],
                    max_age: 600,
                };
                let key = cache.key(&request);
                cache.store(&key, &request, &answer, Timestamp::default());
            }
            filled = Some(cache);
        });
        let kept = filled.unwrap().len();
        assert!(kept * 100 > ENTRIES * 99, "{kept} are kept");
        let each = usize::try_from(allocated.bytes_current).unwrap() / kept;
        assert!(each <= limit, "{each} bytes with {inspection:?}");
    }
}

#[test]
fn one_answer_fills_no_more_than_its_bound() {
    let names: Vec<_> = (100..356)
        .map(|number| format!("x-{number}-{}", "a".repeat(122)))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let row = RequestRow::default();
    let cache = PreflightCache::new(PreflightCacheConfig::default());
    let allocated = allocation_counter::measure(|| {
        for _ in 0..3 {
            store(&cache, &row, &["PUT"], &names, 10);
        }
    });
    assert!(allocated.bytes_current < 16_384, "{allocated:?}");
    let is_kept = |name: &str| {
        let request = row.request();
        let question = Question {
            method_needed: None,
            unsafe_names: &[header_name(name)],
            credentials_mode: CredentialsMode::SameOrigin,
        };
        let answer = cache.answers(&cache.key(&request), &question, Timestamp::default());
        answer.is_hit()
    };
    assert!(is_kept(names[0]) && is_kept(names[62]) && !is_kept(names[64]));
}

/// What a hostile server can make of a cache: long answers to long URLs.
#[test]
fn a_key_takes_no_more_than_eleven_kibibytes() {
    const KEYS: usize = 300;
    let names: Vec<_> = (100..356)
        .map(|number| header_name(&format!("x-{number}-{}", "a".repeat(122))))
        .collect();
    let answer = PreflightAnswer {
        methods: &[Method::PUT],
        header_names: &names,
        max_age: 600,
    };
    let mut request = RequestRow::default().request();
    let mut filled = None;
    let allocated = allocation_counter::measure(|| {
        let cache = PreflightCache::new(PreflightCacheConfig::default().with_capacity(KEYS));
        for number in 0..2 * KEYS {
            let url = format!("https://api.example/{number}?{}", "a".repeat(3_000));
            let url = &url[..KEPT_URL_LIMIT];
            request.url_list = UrlList::new(url.parse().unwrap());
            let key = cache.key(&request);
            cache.store(&key, &request, &answer, Timestamp::default());
        }
        filled = Some(cache);
    });
    let (kept, bytes) = (filled.unwrap().len(), allocated.bytes_current);
    assert_eq!(kept, KEYS);
    let each = usize::try_from(bytes).unwrap() / kept;
    assert!(
        (8_192 + KEPT_URL_LIMIT..11_264).contains(&each),
        "{each} bytes"
    );
}
