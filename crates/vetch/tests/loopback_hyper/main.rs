//! The loopback tests once more, with hyper-util's client as the network stack.

#[path = "../loopback/bodies.rs"]
mod bodies;
#[path = "../loopback/cookies.rs"]
mod cookies;
#[path = "../loopback/failures.rs"]
mod failures;
#[path = "../loopback/limits.rs"]
mod limits;
#[path = "../loopback/preflights.rs"]
mod preflights;
#[path = "../loopback/proxies.rs"]
mod proxies;
#[path = "../loopback/redirects.rs"]
mod redirects;
#[path = "../loopback/secrets.rs"]
mod secrets;
#[path = "../loopback/server.rs"]
mod server;
mod stack;
#[path = "../loopback/streams.rs"]
mod streams;
#[path = "../loopback/tls.rs"]
mod tls;
#[path = "../loopback/tls_server.rs"]
mod tls_server;
#[path = "../loopback/wire.rs"]
mod wire;
