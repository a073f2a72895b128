//! One run: the server, the pages in vetch, the same in Chromium where it is asked for, and the comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;
use vetch::Profile;

use crate::certificates;
use crate::checkout::{Checkout, TestPage};
use crate::chromium::{self, Wanted};
use crate::comparison::{Judged, Results, deviations, judge};
use crate::engine::{Console, World};
use crate::expectations::{Expectations, Totals, known_failures, matches as is_like};
use crate::places::Places;
use crate::server::Server;
use crate::trouble::Trouble;
use crate::verdict::{Status, Verdict};

/// What to do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) checkout: Option<PathBuf>,
    pub(crate) profile: Profile,
    /// Which pages.
    pub(crate) only: String,
    /// How many at a time.
    pub(crate) jobs: usize,
    pub(crate) referee: Referee,
    pub(crate) console: Console,
    pub(crate) outcome: Outcome,
}

/// Whether Chromium runs the pages too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Referee {
    None,
    Chromium,
}

/// What becomes of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// They are compared with the expectations.
    Compare,
    /// They are the expectations from now on.
    Update,
}

/// Whether all was as expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    AsExpected,
    Otherwise,
}

/// Runs the plan.
pub(crate) async fn run(plan: &Plan) -> Result<Answer, Trouble> {
    let mut before = Expectations::read()?;
    let checkout = Checkout::open(plan.checkout.as_deref(), before.commit())?;
    if plan.outcome == Outcome::Compare
        && let Some(warning) = before.other_commit(checkout.commit().as_deref())
    {
        eprintln!("wpt: {warning}");
    }
    let mut pages = checkout.pages()?;
    pages.retain(|page| is_like(&plan.only, &page.path));
    let places = Places::free()?;
    let certificates = Arc::new(certificates::make()?);
    let server = Server::start(&checkout.path, places, &certificates).await?;
    let world = World {
        places,
        certificates,
        profile: plan.profile,
        runtime: Handle::current(),
        console: plan.console,
    };
    let results = results(plan, &world, &pages).await;
    server.stop().await;
    let results = results?;
    let judged = judge(&results, &before, &known_failures()?);
    let is_asked = |path: &str| is_like(&plan.only, path);
    print_results(&results);
    match plan.outcome {
        Outcome::Compare => {
            before.pages.retain(|path, _| is_asked(path));
            Ok(compare(&before, &judged))
        }
        Outcome::Update => {
            before.web_platform_tests = checkout.commit().unwrap_or_else(|| "unknown".into());
            plan.profile.name.clone_into(&mut before.profile);
            if plan.referee == Referee::Chromium {
                before.chromium = chromium::version().await?;
            }
            before.pages.retain(|path, _| !is_asked(path));
            update(before, judged)
        }
    }
}

async fn results(plan: &Plan, world: &World, pages: &[TestPage]) -> Result<Results, Trouble> {
    let mut results = Results {
        pages: in_vetch(plan, world, pages).await?,
        chromium: None,
    };
    if plan.referee == Referee::Chromium {
        let ran = results
            .pages
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Ran(_)));
        let paths = ran.map(|(path, _)| path.clone()).collect();
        results.chromium = Some(in_chromium(world, pages, paths).await?);
    }
    Ok(results)
}

/// Those pages in Chromium, each folder in a fresh profile, so that cookies do not get far.
async fn in_chromium(
    world: &World,
    pages: &[TestPage],
    paths: BTreeSet<String>,
) -> Result<BTreeMap<String, BTreeMap<String, Status>>, Trouble> {
    let mut folders: BTreeMap<String, Vec<Wanted>> = BTreeMap::new();
    for page in pages.iter().filter(|page| paths.contains(&page.path)) {
        let path = page.path.split('?').next().unwrap_or_default();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let url = world.places.origin(page.is_https()) + &page.path;
        folders.entry(folder.to_owned()).or_default().push(Wanted {
            path: page.path.clone(),
            url,
        });
    }
    let mut results = BTreeMap::new();
    for wanted in folders.into_values() {
        for (path, report) in chromium::run(wanted).await? {
            let verdict = named(report.verdict(Vec::new()), world.places);
            results.insert(path, statuses(verdict));
        }
    }
    Ok(results)
}

