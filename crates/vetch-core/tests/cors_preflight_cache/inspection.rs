//! What the cache shows of itself, and what it does not.

use vetch_core::fetching::cors_preflight_cache::{
    CredentialsFlag, EntryToken, Inspection, KEPT_URL_LIMIT, PreflightCache, PreflightCacheConfig,
};
use vetch_core::time::Timestamp;

use crate::rows::{RequestRow, store};

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
    cache.clear(&cache.key(&RequestRow::default().request()));
    assert!(cache.is_empty());

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
