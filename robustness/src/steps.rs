//! Algorithms of the standards, transcribed step by step and without a thought for speed, to hold the fast ones against.

pub mod cors_check;
pub mod header_safelists;
pub mod header_values;
pub mod mime_types;
pub mod ranges;
