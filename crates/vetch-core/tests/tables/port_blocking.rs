//! The table of bad ports, and that no other port is one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use url::Url;
use vetch_core::infrastructure::port_blocking::bad_port;

use crate::cases;

#[derive(Deserialize)]
struct Input {
    url: String,
}

#[test]
fn port_blocking() {
    let table = include_str!("../../../../fixtures/cases/port_blocking.json");
    let listed = RefCell::new(BTreeSet::new());
    cases::check(table, |input: &Input| {
        let port = bad_port(&input.url.parse().expect("a URL"));
        listed.borrow_mut().extend(port);
        port
    });
    let mut url: Url = "http://a.example/".parse().expect("a URL");
    let all: BTreeSet<u16> = (0..=u16::MAX)
        .filter_map(|port| {
            url.set_port(Some(port)).expect("a port can be set");
            bad_port(&url)
        })
        .collect();
    assert_eq!(all, listed.into_inner());
}
