//! A checkout of web-platform-tests, and which of its files are run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::document::Document;
use crate::trouble::Trouble;

/// Folders whose files (not those of folders in them) are run.
const FOLDERS: [&str; 12] = [
    "cors",
    "fetch/api/basic",
    "fetch/api/cors",
    "fetch/api/credentials",
    "fetch/api/headers",
    "fetch/api/redirect",
    "fetch/api/request",
    "fetch/cross-origin-resource-policy",
    "fetch/metadata",
    "fetch/nosniff",
    "fetch/origin",
    "fetch/range",
];

/// Of `xhr/`, the files whose names have one of these.
const XHR_TOPICS: [&str; 4] = ["access-control", "cors", "redirect", "upload"];

/// What the server and the tests need.
const NEEDED: [&str; 5] = [
    "wpt",
    "resources/testharness.js",
    "tools/serve",
    "common",
    "xhr",
];

/// A checkout that has what is needed.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    pub(crate) path: PathBuf,
}

/// One page to run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TestPage {
    /// Path and variant, as the server has it: `/cors/basic.htm`, `/fetch/api/basic/referrer.any.html?x`.
    pub(crate) path: String,
    /// Why it is not run, when its file says so by itself.
    pub(crate) skipped: Option<String>,
}

impl TestPage {
    /// Whether it is to be loaded over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.path
            .split('?')
            .next()
            .is_some_and(|path| path.contains(".https."))
    }
}

impl Checkout {
    /// The checkout at that path; `commit` is the one to get where there is none.
    pub(crate) fn open(path: Option<&Path>, commit: &str) -> Result<Self, Trouble> {
        let commit = commit.to_owned();
        let trouble = |what| Err(Trouble::Checkout { what, commit });
        let Some(path) = path else {
            return trouble("the tests are not in this tree".to_owned());
        };
        if !path.is_dir() {
            return trouble(format!("there is no folder {}", path.display()));
        }
        let missing = NEEDED
            .into_iter()
            .find(|needed| !path.join(needed).exists());
        match missing {
            None => Ok(Self {
                path: path.to_owned(),
            }),
            Some(missing) => trouble(format!("{} has no {missing}", path.display())),
        }
    }

    /// Its commit and day, where it is git's.
    pub(crate) fn commit(&self) -> Option<String> {
        let output = Command::new("git")
            .args(["log", "-1", "--format=%H %cs"])
            .current_dir(&self.path)
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }

    /// The pages to run, sorted.
    pub(crate) fn pages(&self) -> Result<Vec<TestPage>, Trouble> {
        let mut pages = Vec::new();
        for folder in FOLDERS {
            self.collect(folder, |_| true, &mut pages)?;
        }
        let on_topic = |name: &str| XHR_TOPICS.iter().any(|topic| name.contains(topic));
        self.collect("xhr", on_topic, &mut pages)?;
        pages.sort();
        Ok(pages)
    }

    fn collect(
        &self,
        folder: &str,
        wanted: impl Fn(&str) -> bool,
        pages: &mut Vec<TestPage>,
    ) -> Result<(), Trouble> {
        let path = self.path.join(folder);
        let failed = || Trouble::io(path.display().to_string());
        for entry in fs::read_dir(&path).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if wanted(&name) && entry.path().is_file() {
                let source = fs::read(entry.path()).map_err(failed())?;
                pages.extend(pages_of(folder, &name, &String::from_utf8_lossy(&source)));
            }
        }
        Ok(())
    }
}

