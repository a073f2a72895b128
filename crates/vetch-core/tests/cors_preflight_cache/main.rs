//! The CORS-preflight cache: a table of cases, a model, and the promise that it never allows more than a live preflight.

#[path = "../case_counts/mod.rs"]
mod case_counts;
mod cases;
mod fair_shares;
mod inspection;
mod laws;
mod memory;
mod order_of_use;
mod rows;
mod standards_list;
mod threads;
