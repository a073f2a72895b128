//! `compare`: runs vetch over the recorded scenarios, against the same servers, and prints where it differs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum as _;

use crate::Trouble;
use crate::browser::Browser;
use crate::difference::differences;
use crate::family::{Named, folder, load};
use crate::known::{self, Known};
use crate::recording::{self, Record, Recording};
use crate::session::{self, Session};
use crate::stage::Stage;
use crate::{certificates, servers};

/// What to compare.
#[derive(Debug)]
pub struct Comparison {
    /// With whom.
    pub judge: Judge,
    /// Which scenarios.
    pub pattern: String,
    /// Which `vetch`; the workspace's own unless said.
    pub program: Option<PathBuf>,
    /// Which profile; the judge's own unless said.
    pub profile: Option<String>,
    /// Which differences are printed.
    pub shown: Shown,
}

/// Which differences are printed. All of them are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Those that are not in the list.
    New,
    /// The known ones too, each with its reason.
    All,
}

/// Who says what is right.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// One browser.
    Browser(Browser),
    /// All of them: only what differs from each in the same way counts. The profile is that of the Standard.
    Consensus,
}

impl Judge {
    fn name(self) -> &'static str {
        match self {
            Self::Browser(browser) => browser.name(),
            Self::Consensus => "consensus",
        }
    }

    fn profile(self) -> &'static str {
        match self {
            Self::Browser(browser) => browser.name(),
            Self::Consensus => "spec",
        }
    }

    fn recordings(self) -> Result<Vec<Recording>, Trouble> {
        let browsers = match self {
            Self::Browser(browser) => vec![browser],
            Self::Consensus => Browser::value_variants().to_vec(),
        };
        browsers
            .iter()
            .map(|browser| Recording::read(&recording::path(browser.name())))
            .collect()
    }
}

/// Prints agreement and each difference; whether there is none that nobody knows.
pub async fn compare(comparison: &Comparison) -> Result<Verdict, Trouble> {
    let recordings = comparison.judge.recordings()?;
    let recorded: Vec<BTreeMap<&str, &Record>> =
        recordings.iter().map(Recording::by_name).collect();
    let mut scenarios = load(&folder(), &comparison.pattern)?;
    scenarios.retain(|named| {
        recorded
            .iter()
            .all(|by_name| by_name.contains_key(named.name.as_str()))
    });
    let total = scenarios.len();
    let ours = run(comparison, scenarios).await?;

    let known = known::load(&known::path())?;
    let mut tally = Tally::new(comparison.judge.name(), &known, comparison.shown);
    for record in &ours {
        let theirs = recorded
            .iter()
            .filter_map(|by_name| by_name.get(record.scenario.as_str()));
        tally.add(
            &record.scenario,
            common(theirs.map(|theirs| differences(theirs, record))),
        );
    }
    tally.print_frequent();
    for Recording { header, .. } in &recordings {
        println!(
            "{} {}, recorded {}",
            header.browser, header.version, header.date
        );
    }
    println!(
        "{}: {} of {total} scenarios agree, {} differ as known, {} differ",
        comparison.judge.name(),
        tally.agree,
        tally.as_known,
        tally.unknown
    );
    let whole = comparison.pattern == "*";
    if whole {
        tally.print_stale();
    }
    Ok(if tally.unknown == 0 && !(whole && tally.is_stale()) {
        Verdict::Agrees
    } else {
        Verdict::Differs
    })
}

/// The differences that are in every list: each names the browser's value, so those browsers agree on it.
fn common(mut lists: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let mut common = lists.next().unwrap_or_default();
    for list in lists {
        common.retain(|difference| list.contains(difference));
    }
    common
}

/// How a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new.
    Agrees,
    /// A difference that is not known, or a known one that is gone.
    Differs,
}

struct Tally<'a> {
    browser: &'a str,
    known: &'a [Known],
    shown: Shown,
    used: Vec<bool>,
    agree: usize,
    as_known: usize,
    unknown: usize,
    shapes: BTreeMap<String, usize>,
}

