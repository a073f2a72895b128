//! `vetch explain`: the forecast, without any network.

mod support;

use serde_json::Value;
use support::{code, run, stdout};

fn explain(arguments: &[&str]) -> (i32, String) {
    let output = run(&[&["explain", "https://api.example/items/7"], arguments].concat());
    (code(&output), stdout(&output))
}

const APP: [&str; 2] = ["--origin", "https://app.example"];

#[test]
fn a_preflight_is_foretold_with_all_that_it_must_be_answered() {
    let flags = [
        "-X",
        "PUT",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Authorization: Bearer x",
        "-d",
        "{}",
    ];
    let (code, text) = explain(&[&APP[..], &flags].concat());
    insta::assert_snapshot!("preflight", text);
    assert_eq!(code, 0);
}

#[test]
fn credentials_rule_out_wildcards() {
    let flags = [
        "-X",
        "PATCH",
        "-H",
        "X-Token: 1",
        "--credentials",
        "include",
        "--profile",
        "firefox",
    ];
    let (code, text) = explain(&[&APP[..], &flags].concat());
    insta::assert_snapshot!("credentials", text);
    assert_eq!(code, 0);
}

#[test]
fn a_simple_request_from_an_opaque_origin() {
    let (code, text) = explain(&["--origin", "null", "-H", "Cookie: a=1"]);
    insta::assert_snapshot!("opaque_origin", text);
    assert_eq!(code, 0);
}

#[test]
fn no_cors_and_same_origin_need_no_permission() {
    let (code, text) = explain(&[&APP[..], &["--mode", "no-cors"]].concat());
    assert_eq!(code, 0);
    assert!(text.contains("nothing of the answer can be read"), "{text}");
    assert!(!text.contains("may read the answer if"), "{text}");
    let output = run(&["explain", "/items", "--page", "https://app.example/a/b"]);
    let text = stdout(&output);
    assert!(text.contains("> GET https://app.example/items"), "{text}");
    assert!(text.contains("with the cookies"), "{text}");
}

#[test]
fn a_pages_path_is_percent_encoded() {
    let output = run(&[
        "explain",
        "https://api.example/",
        "--page",
        "https://app.example/p^q",
        "--referrer-policy",
        "unsafe-url",
    ]);
    let text = stdout(&output);
    assert!(
        text.contains("Referer: https://app.example/p%5Eq"),
        "{text}"
    );
}

#[test]
fn what_is_blocked_before_any_network_exits_with_1() {
    let (status, text) = explain(&[&APP[..], &["--mode", "same-origin"]].concat());
    insta::assert_snapshot!("blocked", text);
    assert_eq!(status, 1);
    let output = run(&[
        "explain",
        "https://api.example:22/",
        "--origin",
        "https://app.example",
        "--json",
    ]);
    let object: Value = serde_json::from_str(&stdout(&output)).expect("one object");
    assert_eq!(object["error"]["code"], "bad-port");
    assert_eq!(code(&output), 1);
}

#[test]
fn the_object_has_what_the_text_has() {
    let flags = ["-X", "PUT", "-H", "X-Token: 1", "--json"];
    let (code, text) = explain(&[&APP[..], &flags].concat());
    let object: Value = serde_json::from_str(&text).expect("one object");
    insta::assert_json_snapshot!("object", object);
    assert_eq!(code, 0);
    let (code, text) = explain(&[&APP[..], &["-X", "TRACE", "-H", "a b: c", "--json"]].concat());
    let object: Value = serde_json::from_str(&text).expect("one object");
    assert_eq!(object["invalid"]["field"], "method");
    assert_eq!(object["invalid"]["others"][0]["field"], "headers");
    assert_eq!(code, 2);
}

#[test]
fn a_header_that_is_set_twice_is_one_cause() {
    let (url, origin) = ("https://api.example/", "https://app.example");
    let output = run(&[
        "explain", url, "--origin", origin, "-H", "X-A: 1", "-H", "X-B: 1", "-H", "X-A: 2",
    ]);
    let text = stdout(&output);
    assert_eq!(text.matches("- the header x-a:").count(), 1, "{text}");
    assert_eq!(text.matches("- the header x-b:").count(), 1, "{text}");
}
