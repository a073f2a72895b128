//! For those who have no runtime.

use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Runtime};

/// Wait for one of this crate's futures on the thread that asks, whether it has a runtime or not.
///
/// Connections live on a runtime of one thread, which starts with the first wait and ends with the process.
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
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .thread_name("vetch")
        .build();
    runtime.expect("a thread for the runtime")
});

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
