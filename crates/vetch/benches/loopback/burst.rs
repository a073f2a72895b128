//! A process that does what `xtask/src/bench/against/burst.mjs` does in a browser or in Node: one PUT, which asks first,
//! then so many whose preflight answer is kept, some of them at a time. Only what a user of vetch would make is made.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use vetch::{Page, UserAgent};

use crate::server::{COUNTED, SENT};

/// How many PUTs after the first, and how many of them at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Burst {
    pub(crate) times: usize,
    pub(crate) together: usize,
}

/// Both are origins: that of the server, and that of the page, which measures.
pub(crate) async fn burst(burst: Burst, server: &str, page_origin: &str) {
    let url: Arc<str> = format!("{server}{COUNTED}").into();
    let page = UserAgent::new().page(page_origin).expect("a page");
    put(&page, &url).await;
    mark(&page, page_origin, "first").await;
    let begun = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..burst.together)
        .map(|_| {
            let (page, url, begun) = (page.clone(), Arc::clone(&url), Arc::clone(&begun));
            tokio::spawn(async move {
                while begun.fetch_add(1, Ordering::Relaxed) < burst.times {
                    put(&page, &url).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("no panic");
    }
    mark(&page, page_origin, "done").await;
}

async fn put(page: &Page, url: &str) {
    let fetch = page.fetch(url).method("PUT").header("x-token", "7");
    let mut response = fetch.body(SENT).send().await.expect("a response");
    response.bytes().await.expect("a body");
}

/// Returns when whoever measures has looked.
async fn mark(page: &Page, page_origin: &str, name: &str) {
    let url = format!("{page_origin}/{name}");
    page.fetch(url).send().await.expect("someone who measures");
}
