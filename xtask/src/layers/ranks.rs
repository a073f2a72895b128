//! The ranks of the core's sections, lowest first: a file imports only files of lower rows.
//!
//! Files of one row do not import each other. A chapter's own file (`infrastructure.rs`) has no rank, it only
//! names its sections; lib.rs is above all. Files in a folder named like a section (`network_error/reason.rs`) are
//! parts of it and have its rank. A row may name a file that is still to be written.

pub(super) const RANKS: &[&[&str]] = &[
    &[
        "time",
        "infrastructure/statuses",
        "infrastructure/methods",
        "infrastructure/header_values",
        "infrastructure/range_values",
        "infrastructure/port_blocking",
        "infrastructure/urls",
    ],
    &["infrastructure/headers", "infrastructure/origins"],
    &[
        "profile",
        "remarks",
        "infrastructure/forbidden_headers",
        "infrastructure/mime_types",
        "infrastructure/network_partition_keys",
    ],
    &[
        "infrastructure/environments",
        "infrastructure/header_safelists",
    ],
    &["infrastructure/requests"],
    &[
        "infrastructure/mime_type_blocking",
        "infrastructure/responses",
    ],
    &[
        "infrastructure/filtered_responses",
        "http_extensions/cors_protocol",
        "http_extensions/origin_header",
        "http_extensions/content_type_options",
        "http_extensions/cross_origin_resource_policy",
        "neighbours/referrer_policy",
        "neighbours/fetch_metadata",
        "neighbours/mixed_content",
        "neighbours/strict_transport_security",
        "neighbours/subresource_integrity",
        "neighbours/same_site_cookies",
        "neighbours/local_network_access",
        "neighbours/opaque_response_blocking",
        "fetch_api/headers_class",
        "fetch_api/invalid_request",
    ],
    &["network_error"],
    &["trace"],
    &[
        "fetching/cors_check",
        "fetching/tao_check",
        "fetching/cors_preflight_cache",
        "fetching/http_network_fetch",
        "fetching/http_redirect_fetch",
        "fetch_api/request_class",
    ],
    &["agent_state", "fetch_api/xhr"],
    &[
        "fetching/default_headers",
        "fetching/profile_choices",
        "fetching/response_remarks",
        "secrets",
    ],
    &[
        "fetching/cors_preflight_fetch",
        "fetching/http_network_or_cache_fetch",
        "fetching/scheme_fetch",
    ],
    &["fetching/http_fetch"],
    &["fetching/main_fetch"],
    &["fetching"],
    &["fetching/asking_first"],
];

/// The folders of sections. What lies deeper, or in another folder, is a part of a section.
const CHAPTERS: &[&str] = &[
    "infrastructure",
    "http_extensions",
    "fetching",
    "fetch_api",
    "neighbours",
];

/// The row of a section.
pub(super) fn rank(section: &str) -> Option<usize> {
    RANKS.iter().position(|row| row.contains(&section))
}

/// A chapter's file that has no rank.
pub(super) fn is_chapter(module: &str) -> bool {
    CHAPTERS.contains(&module) && rank(module).is_none()
}

/// The section that a file belongs to, by its path below `src` without `.rs`.
pub(super) fn section(module: &str) -> &str {
    let first = module.split('/').next().unwrap_or_default();
    let parts = if CHAPTERS.contains(&first) { 2 } else { 1 };
    let end = module.match_indices('/').nth(parts - 1);
    &module[..end.map_or(module.len(), |(end, _)| end)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_has_two_ranks() {
        let mut all: Vec<_> = RANKS.concat();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn a_part_belongs_to_its_section_and_a_section_not_to_its_chapter() {
        for (module, own) in [
            ("", ""),
            ("fetching", "fetching"),
            ("fetching/http_fetch", "fetching/http_fetch"),
            ("fetching/http_fetch/part", "fetching/http_fetch"),
            ("network_error/reason", "network_error"),
        ] {
            assert_eq!(section(module), own);
        }
    }
}
