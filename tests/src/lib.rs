//! Whole-product tests of vetch; the tests themselves stand in `tests/`.
