//! What whole-product tests share: several origins on loopback, plain and TLS, under the names that they have in the
//! world, and servers that answer with the bytes that they are told.
//!
//! The tests themselves stand in `tests/`; they and this crate know public items only. The README's example is compiled
//! here as a documentation test.

#![allow(
    clippy::missing_panics_doc,
    reason = "what helps a test panics wherever something is not as the test wants it"
)]

mod authority;
mod internet;
mod messages;

pub use authority::{Authority, ServerCertificate};
pub use internet::Internet;
pub use messages::{Answer, Seen, answer};

/// The README, of which every Rust example must compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
