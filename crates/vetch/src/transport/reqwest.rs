//! The transport over reqwest, with everything switched off in which it differs from a browser.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use ::reqwest::redirect::Policy;
use ::reqwest::{Body, Client, Request, Response};
use bytes::Bytes;
use http::Version;
use http_body::Frame;
use url::Url;
use vetch_core::TransportFailure;

use super::failure::{self, Context as FailureContext};
use super::head;
use super::pool::{PoolSettings, PooledClient, Pools, Wanted};
use super::resolver::Resolver;
use super::{BodyStream, RequestBody, Sending, Transport, WireBody, WireRequest, WireResponse};
use crate::StreamsOverHttp1;

/// reqwest, with one client per connection pool.
#[derive(Debug)]
pub(crate) struct ReqwestTransport {
    pools: Pools<Client>,
    streams_over_http1: StreamsOverHttp1,
}

impl ReqwestTransport {
    pub(crate) fn new(settings: PoolSettings, streams_over_http1: StreamsOverHttp1) -> Self {
        Self {
            pools: Pools::new(settings),
            streams_over_http1,
        }
    }

    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportFailure> {
        let client = self.pools.client(&request.outgoing).await?;
        let request = self.outgoing(request)?;
        let context = self.pools.context();
        match client.execute(request).await {
            Ok(response) => incoming(response, context),
            Err(error) => Err(failure::of_reqwest(&error, context)),
        }
    }

    fn outgoing(&self, request: WireRequest) -> Result<Request, TransportFailure> {
        let WireRequest {
            outgoing: asked,
            body,
        } = request;
        head::check_url(&asked.url)?;
        let mut url = Url::clone(&asked.url);
        if !url.username().is_empty() || url.password().is_some() {
            // reqwest would turn them into Authorization. Neither call fails for a URL that has a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        url.set_fragment(None);
        let mut outgoing = Request::new(asked.method, url);
        let host = head::host_without_tls(&asked.url)?;
        *outgoing.headers_mut() = head::header_map(asked.header_list, host)?;
        match body {
            RequestBody::Empty => {}
            RequestBody::Bytes(bytes) => *outgoing.body_mut() = Some(Body::from(bytes)),
            RequestBody::Stream(stream) => {
                if self.streams_over_http1 == StreamsOverHttp1::Refuse {
                    // hyper then refuses a connection that came out as HTTP/1.x.
                    *outgoing.version_mut() = Version::HTTP_2;
                }
                *outgoing.body_mut() = Some(Body::wrap(StreamBody(Mutex::new(stream))));
            }
        }
        Ok(outgoing)
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: WireRequest) -> Sending<'_> {
        Box::pin(self.exchange(request))
    }

    fn close_idle_connections(&self) {
        self.pools.clear();
    }
}

impl PooledClient for Client {
    fn make(wanted: Wanted) -> Result<Self, TransportFailure> {
        let mut builder = Self::builder()
            .redirect(Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false)
            .no_proxy()
            // As the Standard spells its own names; how a script spelt the others is not known any more.
            .http1_title_case_headers()
            // DIFFERS: over reqwest a response with a line that is no header, or with a control byte in one, is refused.
            // Browsers pass over the first and read the second; hyper can only pass over both, and a second
            // Access-Control-Allow-Origin that is not seen would let a page read what it may not.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_max_headers(wanted.http1_max_headers())
            .http2_max_header_list_size(wanted.http2_max_header_list_size())
            .dns_resolver(Arc::new(Resolver::new(wanted.overridden)))
            .tls_backend_preconfigured(wanted.tls);
        if let Some(limit) = wanted.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        builder.build().map_err(|reason| TransportFailure::Other {
            detail: format!("the connection pool cannot be made: {reason}"),
        })
    }
}

fn incoming(response: Response, context: FailureContext) -> Result<WireResponse, TransportFailure> {
    let response: http::Response<Body> = response.into();
    let (parts, body) = response.into_parts();
    let end = head::body_end(&parts);
    // DIFFERS: over reqwest a status text with a byte beyond ASCII is empty. hyper has it from `httparse`, which keeps none
    // of it then, and reqwest's connections show their bytes to nobody.
    Ok(WireResponse {
        head: head::incoming(parts)?,
        body: WireBody::of_reqwest(body, end, context),
    })
}

/// A stream as a body; the mutex is never contended, it makes the stream `Sync` as reqwest asks.
struct StreamBody(Mutex<BodyStream>);

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let stream = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        stream
            .as_mut()
            .poll_next(context)
            .map(|item| item.map(|chunk| chunk.map(Frame::data)))
    }
}
