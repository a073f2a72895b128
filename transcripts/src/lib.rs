//! Raw HTTP transcripts of whole fetches, as `fixtures/exchanges` has them: read, and replayed through the machine.
//!
//! The format is told in `fixtures/exchanges/README.md`. [`transcript`] reads it, [`preface`] makes the page's call of
//! it, [`replay`] runs it. A transcript may have been written by anyone: what is wrong with it is a [`Fault`].

pub mod fault;
pub mod preface;
pub mod replay;
pub mod transcript;

pub use fault::Fault;
pub use preface::Wish;
pub use transcript::{Message, Payload, Transcript};
