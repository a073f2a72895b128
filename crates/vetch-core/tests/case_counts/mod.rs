//! How many cases a property test takes; shared by test crates.

use proptest::prelude::ProptestConfig;

/// So many cases, or more where `PROPTEST_CASES` says so.
#[expect(
    clippy::disallowed_methods,
    reason = "more cases are the same law, and no verdict depends on how many"
)]
pub(crate) fn at_least(cases: u32) -> ProptestConfig {
    let wished = std::env::var("PROPTEST_CASES").ok();
    let wished = wished.and_then(|wished| wished.parse().ok());
    ProptestConfig {
        cases: wished.map_or(cases, |wished: u32| wished.max(cases)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
