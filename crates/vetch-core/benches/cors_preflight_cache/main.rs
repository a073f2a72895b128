//! What the preflight cache promises, measured in one run: look-ups beside a bare `HashMap`, threads beside an `lru`
//! cache behind a mutex, and bytes an entry.
//!
//! Rounds are interleaved and short, and those during which the machine did something else are left out; a figure is the
//! median of its rounds, a ratio that of two medians. `cargo bench -p vetch-core --bench cors_preflight_cache`

#![expect(
    clippy::disallowed_types,
    reason = "what is measured is time; the core itself has no clock"
)]

mod contents;
mod look_ups;
mod memory;
mod peers;
mod threads;
mod undisturbed;

fn main() {
    look_ups::measure();
    threads::measure();
    memory::measure();
}

/// The middle of what was measured.
fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A count to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn number(count: usize) -> f64 {
    count as f64
}

/// A line that says what was promised, what was measured, and whether that is enough.
fn tell(promise: &str, measured: &str, is_kept: bool) {
    let verdict = if is_kept { "kept" } else { "MISSED" };
    println!("{verdict}: {promise}: {measured}");
}
