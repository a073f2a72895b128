//! `fuzz`: random scenarios, in a browser and in vetch, and what is left of those that differ.
//!
//! In: a seed and a number. Out: each new difference as the smallest scenario that shows it, ready to be pasted into
//! `fixtures/scenarios`; or a line in `fixtures/recordings/fuzz-runs.json` when there is none.

mod answers;
pub mod classes;
mod dice;
pub mod edits;
pub mod generator;
pub mod kept;
mod requests;
pub mod runs;
pub mod shape;
pub mod shrink;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Trouble;
use crate::browser::Browser;
use crate::compare::Verdict;
use crate::difference::differences;
use crate::family::Named;
use crate::recording::{self, Record};
use crate::stage::Frames;
use crate::{record, replay};
use classes::KnownClasses;
use generator::Generator;
use kept::Kept;
use runs::FuzzRun;
use shape::shape;
use shrink::{Finding, shrink};

/// What to run.
#[derive(Debug)]
pub struct Fuzz {
    /// In which browser.
    pub browser: Browser,
    /// Which scenarios.
    pub seed: u64,
    /// How many of them.
    pub count: usize,
    /// How many before the first.
    pub skip: usize,
    /// No new batch begins after so long.
    pub limit: Duration,
    /// How many differences are made smaller.
    pub shrink: usize,
    /// Where what the browser does is kept for another run.
    pub recording: Option<PathBuf>,
    /// Which `vetch`; the workspace's own unless said.
    pub program: Option<PathBuf>,
}

/// So many scenarios share a browser and a session.
const BATCH: usize = 1000;

/// So many scenarios of a shape are printed as they are, when none is made smaller.
const EXAMPLES: usize = 3;

/// A difference that nobody knows.
#[derive(Debug)]
struct Differing {
    named: Named,
    sentences: Vec<String>,
}

/// Runs both sides and tells new from known.
#[derive(Debug)]
struct Bench<'a> {
    fuzz: &'a Fuzz,
    known: KnownClasses,
}

/// What one batch came to.
#[derive(Debug, Default)]
struct Tally {
    ran: usize,
    agree: usize,
    as_known: usize,
    /// The browser never came back from it.
    lost: usize,
    reasons: BTreeMap<String, usize>,
    differing: Vec<Differing>,
}

/// Runs it; whether nothing new was found.
pub async fn fuzz(fuzz: &Fuzz) -> Result<Verdict, Trouble> {
    let version = fuzz.browser.version().await?;
    let bench = Bench {
        fuzz,
        known: KnownClasses::load(fuzz.browser.name())?,
    };
    let kept = fuzz.recording.clone();
    let kept = kept.map(|file| Kept::open(file, fuzz.browser.name(), &version));
    let mut tally = bench.run_all(kept.transpose()?).await?;
    let differing = std::mem::take(&mut tally.differing);
    let groups = bench.confirmed(differing).await?;
    let found = bench.print_smallest(groups).await?;
    for (reason, count) in &tally.reasons {
        println!("{count} scenarios: {reason}");
    }
    println!(
        "{} {version}, seed {}: {} of {} scenarios agree, {} differ as known, {} differ in {found} ways, {} without an outcome",
        fuzz.browser.name(),
        fuzz.seed,
        tally.agree,
        tally.ran,
        tally.as_known,
        tally.ran - tally.agree - tally.as_known - tally.lost,
        tally.lost,
    );
    if found > 0 {
        return Ok(Verdict::Differs);
    }
    if fuzz.skip == 0 && tally.ran > 0 {
        let run = FuzzRun {
            browser: fuzz.browser.name().into(),
            version,
            seed: fuzz.seed,
            scenarios: tally.ran,
            known: tally.as_known,
            date: recording::today(),
        };
        runs::add(&runs::path(), run)?;
    }
    Ok(Verdict::Agrees)
}

