//! Whose keys make room for others: those of who keeps no less than an equal share.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use vetch_core::fetching::cors_preflight_cache::{
    ExportedEntry, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::CredentialsMode;
use vetch_core::time::Timestamp;

use crate::case_counts::at_least;
use crate::rows::{RequestRow, store, store_at};

fn row(top_level: &str, origin: &str, number: usize) -> RequestRow {
    RequestRow {
        origin: origin.into(),
        top_level: Some(top_level.into()),
        url: format!("https://api.example/{number}"),
        ..RequestRow::default()
    }
}

/// Stores as many unique URLs of that page.
fn flood(cache: &PreflightCache, top_level: &str, origin: &str, count: usize) {
    for number in 0..count {
        store(cache, &row(top_level, origin, number), &["PUT"], &[], 600);
    }
}

fn hits(cache: &PreflightCache, top_level: &str, origin: &str, count: usize) -> usize {
    let is_hit = |number: &usize| {
        let request = row(top_level, origin, *number).request();
        let question = Question {
            method_needed: Some(&Method::PUT),
            unsafe_names: &[],
            credentials_mode: CredentialsMode::SameOrigin,
        };
        let answer = cache.answers(&cache.key(&request), &question, Timestamp::default());
        answer.is_hit()
    };
    (0..count).filter(is_hit).count()
}

fn cache(capacity: usize) -> PreflightCache {
    PreflightCache::new(PreflightCacheConfig::default().with_capacity(capacity))
}

#[test]
fn a_page_that_fetches_unique_urls_evicts_nothing_within_the_share_of_others() {
    for capacity in [1_000, 4_000] {
        let cache = cache(capacity);
        let sites: Vec<_> = (0..20)
            .map(|site| format!("https://site-{site}.example"))
            .collect();
        let each = capacity / 80;
        for site in &sites {
            flood(&cache, site, site, each);
        }
        let hostile = "https://hostile.example";
        flood(&cache, hostile, hostile, 3 * capacity);
        for site in &sites {
            assert_eq!(hits(&cache, site, site, each), each, "{site} of {capacity}");
        }
        assert!(cache.len() <= capacity);
    }
}

#[test]
fn a_page_has_as_many_partitions_as_its_site_however_many_subdomains_it_frames() {
    let cache = cache(500);
    let (site, hostile) = ("https://site.example", "https://hostile.example");
    flood(&cache, site, site, 200);
    for number in 0..100 {
        let origin = format!("https://{number}.hostile.example");
        flood(&cache, hostile, &origin, 20);
    }
    assert_eq!(hits(&cache, site, site, 200), 200);
}

#[test]
fn a_frame_that_fetches_unique_urls_evicts_nothing_within_the_share_of_the_page_around_it() {
    let cache = cache(500);
    let (site, frame) = ("https://site.example", "https://hostile.example");
    flood(&cache, site, site, 200);
    flood(&cache, site, frame, 2_000);
    assert_eq!(hits(&cache, site, site, 200), 200);
}

#[test]
fn a_page_has_the_whole_cache_until_others_come_and_then_gives_way() {
    let cache = cache(500);
    let (first, second) = ("https://first.example", "https://second.example");
    flood(&cache, first, first, 500);
    assert_eq!(hits(&cache, first, first, 500), 500);
    flood(&cache, second, second, 2_000);
    // At equal shares both may give, and the first was there before.
    assert_eq!(hits(&cache, first, first, 500), 249);
    assert_eq!(cache.len(), 500);
}

#[test]
fn what_has_expired_makes_room_whoever_keeps_it() {
    let cache = cache(10);
    let (small, large) = ("https://small.example", "https://large.example");
    store(&cache, &row(small, small, 0), &["PUT"], &[], 1);
    flood(&cache, large, large, 9);
    let later = Timestamp::from_millis(1_000);
    store_at(&cache, &row(large, large, 9), (&["PUT"], &[], 600), later);
    assert_eq!(hits(&cache, large, large, 10), 10);
    assert_eq!(cache.len(), 10);
}

#[test]
fn clearing_gives_the_share_back() {
    let cache = cache(10);
    let (first, second) = ("https://first.example", "https://second.example");
    for _ in 0..50 {
        flood(&cache, first, first, 20);
        flood(&cache, second, second, 20);
        for number in 0..20 {
            let request = row(first, first, number).request();
            cache.clear(&cache.key(&request));
        }
        assert_eq!(hits(&cache, first, first, 20), 0);
    }
    flood(&cache, second, second, 10);
    assert_eq!(hits(&cache, second, second, 10), 10);
}

type Owner = (String, Vec<u8>);

/// The URLs that each partition and origin keeps.
fn kept(cache: &PreflightCache) -> BTreeSet<(Owner, Box<str>)> {
    let owner = |entry: ExportedEntry| {
        let text = entry.text.expect("the texts are kept");
        let partition = text.network_partition_key.as_str().to_owned();
        ((partition, text.origin.as_bytes().to_vec()), text.url)
    };
    cache
        .export(Timestamp::default())
        .into_iter()
        .map(owner)
        .collect()
}

proptest! {
    #![proptest_config(at_least(64))]

    #[test]
    fn nobody_below_an_equal_share_loses_a_key_to_another(
        capacity in 1..12_usize,
        stores in prop::collection::vec((0..4_usize, 0..3_usize, 0..12_usize), 1..80),
    ) {
        let cache = cache(capacity);
        for (site, origin, number) in stores {
            let before = kept(&cache);
            let site = format!("https://site-{site}.example");
            let origin = format!("https://origin-{origin}.example");
            store(&cache, &row(&site, &origin, number), &["PUT"], &[], 600);
            let after = kept(&cache);
            prop_assert!(after.len() <= capacity);
            let gone: Vec<_> = before.difference(&after).collect();
            prop_assert!(gone.len() <= 1 && (gone.is_empty() || before.len() == capacity));
            let mut partitions: BTreeMap<&str, BTreeMap<&[u8], usize>> = BTreeMap::new();
            for ((partition, origin), _) in &before {
                *partitions.entry(partition).or_default().entry(origin).or_default() += 1;
            }
            for ((partition, origin), _) in gone {
                let origins = &partitions[partition.as_str()];
                let of_partition: usize = origins.values().sum();
                prop_assert!(of_partition * partitions.len() >= before.len());
                prop_assert!(origins[origin.as_slice()] * origins.len() >= of_partition);
            }
        }
    }
}
