//! For those who have no runtime.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Runtime};
use tokio::task::unconstrained;

/// Wait for one of this crate's futures on the thread that asks.
///
/// Connections that a wait opens live on a runtime of one thread, which starts with the first wait and ends with the
/// process. It may be called inside of another runtime, whose thread it then blocks; but a connection that was opened
/// by `.await` lives on that runtime, which cannot serve it meanwhile. So a user agent is either waited for or awaited.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use vetch::blocking::wait;
///
/// let ua = vetch::UserAgent::new();
/// let page = ua.page("https://app.example/")?;
/// let mut response = wait(page.fetch("data:,hello").send())?;
/// assert_eq!(wait(response.text())?, "hello");
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// Where the system gives the runtime no thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    let _entered = RUNTIME.enter();
    // The runtime around, if there is one, would count what is polled here as one long turn, and let nothing be ready
    // when that is used up.
    let mut future = pin!(unconstrained(future));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        woken.wait();
    }
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .thread_name("vetch")
        .enable_all()
        .build()
        .expect("a thread for the runtime")
});

/// Whether the future wants to be polled again. A thread's own token for that may be taken by a wait inside of it.
struct Woken {
    thread: Thread,
    again: AtomicBool,
}

impl Default for Woken {
    fn default() -> Self {
        Self {
            thread: thread::current(),
            again: AtomicBool::new(false),
        }
    }
}

impl Woken {
    fn wait(&self) {
        while !self.again.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.again.store(true, Ordering::Release);
        self.thread.unpark();
    }
}
