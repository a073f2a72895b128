//! Who is compared, and how each is started on the same work.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::observer::Observer;
use super::running::{Profile, Running};
use crate::Failure;
use crate::bench::limits::{Kind, Limits};

/// Whom vetch is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bench) enum Peer {
    Chromium,
    Node,
}

/// What a run is of.
#[derive(Debug)]
pub(super) enum Program {
    /// The benchmark over loopback.
    Vetch(PathBuf),
    Peer(Peer),
}

/// What each does.
#[derive(Debug)]
pub(super) struct Burst {
    /// The server's origin.
    pub(super) server: String,
    /// PUTs after the first.
    pub(super) times: u64,
    pub(super) together: u32,
}

impl Peer {
    pub(in crate::bench) const ALL: [Self; 2] = [Self::Chromium, Self::Node];

    /// As on the command line, and the command itself.
    pub(in crate::bench) const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Node => "node",
        }
    }

    const fn how_to_install(self) -> &'static str {
        match self {
            Self::Chromium => "apt-get install chromium",
            Self::Node => "install Node 18 or newer from https://nodejs.org",
        }
    }

    /// What it calls itself; a missing one is found out before anything is built.
    pub(super) fn version(self) -> Result<String, Failure> {
        let output = Command::new(self.name())
            .arg("--version")
            .output()
            .map_err(|error| {
                let (name, how) = (self.name(), self.how_to_install());
                Failure::finding(format!("`{name}` cannot be started ({error}): {how}"))
            })?;
        let said = String::from_utf8_lossy(&output.stdout);
        let said = said.trim();
        Ok(match self {
            Self::Chromium => said.to_owned(),
            Self::Node => format!("Node {said}, whose fetch knows no CORS and asks nothing first"),
        })
    }

    pub(super) fn limit<'l>(self, limits: &'l Limits, kind: Kind, name: &str) -> Option<&'l f64> {
        match (self, kind) {
            (Self::Chromium, Kind::AtLeast) => limits.at_least_of_chromium.get(name),
            (Self::Chromium, Kind::AtMost) => limits.at_most_of_chromium.get(name),
            (Self::Node, Kind::AtLeast) => limits.at_least_of_node.get(name),
            (Self::Node, Kind::AtMost) => None,
        }
    }
}

impl Program {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Vetch(_) => "vetch",
            Self::Peer(peer) => peer.name(),
        }
    }

    /// How many a run has: Node has no origin, so it asks nobody.
    pub(super) const fn preflights(&self) -> u64 {
        match self {
            Self::Vetch(_) | Self::Peer(Peer::Chromium) => 1,
            Self::Peer(Peer::Node) => 0,
        }
    }

    pub(super) fn start(&self, burst: &Burst, observer: &Observer) -> Result<Running, Failure> {
        match self {
            Self::Vetch(program) => {
                let mut command = Command::new(program);
                command
                    .arg("burst")
                    .args([burst.times.to_string(), burst.together.to_string()])
                    .args([&burst.server, &observer.origin]);
                Running::start(command, None)
            }
            Self::Peer(Peer::Chromium) => {
                let profile = Profile::fresh()?;
                let mut command = Command::new(self.name());
                command
                    .args(SWITCHES)
                    .arg(format!("--user-data-dir={}", profile.path().display()))
                    .arg(format!("{}/", observer.origin))
                    .env("HOME", profile.path())
                    // Much, and none of it of this.
                    .stderr(Stdio::null());
                Running::start(command, Some(profile))
            }
            Self::Peer(Peer::Node) => {
                let mut command = Command::new(self.name());
                command
                    .args(["--input-type=module", "--eval"])
                    .arg(script(burst, &observer.origin));
                Running::start(command, None)
            }
        }
    }
}

/// Without a window, and without work of its own.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
];

const SCRIPT: &str = include_str!("burst.mjs");

fn script(burst: &Burst, origin: &str) -> String {
    let settings = serde_json::json!({
        "url": format!("{}/counted", burst.server),
        "origin": origin,
        "times": burst.times,
        "together": burst.together,
    });
    format!("const settings = {settings};\n{SCRIPT}")
}

/// What the page's server shows.
pub(super) fn page(burst: &Burst, origin: &str) -> String {
    let script = script(burst, origin);
    format!("<!doctype html><title>burst</title><script type=module>{script}</script>")
}