impl<'a> Tally<'a> {
    fn new(browser: &'a str, known: &'a [Known], shown: Shown) -> Self {
        Self {
            browser,
            known,
            shown,
            used: vec![false; known.len()],
            agree: 0,
            as_known: 0,
            unknown: 0,
            shapes: BTreeMap::new(),
        }
    }

    fn add(&mut self, scenario: &str, found: Vec<String>) {
        if found.is_empty() {
            self.agree += 1;
            return;
        }
        let mut new = Vec::new();
        let mut old = Vec::new();
        for difference in found {
            match self
                .known
                .iter()
                .position(|known| known.covers(self.browser, scenario, &difference))
            {
                Some(at) => {
                    self.used[at] = true;
                    old.push(format!("{difference} [{}]", self.known[at].reason));
                }
                None => new.push(difference),
            }
        }
        if self.shown == Shown::New {
            old.clear();
        }
        if !(new.is_empty() && old.is_empty()) {
            println!("{scenario}");
        }
        for difference in old {
            println!("    {difference}");
        }
        if new.is_empty() {
            self.as_known += 1;
            return;
        }
        self.unknown += 1;
        for difference in new {
            if let Some(at) = difference.find("only ") {
                *self.shapes.entry(difference[at..].into()).or_default() += 1;
            }
            println!("    {difference}");
        }
    }

    /// The header lines that differ most often: one cause has many scenarios.
    fn print_frequent(&self) {
        let mut shapes: Vec<_> = self
            .shapes
            .iter()
            .filter(|(_, count)| **count > 3)
            .collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (shape, count) in shapes.into_iter().take(FREQUENT) {
            println!("{count} times: {shape}");
        }
    }

    fn stale(&self) -> impl Iterator<Item = &Known> {
        let pairs = self.known.iter().zip(&self.used);
        pairs
            .filter(|(known, used)| !**used && known.concerns(self.browser))
            .map(|(known, _)| known)
    }

    fn is_stale(&self) -> bool {
        self.stale().next().is_some()
    }

    fn print_stale(&self) {
        for known in self.stale() {
            println!(
                "no longer differs: {} ({})",
                known.scenario, known.difference
            );
        }
    }
}

/// Runs scenarios in vetch, one after the other, in one session.
async fn run(comparison: &Comparison, scenarios: Vec<Named>) -> Result<Vec<Record>, Trouble> {
    let certificates = certificates::make()?;
    let listeners = servers::listen().await?;
    let count = scenarios.len();
    let stage = Arc::new(Stage::new(listeners.places.clone(), scenarios));
    listeners.serve(&stage, &certificates);
    let profile = comparison
        .profile
        .as_deref()
        .unwrap_or(comparison.judge.profile());
    let program = comparison.program.as_deref();
    let mut session = Session::start(program, profile, (stage.places(), &certificates))?;
    // Says which User-Agent is the engine's own.
    let control = stage.places().origin(crate::roles::Role::SAME) + "/control";
    session
        .fetch(serde_json::json!({ "url": control, "origin": "null" }))
        .await?;
    for run in 0..count {
        play(run, &stage, &mut session).await?;
    }
    Ok(stage.records())
}

async fn play(run: usize, stage: &Stage, session: &mut Session) -> Result<(), Trouble> {
    let (Some(plan), Some(scenario)) = (stage.begin(run), stage.scenario(run)) else {
        return Ok(());
    };
    session.forget().await?;
    for (url, cookie) in plan.plants.iter().zip(&scenario.cookies) {
        session.plant(url, &cookie.value).await?;
    }
    for step in &plan.steps {
        let request = session::request(scenario, &plan.page, &step.request, stage.places());
        let outcome = session.fetch(request).await?;
        if step.wait > 0 {
            session.advance(step.wait).await?;
        }
        stage.outcome(run, outcome);
    }
    Ok(())
}

/// How many lines of the summary are worth reading.
const FREQUENT: usize = 12;
