//! The engine as the verbs use it: a wish goes in, what the page sees comes out.
//! In: network flags, a wish. Out: a user agent; a response or a network error, with all that a story needs.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use vetch::{Body, ExchangeRecord, FetchError, Page, Response, UserAgent};
use vetch_core::fetch_api::xhr::XhrText;
use vetch_core::network_error::Kind;
use vetch_core::trace::Decision;
use vetch_core::{HeaderList, NetworkError, Remark, ResponseType};

use crate::replay::{self, Recorded, RecordedEnd};
use crate::request_description::{BodyDescription, Door, Mistakes, Wish};

/// What became of a fetch.
#[derive(Debug)]
pub(crate) struct Performed {
    /// What the page sees, or why it sees nothing.
    pub(crate) verdict: Result<Seen, NetworkError>,
    /// What went over the wire.
    pub(crate) exchanges: Vec<ExchangeRecord>,
    /// What was decided.
    pub(crate) decisions: Vec<Decision>,
    /// What was odd.
    pub(crate) remarks: Vec<Remark>,
    /// Whether the resource's timing is shown, where that was asked.
    pub(crate) timing_allow_passed: Option<bool>,
    /// What other profiles would have done differently: a profile's name, and a sentence.
    pub(crate) differences: Vec<(&'static str, String)>,
}

impl Performed {
    /// The same, compared with what other profiles would have done.
    pub(crate) fn compared(self, ua: &UserAgent, wish: &Wish) -> Self {
        let profile = ua.agent_state().profile;
        let request = &wish.constructed.request;
        let failed = matches!(&self.verdict, Err(error) if error.kind() == Kind::Transport);
        let recorded = Recorded {
            exchanges: &self.exchanges,
            end: if failed {
                RecordedEnd::NetworkFailed
            } else {
                RecordedEnd::Judged
            },
        };
        let differences = replay::differences(request, profile, recorded);
        Self {
            differences,
            ..self
        }
    }
}

/// A response as the page sees it.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) kind: ResponseType,
    /// Without its fragment; empty for an opaque response.
    pub(crate) url: String,
    pub(crate) redirected: bool,
    pub(crate) status: u16,
    pub(crate) status_text: String,
    /// As iterating over `Headers` gives them: sorted and combined.
    pub(crate) headers: HeaderList,
    /// The body, or nothing where the page sees null.
    pub(crate) body: Option<SeenBody>,
}

/// A body that was read to its end.
#[derive(Debug)]
pub(crate) struct SeenBody {
    /// The bytes, unless they went elsewhere.
    pub(crate) bytes: Bytes,
    /// How many there were.
    pub(crate) length: u64,
}

/// Send a wish: the future's first step takes it to the preflight cache and on to the wire.
pub(crate) async fn send(ua: &UserAgent, wish: &Wish) -> Result<Response, FetchError> {
    let page = ua.page_in((*wish.client).clone());
    match &wish.door {
        Door::Fetch(init) => {
            let fetch = page.fetch(wish.url.clone()).init(init.clone());
            let content_type = init
                .body
                .as_ref()
                .and_then(|body| body.content_type.clone());
            match &wish.payload {
                Some(payload) => fetch.body(body(payload, content_type)).send().await,
                None => fetch.send().await,
            }
        }
        Door::Xhr(_) => send_xhr(&page, wish).await,
    }
}

async fn send_xhr(page: &Page, wish: &Wish) -> Result<Response, FetchError> {
    let Door::Xhr(init) = &wish.door else {
        return page.fetch(wish.url.clone()).send().await;
    };
    let mut xhr = page
        .xhr(init.method.clone(), wish.url.clone())
        .with_credentials(init.with_credentials)
        .upload_listeners(init.upload_listeners);
    for (name, value) in &init.headers {
        xhr = xhr.header(name.clone(), value.clone());
    }
    if let (Some(payload), Some(described)) = (&wish.payload, &init.body) {
        let content_type = described.init.content_type.clone();
        xhr = xhr.body(xhr_body(payload, described.text, content_type));
    }
    xhr.send().await
}

