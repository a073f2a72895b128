//! The transport over hyper-util's pooled client, on which reqwest stands as well: what vetch does itself is not done
//! twice.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{Request, Uri, Version};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tower_service::Service;
use url::{Position, Url};
use vetch_core::{IncomingResponse, TransportFailure};

use super::abandonment::ConnectionUse;
use super::head_reader::{Lost, LostHeader, LostParts};
use super::pool::{PoolSettings, PooledClient, Pools, Wanted};
use super::resolver::Resolver;
use super::silence::Silences;
use super::upload::Upload;
use super::watched_connection::WatchedConnection;
use super::{RequestBody, Sending, Transport, WireBody, WireRequest, WireResponse};
use super::{failure, head};
use crate::StreamsOverHttp1;

/// hyper-util's client, one for each connection pool.
#[derive(Debug)]
pub(crate) struct HyperTransport {
    pools: Pools<Arc<HyperClient>>,
    streams_over_http1: StreamsOverHttp1,
}

/// A client, and what is known of the servers that it has connections to.
#[derive(Debug)]
struct HyperClient {
    client: Client<Connector, Upload>,
    silences: Arc<Silences>,
}

type BoxError = Box<dyn Error + Send + Sync>;

impl HyperTransport {
    pub(crate) fn new(settings: PoolSettings, streams_over_http1: StreamsOverHttp1) -> Self {
        Self {
            pools: Pools::new(settings),
            streams_over_http1,
        }
    }

    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportFailure> {
        let client = self.pools.client(&request.outgoing).await?;
        let mut request = self.outgoing(request)?;
        let context = self.pools.context();
        let server = server_over_tls(request.uri());
        let later_use = server.as_ref().and_then(|_| request.body_mut().later_use());
        let waiting = server.map(|server| client.silences.waiting(server));
        let answer = client.client.request(request).await;
        if let Some(waiting) = waiting {
            waiting.end(answer.is_ok());
        }
        let response = answer.map_err(|error| failure::of_client(&error, context))?;
        let (mut parts, body) = response.into_parts();
        let end = head::body_end(&parts);
        let lost = parts.extensions.remove::<LostParts>();
        let connection_use = parts.extensions.remove::<ConnectionUse>();
        if let (Some(later), Some(connection_use)) = (later_use, &connection_use) {
            let _ = later.set(connection_use.clone());
        }
        let mut head = head::incoming(parts)?;
        if let Some(lost) = lost.and_then(LostParts::into_lost) {
            restore(&mut head, lost);
        }
        Ok(WireResponse {
            head,
            body: WireBody::of_hyper(body, end, context, connection_use),
        })
    }

    fn outgoing(&self, request: WireRequest) -> Result<Request<Upload>, TransportFailure> {
        let WireRequest {
            outgoing: asked,
            body,
        } = request;
        head::check_url(&asked.url)?;
        let is_stream = matches!(body, RequestBody::Stream(_));
        let mut outgoing = Request::new(Upload::new(body));
        if is_stream && self.streams_over_http1 == StreamsOverHttp1::Refuse {
            // The client then refuses a connection that came out as HTTP/1.x.
            *outgoing.version_mut() = Version::HTTP_2;
        }
        *outgoing.method_mut() = asked.method;
        *outgoing.uri_mut() = uri(&asked.url)?;
        let host = head::host_without_tls(&asked.url)?;
        *outgoing.headers_mut() = head::header_map(asked.header_list, host)?;
        Ok(outgoing)
    }
}

impl Transport for HyperTransport {
    fn send(&self, request: WireRequest) -> Sending<'_> {
        Box::pin(self.exchange(request))
    }

    fn close_idle_connections(&self) {
        self.pools.clear();
    }
}

/// Whom HTTP/2 may be spoken with: over plain TCP there is none.
fn server_over_tls(uri: &Uri) -> Option<Authority> {
    let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
    uri.authority().filter(|_| is_tls).cloned()
}

/// Each header that hyper lost goes to its place among those of its name, which alone have an order here.
fn restore(head: &mut IncomingResponse, lost: Lost) {
    if let Some(text) = lost.status_text {
        head.status_message = text;
    }
    if !lost.headers.is_empty() {
        let headers = Arc::make_mut(&mut head.header_list);
        for LostHeader {
            name,
            value,
            before,
        } in lost.headers
        {
            headers.insert(name, value, before);
        }
    }
}

/// Without user name, password and fragment, none of which goes over the wire.
fn uri(url: &Url) -> Result<Uri, TransportFailure> {
    let from_host = &url[Position::BeforeHost..Position::AfterQuery];
    let text = [url.scheme(), "://", from_host].concat();
    Uri::from_maybe_shared(Bytes::from(text)).map_err(|reason| head::unsendable(&reason))
}

impl PooledClient for Arc<HyperClient> {
    fn make(wanted: Wanted) -> Result<Self, TransportFailure> {
        let silences = Arc::<Silences>::default();
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // As the Standard spells its own names; how a script spelt the others is not known any more.
            .http1_title_case_headers(true)
            // Browsers read folded header lines, and pass over those that are none; `HeadReader` finds those that are.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_max_headers(wanted.http1_max_headers())
            .http2_max_header_list_size(wanted.http2_max_header_list_size())
            .build(Connector::new(wanted, Arc::clone(&silences)));
        Ok(Self::new(HyperClient { client, silences }))
    }

    fn is_to_be_left(&self) -> bool {
        self.silences.is_one_too_long()
    }
}

/// TCP, TLS for `https`, and a limit on the time that both take.
#[derive(Debug, Clone)]
struct Connector {
    https: HttpsConnector<HttpConnector<Resolver>>,
    limit: Option<Duration>,
    /// How many header lines a head may have.
    most_headers: usize,
    silences: Arc<Silences>,
}

impl Connector {
    /// With the TCP options that reqwest sets.
    fn new(wanted: Wanted, silences: Arc<Silences>) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver::new(wanted.overridden));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(15)));
        tcp.set_keepalive_interval(Some(Duration::from_secs(15)));
        tcp.set_keepalive_retries(Some(3));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(Duration::from_secs(30)));
        Self {
            https: HttpsConnector::from((tcp, wanted.tls)),
            limit: wanted.connect_timeout,
            most_headers: wanted.limits.header_count(),
            silences,
        }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<WatchedConnection>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.https.call(uri.clone());
        let (limit, most_headers) = (self.limit, self.most_headers);
        let silences = Arc::clone(&self.silences);
        Box::pin(async move {
            let stream = match limit {
                None => connecting.await?,
                Some(limit) => tokio::time::timeout(limit, connecting).await??,
            };
            if let Some(server) = uri.into_parts().authority
                && stream.connected().is_negotiated_h2()
            {
                silences.connected(server);
            }
            Ok(TokioIo::new(WatchedConnection::new(stream, most_headers)))
        })
    }
}
