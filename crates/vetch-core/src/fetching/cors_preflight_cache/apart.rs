//! Memory that threads do not share by chance.
//! In: a value. Out: the same, alone on its cache lines.
//! Differs: nothing.

/// A value on cache lines of its own: what one thread writes next to it costs another nothing. They are two, as
/// processors fetch them in pairs.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);
