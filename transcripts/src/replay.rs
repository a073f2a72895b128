//! Runs a transcript through the machine: its preface makes the request, its requests must be the machine's, its
//! responses are the answers.

use vetch_core::fetch_api::request_class::{Constructed, construct};
use vetch_core::fetch_api::xhr::send;
use vetch_core::network_error::TransportFailure;
use vetch_core::trace::Record;
use vetch_core::{
    AgentState, Body, Credentials, HeaderList, HeaderName, HeaderValue, IncomingResponse, Outcome,
    OutgoingRequest, Status, Step, Timestamp, fetch,
};

use crate::fault::Fault;
use crate::preface::{self, Wish};
use crate::transcript::{Message, Payload, Request, Response, Transcript};

/// Lines of a request that are the client's.
const OF_THE_CLIENT: [&str; 3] = ["host", "connection", "cookie"];

/// How it ends. Each exchange is shown as it goes by, with the status that came back.
pub fn replay(
    transcript: &Transcript,
    mut show: impl FnMut(&OutgoingRequest, Option<u16>),
) -> Result<Outcome, Fault> {
    let mut agent = AgentState::new(preface::profile(transcript)?);
    agent.record = Record::Everything;
    let now = Timestamp::from_millis(0);
    let constructed = constructed(transcript)?;
    let mut messages = transcript.messages.iter().peekable();
    let mut step = fetch(constructed.request, &agent, now);
    loop {
        step = match step {
            Step::Done(mut outcome) => {
                if let Some(message) = messages.next() {
                    return Err(differs("the end", message, "none"));
                }
                outcome.trace.prepend_remarks(constructed.remarks);
                return Ok(outcome);
            }
            Step::Send(exchange) => {
                let outgoing = exchange.request();
                let Some(Message::Request(request)) = messages.next() else {
                    return Err(differs("a request", "none", outgoing));
                };
                compare(request, outgoing)?;
                let is_response = |message: &&Message| matches!(message, Message::Response(_));
                if let Some(Message::Response(response)) = messages.next_if(is_response) {
                    show(outgoing, Some(response.status));
                    exchange.receive(head(response)?, &agent, now)
                } else {
                    show(outgoing, None);
                    let detail = "no answer came".to_owned();
                    exchange.fail(TransportFailure::Closed { detail }, &agent)
                }
            }
        };
    }
}

fn constructed(transcript: &Transcript) -> Result<Constructed, Fault> {
    let page = preface::page(transcript)?.into();
    let constructed = match preface::wish(transcript)? {
        Wish::Fetch { url, init } => construct(&url, init, &page),
        Wish::Xhr { url, init } => send(&url, init, &page),
    };
    constructed.map_err(|invalid| Fault::malformed("a request", &invalid.to_string()))
}

/// The transcript's request against the machine's.
fn compare(transcript: &Request, machine: &OutgoingRequest) -> Result<(), Fault> {
    let url = &machine.url;
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    equal("the method", &*transcript.method, machine.method.as_str())?;
    equal("the target", &transcript.target, &target)?;
    equal("the host", transcript.get("host")?, Some(host.as_str()))?;
    let of_the_machine = machine
        .header_list
        .iter()
        .map(|(name, value)| (name.to_string(), without_version(name, value)));
    let of_the_transcript = transcript
        .lines
        .iter()
        .filter(|(name, _)| !OF_THE_CLIENT.contains(&name.as_str()))
        .cloned();
    equal(
        &format!("the headers of {} {}", machine.method, machine.url),
        of_the_transcript.collect::<Vec<_>>(),
        of_the_machine.collect::<Vec<_>>(),
    )?;
    if transcript.get("cookie")?.is_some() {
        equal("credentials", Credentials::Include, machine.credentials)?;
    }
    equal("the body", body(transcript)?, machine.body)
}

fn body(transcript: &Request) -> Result<Body, Fault> {
    match &transcript.body {
        Payload::Bytes(bytes) if !bytes.is_empty() => Ok(Body::Replayable {
            length: bytes.len() as u64,
        }),
        Payload::None | Payload::Bytes(_) => Ok(Body::None),
        Payload::Marked => Err(Fault::malformed("a request's bytes, which matter", "[…]")),
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(
    what: &str,
    transcript: T,
    machine: T,
) -> Result<(), Fault> {
    if transcript == machine {
        Ok(())
    } else {
        Err(differs(what, transcript, machine))
    }
}

fn differs(what: &str, transcript: impl std::fmt::Debug, machine: impl std::fmt::Debug) -> Fault {
    Fault::Differs {
        what: what.to_owned(),
        transcript: format!("{transcript:?}"),
        machine: format!("{machine:?}"),
    }
}

fn without_version(name: &HeaderName, value: &HeaderValue) -> String {
    let value = value.to_string();
    match value.split_once('/') {
        Some((product, _)) if *name == "user-agent" => product.to_owned(),
        _ => value,
    }
}

/// The transcript's response as the machine gets it.
pub fn head(response: &Response) -> Result<IncomingResponse, Fault> {
    let status = response.status;
    let status = Status::new(status)
        .ok_or_else(|| Fault::malformed("a status code", &status.to_string()))?;
    let line = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Fault::malformed("a header name", name))?;
        let value = HeaderValue::from_byte_string(value)
            .map_err(|_| Fault::malformed("a header value", value))?;
        Ok((name, value))
    };
    let headers = response.lines.iter().map(line);
    let headers = headers.collect::<Result<HeaderList, Fault>>()?;
    Ok(IncomingResponse::new(
        status,
        response.reason.clone(),
        headers,
    ))
}
