//! `vetch session` over a pipe, as other programs drive it.

mod answers;
mod lines;
mod pipe;
mod requests;
mod state;
#[path = "../support/mod.rs"]
mod support;
