//! `CONFORMANCE.md`: what the recordings and the lists beside them say, in one page. It needs no browser.

mod sections;

use std::fs;
use std::path::{Path, PathBuf};

use crate::Trouble;
use crate::compare::{self, Comparison, Judge, Shown, Verdict};
use crate::fuzz::{classes, runs};
use crate::known;
use crate::report::Report;

/// Whether the page is written or only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Write it.
    Write,
    /// Say whether it is as it should be.
    Check,
}

/// Makes the page, or says that it is stale.
pub async fn conformance(purpose: Purpose, program: Option<&Path>) -> Result<Verdict, Trouble> {
    let mut reports = Vec::new();
    for judge in Judge::all() {
        let comparison = Comparison {
            judge,
            pattern: "*".into(),
            program: program.map(Path::to_path_buf),
            profile: None,
            shown: Shown::New,
        };
        reports.push((judge, compare::report(&comparison).await?));
    }
    let text = page(&reports)?;
    let file = file();
    if purpose == Purpose::Write {
        fs::write(&file, text).map_err(Trouble::io(file.display().to_string()))?;
        return Ok(Verdict::Agrees);
    }
    if fs::read_to_string(&file).unwrap_or_default() == text {
        return Ok(Verdict::Agrees);
    }
    eprintln!(
        "browsers: CONFORMANCE.md is stale: `cargo xtask browsers conformance` writes it anew"
    );
    Ok(Verdict::Differs)
}

/// The project's page.
fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONFORMANCE.md")
}

fn page(reports: &[(Judge, Report)]) -> Result<String, Trouble> {
    let parts = [
        INTRODUCTION.to_owned(),
        sections::agreement(reports),
        sections::families(reports),
        sections::known(reports),
        sections::random(
            &runs::load(&runs::path())?,
            &classes::load(&classes::path())?,
            &known::load(&known::path())?,
        ),
        sections::web_platform_tests()?,
    ];
    let parts = parts.iter().filter(|part| !part.is_empty());
    Ok(parts.map(String::as_str).collect::<Vec<_>>().join("\n"))
}

const INTRODUCTION: &str = "# Conformance

How far vetch does what browsers do. `cargo xtask browsers conformance` writes this page from the recordings in
[fixtures/recordings](fixtures/recordings) and a run of vetch over the same scenarios; CI fails when it is stale.
";
