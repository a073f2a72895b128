//! `cargo xtask fuzz`: libFuzzer makes up bytes for each law of the package `vetch-robustness`.
//!
//! It starts from what `fuzz/corpus` has, works in `target/fuzz/corpus`, and writes down in `fuzz/runs.jsonl` what it ran;
//! RELIABILITY.md has the sums. What it finds goes into `fuzz/artifacts`, and from there, mended, into the corpus.

pub(crate) mod runs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{Failure, workspace};
use runs::Run;

/// How much of a target's corpus is committed at most, the smallest files first.
const KEPT_FILES: usize = 300;

/// The longest input, in bytes.
const LONGEST: usize = 2_048;

struct Options {
    /// For each target; 0 only adds the runs up.
    minutes: Option<u64>,
    target: Option<String>,
    /// Whether to write the target's committed corpus anew, with what was found.
    keeps: bool,
}

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = options(arguments)?;
    check_tool()?;
    let targets = chosen(options.target.as_deref())?;
    let mut findings = Vec::new();
    for target in targets {
        if let Some(minutes) = options.minutes.filter(|minutes| *minutes > 0) {
            findings.extend(fuzz(&target, minutes)?);
        }
        if options.keeps {
            keep(&target)?;
        }
    }
    runs::write_table()?;
    Failure::unless_empty(findings)
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options {
        minutes: None,
        target: None,
        keeps: false,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            let value = words.next();
            value.ok_or_else(|| Failure::Usage(format!("`{word}` lacks its value")))
        };
        match word.as_str() {
            "--minutes" => {
                let minutes = value()?.parse();
                options.minutes = Some(
                    minutes
                        .map_err(|_| Failure::Usage("`--minutes` takes a whole number".into()))?,
                );
            }
            "--target" => options.target = Some(value()?.clone()),
            "--keep" => options.keeps = true,
            other => {
                return Err(Failure::Usage(format!("`fuzz` does not take `{other}`")));
            }
        }
    }
    if options.minutes.is_none() && !options.keeps {
        return Err(Failure::Usage("`fuzz` lacks `--minutes N`".into()));
    }
    Ok(options)
}

fn check_tool() -> Result<(), Failure> {
    let version = Command::new("cargo").args(["fuzz", "--version"]).output();
    match version {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(Failure::finding(
            "cargo-fuzz is missing: install it with `cargo install cargo-fuzz` (it needs a C++ compiler)",
        )),
    }
}

/// The targets by their names, which are those of the laws; all, or the one.
fn chosen(wanted: Option<&str>) -> Result<Vec<String>, Failure> {
    let all = targets()?;
    match wanted {
        None => Ok(all),
        Some(wanted) if all.iter().any(|target| target == wanted) => Ok(vec![wanted.to_owned()]),
        Some(wanted) => Err(Failure::Usage(format!(
            "there is no target `{wanted}`: use {}",
            all.join(", ")
        ))),
    }
}

/// Every target there is, sorted.
pub(crate) fn targets() -> Result<Vec<String>, Failure> {
    let sources = workspace::rust_sources("fuzz/fuzz_targets")?;
    let name = |path: &str| Some(Path::new(path).file_stem()?.to_str()?.to_owned());
    Ok(sources
        .iter()
        .filter_map(|source| name(&source.path))
        .collect())
}

/// Run one target; a sentence for what it finds.
fn fuzz(target: &str, minutes: u64) -> Result<Option<String>, Failure> {
    let working = working_corpus(target)?;
    println!("fuzz: {target} for {minutes} minutes");
    let output = libfuzzer(
        target,
        &[&working, &committed_corpus(target)],
        &[
            &format!("-max_total_time={}", minutes * 60),
            &format!("-max_len={LONGEST}"),
            "-timeout=10",
            "-print_final_stats=1",
        ],
    )?;
    let said = String::from_utf8_lossy(&output.stderr);
    let run = Run {
        target: target.to_owned(),
        date: runs::today()?,
        seconds: seconds(&said),
        executions: executions(&said),
        crashes: u64::from(!output.status.success()),
    };
    if run.executions == 0 {
        return Err(Failure::finding(format!("{target} did not run:\n{said}")));
    }
    runs::append(&run)?;
    println!("  {} executions in {} s", run.executions, run.seconds);
    Ok((run.crashes > 0).then(|| {
        let tail = last_lines(&said, 60);
        format!("{tail}\n{target} found something, see fuzz/artifacts/{target}: mend it, and add the file to fuzz/corpus/{target}")
    }))
}

