//! Requests per second over loopback: vetch against bare reqwest, in the same run.
//!
//! All send the same headers to the same server and read the same body. Rounds are interleaved, so that what else the
//! machine does meets all alike; each ratio is of two neighbouring rounds.
//!
//! - `cargo bench -p vetch --bench loopback` compares;
//! - `… -- serve` is the server alone, which prints its address;
//! - `… -- repeat CLIENT WORK TIMES ADDRESS` sends requests one after the other, for tools that count instructions;
//! - `… -- burst TIMES TOGETHER SERVER PAGE` sends PUTs as a page of that origin would, beside a browser.

mod burst;
mod clients;
mod server;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use burst::Burst;
use clients::{Client, Clients, Variant, Work};

const ROUNDS: usize = 51;
const ROUND: Duration = Duration::from_millis(100);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Cargo adds `--bench`.
    let arguments = arguments.iter().map(String::as_str);
    let arguments: Vec<_> = arguments.filter(|word| *word != "--bench").collect();
    match *arguments {
        [] => run(compare()),
        ["serve"] => server::serve(|address| println!("{address}")),
        ["repeat", client, work, times, server] => run(repeat(
            variant(client, work),
            times.parse().expect("a number of requests"),
            server.parse().expect("the server's address"),
        )),
        ["burst", times, together, server, page_origin] => {
            let times = times.parse().expect("a number of requests");
            let together = together.parse().expect("how many at a time");
            run(burst::burst(Burst { times, together }, server, page_origin));
        }
        _ => panic!(
            "usage: loopback [serve | repeat CLIENT WORK TIMES ADDRESS | burst TIMES TOGETHER SERVER PAGE]"
        ),
    }
}

fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(work);
}

fn variant(client: &str, work: &str) -> Variant {
    let client = Client::ALL.iter().find(|known| known.name() == client);
    let work = Work::ALL.into_iter().find(|known| known.name() == work);
    Variant {
        client: *client.expect("a client's name"),
        work: work.expect("a work's name"),
    }
}

async fn repeat(variant: Variant, times: usize, server: SocketAddr) {
    let clients = Clients::new(server).await;
    for _ in 0..times {
        clients.request(variant).await;
    }
}

async fn compare() {
    let clients = Clients::new(server::start()).await;
    for work in Work::ALL {
        for concurrency in [1, 16, 64] {
            compare_one(&clients, work, concurrency).await;
        }
    }
}

async fn compare_one(clients: &Clients, work: Work, concurrency: usize) {
    let mut rates = vec![Vec::new(); Client::ALL.len()];
    for round in 0..=ROUNDS {
        for (client, rates) in Client::ALL.iter().copied().zip(&mut rates) {
            let rate = rate(clients, Variant { client, work }, concurrency).await;
            // The first round warms up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let work = work.name();
    println!(
        "\n{work}, concurrency {concurrency}: requests/s, ratio to bare reqwest; min, median, max"
    );
    for (client, own) in Client::ALL.iter().zip(&rates) {
        let ratios = own.iter().zip(&rates[0]).map(|(own, bare)| own / bare);
        let (rates, ratios) = (spread(own.clone()), spread(ratios.collect()));
        let rates = rates.map(|rate| format!("{rate:8.0}")).join(" ");
        let ratios = ratios.map(|ratio| format!("{ratio:.3}")).join(" ");
        println!("{:24} {rates}   {ratios}", client.name());
    }
}

async fn rate(clients: &Clients, variant: Variant, concurrency: usize) -> f64 {
    let start = Instant::now();
    let tasks: Vec<_> = (0..concurrency)
        .map(|_| {
            let clients = clients.clone();
            tokio::spawn(async move {
                let mut requests = 0_u32;
                while start.elapsed() < ROUND {
                    clients.request(variant).await;
                    requests += 1;
                }
                requests
            })
        })
        .collect();
    let mut requests = 0;
    for task in tasks {
        requests += task.await.expect("no panic");
    }
    f64::from(requests) / start.elapsed().as_secs_f64()
}

fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    ]
}
