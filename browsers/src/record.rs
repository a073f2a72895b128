//! `record`: runs scenarios in a real browser and writes down what came of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::Trouble;
use crate::browser::Browser;
use crate::family::{Named, folder, load};
use crate::recording::{self, Header, Record, Recording};
use crate::stage::{Frames, Stage};
use crate::{certificates, servers};

/// A browser that shows no sign of life for so long has stopped.
const SILENCE: Duration = Duration::from_secs(40);

/// Which of the scenarios whose name matches are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Each of them.
    All,
    /// Those that the browser's recording does not have.
    Missing,
}

/// Records the scenarios whose name matches the pattern, and keeps what was recorded of the others.
pub async fn record(browser: Browser, pattern: &str, which: Which) -> Result<(), Trouble> {
    let file = recording::path(browser.name());
    let mut recording = Recording {
        header: Header {
            browser: browser.name().into(),
            version: browser.version().await?,
            date: recording::today(),
        },
        records: Vec::new(),
    };
    let mut scenarios = load(&folder(), pattern)?;
    if file.exists() {
        let earlier = Recording::read(&file)?;
        if which == Which::Missing {
            let recorded = earlier.by_name();
            scenarios.retain(|named| !recorded.contains_key(named.name.as_str()));
        }
        recording.keep(earlier, &load(&folder(), "*")?, &scenarios)?;
    }
    if scenarios.is_empty() {
        return Err(Trouble::Browser(format!(
            "no scenario to record matches `{pattern}`"
        )));
    }
    let start = Instant::now();
    let records = run(browser, scenarios, Frames::Fresh).await?;
    let count = records.len();
    recording.merge(records);
    recording.write(&file)?;
    println!(
        "recorded {count} scenarios with {} {} in {:.1} s: {}",
        browser.name(),
        recording.header.version,
        start.elapsed().as_secs_f64(),
        file.display()
    );
    Ok(())
}

/// Runs scenarios in a browser.
pub async fn run(
    browser: Browser,
    scenarios: Vec<Named>,
    frames: Frames,
) -> Result<Vec<Record>, Trouble> {
    let certificates = certificates::make()?;
    let listeners = servers::listen().await?;
    let stage = Arc::new(Stage::new(listeners.places.clone(), scenarios).in_frames(frames));
    let _serving = listeners.serve(&stage, &certificates);
    while let Some(start) = stage.turn() {
        let url = stage.places().origin(start) + "/control";
        let running = browser.open(&url, &certificates).await?;
        let stopped = tokio::select! {
            () = stage.done() => None,
            trouble = watch(&stage) => Some(trouble),
        };
        // What outlives a page (keepalive, beacons) may still be under way.
        sleep(Duration::from_millis(100)).await;
        running.close().await;
        let Some(trouble) = stopped else {
            break;
        };
        if stage.give_up().is_empty() {
            return Err(trouble);
        }
        eprintln!("browsers: {trouble}: not recorded; going on in a new browser");
    }
    Ok(stage.records())
}

/// Ends when nothing happens any more.
async fn watch(stage: &Stage) -> Trouble {
    let mut seen = stage.events();
    loop {
        let silent = timeout(SILENCE, async {
            while stage.events() == seen {
                sleep(Duration::from_millis(500)).await;
            }
        });
        if silent.await.is_err() {
            break;
        }
        seen = stage.events();
    }
    let (done, total) = stage.progress();
    let left = stage.unfinished();
    Trouble::Browser(format!(
        "the browser stopped after {done} of {total} scenarios, in: {}",
        left.join("; ")
    ))
}