/// Every page in vetch, some at a time.
async fn in_vetch(
    plan: &Plan,
    world: &World,
    pages: &[TestPage],
) -> Result<BTreeMap<String, Verdict>, Trouble> {
    let permits = Arc::new(Semaphore::new(plan.jobs));
    let mut running = JoinSet::new();
    for page in pages.iter().cloned() {
        let (world, permits) = (world.clone(), Arc::clone(&permits));
        running.spawn(async move {
            // The semaphore is never closed.
            let _permit = permits.acquire_owned().await;
            let path = page.path.clone();
            let verdict = tokio::task::spawn_blocking(move || one(&world, page)).await;
            (path, verdict)
        });
    }
    let mut verdicts = BTreeMap::new();
    while let Some(joined) = running.join_next().await {
        let (path, verdict) = joined.map_err(|error| Trouble::io("a page")(error.into()))?;
        let verdict = verdict.map_err(|error| Trouble::io(path.clone())(error.into()))??;
        verdicts.insert(path, verdict);
    }
    Ok(verdicts)
}

fn one(world: &World, page: TestPage) -> Result<Verdict, Trouble> {
    if let Some(reason) = page.skipped {
        return Ok(Verdict::Skipped { reason });
    }
    let address = world.places.origin(page.is_https()) + &page.path;
    let url =
        Url::parse(&address).map_err(|error| Trouble::io(address)(std::io::Error::other(error)))?;
    Ok(named(world.clone().run(url)?, world.places))
}

/// Names and messages without the ports of this run.
fn named(verdict: Verdict, places: Places) -> Verdict {
    match verdict {
        Verdict::Skipped { reason } => Verdict::Skipped {
            reason: places.unnumbered(&reason),
        },
        Verdict::Ran(mut ran) => {
            for subtest in &mut ran.subtests {
                subtest.name = places.unnumbered(&subtest.name);
                subtest.message = places.unnumbered(&subtest.message);
            }
            ran.trouble = ran.trouble.map(|trouble| places.unnumbered(&trouble));
            Verdict::Ran(ran)
        }
    }
}

fn statuses(verdict: Verdict) -> BTreeMap<String, Status> {
    match verdict {
        Verdict::Skipped { .. } => BTreeMap::new(),
        Verdict::Ran(ran) => ran
            .subtests
            .into_iter()
            .map(|subtest| (subtest.name, subtest.status))
            .collect(),
    }
}

fn print_results(results: &Results) {
    for (path, verdict) in &results.pages {
        match verdict {
            Verdict::Skipped { reason } => println!("{path}: skipped: {reason}"),
            Verdict::Ran(ran) => {
                let passes = ran
                    .subtests
                    .iter()
                    .filter(|subtest| subtest.status == Status::Pass)
                    .count();
                let trouble = ran.trouble.as_deref().unwrap_or_default();
                println!("{path}: {passes} of {} pass {trouble}", ran.subtests.len());
                for subtest in &ran.subtests {
                    if subtest.status != Status::Pass {
                        println!(
                            "    {:?}: {}: {}",
                            subtest.status, subtest.name, subtest.message
                        );
                    }
                }
            }
        }
    }
}

fn compare(before: &Expectations, judged: &Judged) -> Answer {
    let deviations = deviations(&before.pages, &judged.pages);
    println!("{:#?}", Totals::of(&judged.pages));
    for line in &deviations {
        println!("deviates: {line}");
    }
    if deviations.is_empty() {
        println!("all as expected");
        return Answer::AsExpected;
    }
    println!(
        "{} deviations; `--update` makes them the expectations",
        deviations.len()
    );
    Answer::Otherwise
}

fn update(mut before: Expectations, judged: Judged) -> Result<Answer, Trouble> {
    before.pages.extend(judged.pages);
    before.write()?;
    for line in &judged.unexplained {
        println!("no reason: {line}");
    }
    for line in &judged.unused {
        println!("not needed in known-failures.json: {line}");
    }
    println!("{:#?}", before.totals);
    if judged.unexplained.is_empty() && judged.unused.is_empty() {
        return Ok(Answer::AsExpected);
    }
    Ok(Answer::Otherwise)
}
