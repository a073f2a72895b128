//! A fetch that runs beside the page and tells its event loop what comes.

use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use vetch::{Body, FetchError, Page, Response, ResponseType};

use super::description::{Api, BodyKind, Description};
use super::event_loop::Event;

/// The page's hold on a fetch; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    /// One item for each chunk that the page asks for.
    pub(super) pulls: UnboundedSender<()>,
    /// A stream body's chunks, and how it ends.
    pub(super) upload: Option<UnboundedSender<Uploaded>>,
    pub(super) task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A piece of a stream body, or its breaking off.
pub(super) type Uploaded = Result<Bytes, &'static str>;

/// A stream body that the page writes.
struct Upload(UnboundedReceiver<Uploaded>);

impl Stream for Upload {
    type Item = Uploaded;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Uploaded>> {
        self.0.poll_recv(context)
    }
}

/// A body for a description, and where the page writes it if it is a stream.
pub(super) fn body(
    description: &Description,
    bytes: Vec<u8>,
) -> (Body, Option<UnboundedSender<Uploaded>>) {
    if description.body == BodyKind::Stream {
        let (sender, receiver) = unbounded_channel();
        return (Body::stream(Upload(receiver)), Some(sender));
    }
    (description.body_of(bytes), None)
}

/// Sends what the description says.
pub(super) async fn send(
    page: Page,
    description: Description,
    body: Body,
) -> Result<Response, FetchError> {
    match description.api {
        Api::Fetch => {
            let request = page.fetch(description.url.clone()).init(description.init());
            request.body(body).send().await
        }
        Api::Xhr => {
            let method = description.method.clone().unwrap_or_default();
            let request = page
                .xhr(method, description.url.clone())
                .with_credentials(description.with_credentials())
                .upload_listeners(description.upload_listeners())
                .body(body);
            let headers = description.headers.into_iter();
            headers
                .fold(request, |request, (name, value)| {
                    request.header(name, value)
                })
                .send()
                .await
        }
    }
}

/// Runs a fetch to its end, telling the page's event loop.
pub(super) async fn run(
    id: u32,
    sending: impl Future<Output = Result<Response, FetchError>>,
    is_head: bool,
    mut pulls: UnboundedReceiver<()>,
    events: Sender<Event>,
) {
    // A page that has gone hears nothing.
    let tell = |event| events.send(event).is_ok();
    let mut response = match sending.await {
        Ok(response) => response,
        Err(error) => {
            tell(Event::Error {
                id,
                reason: error.to_string(),
            });
            return;
        }
    };
    let head = head(&response, is_head).to_string();
    if !tell(Event::Response { id, head }) {
        return;
    }
    while pulls.recv().await.is_some() {
        let next = match response.body().chunk().await {
            Ok(Some(bytes)) => Event::Chunk { id, bytes },
            Ok(None) => Event::End { id },
            Err(error) => Event::Error {
                id,
                reason: error.to_string(),
            },
        };
        let is_over = !matches!(next, Event::Chunk { .. });
        if !tell(next) || is_over {
            return;
        }
    }
}

/// What the page may see of a response.
pub(super) fn head(response: &Response, is_head: bool) -> serde_json::Value {
    let headers: Vec<(&str, _)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.isomorphic_decode()))
        .collect();
    let hidden = matches!(
        response.kind(),
        ResponseType::Opaque | ResponseType::OpaqueRedirect
    );
    let internal = response.unfiltered();
    let length = internal.header_list.get("content-length");
    let length = length.and_then(|length| length.isomorphic_decode().parse::<u64>().ok());
    let is_coded = internal.header_list.contains("content-encoding");
    json!({
        "type": response.kind().as_str(),
        "url": response.url(),
        "redirected": response.redirected(),
        "status": response.status(),
        "statusText": response.status_text(),
        "headers": headers,
        "nullBody": hidden || is_head || internal.status.is_null_body(),
        // Progress events count it, whoever may read the header.
        "contentLength": length.filter(|_| !is_coded),
    })
}
