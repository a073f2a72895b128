//! A browser's fetch without the browser.
//!
//! Every request is vetted by the rules of the [WHATWG Fetch Standard](https://fetch.spec.whatwg.org/) before a byte is
//! sent and before a byte is shown to the page: CORS, preflights and their cache, redirects, referrers, filtering.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vetch::{Credentials, UserAgent};
//!
//! let ua = UserAgent::new();
//! let page = ua.page("https://app.example/")?;
//! let mut response = page
//!     .fetch("https://api.example/items/7")
//!     .method("PUT")
//!     .header("X-Token", "1")
//!     .credentials(Credentials::Include)
//!     .json(&["an item"])
//!     .send()
//!     .await?;
//! println!("{} {}", response.status(), response.text().await?);
//! # Ok(())
//! # }
//! ```
//!
//! # Who is who
//!
//! - [`UserAgent`] owns what a browser profile owns: the preflight cache, the cookies, the connections. Cheap to clone.
//! - [`Page`] is where a request comes from: URL, origin, top-level site, policies.
//! - [`FetchBuilder`] and [`XhrBuilder`] are `fetch()` and `XMLHttpRequest`.
//! - [`Response`] is what the page may see; [`Response::exchanges`] is what really went over the wire.
//! - [`FetchError`] says why there is no response.
//! - [`transport`] is the seam to a network stack. Behind it is the client of hyper-util (the feature `hyper`, on by
//!   default), or reqwest, which costs more and behaves the same: [`UserAgentBuilder::reqwest_transport`].
//!
//! The rules themselves are in [`vetch_core`], which has no IO.

#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod clock;
mod content_codings;
mod cookies;
mod deadline;
mod discard;
mod driver;
mod exchanges;
mod fetch_builder;
mod fetch_error;
mod limits;
mod page;
mod response;
mod response_body;
pub mod transport;
mod user_agent;
mod user_agent_builder;
mod xhr_builder;

pub use body::Body;
pub use exchanges::ExchangeRecord;
pub use fetch_builder::FetchBuilder;
pub use fetch_error::{FailedFetch, FetchError};
pub use limits::Limits;
pub use page::{InvalidPage, Page};
pub use response::Response;
pub use response_body::{JsonError, ResponseBody};
pub use user_agent::{InvalidCookie, UserAgent};
pub use user_agent_builder::{BuildError, StreamsOverHttp1, UserAgentBuilder};
pub use xhr_builder::XhrBuilder;

pub use vetch_core;
pub use vetch_core::CredentialsMode as Credentials;
pub use vetch_core::fetch_api::invalid_request::InvalidRequest;
pub use vetch_core::fetch_api::request_class::RequestInit;
pub use vetch_core::fetch_api::xhr::{UploadListeners, WithCredentials};
pub use vetch_core::infrastructure::origins::InvalidOrigin;
pub use vetch_core::trace::{Decision, Record};
pub use vetch_core::{
    AgentState, CacheMode, Destination, EmbedderPolicy, Environment, ExchangeKind, HeaderList,
    HeaderName, HeaderValue, Mode, NetworkError, Origin, Profile, Reason, RedirectMode,
    ReferrerPolicy, Remark, ResponseType, Timestamp, TransportFailure, VisibleHeaders,
};
