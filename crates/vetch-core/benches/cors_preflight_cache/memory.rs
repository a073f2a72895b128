//! Bytes that an entry takes, by counting what is allocated while a cache is filled.

use vetch_core::fetching::cors_preflight_cache::{
    Inspection, PreflightCache, PreflightCacheConfig,
};

use crate::contents::{Allowed, fill};
use crate::{number, tell};

const ENTRIES: usize = 1_000_000;

pub(crate) fn measure() {
    println!("bytes an entry at {ENTRIES} entries");
    let one = Allowed::new(&[]);
    let three = Allowed::new(&["content-type", "x-requested-with"]);
    let spelt_out = Allowed::new(&["x-shop-basket-version", "x-shop-device-identifier"]);
    for (what, allowed) in [
        ("a method a key", one),
        ("a method and two common names a key", three),
        ("a method and two rare names a key", spelt_out),
    ] {
        let discarded = bytes(&allowed, Inspection::Discard);
        let kept = bytes(&allowed, Inspection::Keep);
        println!("  {what}: {discarded:.0}; with texts of URLs of 65 bytes {kept:.0}");
        let said = format!("{discarded:.0} bytes");
        let promise = format!("{what}: at most 160 bytes an entry");
        tell(&promise, &said, discarded <= 160.0);
    }
}

fn bytes(allowed: &Allowed, inspection: Inspection) -> f64 {
    let keys = ENTRIES / allowed.entries();
    let config = PreflightCacheConfig::default()
        .with_capacity(keys * 2)
        .with_inspection(inspection);
    let mut filled = None;
    let allocated = allocation_counter::measure(|| {
        let cache = PreflightCache::new(config);
        drop(fill(&cache, keys, allowed));
        filled = Some(cache);
    });
    drop(filled);
    let bytes = usize::try_from(allocated.bytes_current).unwrap_or_default();
    number(bytes) / number(keys * allowed.entries())
}
