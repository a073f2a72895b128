//! `vetch demo`: the README's first command.

mod support;

use std::time::{Duration, Instant};

use serde_json::Value;
use support::{code, run, stderr, stdout};

#[test]
fn every_exchange_goes_as_told_and_quickly() {
    let start = Instant::now();
    let output = run(&["demo"]);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(stderr(&output), "");
    insta::assert_snapshot!("demo", stdout(&output).replace(", Date", ""));
    assert_eq!(code(&output), 0);
}

#[test]
fn every_profile_plays_the_same_scenes() {
    for profile in ["spec", "chromium", "firefox", "webkit", "w3c-2014"] {
        let output = run(&["demo", "--json", "--profile", profile]);
        let report: Value = serde_json::from_str(&stdout(&output)).expect("one object");
        assert_eq!(report["asTold"], true, "{profile}");
        let scenes = report["scenes"].as_array().expect("scenes");
        assert_eq!(scenes.len(), 7);
        assert_eq!(scenes[2]["name"], "cached");
        assert_eq!(scenes[2]["exchanges"].as_array().map(Vec::len), Some(1));
        assert_eq!(scenes[4]["error"]["cdp"], "WildcardOriginNotAllowed");
        assert_eq!(code(&output), 0);
    }
}
