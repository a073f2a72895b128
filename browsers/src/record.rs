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

/// Records the scenarios whose name matches the pattern, and keeps what was recorded of the others.
pub async fn record(browser: Browser, pattern: &str) -> Result<(), Trouble> {
    let scenarios = load(&folder(), pattern)?;
    if scenarios.is_empty() {
        return Err(Trouble::Browser(format!("no scenario matches `{pattern}`")));
    }
    let header = Header {
        browser: browser.name().into(),
        version: browser.version().await?,
        date: recording::today(),
    };
    let start = Instant::now();
    let records = run(browser, scenarios, Frames::Fresh).await?;
    let count = records.len();
    let file = recording::path(browser.name());
    let mut recording = Recording {
        header,
        records: Vec::new(),
    };
    if file.exists() {
        recording.records = Recording::read(&file)?.records;
        let known: Vec<String> = load(&folder(), "*")?
            .into_iter()
            .map(|named| named.name)
            .collect();
        recording
            .records
            .retain(|record| known.contains(&record.scenario));
    }
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
