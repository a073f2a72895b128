//! What the engine costs without IO: the same pieces of work for `cargo bench`, which takes the time, and for
//! `cargo xtask bench instructions`, which counts instructions.

pub mod work;
