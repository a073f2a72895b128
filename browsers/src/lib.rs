//! Real browsers as judges: the same scenarios, the same scripted servers, and what each user agent made of them.
//!
//! | part | file |
//! | --- | --- |
//! | what a scenario says | [`scenario`], written in `fixtures/scenarios/<family>.json` |
//! | a table of scenarios from lists of values | [`family`] |
//! | origins by role instead of by port | [`roles`], [`places`] |
//! | the scripted servers | [`servers`], [`http1`], [`stage`], [`plan`], [`script`] |
//! | what the page runs | [`control`] and the scripts in `page/` |
//! | starting a browser | [`browser`] |
//! | vetch in the browser's place | [`session`], [`replay`], [`compare`], [`report`], [`difference`], [`known`] |
//! | random scenarios | [`fuzz`] |
//! | the page that sums it up | [`conformance`] |
//! | what came of it | [`recording`], written to `fixtures/recordings/<browser>.jsonl` |
//!
//! `cargo xtask browsers record --browser chromium` needs Debian's `chromium`, `firefox` needs `firefox-esr` and
//! `libnss3-tools`, `webkit` needs `webkit2gtk-driver` and `xvfb`. The other verbs need no browser:
//! `cargo xtask browsers compare --browser chromium`, `compare --consensus`, `conformance`, `list`.
//!
//! Nothing in a recording names a port, a host or a clock, so that two runs, and a browser and vetch, can be compared.

pub mod browser;
pub mod certificates;
pub mod compare;
pub mod conformance;
pub mod control;
pub mod difference;
pub mod family;
pub mod fuzz;
pub mod http1;
pub mod known;
pub mod places;
pub mod plan;
pub mod record;
pub mod recording;
pub mod replay;
pub mod report;
pub mod roles;
pub mod scenario;
pub mod script;
pub mod servers;
pub mod session;
pub mod stage;
mod trouble;

pub use trouble::Trouble;
