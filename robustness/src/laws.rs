//! One file a law, each with a function `hold` from bytes.

pub mod content_codings;
pub mod cookies;
pub mod headers;
pub mod locations;
pub mod machine;
pub mod max_age;
pub mod mime_types;
pub mod origins;
pub mod ranges;
pub mod response_heads;
pub mod scenarios;
pub mod session_lines;
pub mod transcripts;

use vetch_core::HeaderValue;

/// The lines that are header values.
fn values(bytes: &[u8]) -> Vec<HeaderValue> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| HeaderValue::normalize(line).ok())
        .collect()
}

/// The lines as text, what is not UTF-8 replaced.
fn texts(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split('\n').map(str::to_owned).collect()
}

/// Run to its end what needs neither sockets nor timers.
fn wait(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future);
}
