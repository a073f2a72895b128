//! Fetches: many at once, of any kind, some dropped on the way.

use std::collections::BTreeMap;
use std::ops::RangeFrom;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::task::{JoinHandle, JoinSet};
use vetch::{
    Credentials, FetchBuilder, FetchError, Limits, NetworkError, Page, RedirectMode, UserAgent,
};

use crate::servers::beginning;

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
const OF_ANOTHER: &str = "the answer of another";

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

    /// How many fetches got what another asked for.
    pub(crate) fn of_another(&self) -> u64 {
        self.of(OF_ANOTHER)
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
            .limits(limits)
            .danger_accept_invalid_certificates();
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
                ids: number << 32..,
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
    /// Those of its next fetches, which no other worker has.
    ids: RangeFrom<u64>,
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
        let id = self.ids.next().unwrap_or_default().to_string();
        let fetch = self.fetch().header("accept", &*id);
        let reads_on = self.rng.u8(..8) > 0;
        let fetching = async move {
            let mut response = fetch.send().await.map_err(|error| code(&error))?;
            let read = if reads_on {
                response.bytes().await
            } else {
                let first = response.body().chunk().await;
                first.map(Option::unwrap_or_default)
            };
            let body = read.map_err(|error| error.code())?;
            Ok(if is_own(&body, &beginning(&id)) {
                response.status().to_string()
            } else {
                OF_ANOTHER.to_owned()
            })
        };
        let is_dropped = self.rng.u8(..16) == 0;
        let patience = if is_dropped {
            Duration::from_millis(self.rng.u64(..40))
        } else {
            PATIENCE
        };
        match tokio::time::timeout(patience, fetching).await {
            Ok(Ok(outcome) | Err(outcome)) => outcome,
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

/// Whether a body, or its first piece, can be the one that begins so; one that there is none of can.
fn is_own(body: &[u8], beginning: &str) -> bool {
    let common = body.len().min(beginning.len());
    body[..common] == beginning.as_bytes()[..common]
}

fn code(error: &FetchError) -> String {
    let error = error.network_error();
    error.map_or_else(|| "invalid".to_owned(), NetworkError::code)
}
