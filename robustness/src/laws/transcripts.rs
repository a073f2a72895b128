//! Transcripts: whatever a file says, it is a transcript or a fault, and the machine takes what it says.

use vetch_core::fetch_api::request_class::construct;
use vetch_core::fetch_api::xhr::send;
use vetch_core::{AgentState, Profile, Step, Timestamp, fetch};
use vetch_transcripts::{Message, Payload, Transcript, Wish, preface, replay};

/// The bytes are a file.
pub fn hold(bytes: &[u8]) {
    let Ok(transcript) = Transcript::parse(bytes) else {
        return;
    };
    let written = write(&transcript);
    if let Some(written) = written {
        assert_eq!(Transcript::parse(&written).as_ref(), Ok(&transcript));
    }
    let _ = replay::replay(&transcript, |_, _| {});
    let _ = answered_by(&transcript);
}

/// The machine gets the transcript's responses one by one, whatever it asks for.
fn answered_by(transcript: &Transcript) -> Option<()> {
    let page = preface::page(transcript).ok()?.into();
    let constructed = match preface::wish(transcript).ok()? {
        Wish::Fetch { url, init } => construct(&url, init, &page),
        Wish::Xhr { url, init } => send(&url, init, &page),
    };
    let profile = preface::profile(transcript).unwrap_or(Profile::SPEC);
    let agent = AgentState::new(profile);
    let now = Timestamp::default();
    let mut step = fetch(constructed.ok()?.request, &agent, now);
    for message in &transcript.messages {
        if let (Step::Send(exchange), Message::Response(response)) = (step, message) {
            step = exchange.receive(replay::head(response).ok()?, &agent, now);
        } else {
            return None;
        }
    }
    Some(())
}

/// A file that reads as this transcript; nothing where a text cannot stand in one again.
fn write(transcript: &Transcript) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    lines(&mut file, &transcript.preface);
    for message in &transcript.messages {
        let body = match message {
            Message::Request(request) => {
                let line = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
                file.extend(line.into_bytes());
                lines(&mut file, &request.lines);
                &request.body
            }
            Message::Response(response) => {
                file.extend(&response.head);
                &response.body
            }
        };
        match body {
            Payload::None => {}
            // What begins like a line in brackets, or an empty line, would be read as one.
            Payload::Bytes(bytes) if matches!(bytes[..], [b'[' | b'\r', ..]) => return None,
            Payload::Bytes(bytes) => file.extend(bytes),
            Payload::Marked => file.extend(b"[ ]"),
        }
        file.extend(b"\r\n\r\n");
    }
    Some(file)
}

fn lines(file: &mut Vec<u8>, lines: &[(String, String)]) {
    for (name, value) in lines {
        file.extend(name.bytes());
        file.extend(b": ");
        // Each byte was one code point.
        file.extend(value.chars().filter_map(|c| u8::try_from(c).ok()));
        file.extend(b"\r\n");
    }
    file.extend(b"\r\n");
}
