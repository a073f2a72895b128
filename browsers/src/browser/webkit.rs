//! WebKitGTK's MiniBrowser, under a virtual X server of its own.
//!
//! It takes what a driver would have to say (pop-ups, cookies, TLS) as options, so no WebDriver is needed.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{Running, hosts, missing, quiet};
use crate::Trouble;

pub(super) const PACKAGES: &str = "webkit2gtk-driver xvfb";

const FOLDERS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/webkitgtk-6.0",
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1",
    "/usr/lib/aarch64-linux-gnu/webkitgtk-6.0",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1",
];

const OPTIONS: &[&str] = &[
    "--cookies-policy=always",
    "--ignore-tls-errors",
    "--javascript-can-open-windows-automatically=true",
    "--media-playback-requires-user-gesture=false",
];

pub(super) async fn open(url: &str, profile: PathBuf) -> Result<Running, Trouble> {
    hosts::ensure()?;
    let (display, server) = virtual_display(&profile).await?;
    let browser = quiet(&command(), &profile)
        .env("DISPLAY", display)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("XDG_RUNTIME_DIR", &profile)
        .env("GSETTINGS_BACKEND", "memory")
        .env("LANG", "en_US.UTF-8")
        .args(OPTIONS)
        .arg(url)
        .spawn()
        .map_err(|error| missing("MiniBrowser", &error, PACKAGES))?;
    Ok(Running {
        // The browser before its display.
        children: vec![browser, server],
        profile,
    })
}

pub(super) async fn version() -> Result<String, Trouble> {
    let home = std::env::temp_dir();
    let (display, _server) = virtual_display(&home).await?;
    let output = quiet(&command(), &home)
        .env("DISPLAY", display)
        .arg("--version")
        .stdout(Stdio::piped())
        .output()
        .await
        .map_err(|error| missing("MiniBrowser", &error, PACKAGES))?;
    super::number_in("MiniBrowser", &output.stdout)
}

fn command() -> String {
    let paths = FOLDERS.iter().map(|folder| format!("{folder}/MiniBrowser"));
    let found = paths
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    found.unwrap_or_else(|| "MiniBrowser".into())
}

/// Starts an X server, which picks a free number and says it.
async fn virtual_display(home: &std::path::Path) -> Result<(String, Child), Trouble> {
    let mut command: Command = quiet("Xvfb", home);
    let mut server = command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1024x768x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| missing("Xvfb", &error, PACKAGES))?;
    let silent = || Trouble::Browser("`Xvfb` did not say its display within 10 s".into());
    let said = server.stdout.take().ok_or_else(silent)?;
    let line = timeout(
        Duration::from_secs(10),
        BufReader::new(said).lines().next_line(),
    )
    .await;
    let number = line
        .ok()
        .and_then(Result::ok)
        .flatten()
        .ok_or_else(silent)?;
    Ok((format!(":{}", number.trim()), server))
}
