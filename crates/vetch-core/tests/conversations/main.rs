//! Whole fetches as scripted conversations: what the machine must send, what the server answers, what comes of it.
//!
//! The tables are `fixtures/cases/conversations/*.json`; [`rows`] reads them, [`wishes`] makes their requests,
//! [`telling`] puts what the machine did into lines, [`talk`] compares. [`laws`] hold for every conversation.
//!
//! A row is a page, a request, the exchanges and the outcome, or several such fetches in a row that share one agent.
//! All lines of an exchange must come, and no others:
//!
//! ```text
//! "sends":   ["request GET https://b.example/ omit",    kind, method, URL, credentials
//!             "origin: https://a.example",              headers, sorted; the user agent's default values are left out
//!             "sec-fetch: cross-site cors empty",       Sec-Fetch-Site, -Mode, -Dest, then -User where there is one
//!             "body: 5 bytes"]                          or "body: stream"; nothing when there is none
//! "answer":  ["200", "access-control-allow-origin: *"]  or ["fails"] when no head comes
//! "outcome": ["cors 200 https://b.example/ redirected", then the headers that the page sees, and "body: null"
//!             "remark: vary-origin-missing"]
//! "outcome": ["error missing-allow-origin-header",      " of preflight" and " at hop 1" where it is so
//!             "cdp: MissingAllowOriginHeader",          where there is one
//!             "also: invalid-allow-credentials",        the further failures, in order
//!             "hint: …"]                                compared where the row has it
//! "kept":    ["https://a.example https://b.example/ method PUT uncredentialed 5 s"]
//!                                                       the preflight cache afterwards, compared where the row has it
//! ```

mod arbitrary;
#[path = "../case_counts/mod.rs"]
mod case_counts;
mod laws;
mod rows;
mod talk;
mod telling;
mod wishes;

/// One test for each table, and one that no table is forgotten.
macro_rules! tables {
    ($($family:ident),* $(,)?) => {
        $(
            #[test]
            fn $family() {
                talk::check(include_str!(concat!(
                    "../../../../fixtures/cases/conversations/", stringify!($family), ".json"
                )));
            }
        )*

        #[test]
        fn every_table_is_run() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cases/conversations");
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .expect("the folder of tables")
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .collect();
            files.sort();
            assert_eq!(files, [$(concat!(stringify!($family), ".json")),*]);
        }
    };
}

tables![
    body_and_integrity,
    cache_modes,
    classification,
    cors_check,
    credentials,
    exposed_headers,
    local_schemes,
    no_cors,
    preflight_answer,
    preflight_cache,
    preflight_request,
    profiles,
    ranges,
    redirect_methods,
    redirect_targets,
    redirects,
    referrers,
    response_blocking,
];
