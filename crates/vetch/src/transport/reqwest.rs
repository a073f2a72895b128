//! The transport over reqwest, with everything switched off in which it differs from a browser.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use ::reqwest::{Body, Request, Response};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Version};
use http_body::Frame;
use hyper::ext::ReasonPhrase;
use vetch_core::{HeaderList, HeaderValue, IncomingResponse, Status, TransportFailure};

use super::failure::{self, Context as FailureContext};
use super::pool::{PoolSettings, Pools};
use super::{BodyStream, RequestBody, Sending, Transport, WireBody, WireRequest, WireResponse};
use crate::StreamsOverHttp1;

/// reqwest, with one client per connection pool.
#[derive(Debug)]
pub(crate) struct ReqwestTransport {
    pools: Pools,
    streams_over_http1: StreamsOverHttp1,
}

impl ReqwestTransport {
    pub(crate) fn new(settings: PoolSettings, streams_over_http1: StreamsOverHttp1) -> Self {
        Self {
            pools: Pools::new(settings),
            streams_over_http1,
        }
    }

    async fn exchange(&self, request: WireRequest<'_>) -> Result<WireResponse, TransportFailure> {
        let client = self.pools.client(request.outgoing).await?;
        let request = self.outgoing(request)?;
        let context = FailureContext {
            connect_timeout: self.pools.connect_timeout(),
            limits: self.pools.limits(),
        };
        match client.execute(request).await {
            Ok(response) => incoming(response, context),
            Err(error) => Err(failure::of_exchange(&error, context)),
        }
    }

    fn outgoing(&self, request: WireRequest<'_>) -> Result<Request, TransportFailure> {
        let mut url = request.outgoing.url.clone();
        if !url.username().is_empty() || url.password().is_some() {
            // reqwest would turn them into Authorization. Neither call fails for a URL that has a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        url.set_fragment(None);
        let mut outgoing = Request::new(request.outgoing.method.clone(), url);
        *outgoing.headers_mut() = header_map(request.header_list)?;
        match request.body {
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
    fn send<'a>(&'a self, request: WireRequest<'a>) -> Sending<'a> {
        Box::pin(self.exchange(request))
    }

    fn close_idle_connections(&self) {
        self.pools.clear();
    }
}

/// NOTE: a `HeaderMap` keeps lines of one name together, so a repeated name moves up to its first line.
fn header_map(list: &HeaderList) -> Result<HeaderMap, TransportFailure> {
    let mut map = HeaderMap::with_capacity(list.len() + 1);
    for (name, value) in list.iter() {
        let value = http::HeaderValue::from_maybe_shared(value.to_bytes()).map_err(|_| {
            TransportFailure::Unsendable {
                detail: format!("the value of {name} has a control character"),
            }
        })?;
        map.append(name.clone(), value);
    }
    Ok(map)
}

fn incoming(response: Response, context: FailureContext) -> Result<WireResponse, TransportFailure> {
    let response: http::Response<Body> = response.into();
    let (parts, body) = response.into_parts();
    let status_message = match parts.extensions.get::<ReasonPhrase>() {
        Some(reason) => Bytes::copy_from_slice(reason.as_bytes()),
        // hyper keeps a reason only where it is not the usual one.
        None if parts.version < Version::HTTP_2 => Bytes::from_static(
            parts
                .status
                .canonical_reason()
                .unwrap_or_default()
                .as_bytes(),
        ),
        None => Bytes::new(),
    };
    let status = Status::new(parts.status.as_u16()).ok_or_else(|| TransportFailure::Malformed {
        detail: format!("the status {} is above 999", parts.status),
    })?;
    let header_list = header_list(parts.headers);
    Ok(WireResponse {
        head: IncomingResponse::new(status, status_message, header_list),
        body: WireBody::of_reqwest(body, context),
    })
}

/// All values stand in one allocation.
fn header_list(map: HeaderMap) -> HeaderList {
    let mut list = HeaderList::with_capacity(map.len());
    let mut values = BytesMut::with_capacity(map.values().map(http::HeaderValue::len).sum());
    let mut last_name = None;
    for (name, value) in map {
        // A further line of the same name comes without it.
        last_name = name.or(last_name);
        values.extend_from_slice(value.as_bytes());
        let value = HeaderValue::normalize(values.split().freeze());
        if let (Some(name), Ok(value)) = (&last_name, value) {
            list.append(name.clone(), value);
        }
    }
    list
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
