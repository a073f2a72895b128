//! The event loop: one task at a time, and all microtasks after each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rquickjs::context::EvalOptions;
use rquickjs::{Ctx, FromJs, Function, Object, TypedArray};

use super::host::Host;

/// What a running fetch brings.
#[derive(Debug)]
pub(super) enum Event {
    /// A response's head, as JSON.
    Response {
        id: u32,
        head: String,
    },
    Chunk {
        id: u32,
        bytes: Bytes,
    },
    End {
        id: u32,
    },
    Error {
        id: u32,
        reason: String,
    },
}

/// A timer's moment, its place among those of the same moment, and its id.
type Due = Reverse<(Instant, u32, u32)>;

/// Timers, in the order in which they are due.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BinaryHeap<Due>,
    set: u32,
}

impl Timers {
    pub(super) fn set(&mut self, id: u32, milliseconds: f64) {
        let delay = Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(Duration::MAX);
        // A moment beyond the clock never comes.
        let Some(moment) = Instant::now().checked_add(delay) else {
            return;
        };
        self.set += 1;
        self.due.push(Reverse((moment, self.set, id)));
    }

    fn take_due(&mut self, now: Instant) -> Option<u32> {
        let Reverse((moment, _, id)) = *self.due.peek()?;
        (moment <= now).then(|| {
            self.due.pop();
            id
        })
    }

    fn next(&self) -> Option<Instant> {
        self.due.peek().map(|Reverse((moment, ..))| *moment)
    }
}

pub(super) struct EventLoop {
    host: Host,
    events: Receiver<Event>,
}

impl EventLoop {
    pub(super) fn new(host: Host, events: Receiver<Event>) -> Self {
        Self { host, events }
    }

    /// Runs until the harness reports, or the time is over.
    pub(super) fn run<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        web: &Object<'js>,
        patience: Duration,
    ) -> rquickjs::Result<()> {
        let deliver: Function<'js> = web.get("deliver")?;
        let end = Instant::now() + patience;
        loop {
            run_microtasks(ctx);
            let now = Instant::now();
            if self.host.has_report() || now > end {
                return Ok(());
            }
            if let Some(id) = self.host.timers().take_due(now) {
                let fired = deliver.call(("timer", id, ()));
                settle(ctx, web, fired)?;
                continue;
            }
            let until = self.host.timers().next().map_or(end, |next| next.min(end));
            match self
                .events
                .recv_timeout(until.saturating_duration_since(now))
            {
                Ok(event) => settle(ctx, web, handle(ctx, &deliver, event))?,
                Err(RecvTimeoutError::Timeout) => {}
                // The host holds a sender.
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }
}

fn handle<'js>(ctx: &Ctx<'js>, deliver: &Function<'js>, event: Event) -> rquickjs::Result<()> {
    match event {
        Event::Response { id, head } => deliver.call(("response", id, head)),
        Event::Chunk { id, bytes } => {
            let bytes = TypedArray::<u8>::new(ctx.clone(), bytes.to_vec())?;
            deliver.call(("chunk", id, bytes))
        }
        Event::End { id } => deliver.call(("end", id, ())),
        Event::Error { id, reason } => deliver.call(("error", id, reason)),
    }
}

pub(super) fn run_microtasks(ctx: &Ctx<'_>) {
    while ctx.execute_pending_job() {}
}

/// Evaluates a classic script: sloppy, and of global scope.
pub(super) fn evaluate<'js, T: FromJs<'js>>(
    ctx: &Ctx<'js>,
    name: &str,
    source: &str,
) -> rquickjs::Result<T> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name.to_owned());
    ctx.eval_with_options(source, options)
}

/// An exception that a task did not catch goes to the window.
pub(super) fn settle<'js>(
    ctx: &Ctx<'js>,
    web: &Object<'js>,
    task: rquickjs::Result<()>,
) -> rquickjs::Result<()> {
    match task {
        Err(error) if error.is_exception() => {
            let exception = ctx.catch();
            let report: Function<'js> = web.get("reportException")?;
            report.call((exception,))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_of_one_moment_keep_their_order() {
        let mut timers = Timers::default();
        timers.set(7, 0.0);
        timers.set(3, 0.0);
        timers.set(5, f64::INFINITY);
        let later = Instant::now() + Duration::from_secs(1);
        assert_eq!(timers.take_due(later), Some(7));
        assert_eq!(timers.take_due(later), Some(3));
        assert_eq!(timers.take_due(later), None);
    }
}
