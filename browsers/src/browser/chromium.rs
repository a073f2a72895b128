//! Debian's Chromium, `--headless=new`. It needs no driver: the page fetches its scenarios.

use std::path::PathBuf;

use super::{Running, missing, quiet};
use crate::Trouble;
use crate::certificates::Certificates;

pub(super) const COMMAND: &str = "chromium";
pub(super) const PACKAGES: &str = "chromium";

/// No traffic of its own, no questions, and scripted pages at full speed.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-popup-blocking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--lang=en-US",
    "--accept-lang=en-US",
    "--password-store=basic",
    "--mute-audio",
    // The first would try HTTPS on plain pages; the others would block third-party cookies.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,TrackingProtection3pcd,ThirdPartyStoragePartitioning,OptimizationHints,MediaRouter,Translate",
    "--host-resolver-rules=MAP *.test 127.0.0.1, MAP localhost 127.0.0.1",
];

/// Third-party cookies allowed (1 is "block in incognito", 0 "off").
const PREFERENCES: &str = r#"{"profile":{"cookie_controls_mode":0,"block_third_party_cookies":false,"default_content_setting_values":{"popups":1}}}"#;

pub(super) fn open(
    url: &str,
    certificates: &Certificates,
    profile: PathBuf,
) -> Result<Running, Trouble> {
    let settings = profile.join("Default");
    std::fs::create_dir_all(&settings)
        .and_then(|()| std::fs::write(settings.join("Preferences"), PREFERENCES))
        .map_err(Trouble::io(settings.display().to_string()))?;
    let child = quiet(COMMAND, &profile)
        .args(SWITCHES)
        .arg(format!("--user-data-dir={}", profile.display()))
        // Pins the test key, so that its TLS pages are as good as any: cached, and secure contexts.
        .arg(format!(
            "--ignore-certificate-errors-spki-list={}",
            certificates.key_hash
        ))
        .arg(url)
        .spawn()
        .map_err(|error| missing(COMMAND, &error, PACKAGES))?;
    Ok(Running {
        children: vec![child],
        profile,
    })
}
