//! The limits of RELIABILITY.md: each number is the one in the sources.

use crate::tables::grouped;
use crate::{Failure, workspace};

/// Files, their constants, and how the rows begin that tell them.
const LIMITS: [(&str, &str, &str); 21] = [
    (
        "crates/vetch/src/transport/failure.rs",
        "HTTP1_HEAD_BYTES",
        "an HTTP/1.x head",
    ),
    (
        "crates/vetch/src/transport/head_reader.rs",
        "INFORMATIONAL_BYTES",
        "informational responses",
    ),
    (
        "crates/vetch/src/content_codings.rs",
        "MOST_CODINGS",
        "content codings",
    ),
    (
        "crates/vetch/src/content_codings.rs",
        "MOST_TAKEN_FOR_NOTHING",
        "bytes of a coding",
    ),
    ("crates/vetch/src/transport/head.rs", "URL_BYTES", "a URL |"),
    (
        "crates/vetch/src/discard.rs",
        "MOST_BYTES",
        "reading on in a body",
    ),
    (ENTRIES, "METHODS_PER_KEY", ANSWER),
    (ENTRIES, "HEADER_NAMES_PER_KEY", ANSWER),
    (ENTRIES, "TOKEN_LIMIT", ANSWER),
    (ENTRIES, "TOKEN_BYTES_PER_KEY", ANSWER),
    (
        "crates/vetch-core/src/fetching/cors_preflight_cache/keys.rs",
        "KEPT_URL_LIMIT",
        "a URL in the preflight cache",
    ),
    (
        "crates/vetch/src/cookies.rs",
        "NAME_AND_VALUE_BYTES",
        "a cookie |",
    ),
    ("crates/vetch/src/cookies.rs", "PATH_BYTES", "a cookie |"),
    ("crates/vetch/src/cookies.rs", "LINE_BYTES", "a cookie |"),
    (
        "crates/vetch/src/cookies/shares.rs",
        "PER_SITE",
        "cookies |",
    ),
    (
        "crates/vetch/src/cookies/shares.rs",
        "TOGETHER",
        "cookies |",
    ),
    (
        "crates/vetch/src/transport/pool.rs",
        "POOLS",
        "connection pools",
    ),
    (
        "crates/vetch/src/transport/silence.rs",
        "PATIENCE",
        "requests that are dropped",
    ),
    (
        "crates/vetch/src/transport/abandonment.rs",
        "GRACE",
        "an HTTP/2 connection that nobody",
    ),
    (
        "crates/vetch-cli/src/session/lines.rs",
        "LINE_LIMIT",
        "a line of `vetch session`",
    ),
    (
        "crates/vetch-cli/src/session.rs",
        "RUNNING_LIMIT",
        "fetches of `vetch session`",
    ),
];

const ENTRIES: &str = "crates/vetch-core/src/fetching/cors_preflight_cache/entries.rs";
const ANSWER: &str = "what one preflight's answer stores";

/// What the document tells otherwise.
pub(super) fn check(reliability: &str) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for (file, constant, row) in LIMITS {
        let number = value_of(&workspace::read(file)?, constant).ok_or_else(|| {
            Failure::finding(format!(
                "{file} has no constant {constant} that is a number"
            ))
        })?;
        if !is_told(reliability, row, number) {
            findings.push(format!(
                "RELIABILITY.md: the row `{row}` does not tell {}, which {constant} of {file} is",
                grouped(number)
            ));
        }
    }
    Ok(findings)
}

fn is_told(document: &str, row: &str, number: u64) -> bool {
    let start = format!("| {row}");
    let rows = document.lines().filter(|line| line.starts_with(&start));
    let mut quantities = rows.flat_map(|line| line.split([',', ';', '|']));
    quantities.any(|quantity| {
        let quantity = quantity.trim();
        let end = quantity.find(|next: char| !next.is_ascii_digit() && next != ' ');
        let (told, unit) = quantity.split_at(end.unwrap_or(quantity.len()));
        let unit: u64 = if unit.starts_with("MiB") { 1 << 20 } else { 1 };
        number.is_multiple_of(unit) && told.trim_end() == grouped(number / unit)
    })
}

/// The value of `const NAME: … = …;`, which is a number, a product of some, one shifted to the left, or of seconds.
fn value_of(source: &str, constant: &str) -> Option<u64> {
    let (_, rest) = source.split_once(&format!("const {constant}: "))?;
    let (_, rest) = rest.split_once(" = ")?;
    let (expression, _) = rest.split_once(';')?;
    let seconds = expression.strip_prefix("Duration::from_secs(");
    let expression = seconds.map_or(expression, |rest| rest.trim_end_matches(')'));
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    match expression.split_once("<<") {
        Some((shifted, places)) => {
            number(shifted)?.checked_shl(u32::try_from(number(places)?).ok()?)
        }
        None => expression.split('*').map(number).product(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        let source = "const A: u64 = 1_024;\npub(super) const B: usize = 64 << 10;\nconst C: u8 = 2 * 3 * 4;\nconst D: u8 = A;\nconst E: Duration = Duration::from_secs(10);";
        let values = ["A", "B", "C", "D", "E", "F"].map(|name| value_of(source, name));
        assert_eq!(
            values,
            [Some(1_024), Some(65_536), Some(24), None, Some(10), None]
        );
    }

    #[test]
    fn a_number_is_told_in_its_own_row_as_a_whole() {
        let document = "| a body | 1 024 bytes, 16 MiB | x |\n| a head | 10 240 | x |";
        let told = [
            ("a body", 1_024),
            ("a body", 16 << 20),
            ("a body", 24),
            ("a body", 1),
            ("a body", 16),
            ("a head", 1_024),
            ("a head", 10_240),
        ];
        let found = told.map(|(row, number)| is_told(document, row, number));
        assert_eq!(found, [true, true, false, false, false, false, true]);
    }
}