/// Send a wish, keep the whole body, and gather all that is to be told.
pub(crate) async fn perform(ua: &UserAgent, wish: &Wish) -> Result<Performed, Mistakes> {
    let performed = match send(ua, wish).await {
        Ok(mut response) => {
            let mut kept = Vec::new();
            let body = read(&mut response, |chunk| kept.extend_from_slice(chunk)).await;
            let body = body.map(|length| length.map(|length| (Bytes::from(kept), length)));
            let shows_timing = response.unfiltered().timing_allow_passed;
            Performed {
                timing_allow_passed: wish.asks_for_timing.then_some(shows_timing),
                ..performed(&response, body)
            }
        }
        Err(error) => failed(error)?,
    };
    Ok(performed.compared(ua, wish))
}

/// Give each piece of the body to the receiver; how many bytes there were, or nothing where the page sees null.
pub(crate) async fn read(
    response: &mut Response,
    mut receive: impl FnMut(&[u8]),
) -> Result<Option<u64>, NetworkError> {
    if !response.has_body() {
        return Ok(None);
    }
    let mut length: u64 = 0;
    while let Some(chunk) = response.body().chunk().await? {
        length = length.saturating_add(chunk.len() as u64);
        receive(&chunk);
    }
    Ok(Some(length))
}

/// What became of a response whose body was read so.
pub(crate) fn performed(
    response: &Response,
    body: Result<Option<(Bytes, u64)>, NetworkError>,
) -> Performed {
    Performed {
        verdict: body.map(|body| seen(response, body)),
        exchanges: response.exchanges().to_vec(),
        decisions: response.decisions().to_vec(),
        remarks: response.remarks().to_vec(),
        timing_allow_passed: None,
        differences: Vec::new(),
    }
}

/// What became of a fetch without response.
pub(crate) fn failed(error: FetchError) -> Result<Performed, Mistakes> {
    match error {
        FetchError::Network(failed) => Ok(Performed {
            verdict: Err(failed.error),
            exchanges: failed.exchanges,
            decisions: failed.trace.decisions().to_vec(),
            remarks: failed.trace.remarks().to_vec(),
            timing_allow_passed: None,
            differences: Vec::new(),
        }),
        FetchError::Invalid(invalid) => {
            let mut mistakes = Mistakes::default();
            mistakes.add_problems(&invalid);
            Err(mistakes)
        }
        other => Err(Mistakes::one("request", other.to_string())),
    }
}

fn seen(response: &Response, body: Option<(Bytes, u64)>) -> Seen {
    Seen {
        kind: response.kind(),
        url: response.url(),
        redirected: response.redirected(),
        status: response.status(),
        status_text: response.status_text(),
        headers: response.headers().to_list().sort_and_combine(),
        body: body.map(|(bytes, length)| SeenBody { bytes, length }),
    }
}

fn body(payload: &BodyDescription, content_type: Option<String>) -> Body {
    let body = match payload {
        BodyDescription::Text(text) => Body::bytes(text.clone()),
        BodyDescription::Bytes(bytes) => Body::bytes(bytes.clone()),
        BodyDescription::Stream(chunks) => Body::stream(Chunks(chunks.clone().into_iter())),
    };
    typed(body, content_type)
}

fn typed(body: Body, content_type: Option<String>) -> Body {
    match content_type {
        Some(content_type) => body.with_content_type(content_type),
        None => body,
    }
}

/// XMLHttpRequest corrects the charset of text, so text stays text here.
fn xhr_body(payload: &BodyDescription, text: XhrText, content_type: Option<String>) -> Body {
    match (payload, text) {
        (BodyDescription::Text(words), XhrText::Text) => {
            typed(Body::text(words.clone()), content_type)
        }
        _ => body(payload, content_type),
    }
}

/// The chunks of a stream body, one after the other.
struct Chunks(std::vec::IntoIter<Bytes>);

impl Stream for Chunks {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}
