//! Whether the machine did something else meanwhile.

/// How often this thread was taken off its processor; always 0 where that cannot be told, which is but on Linux.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark may look at the machine it runs on"
)]
fn interruptions() -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let count = status
        .lines()
        .find_map(|line| line.strip_prefix("nonvoluntary_ctxt_switches:"));
    count
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

/// What was measured, unless this thread was taken off its processor meanwhile. Waiting for a lock is no interruption.
pub(crate) fn undisturbed<T>(measure: impl FnOnce() -> T) -> Option<T> {
    let before = interruptions();
    let measured = measure();
    (interruptions() == before).then_some(measured)
}
