//! Mixed traffic, 256 fetches at a time, through one user agent, against servers of this process that misbehave at random.
//!
//! `cargo xtask soak --minutes N [--seed S]` runs it. It fails when a task panics, a fetch has no outcome in time or gets
//! another's answer, a connection or task stays, or memory grows. The last line that it prints is a summary in JSON.

mod http2_server;
mod memory;
mod servers;
mod traffic;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::json;

use memory::Memory;
use traffic::Traffic;

/// Panics anywhere in this process, caught by tokio or not.
static PANICS: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(seconds)), Some(Ok(seed)), None) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        eprintln!("usage: soak SECONDS SEED");
        return ExitCode::from(2);
    };
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(panic);
    }));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let complaints = runtime.block_on(soak(Duration::from_secs(seconds), seed));
    for complaint in &complaints {
        eprintln!("soak: {complaint}");
    }
    ExitCode::from(u8::from(!complaints.is_empty()))
}

/// What is not as it must be.
async fn soak(length: Duration, seed: u64) -> Vec<String> {
    let mut origins = servers::start(seed).await;
    origins.push(http2_server::start(Rng::with_seed(seed)).await);
    let at_rest = tasks();
    let traffic = Traffic::new(origins, seed);
    let mut memory = Memory::default();
    let running = traffic.start(Instant::now() + length);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    while !running.is_finished() {
        ticks.tick().await;
        memory.measure();
    }
    let lost_workers = u64::from(running.await.is_err());
    traffic.close_connections();
    let left = settle(at_rest).await;
    let (early, late) = memory.early_and_late();
    let counts = traffic.counts();
    let panics = PANICS.load(Ordering::Relaxed);
    println!(
        "{}",
        json!({
            "seconds": length.as_secs(),
            "seed": seed,
            "fetches": counts.fetches(),
            "dropped": counts.dropped(),
            "outcomes": counts.outcomes(),
            "without_outcome": counts.without_outcome(),
            "panics": panics,
            "tasks_left": left,
            "early_kib": early,
            "late_kib": late,
        })
    );
    let mut complaints = Vec::new();
    let mut demand = |holds: bool, complaint: String| {
        if !holds {
            complaints.push(complaint);
        }
    };
    demand(panics == 0 && lost_workers == 0, format!("{panics} panics"));
    let lost = counts.without_outcome();
    demand(lost == 0, format!("{lost} fetches had no outcome in time"));
    let mixed_up = counts.of_another();
    demand(
        mixed_up == 0,
        format!("{mixed_up} fetches got the answer of another"),
    );
    demand(left == 0, format!("{left} tasks stay"));
    demand(
        late <= early + early / 10 + memory::NOISE_KIB,
        format!("memory grew from {early} to {late} KiB"),
    );
    demand(counts.fetches() > 0, "nothing was fetched".to_owned());
    complaints
}

fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// How many tasks more than at rest there still are, when those that are ending have had time to, a server's that stalls
/// among them.
async fn settle(at_rest: usize) -> usize {
    let mut left = tasks().saturating_sub(at_rest);
    for _ in 0..300 {
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = tasks().saturating_sub(at_rest);
    }
    left
}
