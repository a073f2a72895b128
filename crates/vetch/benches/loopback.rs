//! Requests per second over loopback: vetch against bare reqwest, in the same run.
//!
//! Both send the same headers to the same server and read the same body. Rounds are interleaved, so that what else the
//! machine does meets all alike; each ratio is of two neighbouring rounds. `cargo bench -p vetch`, with
//! `--features hyper` for the second transport too.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vetch::{FetchBuilder, Page, Record, UserAgent, UserAgentBuilder};

const ROUNDS: usize = 51;
const ROUND: Duration = Duration::from_millis(100);

fn main() {
    let server = start_server();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let clients = Clients::new(server);
        for concurrency in [1, 16, 64] {
            clients.compare(concurrency).await;
        }
    });
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Reqwest,
    Get,
    GetUnrecorded,
    CachedPut,
    #[cfg(feature = "hyper")]
    HyperGet,
    #[cfg(feature = "hyper")]
    HyperGetUnrecorded,
    #[cfg(feature = "hyper")]
    HyperCachedPut,
}

impl Variant {
    const ALL: &[Self] = &[
        Self::Reqwest,
        Self::Get,
        Self::GetUnrecorded,
        Self::CachedPut,
        #[cfg(feature = "hyper")]
        Self::HyperGet,
        #[cfg(feature = "hyper")]
        Self::HyperGetUnrecorded,
        #[cfg(feature = "hyper")]
        Self::HyperCachedPut,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Reqwest => "bare reqwest, GET",
            Self::Get => "vetch, simple GET",
            Self::GetUnrecorded => "vetch, simple GET, Record::Nothing",
            Self::CachedPut => "vetch, cached preflighted PUT",
            #[cfg(feature = "hyper")]
            Self::HyperGet => "vetch over hyper, simple GET",
            #[cfg(feature = "hyper")]
            Self::HyperGetUnrecorded => "vetch over hyper, Record::Nothing",
            #[cfg(feature = "hyper")]
            Self::HyperCachedPut => "vetch over hyper, cached PUT",
        }
    }
}

#[derive(Clone)]
struct Clients {
    url: String,
    reqwest: reqwest::Client,
    headers: HeaderMap,
    recorded: Page,
    unrecorded: Page,
    #[cfg(feature = "hyper")]
    hyper_recorded: Page,
    #[cfg(feature = "hyper")]
    hyper_unrecorded: Page,
}

impl Clients {
    fn new(server: SocketAddr) -> Self {
        let provider = rustls::crypto::ring::default_provider();
        provider.install_default().expect("the first one");
        let page = |ua: UserAgentBuilder| {
            let ua = ua.build().expect("a user agent");
            ua.page("http://page.example/start").expect("a page")
        };
        let recorded = || UserAgent::builder().record(Record::Everything);
        let unrecorded = || UserAgent::builder().record(Record::Nothing);
        Self {
            url: format!("http://{server}/items/7"),
            reqwest: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            headers: same_headers(),
            recorded: page(recorded()),
            unrecorded: page(unrecorded()),
            #[cfg(feature = "hyper")]
            hyper_recorded: page(recorded().hyper_transport()),
            #[cfg(feature = "hyper")]
            hyper_unrecorded: page(unrecorded().hyper_transport()),
        }
    }

    async fn compare(&self, concurrency: usize) {
        let mut rates = vec![Vec::new(); Variant::ALL.len()];
        for round in 0..=ROUNDS {
            for (variant, rates) in Variant::ALL.iter().copied().zip(&mut rates) {
                let rate = self.rate(variant, concurrency).await;
                // The first round warms up.
                if round > 0 {
                    rates.push(rate);
                }
            }
        }
        println!(
            "\nconcurrency {concurrency}, requests/s: min, median, max; ratio to bare reqwest: median"
        );
        for (variant, own) in Variant::ALL.iter().copied().zip(&rates) {
            let ratios = own.iter().zip(&rates[0]).map(|(own, bare)| own / bare);
            let ([min, median, max], [_, ratio, _]) =
                (spread(own.clone()), spread(ratios.collect()));
            let label = variant.label();
            println!("{label:36} {min:8.0} {median:8.0} {max:8.0}   {ratio:.3}");
        }
    }

    async fn rate(&self, variant: Variant, concurrency: usize) -> f64 {
        let start = Instant::now();
        let tasks: Vec<_> = (0..concurrency)
            .map(|_| {
                let clients = self.clone();
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

    async fn request(&self, variant: Variant) {
        let body = match variant {
            Variant::Reqwest => {
                let request = self.reqwest.get(&self.url).headers(self.headers.clone());
                let response = request.send().await.expect("a response");
                response.bytes().await.expect("a body")
            }
            Variant::Get => get(&self.recorded, &self.url).await,
            Variant::GetUnrecorded => get(&self.unrecorded, &self.url).await,
            Variant::CachedPut => put(&self.recorded, &self.url).await,
            #[cfg(feature = "hyper")]
            Variant::HyperGet => get(&self.hyper_recorded, &self.url).await,
            #[cfg(feature = "hyper")]
            Variant::HyperGetUnrecorded => get(&self.hyper_unrecorded, &self.url).await,
            #[cfg(feature = "hyper")]
            Variant::HyperCachedPut => put(&self.hyper_recorded, &self.url).await,
        };
        assert_eq!(body.len(), BODY.len());
    }
}

async fn get(page: &Page, url: &str) -> bytes::Bytes {
    read(page.fetch(url)).await
}

async fn put(page: &Page, url: &str) -> bytes::Bytes {
    read(page.fetch(url).method("PUT")).await
}

async fn read(fetch: FetchBuilder) -> bytes::Bytes {
    let mut response = fetch.send().await.expect("a response");
    response.bytes().await.expect("a body")
}

/// What vetch sends with a simple GET, so that the server has the same to read.
fn same_headers() -> HeaderMap {
    let headers = [
        ("accept", "*/*"),
        ("accept-language", "en-US,en;q=0.9"),
        ("referer", "http://page.example/"),
        ("origin", "http://page.example"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "cross-site"),
        ("user-agent", "vetch/0.1.0"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
    ];
    headers
        .map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, http::HeaderValue::from_static(value))
        })
        .into_iter()
        .collect()
}

fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    ]
}

const BODY: &str = "{\"item\":7,\"name\":\"a small answer\"}";

/// A server that does next to nothing, on a thread of its own, so that the clients are what is measured.
fn start_server() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address"))
                .expect("someone waits");
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection));
            }
        });
    });
    told.recv().expect("an address")
}

async fn serve(mut connection: TcpStream) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\naccess-control-allow-methods: PUT\r\n\
         access-control-max-age: 600\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    connection.set_nodelay(true).expect("TCP");
    let mut buffer = Vec::with_capacity(4096);
    while connection
        .read_buf(&mut buffer)
        .await
        .is_ok_and(|read| read > 0)
    {
        if buffer.ends_with(b"\r\n\r\n") {
            buffer.clear();
            if connection.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}
