//! Fetches: many at once, of any kind, some dropped on the way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::task::{JoinHandle, JoinSet};
use vetch::{
    Credentials, FetchBuilder, FetchError, Limits, NetworkError, Page, RedirectMode, UserAgent,
};

/// How many fetches run at once.
const WORKERS: u64 = 256;

/// A whole fetch may take this long by the user agent's own limit.
const TIMEOUT: Duration = Duration::from_secs(2);

/// After this a fetch counts as one without outcome: its limit, and what a busy machine may add.
const PATIENCE: Duration = Duration::from_secs(20);

/// The traffic, and what became of it.
pub(crate) struct Traffic {
    ua: UserAgent,
    origins: Arc<[String]>,
    seed: u64,
    counts: Arc<Mutex<Counts>>,
}

/// How often what came of a fetch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(BTreeMap<String, u64>);

const DROPPED: &str = "dropped";
const WITHOUT_OUTCOME: &str = "without outcome";

impl Counts {
    pub(crate) fn fetches(&self) -> u64 {
        self.0.values().sum()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.of(DROPPED)
    }

    pub(crate) fn without_outcome(&self) -> u64 {
        self.of(WITHOUT_OUTCOME)
    }

    /// By status and error code.
    pub(crate) fn outcomes(&self) -> &BTreeMap<String, u64> {
        &self.0
    }

    fn of(&self, outcome: &str) -> u64 {
        self.0.get(outcome).copied().unwrap_or_default()
    }
}

impl Traffic {
    pub(crate) fn new(origins: Vec<String>, seed: u64) -> Self {
        let limits = Limits::default().with_body_bytes(256 << 10);
        let ua = UserAgent::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(1))
            .preflight_cache(1_000)
            .limits(limits);
        Self {
            ua: ua.build().expect("a user agent"),
            origins: origins.into(),
            seed,
            counts: Arc::default(),
        }
    }

    /// Fetch until then.
    pub(crate) fn start(&self, end: Instant) -> JoinHandle<()> {
        let mut workers = JoinSet::new();
        for number in 0..WORKERS {
            let worker = Worker {
                ua: self.ua.clone(),
                origins: Arc::clone(&self.origins),
                rng: Rng::with_seed(self.seed.wrapping_add(number)),
            };
            workers.spawn(worker.run(end, Arc::clone(&self.counts)));
        }
        tokio::spawn(async move {
            workers.join_all().await;
        })
    }

    pub(crate) fn close_connections(&self) {
        self.ua.clear_connections();
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.lock().expect("a lock").clone()
    }
}

struct Worker {
    ua: UserAgent,
    origins: Arc<[String]>,
    rng: Rng,
}

impl Worker {
    async fn run(mut self, end: Instant, counts: Arc<Mutex<Counts>>) {
        while Instant::now() < end {
            let outcome = self.once().await;
            *counts.lock().expect("a lock").0.entry(outcome).or_default() += 1;
        }
    }

    /// One fetch, and what came of it.
    async fn once(&mut self) -> String {
        let fetch = self.fetch();
        let reads_on = self.rng.u8(..8) > 0;
        let fetching = async move {
            let mut response = fetch.send().await.map_err(|error| code(&error))?;
            let read = if reads_on {
                response.bytes().await.map(drop)
            } else {
                response.body().chunk().await.map(drop)
            };
            read.map(|()| response.status())
                .map_err(|error| error.code())
        };
        let is_dropped = self.rng.u8(..16) == 0;
        let patience = if is_dropped {
            Duration::from_millis(self.rng.u64(..40))
        } else {
            PATIENCE
        };
        match tokio::time::timeout(patience, fetching).await {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(code)) => code,
            Err(_) if is_dropped => DROPPED.to_owned(),
            Err(_) => WITHOUT_OUTCOME.to_owned(),
        }
    }

    /// From one of the servers, or from elsewhere.
    fn page(&mut self) -> Page {
        let pages = [
            "http://page.example/start",
            &*self.origins[0],
            "https://other.example/",
        ];
        let url = pages[self.rng.usize(..pages.len())];
        self.ua.page(url).expect("a page")
    }

    fn fetch(&mut self) -> FetchBuilder {
        let origin = self.rng.usize(..self.origins.len());
        // Few paths, so that caches are hit, and now and then one that nobody asks for again.
        let path = match self.rng.u8(..4) {
            0 => self.rng.u64(..),
            _ => self.rng.u64(..50),
        };
        let url = format!("{}/{path}", self.origins[origin]);
        let mut fetch = self.page().fetch(url);
        let method = ["GET", "GET", "POST", "PUT", "DELETE", "HEAD"][self.rng.usize(..6)];
        fetch = fetch.method(method);
        if self.rng.bool() {
            fetch = fetch.header(format!("x-{}", self.rng.u8(..20)), "1");
        }
        if self.rng.bool() {
            fetch = fetch.credentials(Credentials::Include);
        }
        if self.rng.u8(..8) == 0 {
            fetch = fetch.redirect(RedirectMode::Manual);
        }
        if matches!(method, "POST" | "PUT") {
            fetch = fetch.body("x".repeat(self.rng.usize(..20_000)));
        }
        fetch
    }
}

fn code(error: &FetchError) -> String {
    let error = error.network_error();
    error.map_or_else(|| "invalid".to_owned(), NetworkError::code)
}
