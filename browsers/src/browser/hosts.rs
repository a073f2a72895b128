//! `/etc/hosts`, for a browser that can be told names in no other way.

use std::fs;

use crate::Trouble;
use crate::roles::test_hosts;

const FILE: &str = "/etc/hosts";

/// Makes the test hosts lead to 127.0.0.1, or says which line is needed.
pub(super) fn ensure() -> Result<(), Trouble> {
    let text = fs::read_to_string(FILE).map_err(Trouble::io(FILE))?;
    let known = |host: &str| {
        text.lines()
            .any(|line| line.split_whitespace().skip(1).any(|name| name == host))
    };
    let unknown: Vec<&str> = test_hosts()
        .into_iter()
        .filter(|host| !known(host))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let line = format!("127.0.0.1 {}", unknown.join(" "));
    let separator = if text.ends_with('\n') { "" } else { "\n" };
    fs::write(FILE, format!("{text}{separator}{line}\n")).map_err(|error| {
        Trouble::Browser(format!(
            "add to {FILE} the line `{line}` (it cannot be written: {error})"
        ))
    })
}
