//! Every recorded scenario again, without a browser: `vetch session` with the profile of each browser, over the
//! scripted servers, against what that browser did.
//!
//! A difference that is not in `fixtures/recordings/known-differences.json` fails, and so does an entry there that no
//! longer differs.

use std::path::PathBuf;

use vetch_browsers::browser::Browser;
use vetch_browsers::compare::{Comparison, Judge, Shown, report};

async fn agrees(judge: Judge) {
    let comparison = Comparison {
        judge,
        pattern: "*".into(),
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_vetch"))),
        profile: None,
        shown: Shown::New,
    };
    let report = report(&comparison).await.expect("a comparison");
    assert!(report.counts().total > 3000, "{:?}", report.counts());
    let complaints = report.complaints();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn the_chromium_profile_does_what_chromium_did() {
    agrees(Judge::Browser(Browser::Chromium)).await;
}

#[tokio::test]
async fn the_firefox_profile_does_what_firefox_did() {
    agrees(Judge::Browser(Browser::Firefox)).await;
}

#[tokio::test]
async fn the_webkit_profile_does_what_webkit_did() {
    agrees(Judge::Browser(Browser::Webkit)).await;
}

#[tokio::test]
async fn the_standard_s_profile_does_what_all_three_did() {
    agrees(Judge::Consensus).await;
}
