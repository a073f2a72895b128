//! A pool that has an HTTP/2 connection on which requests wait in vain gets no further ones.
//!
//! Over HTTP/1.x a connection ends with the exchange that is dropped on it. Over HTTP/2 it stays, and a server that
//! stalls it would let each later fetch wait as well.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::uri::Authority;

/// How silent the servers are to which a pool has connections over HTTP/2.
#[derive(Debug, Default)]
pub(super) struct Silences {
    servers: Mutex<HashMap<Authority, Silence>>,
    is_one_too_long: AtomicBool,
}

#[derive(Debug)]
struct Silence {
    /// When a head came, or when the connection was made.
    last_head: Instant,
    /// How long requests that were dropped have waited after it, all together.
    waited: Duration,
}

impl Silence {
    fn from_now() -> Self {
        Self {
            last_head: Instant::now(),
            waited: Duration::ZERO,
        }
    }
}

impl Silences {
    /// There is a new connection over HTTP/2.
    pub(super) fn connected(&self, server: Authority) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= SERVERS {
            // Whoever is silent is so again.
            servers.clear();
        }
        servers.insert(server, Silence::from_now());
    }

    /// Whether requests have waited in vain for too long.
    pub(super) fn is_one_too_long(&self) -> bool {
        self.is_one_too_long.load(Ordering::Relaxed)
    }

    /// A request is sent to that server now.
    pub(super) fn waiting(&self, server: Authority) -> Waiting<'_> {
        Waiting {
            silences: self,
            server,
            sent: Instant::now(),
            is_over: false,
        }
    }

    fn head_came(&self, server: &Authority) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(silence) = servers.get_mut(server) {
            *silence = Silence::from_now();
        }
    }

    fn waited_in_vain(&self, server: &Authority, sent: Instant) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(silence) = servers.get_mut(server) {
            // While others are answered, a long wait is the resource's and not the connection's.
            let waited = silence.last_head.max(sent).elapsed();
            silence.waited = silence.waited.saturating_add(waited);
            if silence.waited >= PATIENCE {
                self.is_one_too_long.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// A request that waits for its response's head; who drops it has waited in vain.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    silences: &'a Silences,
    server: Authority,
    sent: Instant,
    is_over: bool,
}

impl Waiting<'_> {
    /// The head came, or an error.
    pub(super) fn end(mut self, is_answered: bool) {
        self.is_over = true;
        if is_answered {
            self.silences.head_came(&self.server);
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.silences.waited_in_vain(&self.server, self.sent);
        }
    }
}

/// For how long requests may wait in vain on one connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many servers of one pool are known at a time.
const SERVERS: usize = 1024;
