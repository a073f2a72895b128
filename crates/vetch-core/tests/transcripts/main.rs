//! Raw HTTP transcripts, replayed: the machine must send what the transcript's requests say, and what it makes of the
//! responses is a snapshot.
//!
//! The files are `fixtures/exchanges/*.http`, their format is told there; the crate `vetch-transcripts` reads and runs
//! them, [`story`] tells what happened, [`classic_2008`] compares three of them with what guides have told since 2008.
//! The whole-product tests take the same files over sockets.

mod classic_2008;
mod story;

use story::Story;
use vetch_transcripts::Transcript;
use vetch_transcripts::replay::replay;

/// One test for each transcript, and one that no transcript is forgotten.
macro_rules! transcripts {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                let bytes = include_bytes!(concat!("../../../../fixtures/exchanges/", $file, ".http"));
                let transcript = Transcript::parse(bytes).expect("a transcript");
                let mut story = Story::new(transcript.get("about").expect("a sentence"));
                let outcome = replay(&transcript, |request, status| story.exchange(request, status));
                let outcome = outcome.unwrap_or_else(|fault| panic!("{fault}"));
                insta::assert_snapshot!($file, story.end(&outcome));
            }
        )*

        #[test]
        fn every_transcript_is_replayed() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/exchanges");
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .expect("the folder of transcripts")
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .filter(|file| file.ends_with(".http"))
                .collect();
            files.sort();
            assert_eq!(files, [$(concat!($file, ".http")),*]);
        }
    };
}

transcripts![
    authorization_on_redirect = "authorization-on-redirect",
    authorization_under_wildcard = "authorization-under-wildcard",
    broken_connection = "broken-connection",
    credentialed_get = "credentialed-get",
    duplicate_allow_origin = "duplicate-allow-origin",
    exposed_headers = "exposed-headers",
    insecure_target = "insecure-target",
    manual_redirect = "manual-redirect",
    method_in_lower_case = "method-in-lower-case",
    opaque_image = "opaque-image",
    preflight_needs_login = "preflight-needs-login",
    preflighted_post = "preflighted-post",
    preflighted_put_redirected = "preflighted-put-redirected",
    range = "range",
    redirect_home = "redirect-home",
    redirect_to_a_third_origin = "redirect-to-a-third-origin",
    resource_policy_refuses_image = "resource-policy-refuses-image",
    revalidation = "revalidation",
    sandboxed_frame = "sandboxed-frame",
    simple_get = "simple-get",
    upload_listeners = "upload-listeners",
    w3c_2014_redirect = "w3c-2014-redirect",
    wildcard_with_credentials = "wildcard-with-credentials",
];
