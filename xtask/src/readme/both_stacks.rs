//! Tests over both network stacks: what is a module of the one program is a module of the other.

use std::collections::BTreeSet;

use crate::{Failure, workspace};

/// The programs over reqwest; `_hyper` behind it is the one that runs the same files over hyper-util's client.
const PROGRAMS: [&str; 2] = ["crates/vetch/tests/hostile", "crates/vetch/tests/loopback"];

/// Modules that one of the programs has forgotten.
pub(super) fn check() -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for folder in PROGRAMS {
        let sources = workspace::rust_sources(folder)?;
        let files = sources.iter().filter_map(|source| module_of(&source.path));
        let files: BTreeSet<&str> = files.collect();
        for program in [folder.to_owned(), format!("{folder}_hyper")] {
            let main = workspace::read(&format!("{program}/main.rs"))?;
            findings.extend(differences(&program, &files, &modules(&main)));
        }
    }
    Ok(findings)
}

fn differences(program: &str, files: &BTreeSet<&str>, modules: &BTreeSet<&str>) -> Vec<String> {
    let forgotten = files.difference(modules).map(|name| {
        format!("{program}/main.rs has no module {name}: add it, so that its tests run over both network stacks")
    });
    let alone = modules.difference(files).map(|name| {
        format!("{program}/main.rs has the module {name}, which is not of both network stacks: make it so, or a program of its own")
    });
    forgotten.chain(alone).collect()
}

/// The module that a file is, unless it is the program itself.
fn module_of(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?.strip_suffix(".rs")?;
    (name != "main").then_some(name)
}

fn modules(main: &str) -> BTreeSet<&str> {
    let lines = main.lines();
    lines
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_one_program_has_forgotten_is_told() {
        let paths = ["t/main.rs", "t/heads.rs", "t/stack.rs", "t/new.rs"];
        let files = paths.into_iter().filter_map(module_of).collect();
        let main = "//! Doc.\n\n#[path = \"../t/heads.rs\"]\nmod heads;\nmod old;\nmod stack;\n";
        let told = differences("t_hyper", &files, &modules(main));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("t_hyper/main.rs has no module new"));
        assert!(told[1].starts_with("t_hyper/main.rs has the module old"));
    }
}
