//! Starting a real browser on a page, and ending it.
//!
//! Settings that change results, the same in every recording: third-party cookies allowed, no login prompts, no
//! blocked pop-ups (a top-level visit plants cookies), English only.

mod chromium;
mod firefox;
mod hosts;
mod webkit;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use clap::ValueEnum;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::Trouble;
use crate::certificates::Certificates;

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Browser {
    /// Debian's `chromium`.
    Chromium,
    /// Debian's `firefox-esr`.
    Firefox,
    /// MiniBrowser of Debian's `webkit2gtk-driver`.
    Webkit,
}

/// A browser that runs; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    children: Vec<Child>,
    profile: PathBuf,
}

impl Browser {
    /// As in the names of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// What it calls its version.
    pub async fn version(self) -> Result<String, Trouble> {
        match self {
            Self::Chromium => version_of(chromium::COMMAND, chromium::PACKAGES).await,
            Self::Firefox => version_of(firefox::COMMAND, firefox::PACKAGES).await,
            Self::Webkit => webkit::version().await,
        }
    }

    /// Opens a page, headless, with a fresh profile.
    pub async fn open(self, url: &str, certificates: &Certificates) -> Result<Running, Trouble> {
        let profile = fresh_profile(self.name())?;
        match self {
            Self::Chromium => chromium::open(url, certificates, profile),
            Self::Firefox => firefox::open(url, certificates, profile).await,
            Self::Webkit => webkit::open(url, profile).await,
        }
    }
}

impl Running {
    /// Ends the browser and takes its profile away, which its helpers may go on writing to for a moment.
    pub async fn close(mut self) {
        for child in &mut self.children {
            // Already gone is as good.
            let _gone = child.kill().await;
        }
        for _ in 0..ATTEMPTS {
            if std::fs::remove_dir_all(&self.profile).is_ok() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

const ATTEMPTS: usize = 20;

impl Drop for Running {
    fn drop(&mut self) {
        for child in &mut self.children {
            // Already gone is as good.
            let _gone = child.start_kill();
        }
        // Left-overs of a throw-away profile do no harm.
        let _left = std::fs::remove_dir_all(&self.profile);
    }
}

fn fresh_profile(browser: &str) -> Result<PathBuf, Trouble> {
    let profile = std::env::temp_dir().join(format!("vetch-{browser}-{}", std::process::id()));
    // Of a run that was ended hard.
    let _left = std::fs::remove_dir_all(&profile);
    std::fs::create_dir_all(&profile).map_err(Trouble::io(profile.display().to_string()))?;
    Ok(profile)
}

async fn version_of(command: &str, packages: &str) -> Result<String, Trouble> {
    let output = Command::new(command).arg("--version").output().await;
    let output = output.map_err(|error| missing(command, &error, packages))?;
    number_in(command, &output.stdout)
}

fn number_in(command: &str, output: &[u8]) -> Result<String, Trouble> {
    let text = String::from_utf8_lossy(output).into_owned();
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number
        .map(String::from)
        .ok_or_else(|| Trouble::Browser(format!("`{command} --version` names no version: {text}")))
}

fn missing(command: &str, error: &std::io::Error, packages: &str) -> Trouble {
    Trouble::Browser(format!(
        "`{command}` cannot be started ({error}): apt-get install {packages}"
    ))
}

/// A child that says nothing and does not outlive this process.
fn quiet(command: &str, profile: &Path) -> Command {
    let mut command = Command::new(command);
    command
        .env("HOME", profile)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}
