//! Where the checkout is, and its files.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The folder of the workspace's Cargo.toml.
///
/// Asked for at run time: checkouts that share a target folder may run one another's binary.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = manifest.or_else(|| env::current_dir().ok());
    let start = start.unwrap_or_default();
    let root = start
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file());
    root.map_or_else(|| start.clone(), Path::to_path_buf)
}

/// A file of the checkout, its path relative to the root with `/` between the parts.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn read(relative: &str) -> Result<String, Failure> {
    fs::read_to_string(root().join(relative))
        .map_err(|error| Failure::finding(format!("{relative} cannot be read: {error}")))
}

pub(crate) fn write(relative: &str, text: &str) -> Result<(), Failure> {
    fs::write(root().join(relative), text)
        .map_err(|error| Failure::finding(format!("{relative} cannot be written: {error}")))
}

/// Every Rust file below `folder`, sorted by path; none when there is no such folder.
pub(crate) fn rust_sources(folder: &str) -> Result<Vec<Source>, Failure> {
    let mut paths = Vec::new();
    collect(&root().join(folder), folder, &mut paths)?;
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            read(&path).map(|text| Source {
                path: path.clone(),
                text,
            })
        })
        .collect()
}

/// Every Rust file of `crates/*/src`.
pub(crate) fn crate_sources() -> Result<Vec<Source>, Failure> {
    let mut sources = rust_sources("crates")?;
    sources.retain(|source| source.path.split('/').nth(2) == Some("src"));
    Ok(sources)
}

fn collect(folder: &Path, relative: &str, paths: &mut Vec<String>) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Ok(());
    }
    let unreadable =
        |error| Failure::finding(format!("the folder {relative} cannot be read: {error}"));
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = format!("{relative}/{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &inner, paths)?;
        } else if Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            paths.push(inner);
        }
    }
    Ok(())
}
