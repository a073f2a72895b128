//! The whole product over real sockets: what goes over the wire, byte for byte, and what a page gets.
//!
//! [`transcripts`] takes every file of `fixtures/exchanges` through it; the others tell what takes several origins, TLS
//! and time.

mod caching;
mod certificates;
mod credentials;
mod permissions;
mod redirects;
mod transcripts;
mod verdict;
mod wire_bytes;
