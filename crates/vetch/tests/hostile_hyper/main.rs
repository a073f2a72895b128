//! The hostile servers once more, with hyper-util's client as the network stack.

#[path = "../hostile/bodies.rs"]
mod bodies;
#[path = "../hostile/cancellation.rs"]
mod cancellation;
#[path = "../hostile/connections.rs"]
mod connections;
#[path = "../hostile/cookies.rs"]
mod cookies;
#[path = "../hostile/framing.rs"]
mod framing;
#[path = "../hostile/heads.rs"]
mod heads;
#[path = "../hostile/http2.rs"]
mod http2;
#[path = "../hostile/http2_server.rs"]
mod http2_server;
#[path = "../hostile/http2_streams.rs"]
mod http2_streams;
#[path = "../hostile/load.rs"]
mod load;
#[path = "../hostile/measure.rs"]
mod measure;
#[path = "../hostile/memory.rs"]
mod memory;
#[path = "../hostile/memory_of_codings.rs"]
mod memory_of_codings;
#[path = "../hostile/memory_over_http2.rs"]
mod memory_over_http2;
#[path = "../hostile/preflights.rs"]
mod preflights;
#[path = "../hostile/redirects.rs"]
mod redirects;
#[path = "../hostile/server.rs"]
mod server;
mod stack;
