//! What the fuzzer has found worth keeping, without the fuzzer: every law holds for every file of its corpus.

use std::fs;
use std::path::{Path, PathBuf};

use vetch_robustness::{LAWS, Law};

fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(name);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn replay(name: &str) {
    let law: Law = LAWS.iter().find(|(law, _)| *law == name).expect("a law").1;
    let files = corpus(name);
    assert!(files.len() > 5, "{name} has {} files", files.len());
    for file in files {
        // Seen where a law does not hold.
        println!("{}", file.display());
        law(&fs::read(&file).expect("a file"));
    }
}

/// One test a law, and one that no law is forgotten.
macro_rules! laws {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_law_is_replayed_and_fuzzed() {
            assert_eq!(LAWS.map(|(name, _)| name), [$(stringify!($name)),*]);
            let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/fuzz_targets");
            for (name, _) in LAWS {
                assert!(targets.join(format!("{name}.rs")).is_file(), "{name} has no target");
            }
        }
    };
}

laws![
    content_codings,
    cookies,
    headers,
    locations,
    machine,
    max_age,
    mime_types,
    origins,
    ranges,
    response_heads,
    scenarios,
    session_lines,
    transcripts,
];
