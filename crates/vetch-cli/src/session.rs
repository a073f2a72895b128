//! `vetch session`: JSON Lines on stdin and stdout, one engine that stays alive.
//! In: lines. Out: one answer for each, whole and flushed, in the order in which they are ready.
//!
//! One thread drives the engine; one reads and one writes, so that neither a slow reader nor a silent writer holds it up.

pub(crate) mod answers;
mod lines;
mod lone_surrogates;
pub(crate) mod offline;
mod operations;
mod request_object;

use std::future::{Future, poll_fn};
use std::io::{BufReader, Write};
use std::task::Poll;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinSet, LocalSet};
use vetch::UserAgent;

use crate::arguments::SessionArguments;
use crate::ending::{Ending, Refusal};
use crate::engine;
use crate::request_description::{Mistakes, Wish};
use crate::{network, output, profiles};
use answers::{Answer, Content, CookieObject, OkObject, PreflightCacheObject};
use lines::{LINE_LIMIT, Line};
use operations::{Clear, Id, Operation};

/// More fetches than these do not run at once: the next line waits until one of them has ended.
const RUNNING_LIMIT: usize = 512;

/// Run the verb.
pub(crate) fn run(arguments: &SessionArguments) -> Result<Ending, Refusal> {
    let mut mistakes = Mistakes::default();
    let profile = mistakes.take(profiles::by_name(&arguments.common.profile));
    let ua = mistakes.take(network::user_agent(
        &arguments.network,
        profile.unwrap_or_default(),
    ));
    let Some(ua) = ua.filter(|_| mistakes.is_empty()) else {
        return Err(mistakes.into());
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::System(format!("the session cannot start ({error})")))?;
    let (answers, to_write) = channel(64);
    let writer = std::thread::spawn(move || write(to_write));
    LocalSet::new().block_on(&runtime, serve(&ua, read(), answers));
    runtime.shutdown_background();
    // The writer ends when every answer is written, or at the first that cannot be.
    match writer.join() {
        Ok(written) => output::stdout_written(written).map(|()| Ending::Well),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Lines, read by a thread of their own: a read that waits must not keep the session from ending.
fn read() -> Receiver<Line> {
    let (sender, lines) = channel(4);
    std::thread::spawn(move || {
        let mut stdin = BufReader::with_capacity(64 * 1024, std::io::stdin().lock());
        while let Some(line) = lines::next(&mut stdin, LINE_LIMIT) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Answers, written by a thread of their own. A reader that went away ends the session quietly.
fn write(mut answers: Receiver<String>) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    while let Some(line) = answers.blocking_recv() {
        stdout.write_all(line.as_bytes())?;
        stdout.flush()?;
    }
    Ok(())
}

/// Take lines until they end or nobody reads the answers, then let the running fetches finish.
async fn serve(ua: &UserAgent, mut lines: Receiver<Line>, answers: Sender<String>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = answers.closed() => return,
            Some(_) = running.join_next(), if !running.is_empty() => {}
            line = lines.recv(), if running.len() < RUNNING_LIMIT => match line {
                Some(line) => take(ua, &line, &mut running, &answers).await,
                None => break,
            },
        }
    }
    while !running.is_empty() {
        tokio::select! {
            () = answers.closed() => return,
            _ = running.join_next() => {}
        }
    }
}

async fn take(ua: &UserAgent, line: &Line, running: &mut JoinSet<()>, answers: &Sender<String>) {
    let (id, operation) = operations::parse(line);
    let content = match operation {
        Err(mistakes) => mistakes.sorted().into(),
        Ok(Operation::Fetch(wish)) => {
            return start(ua, id, wish, running, answers).await;
        }
        Ok(operation) => perform(ua, operation, running.len()),
    };
    tell(answers, id, content).await;
}

/// Take a fetch through its first step, its look-up in the preflight cache, before the next line is read; the rest of
/// it runs beside the lines that follow.
async fn start(
    ua: &UserAgent,
    id: Id,
    wish: Box<Wish>,
    running: &mut JoinSet<()>,
    answers: &Sender<String>,
) {
    let ua = ua.clone();
    let answers = answers.clone();
    let mut fetch = Box::pin(async move {
        let content = match engine::perform(&ua, &wish).await {
            Ok(performed) => performed.into(),
            Err(mistakes) => mistakes.sorted().into(),
        };
        tell(&answers, id, content).await;
    });
    let first_step = poll_fn(|context| Poll::Ready(fetch.as_mut().poll(context))).await;
    if first_step.is_pending() {
        running.spawn_local(fetch);
    }
}

fn perform(ua: &UserAgent, operation: Operation, running: usize) -> Content {
    let mut ok = OkObject::plain();
    match operation {
        Operation::Fetch(_) => {}
        Operation::SetCookie { url, value } => {
            if let Err(invalid) = ua.set_cookie(&url, &value) {
                return Mistakes::one("value", invalid.to_string()).sorted().into();
            }
        }
        Operation::Cookies { url } => {
            let cookies = ua.cookies(&url).into_iter();
            ok.cookies = Some(
                cookies
                    .map(|(name, value)| CookieObject { name, value })
                    .collect(),
            );
        }
        Operation::Clear(what) => what.into_iter().for_each(|what| clear(ua, what)),
        Operation::Advance(by) => ua.advance(by),
        Operation::Stats => {
            ok.preflight_cache = Some(preflight_cache(ua));
            ok.running_fetches = Some(running);
        }
    }
    Content::Ok(ok)
}

fn clear(ua: &UserAgent, what: Clear) {
    match what {
        Clear::PreflightCache => ua.clear_preflight_cache(),
        Clear::Cookies => ua.clear_cookies(),
        Clear::Connections => ua.clear_connections(),
        Clear::HttpCache | Clear::Hsts | Clear::Auth => {}
    }
}

fn preflight_cache(ua: &UserAgent) -> PreflightCacheObject {
    let cache = &ua.agent_state().preflight_cache;
    let statistics = cache.statistics();
    PreflightCacheObject {
        entries: cache.export(ua.now()).len(),
        hits: statistics.hits,
        misses: statistics.misses,
        insertions: statistics.insertions,
        evictions: statistics.evictions,
    }
}

/// Hand an answer to the writer; when that is gone, so is whoever read it.
async fn tell(answers: &Sender<String>, id: Id, content: Content) {
    let answer = Answer {
        id: Some(id),
        content,
    };
    drop(answers.send(answer.to_line()).await);
}
