//! The seam to a network stack.
