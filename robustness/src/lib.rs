//! Laws that hold for any bytes.
//!
//! A law is a function that takes bytes and panics where it does not hold: where a parser and a straight transcription
//! of the Standard's steps come to different results, where something is not the same after writing and reading it,
//! where a request goes without permission. That nothing else panics is a law of its own.
//!
//! Three things call them: `cargo xtask fuzz`, with bytes that libFuzzer makes up; the test `corpus`, with the bytes
//! that were kept of it in `fuzz/corpus`; the test `near_misses`, with bytes that are almost right.

#![allow(
    clippy::missing_panics_doc,
    reason = "to panic is how a law says that it does not hold"
)]

pub mod laws;
pub mod steps;

/// What holds for any bytes, or panics.
pub type Law = fn(&[u8]);

/// Every law by the name of its fuzz target and of its corpus.
pub const LAWS: [(&str, Law); 13] = [
    ("content_codings", laws::content_codings::hold),
    ("cookies", laws::cookies::hold),
    ("headers", laws::headers::hold),
    ("locations", laws::locations::hold),
    ("machine", laws::machine::hold),
    ("max_age", laws::max_age::hold),
    ("mime_types", laws::mime_types::hold),
    ("origins", laws::origins::hold),
    ("ranges", laws::ranges::hold),
    ("response_heads", laws::response_heads::hold),
    ("scenarios", laws::scenarios::hold),
    ("session_lines", laws::session_lines::hold),
    ("transcripts", laws::transcripts::hold),
];