/// Write the committed corpus anew: what of it and of the working corpus covers all that they cover together.
fn keep(target: &str) -> Result<(), Failure> {
    let working = working_corpus(target)?;
    let committed = committed_corpus(target);
    let chosen = folder(target, "chosen")?;
    let unkept =
        |error| Failure::finding(format!("fuzz/corpus/{target} cannot be written: {error}"));
    // Of a run before, which may have covered otherwise.
    fs::remove_dir_all(&chosen)
        .and_then(|()| fs::create_dir(&chosen))
        .map_err(unkept)?;
    let merged = libfuzzer(
        target,
        &[&chosen, &committed, &working],
        // How often an edge is taken does not count: that alone would make thousands of files.
        &["-set_cover_merge=1", "-use_counters=0"],
    )?;
    if !merged.status.success() {
        let said = String::from_utf8_lossy(&merged.stderr);
        return Err(Failure::finding(last_lines(&said, 60)));
    }
    let mut files = sized_files(&chosen).map_err(unkept)?;
    files.truncate(KEPT_FILES);
    fs::remove_dir_all(&committed)
        .and_then(|()| fs::create_dir(&committed))
        .map_err(unkept)?;
    for (_, file) in &files {
        let name = file.file_name().unwrap_or_default();
        fs::copy(file, committed.join(name)).map_err(unkept)?;
    }
    let bytes: u64 = files.iter().map(|(size, _)| size).sum();
    println!("fuzz: {target} keeps {} files, {bytes} bytes", files.len());
    Ok(())
}

/// The files of a folder with their sizes, the smallest first.
fn sized_files(folder: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    let mut files = fs::read_dir(folder)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.metadata()?.len(), entry.path()))
        })
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// The sanitizers look for what safe Rust cannot do; the coverage alone needs an unstable flag, and no nightly toolchain.
fn libfuzzer(target: &str, corpora: &[&Path], flags: &[&str]) -> Result<Output, Failure> {
    let mut command = Command::new("cargo");
    command
        .args(["fuzz", "run", "--sanitizer", "none", "--target-dir"])
        .args(["target/fuzz", target])
        .args(corpora)
        .arg("--")
        .args(flags)
        .env("RUSTC_BOOTSTRAP", "1")
        .stdin(Stdio::null())
        .current_dir(workspace::root());
    command
        .output()
        .map_err(|error| Failure::finding(format!("`cargo fuzz` cannot be started: {error}")))
}

fn executions(said: &str) -> u64 {
    let marker = "stat::number_of_executed_units:";
    let line = said.lines().find_map(|line| line.strip_prefix(marker));
    line.and_then(|number| number.trim().parse().ok())
        .unwrap_or_default()
}

/// How long libFuzzer ran, without what building took.
fn seconds(said: &str) -> u64 {
    let line = said.lines().find(|line| line.starts_with("Done "));
    let words = line.and_then(|line| line.split_once(" runs in "));
    let number = words.and_then(|(_, words)| words.split(' ').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn working_corpus(target: &str) -> Result<PathBuf, Failure> {
    folder(target, "corpus")
}

fn committed_corpus(target: &str) -> PathBuf {
    workspace::root().join("fuzz/corpus").join(target)
}

fn folder(target: &str, kind: &str) -> Result<PathBuf, Failure> {
    let folder = workspace::root()
        .join("target/fuzz")
        .join(kind)
        .join(target);
    fs::create_dir_all(&folder)
        .map_err(|error| Failure::finding(format!("{}: {error}", folder.display())))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_read_from_the_statistics() {
        let said = "INFO: x\nstat::number_of_executed_units: 254600\nstat::peak_rss_mb: 43\n";
        assert_eq!(executions(said), 254_600);
        assert_eq!(executions("error: no such target"), 0);
        assert_eq!(seconds("x\nDone 254600 runs in 1501 second(s)\n"), 1_501);
        assert_eq!(seconds("error: no such target"), 0);
    }

    #[test]
    fn a_run_has_minutes_or_keeps() {
        let words =
            |words: &[&str]| options(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(
            words(&["--minutes", "5", "--target", "x"])
                .is_ok_and(|options| options.minutes == Some(5))
        );
        assert!(words(&["--keep"]).is_ok_and(|options| options.keeps));
        for wrong in [
            &[][..],
            &["--minutes"],
            &["--minutes", "x"],
            &["--hours", "1"],
        ] {
            assert!(matches!(words(wrong), Err(Failure::Usage(_))), "{wrong:?}");
        }
    }
}