/// The pages that a file stands for: one a variant, none for what is no test.
fn pages_of(folder: &str, name: &str, source: &str) -> Vec<TestPage> {
    let page = |path: String, skipped: Option<&str>| TestPage {
        path: format!("/{folder}/{path}"),
        skipped: skipped.map(str::to_owned),
    };
    if name.contains(".h2.") {
        return vec![page(name.to_owned(), Some("needs the HTTP/2 server"))];
    }
    if let Some(stem) = name.strip_suffix(".worker.js") {
        return vec![page(
            format!("{stem}.worker.html"),
            Some("runs in a worker"),
        )];
    }
    for kind in [".any.js", ".window.js"] {
        let Some(stem) = name.strip_suffix(kind) else {
            continue;
        };
        let kind = kind.trim_end_matches(".js");
        let path = format!("{stem}{kind}.html");
        if kind == ".any" && !runs_in_a_window(source) {
            return vec![page(path, Some("runs in a worker"))];
        }
        let variants = metas(source, "variant");
        return with_variants(&variants)
            .map(|variant| page(format!("{path}{variant}"), None))
            .collect();
    }
    let is_page = [".html", ".htm", ".xhtml"]
        .iter()
        .any(|suffix| name.ends_with(suffix));
    if !is_page || !source.contains("testharness.js") {
        return Vec::new();
    }
    let metas = Document::parse(source).metas;
    let variants = metas.iter().filter(|(name, _)| name == "variant");
    let variants: Vec<&str> = variants.map(|(_, content)| content.as_str()).collect();
    with_variants(&variants)
        .map(|variant| page(format!("{name}{variant}"), None))
        .collect()
}

/// The values of `// META: name=value`.
fn metas<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    source
        .lines()
        .take_while(|line| line.starts_with("//") || line.trim().is_empty())
        .filter_map(|line| line.strip_prefix("//")?.trim_start().strip_prefix("META:"))
        .filter_map(|meta| meta.trim_start().strip_prefix(name)?.strip_prefix('='))
        .map(str::trim)
        .collect()
}

fn runs_in_a_window(source: &str) -> bool {
    let globals = metas(source, "global");
    globals.is_empty()
        || globals
            .iter()
            .flat_map(|globals| globals.split(','))
            .any(|global| global.trim() == "window")
}

fn with_variants<'a>(variants: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let plain = variants.is_empty().then_some("");
    variants.iter().copied().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str, source: &str) -> Vec<String> {
        let pages = pages_of("cors", name, source);
        let skipped = |page: &TestPage| {
            if page.skipped.is_some() {
                " skipped"
            } else {
                ""
            }
        };
        pages
            .iter()
            .map(|page| page.path.clone() + skipped(page))
            .collect()
    }

    #[test]
    fn a_file_stands_for_its_pages() {
        let none: [&str; 0] = [];
        assert_eq!(paths("a.any.js", ""), ["/cors/a.any.html"]);
        assert_eq!(
            paths("a.any.js", "// META: global=worker\n"),
            ["/cors/a.any.html skipped"]
        );
        assert_eq!(
            paths("a.any.js", "// META: global=window,worker\n"),
            ["/cors/a.any.html"]
        );
        assert_eq!(
            paths("a.window.js", "// META: variant=?1\n//META: variant=?2\n"),
            ["/cors/a.window.html?1", "/cors/a.window.html?2"]
        );
        assert_eq!(paths("a.h2.any.js", ""), ["/cors/a.h2.any.js skipped"]);
        assert_eq!(
            paths("a.htm", "<script src=/resources/testharness.js>"),
            ["/cors/a.htm"]
        );
        let variants = "<meta name=variant content=''><meta name=variant content='?b'>\
                        <script src=/resources/testharness.js>";
        assert_eq!(
            paths("a.html", variants),
            ["/cors/a.html", "/cors/a.html?b"]
        );
        assert_eq!(paths("a.htm", "<p>no test"), none);
        assert_eq!(paths("support.js", "testharness.js"), none);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_with_the_way_to_get_one() {
        let trouble = Checkout::open(Some(Path::new("/nonexistent")), "20574795").unwrap_err();
        let sentence = trouble.to_string();
        assert!(
            sentence.starts_with("there is no folder /nonexistent; "),
            "{sentence}"
        );
        assert!(sentence.contains("wpt.git 20574795 &&"), "{sentence}");
    }

    #[test]
    fn the_name_tells_the_scheme() {
        let page = |path: &str| TestPage {
            path: path.to_owned(),
            skipped: None,
        };
        assert!(page("/fetch/a.https.sub.any.html").is_https());
        assert!(!page("/fetch/a.any.html?x=.https.").is_https());
    }
}
