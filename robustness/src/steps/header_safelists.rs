//! What a request's headers need permission for, step by step.

use std::collections::BTreeSet;

use vetch_core::infrastructure::range_values::Whitespace;

use super::header_values::Header;
use super::{mime_types, ranges};

/// CORS-safelisted request-header · fetch.spec.whatwg.org/#cors-safelisted-request-header
pub fn is_cors_safelisted_request_header((name, value): Header<'_>) -> bool {
    // 1.
    if value.len() > 128 {
        return false;
    }
    // 2.
    match &*name.to_ascii_lowercase() {
        b"accept" => {
            if value.iter().any(|byte| is_unsafe_byte(*byte)) {
                return false;
            }
        }
        b"accept-language" | b"content-language" => {
            if value.iter().any(|byte| !is_language_byte(*byte)) {
                return false;
            }
        }
        b"content-type" => {
            // 2.1.
            if value.iter().any(|byte| is_unsafe_byte(*byte)) {
                return false;
            }
            // 2.2.
            let decoded: String = value.iter().copied().map(char::from).collect();
            let mime_type = mime_types::parse(&decoded);
            // 2.3.
            let Some(mime_type) = mime_type else {
                return false;
            };
            // 2.4.
            let (r#type, subtype) = mime_type.essence();
            let essence = [r#type, "/", subtype].concat();
            if essence != "application/x-www-form-urlencoded"
                && essence != "multipart/form-data"
                && essence != "text/plain"
            {
                return false;
            }
        }
        b"range" => {
            // 2.1.
            let range_value = ranges::parse_single(value, Whitespace::Refused);
            // 2.2.
            let Some((start, _)) = range_value else {
                return false;
            };
            // 2.3.
            if start.is_none() {
                return false;
            }
        }
        _ => return false,
    }
    // 3.
    true
}

/// CORS-unsafe request-header byte · fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
fn is_unsafe_byte(byte: u8) -> bool {
    let is_control = byte < 0x20 && byte != 0x09;
    let delimiters = [
        0x22, 0x28, 0x29, 0x3A, 0x3C, 0x3E, 0x3F, 0x40, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x7F,
    ];
    is_control || delimiters.contains(&byte)
}

/// What a safelisted language consists of.
fn is_language_byte(byte: u8) -> bool {
    (0x30..=0x39).contains(&byte)
        || (0x41..=0x5A).contains(&byte)
        || (0x61..=0x7A).contains(&byte)
        || [0x20, 0x2A, 0x2C, 0x2D, 0x2E, 0x3B, 0x3D].contains(&byte)
}

/// CORS-unsafe request-header names · fetch.spec.whatwg.org/#cors-unsafe-request-header-names
pub fn cors_unsafe_request_header_names(headers: &[Header<'_>]) -> Vec<Vec<u8>> {
    // 1.
    let mut unsafe_names = Vec::new();
    // 2.
    let mut potentially_unsafe_names = Vec::new();
    // 3.
    let mut safelist_value_size = 0;
    // 4.
    for (name, value) in headers.iter().copied() {
        if is_cors_safelisted_request_header((name, value)) {
            // 4.2.
            potentially_unsafe_names.push(name);
            safelist_value_size += value.len();
        } else {
            // 4.1.
            unsafe_names.push(name);
        }
    }
    // 5.
    if safelist_value_size > 1024 {
        for name in potentially_unsafe_names {
            unsafe_names.push(name);
        }
    }
    // 6.
    convert_to_a_sorted_lowercase_set(&unsafe_names)
}

/// Convert header names to a sorted-lowercase set · fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set
fn convert_to_a_sorted_lowercase_set(names: &[&[u8]]) -> Vec<Vec<u8>> {
    let set: BTreeSet<Vec<u8>> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    set.into_iter().collect()
}
