//! `bench --against PEER`: cached cross-origin PUTs of a vetch process beside the same of headless Chromium, or of Node's
//! `fetch`, which knows no CORS and asks nothing first.
//!
//! Each is a process of its own that does the same: a PUT, then [`TIMES`] more, [`TOGETHER`] at a time, to the same
//! server. All is measured from outside, and in the same way: from the start of the process to its first finished PUT,
//! and between that and its last the time, the processors' time and the memory of it and all its children.

mod observer;
mod peers;
mod processes;
mod running;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::limits::{Kind, Limits, hold};
use super::programs::{self, Server};
use crate::Failure;
use observer::Observer;
pub(super) use peers::Peer;
use peers::{Burst, Program};

/// PUTs after the first.
const TIMES: u64 = 8000;
const TOGETHER: u32 = 16;
const ROUNDS: usize = 5;

pub(super) fn compare(peer: Peer, limits: &Limits) -> Result<(), Failure> {
    let version = peer.version()?;
    let loopback = programs::build_loopback()?;
    let server = Server::start(&loopback)?;
    let burst = Burst {
        server: format!("http://{}", server.address),
        times: TIMES,
        together: TOGETHER,
    };
    let bench = Bench {
        observer: Observer::start(|origin| peers::page(&burst, origin))?,
        burst,
        server,
    };
    println!(
        "\n{TIMES} PUTs after the first, {TOGETHER} at a time, {ROUNDS} rounds; vetch beside {version}"
    );
    println!("load average before: {}", processes::load_average());
    let mut pairs = Vec::new();
    for round in 0..=ROUNDS {
        let own = bench.run(&Program::Vetch(loopback.clone()))?;
        let anchor = bench.run(&Program::Peer(peer))?;
        // The first round warms up.
        if round > 0 {
            pairs.push((own, anchor));
        }
    }
    println!("load average after: {}\n", processes::load_average());
    tell(peer, &pairs, limits)
}

/// What a run of a program came to, in the order of [`MEASURES`].
type Run = [f64; MEASURES.len()];

struct Measure {
    /// As in `bench-limits.toml`.
    name: &'static str,
    title: &'static str,
    digits: usize,
    wanted: Kind,
}

const MEASURES: [Measure; 4] = [
    Measure {
        name: "rate",
        title: "PUTs a second",
        digits: 0,
        wanted: Kind::AtLeast,
    },
    Measure {
        name: "cpu",
        title: "processors' time, µs a PUT",
        digits: 1,
        wanted: Kind::AtMost,
    },
    Measure {
        name: "memory",
        title: "proportional memory, MB",
        digits: 1,
        wanted: Kind::AtMost,
    },
    Measure {
        name: "first",
        title: "start to first PUT, ms",
        digits: 1,
        wanted: Kind::AtMost,
    },
];

struct Bench {
    server: Server,
    burst: Burst,
    observer: Observer,
}

impl Bench {
    fn run(&self, program: &Program) -> Result<Run, Failure> {
        let start = Instant::now();
        let mut running = program.start(&self.burst, &self.observer)?;
        let first = self.observer.wait("first", &mut running)?;
        let to_first = first.at - start;
        let before = running.usage();
        let begin = Instant::now();
        first.release();
        let done = self.observer.wait("done", &mut running)?;
        let taken = done.at - begin;
        let after = running.usage();
        let used = after.processor_time.saturating_sub(before.processor_time);
        done.release();
        drop(running);
        self.check_counts(program)?;
        #[expect(clippy::cast_precision_loss, reason = "thousands of PUTs, megabytes")]
        let (times, memory) = (self.burst.times as f64, after.memory as f64);
        Ok([
            times / taken.as_secs_f64(),
            used.as_secs_f64() * 1e6 / times,
            memory / 1e6,
            to_first.as_secs_f64() * 1e3,
        ])
    }

    /// A run is none when the server saw anything else: every PUT, and one preflight of those who ask.
    fn check_counts(&self, program: &Program) -> Result<(), Failure> {
        let seen = counts(&self.server.address)
            .map_err(|error| Failure::finding(format!("the server does not answer: {error}")))?;
        let wanted = format!("{} {}", program.preflights(), self.burst.times + 1);
        if seen == wanted {
            return Ok(());
        }
        Err(Failure::finding(format!(
            "{} sent other preflights and PUTs than meant: {seen}, not {wanted}",
            program.name()
        )))
    }
}

/// Preflights and PUTs since this was last asked.
fn counts(address: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    connection.write_all(b"GET /counts HTTP/1.1\r\nhost: server\r\n\r\n")?;
    let mut answer = [0; 1024];
    let length = connection.read(&mut answer)?;
    let text = String::from_utf8_lossy(&answer[..length]);
    let body = text.rsplit("\r\n\r\n").next();
    Ok(body.unwrap_or_default().to_owned())
}

fn tell(peer: Peer, pairs: &[(Run, Run)], limits: &Limits) -> Result<(), Failure> {
    let mut findings = Vec::new();
    println!(
        "{:28} {:>26} {:>26} {:>26}",
        "min, median, max",
        "vetch",
        peer.name(),
        "ratio"
    );
    for (index, measure) in MEASURES.iter().enumerate() {
        let spread_of = |of: fn(&(Run, Run), usize) -> f64| {
            spread(pairs.iter().map(|pair| of(pair, index)).collect())
        };
        let own = spread_of(|pair, index| pair.0[index]);
        let anchor = spread_of(|pair, index| pair.1[index]);
        let ratio = spread_of(|pair, index| pair.0[index] / pair.1[index]);
        let limit = peer.limit(limits, measure.wanted, measure.name);
        let held = hold(measure.name, ratio[1], measure.wanted, limit, &mut findings);
        let digits = measure.digits;
        println!(
            "{:28} {:>26} {:>26} {:>26}   {held}",
            measure.title,
            row(own, digits),
            row(anchor, digits),
            row(ratio, if ratio[1] < 1.0 { 4 } else { 1 }),
        );
    }
    Failure::unless_empty(findings)
}

fn row(values: [f64; 3], digits: usize) -> String {
    values.map(|value| format!("{value:.digits$}")).join(" ")
}

fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    ]
}
