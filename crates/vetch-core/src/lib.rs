//! The WHATWG Fetch Standard's CORS protocol, as pure functions and a sans-IO machine.
//!
//! **What it does**: it decides what a browser would do with a request: whether it needs a preflight, what the
//! preflight says, what the preflight cache answers, where redirects lead, and what of the response a page may see.
//! When it refuses, it says why.
//!
//! **What it does not do**: it has no socket, runtime, clock, randomness or file. The caller puts requests on the wire,
//! brings the heads that come back, and says what time it is. Bodies never pass through it.
//!
//! # The flow
//!
//! [`fetch_api::request_class::construct`] makes a [`Request`]; [`fetch()`] takes it to the first [`Step`]: an
//! [`Exchange`] to put on the wire, or the [`Outcome`]. [`Exchange::receive`] takes the head to the next step.
//!
//! ```
//! use vetch_core::{AgentState, Environment, HeaderList, HeaderName, HeaderValue, IncomingResponse};
//! use vetch_core::{Profile, Status, Step, Timestamp};
//! use vetch_core::fetch_api::request_class::{RequestInit, construct};
//!
//! let agent = AgentState::new(Profile::SPEC);
//! let page = Environment::of_origin("https://app.example").unwrap().into();
//! let init = RequestInit { method: Some("PUT".to_owned()), ..RequestInit::default() };
//! let request = construct("https://api.example/items/7", init, &page).unwrap().request;
//!
//! let mut step = vetch_core::fetch(request, &agent, Timestamp::from_millis(0));
//! let mut sent = Vec::new();
//! let outcome = loop {
//!     match step {
//!         Step::Done(outcome) => break outcome,
//!         Step::Send(exchange) => {
//!             sent.push(exchange.request().method.to_string());
//!             // A server that allows everything, in place of a network.
//!             let headers = HeaderList::from_iter([
//!                 (HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*")),
//!                 (HeaderName::from_static("access-control-allow-methods"), HeaderValue::from_static("PUT")),
//!             ]);
//!             let head = IncomingResponse::new(Status::OK, "OK", headers);
//!             step = exchange.receive(head, &agent, Timestamp::from_millis(1));
//!         }
//!     }
//! };
//! assert_eq!(sent, ["OPTIONS", "PUT"]);
//! assert_eq!(outcome.verdict.unwrap().status(), 200);
//! ```
//!
//! # Section to file
//!
//! | Section of the Standard | File |
//! | --- | --- |
//! | Infrastructure | [`infrastructure`]: `methods`, `statuses`, `headers`, `header_values`, `header_safelists`, … |
//! | HTTP extensions | [`http_extensions`]: `origin_header`, `content_type_options`, `cross_origin_resource_policy` |
//! | Fetching | [`fetching`]: `main_fetch`, `http_fetch`, `cors_preflight_fetch`, `cors_preflight_cache`, `cors_check`, … |
//! | Fetch API | [`fetch_api`]: `headers_class`, `request_class`, and `xhr` |
//! | Other standards | [`neighbours`]: `referrer_policy`, `fetch_metadata`, `subresource_integrity` |

pub mod agent_state;
pub mod fetch_api;
pub mod fetching;
pub mod http_extensions;
pub mod infrastructure;
pub mod neighbours;
pub mod network_error;
pub mod profile;
pub mod remarks;
mod secrets;
pub mod time;
pub mod trace;

pub use agent_state::{AgentState, DefaultHeaders};
pub use fetching::http_network_fetch::{
    Connection, Credentials, IncomingResponse, OutgoingRequest,
};
pub use fetching::{AwaitedAnswer, Exchange, Outcome, Step, fetch};
pub use infrastructure::environments::{EmbedderPolicy, Environment, Global, ReferrerPolicy};
pub use infrastructure::filtered_responses::{FilteredResponse, ResponseType, VisibleHeaders};
pub use infrastructure::header_values::HeaderValue;
pub use infrastructure::headers::{HeaderList, HeaderName};
pub use infrastructure::methods::Method;
pub use infrastructure::network_partition_keys::NetworkPartitionKey;
pub use infrastructure::origins::Origin;
pub use infrastructure::requests::{
    Body, CacheMode, CredentialsMode, Destination, Initiator, InitiatorType, Mode, RedirectMode,
    Request,
};
pub use infrastructure::responses::ResponseBody;
pub use infrastructure::statuses::Status;
pub use network_error::{ExchangeKind, HeadLimit, NetworkError, Reason, TransportFailure};
pub use profile::Profile;
pub use remarks::Remark;
pub use time::Timestamp;