impl Bench<'_> {
    async fn run_all(&self, mut kept: Option<Kept>) -> Result<Tally, Trouble> {
        let start = Instant::now();
        let mut scenarios = Generator::new(self.fuzz.seed)
            .skip(self.fuzz.skip)
            .take(self.fuzz.count)
            .peekable();
        let mut tally = Tally::default();
        while scenarios.peek().is_some() {
            if start.elapsed() > self.fuzz.limit {
                eprintln!(
                    "browsers: no more time: {} of {}",
                    tally.ran, self.fuzz.count
                );
                break;
            }
            let batch: Vec<Named> = scenarios.by_ref().take(BATCH).collect();
            let theirs = self.theirs(&batch, kept.as_mut()).await?;
            self.compare(batch, &theirs, &mut tally).await?;
            eprintln!(
                "browsers: {} of {} scenarios in {:.0} s, {} differ",
                tally.ran,
                self.fuzz.count,
                start.elapsed().as_secs_f64(),
                tally.differing.len()
            );
        }
        Ok(tally)
    }

    /// What the browser does with them, or did when they were run before.
    async fn theirs(
        &self,
        batch: &[Named],
        kept: Option<&mut Kept>,
    ) -> Result<Vec<Record>, Trouble> {
        let Some(kept) = kept else {
            return record::run(self.fuzz.browser, batch.to_vec(), Frames::Reused).await;
        };
        let missing = batch
            .iter()
            .filter(|named| kept.get(&named.scenario).is_none());
        let missing: Vec<Named> = missing.cloned().collect();
        if !missing.is_empty() {
            let fresh = record::run(self.fuzz.browser, missing.clone(), Frames::Reused).await?;
            let mut fresh: BTreeMap<String, Record> = fresh
                .into_iter()
                .map(|record| (record.scenario.clone(), record))
                .collect();
            let pairs = missing.into_iter().filter_map(|named| {
                let record = fresh.remove(&named.name)?;
                Some((named.scenario, record))
            });
            kept.add(pairs.collect())?;
        }
        let records = batch.iter().filter_map(|named| kept.get(&named.scenario));
        Ok(records.cloned().collect())
    }

    /// In the browser and in vetch.
    async fn run(&self, batch: Vec<Named>, tally: &mut Tally) -> Result<(), Trouble> {
        let theirs = self.theirs(&batch, None).await?;
        self.compare(batch, &theirs, tally).await
    }

    async fn compare(
        &self,
        batch: Vec<Named>,
        theirs: &[Record],
        tally: &mut Tally,
    ) -> Result<(), Trouble> {
        let program = self.fuzz.program.as_deref();
        let ours = replay::run(program, self.fuzz.browser.name(), batch.clone()).await?;
        let (theirs, ours) = (by_name(theirs), by_name(&ours));
        tally.ran += batch.len();
        for named in batch {
            let name = named.name.as_str();
            let (Some(theirs), Some(ours)) = (theirs.get(name), ours.get(name)) else {
                tally.lost += 1;
                continue;
            };
            let found = differences(theirs, ours);
            if found.is_empty() {
                tally.agree += 1;
                continue;
            }
            let mut new = Vec::new();
            let mut reasons = Vec::new();
            for sentence in found {
                match self.known.reason(name, &named.scenario, &sentence) {
                    Some(reason) => reasons.push(reason),
                    None => new.push(sentence),
                }
            }
            if !new.is_empty() {
                let sentences = new;
                tally.differing.push(Differing { named, sentences });
                continue;
            }
            tally.as_known += 1;
            reasons.sort_unstable();
            reasons.dedup();
            for reason in reasons {
                *tally.reasons.entry(reason).or_default() += 1;
            }
        }
        Ok(())
    }

    /// What differs again in a second run, by shape. What does not was the machine's doing.
    async fn confirmed(
        &self,
        differing: Vec<Differing>,
    ) -> Result<BTreeMap<String, Vec<Differing>>, Trouble> {
        let mut groups: BTreeMap<String, Vec<Differing>> = BTreeMap::new();
        if differing.is_empty() {
            return Ok(groups);
        }
        let batch: Vec<Named> = differing.iter().map(|one| one.named.clone()).collect();
        let mut tally = Tally::default();
        for part in batch.chunks(BATCH) {
            self.run(part.to_vec(), &mut tally).await?;
        }
        for once in differing {
            let name = &once.named.name;
            if !tally
                .differing
                .iter()
                .any(|again| again.named.name == *name)
            {
                eprintln!(
                    "browsers: did not differ again: {name}: {}",
                    once.sentences.join("; ")
                );
            }
        }
        for differing in tally.differing {
            let Some(first) = differing.sentences.first() else {
                continue;
            };
            groups.entry(shape(first)).or_default().push(differing);
        }
        Ok(groups)
    }

    /// Makes one of each shape smaller and prints it, the most frequent shapes first; returns how many shapes there are.
    async fn print_smallest(
        &self,
        groups: BTreeMap<String, Vec<Differing>>,
    ) -> Result<usize, Trouble> {
        let mut by_count: Vec<_> = groups.iter().collect();
        by_count.sort_by_key(|(_, group)| std::cmp::Reverse(group.len()));
        let mut findings = Vec::new();
        for (shape, group) in by_count {
            eprintln!("browsers: {} scenarios: {shape}", group.len());
            // The one with the least in it is the nearest to the smallest.
            let least = group
                .iter()
                .min_by_key(|differing| json!(differing.named.scenario).to_string().len());
            findings.extend(least.map(|differing| Finding {
                scenario: differing.named.scenario.clone(),
                shape: shape.clone(),
            }));
        }
        let left = findings.split_off(findings.len().min(self.fuzz.shrink));
        for finding in left {
            for differing in groups[&finding.shape].iter().take(EXAMPLES) {
                print(groups[&finding.shape].len(), &finding.shape, differing);
            }
        }
        let small = shrink(findings, async |candidates| self.differ(candidates).await).await?;
        if small.is_empty() {
            return Ok(groups.len());
        }
        let named = small.into_iter().map(|mut finding| {
            finding.scenario.name.clone_from(&finding.shape);
            Named {
                name: format!("fuzz/{}", finding.shape),
                scenario: finding.scenario,
            }
        });
        let mut tally = Tally::default();
        self.run(named.collect(), &mut tally).await?;
        for differing in &tally.differing {
            let shape = &differing.named.scenario.name;
            print(groups.get(shape).map_or(0, Vec::len), shape, differing);
        }
        Ok(groups.len())
    }

    /// Whether each differs in its shape.
    async fn differ(&self, candidates: Vec<Finding>) -> Result<Vec<bool>, Trouble> {
        let name = |at: usize| format!("fuzz/candidate {at}");
        let batch = candidates.iter().enumerate().map(|(at, candidate)| Named {
            name: name(at),
            scenario: candidate.scenario.clone(),
        });
        let batch: Vec<Named> = batch.collect();
        let mut tally = Tally::default();
        for part in batch.chunks(BATCH) {
            self.run(part.to_vec(), &mut tally).await?;
        }
        let found: BTreeMap<&str, &Vec<String>> = tally
            .differing
            .iter()
            .map(|differing| (differing.named.name.as_str(), &differing.sentences))
            .collect();
        let differs = |(at, candidate): (usize, &Finding)| {
            let sentences = found.get(name(at).as_str());
            sentences.is_some_and(|all| all.iter().any(|one| shape(one) == candidate.shape))
        };
        Ok(candidates.iter().enumerate().map(differs).collect())
    }
}

fn print(count: usize, shape: &str, differing: &Differing) {
    let Differing { named, sentences } = differing;
    println!("{count} scenarios: {shape}");
    println!(
        "{}",
        serde_json::to_string(&named.scenario).unwrap_or_default()
    );
    println!("    {}\n", sentences.join("\n    "));
}

fn by_name(records: &[Record]) -> BTreeMap<&str, &Record> {
    records
        .iter()
        .map(|record| (record.scenario.as_str(), record))
        .collect()
}
