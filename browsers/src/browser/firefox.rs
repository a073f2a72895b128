//! Debian's Firefox ESR, `--headless`, with a profile that trusts the test authority and resolves the test hosts.

use std::path::{Path, PathBuf};

use super::{Running, missing, quiet};
use crate::Trouble;
use crate::certificates::Certificates;
use crate::roles::test_hosts;

pub(super) const COMMAND: &str = "firefox-esr";
pub(super) const PACKAGES: &str = "firefox-esr libnss3-tools";

/// Names and values as in `user.js`.
const PREFERENCES: &[(&str, &str)] = &[
    // What changes results.
    ("network.cookie.cookieBehavior", "0"),
    ("network.auth.subresource-http-auth-allow", "0"),
    ("dom.disable_open_during_load", "false"),
    ("dom.popup_maximum", "-1"),
    ("dom.security.https_first", "false"),
    ("dom.security.https_only_mode", "false"),
    ("intl.accept_languages", "\"en-US, en\""),
    ("media.autoplay.default", "0"),
    // Full speed without a window.
    ("dom.min_background_timeout_value", "4"),
    ("dom.timeout.enable_budget_timer_throttling", "false"),
    // No traffic of its own.
    ("app.normandy.enabled", "false"),
    ("app.update.auto", "false"),
    ("browser.aboutwelcome.enabled", "false"),
    ("browser.newtabpage.enabled", "false"),
    ("browser.safebrowsing.downloads.enabled", "false"),
    ("browser.safebrowsing.malware.enabled", "false"),
    ("browser.safebrowsing.phishing.enabled", "false"),
    ("browser.search.update", "false"),
    ("browser.shell.checkDefaultBrowser", "false"),
    ("browser.startup.homepage_override.mstone", "\"ignore\""),
    ("datareporting.healthreport.uploadEnabled", "false"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
    ("extensions.systemAddon.update.enabled", "false"),
    ("extensions.update.enabled", "false"),
    ("media.gmp-manager.updateEnabled", "false"),
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
    ("network.http.speculative-parallel-limit", "0"),
    ("network.proxy.type", "0"),
    ("network.trr.mode", "5"),
    ("security.OCSP.enabled", "0"),
    (
        "services.settings.server",
        "\"data:,#remote-settings-dummy/v1\"",
    ),
    ("toolkit.telemetry.unified", "false"),
    ("trailhead.firstrun.didSeeAboutWelcome", "true"),
];

pub(super) async fn open(
    url: &str,
    certificates: &Certificates,
    profile: PathBuf,
) -> Result<Running, Trouble> {
    std::fs::write(profile.join("user.js"), user_js())
        .map_err(Trouble::io(profile.display().to_string()))?;
    trust(&profile, certificates).await?;
    let child = quiet(COMMAND, &profile)
        .args(["--headless", "--no-remote", "--profile"])
        .arg(&profile)
        .arg(url)
        .spawn()
        .map_err(|error| missing(COMMAND, &error, PACKAGES))?;
    Ok(Running {
        children: vec![child],
        profile,
    })
}

fn user_js() -> String {
    let hosts = format!("\"{}\"", test_hosts().join(","));
    let line = |(name, value): (&str, &str)| format!("user_pref(\"{name}\", {value});\n");
    let mut lines: String = PREFERENCES.iter().copied().map(line).collect();
    lines += &line(("network.dns.localDomains", &hosts));
    lines
}

/// Puts the authority into the profile's certificate store.
async fn trust(profile: &Path, certificates: &Certificates) -> Result<(), Trouble> {
    let file = profile.join("authority.pem");
    std::fs::write(&file, &certificates.authority_pem)
        .map_err(Trouble::io(file.display().to_string()))?;
    let store = format!("sql:{}", profile.display());
    for arguments in [
        &["-N", "--empty-password"][..],
        &["-A", "-n", "vetch", "-t", "C,,", "-i"][..],
    ] {
        let mut command = quiet("certutil", profile);
        command.args(arguments);
        if arguments[0] == "-A" {
            command.arg(&file);
        }
        let status = command.args(["-d", &store]).status().await;
        if !status
            .map_err(|error| missing("certutil", &error, PACKAGES))?
            .success()
        {
            return Err(Trouble::Browser(format!(
                "`certutil {}` failed in {store}",
                arguments[0]
            )));
        }
    }
    Ok(())
}
