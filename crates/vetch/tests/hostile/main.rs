//! Servers that want to hurt, over real sockets; each test is named after the attack.
//!
//! RELIABILITY.md lists them with the limit that they meet. Where a server is slow, the limit is short: what is tested is
//! which limit ends it, not when.

mod bodies;
mod cancellation;
mod connections;
mod cookies;
mod framing;
mod heads;
mod http2;
mod http2_server;
mod http2_streams;
mod load;
mod measure;
mod memory;
mod memory_of_codings;
mod memory_over_http2;
mod preflights;
mod redirects;
mod server;
mod stack;
