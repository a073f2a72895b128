//! What hyper loses of the heads of HTTP/1.x responses, and what it does not bound: read again, as the bytes of a
//! connection go by.
//!
//! hyper has its heads from `httparse`, which makes a status text empty where it has a byte beyond ASCII, and, as it is
//! told to pass over what is no header, passes over a header with a control byte in its value. By the Standard and in
//! every browser that is one, and where it repeats another it decides what the page may see. And hyper reads on from one
//! informational response to the next, however many there are.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use vetch_core::{HeaderName, HeaderValue};

/// What hyper loses of one head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// A status text with a byte beyond ASCII.
    pub(super) status_text: Option<Bytes>,
    /// Headers with a control byte in the value, in order.
    pub(super) headers: Vec<LostHeader>,
}

/// A header that hyper passes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LostHeader {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
    /// How many lines of that name stood before it.
    pub(super) before: usize,
}

/// What hyper loses of the heads of a connection.
///
/// hyper-util clones it for a response while the connection is still that response's alone, so a clone takes with it what
/// was lost of the last head.
#[derive(Debug, Default)]
pub(super) struct LostParts {
    of_last_head: Arc<Mutex<Option<Lost>>>,
    taken: Option<Lost>,
}

impl LostParts {
    /// What was lost of the head that came last when this was cloned.
    pub(super) fn into_lost(self) -> Option<Lost> {
        self.taken
    }
}

impl Clone for LostParts {
    fn clone(&self) -> Self {
        let last = self.of_last_head.lock();
        Self {
            taken: last.unwrap_or_else(PoisonError::into_inner).take(),
            of_last_head: Arc::clone(&self.of_last_head),
        }
    }
}

/// Reads the heads among the bytes that come.
#[derive(Debug)]
pub(super) struct HeadReader {
    place: Place,
    /// What has come of the status line, or of a header with the lines that it is folded into.
    line: Vec<u8>,
    /// The names of the headers before, in order.
    names: Vec<HeaderName>,
    /// Of how many headers the names are kept, and what is lost: a head with more is refused.
    most_headers: usize,
    lost: Lost,
    of_last_head: Arc<Mutex<Option<Lost>>>,
    /// Whether something was lost of the last head, so that the lock is taken for no other.
    has_lost: bool,
    /// How many bytes of informational responses have come since the request.
    informational: usize,
}

/// The informational responses before an answer are too long, all together.
#[derive(Debug, thiserror::Error)]
#[error("more than {INFORMATIONAL_BYTES} bytes of informational responses")]
pub(super) struct InformationalTooLong;

/// Where in the bytes of a response the next ones are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the status line.
    StatusLine,
    /// Behind the status line of a head, before the empty line.
    Headers(Head),
    /// Behind the final head, until there is another request.
    Behind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Of a 1xx status but 101: there is another one to come.
    Interim,
    Final,
}

/// More than hyper takes of a whole head, whose last piece it reads before it measures.
const LINE_BYTES: usize = 2 * super::failure::HTTP1_HEAD_BYTES;

/// So many bytes of informational responses, with empty lines between them, may come before an answer: thousands of
/// responses, as servers send them that are long at work, or tell how far an upload has come.
pub(super) const INFORMATIONAL_BYTES: usize = 1 << 20;

/// More than a request line has: its URL is bounded, and servers take no method of that length.
const REQUEST_LINE_BYTES: usize = 256 << 10;

impl HeadReader {
    pub(super) fn new(most_headers: usize) -> Self {
        Self {
            place: Place::Behind,
            line: Vec::new(),
            names: Vec::new(),
            most_headers,
            lost: Lost::default(),
            of_last_head: Arc::default(),
            has_lost: false,
            informational: 0,
        }
    }

    /// What is lost, kept up to date.
    pub(super) fn lost_parts(&self) -> LostParts {
        LostParts {
            of_last_head: Arc::clone(&self.of_last_head),
            taken: None,
        }
    }

    /// These bytes are being sent. If a request begins with them, the next to come are those of its response. hyper sends
    /// none before the head of the answer to the one before it has come.
    ///
    /// NOTE: what else is sent is the rest of a request. It may be a body that still goes out behind the head of the answer,
    /// and only one that is written as a request begins would be taken for the next, and what comes then for its answer.
    pub(super) fn wrote(&mut self, bytes: &[u8]) {
        if self.place == Place::Behind && begins_with_request_line(bytes) {
            self.go_to(Place::StatusLine);
            self.informational = 0;
        }
    }

    /// These bytes came.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Result<(), InformationalTooLong> {
        if self.place == Place::StatusLine && self.line.is_empty() && begins_with_plain_head(bytes)
        {
            self.end_with(Lost::default());
            return Ok(());
        }
        while !bytes.is_empty() && self.place != Place::Behind {
            let (part, rest) = match memchr::memchr(b'\n', bytes) {
                Some(end) => bytes.split_at(end + 1),
                None => (bytes, &[][..]),
            };
            bytes = rest;
            self.read_of_line(part);
            if self.informational > INFORMATIONAL_BYTES {
                return Err(InformationalTooLong);
            }
        }
        Ok(())
    }

    /// Read a line, or what has come of it.
    fn read_of_line(&mut self, part: &[u8]) {
        if let Place::Headers(_) = self.place
            && self.line.ends_with(b"\n")
            && !matches!(part, [b' ' | b'\t', ..])
        {
            self.header_ended();
        }
        self.line.extend_from_slice(part);
        if self.place == Place::Headers(Head::Interim) {
            self.informational += part.len();
        }
        match self.place {
            Place::StatusLine if part.ends_with(b"\n") => self.status_line_ended(),
            Place::StatusLine if !may_be_status_line(&self.line) => self.end_with(Lost::default()),
            Place::Headers(head) if is_empty_line(&self.line) => self.head_ended(head),
            Place::StatusLine | Place::Headers(_) if self.line.len() > LINE_BYTES => {
                self.end_with(Lost::default());
            }
            Place::StatusLine | Place::Headers(_) | Place::Behind => {}
        }
    }

    fn status_line_ended(&mut self) {
        // httparse passes over empty lines before it.
        if is_empty_line(&self.line) {
            self.informational += self.line.len();
            return self.line.clear();
        }
        if !may_be_status_line(&self.line) {
            return self.end_with(Lost::default());
        }
        let text = status_text(&self.line).filter(|text| !text.is_ascii());
        let head = if is_interim(&self.line) {
            self.informational += self.line.len();
            Head::Interim
        } else {
            Head::Final
        };
        self.go_to(Place::Headers(head));
        self.lost.status_text = text;
    }

    fn header_ended(&mut self) {
        if let Some((name, value)) = name_and_value(&self.line)
            && self.names.len() <= self.most_headers
        {
            if self.line.iter().copied().any(is_lost_with_its_header)
                && let Some(value) = unfolded(value)
            {
                let before = self.names.iter().filter(|other| **other == name).count();
                self.lost.headers.push(LostHeader {
                    name: name.clone(),
                    value,
                    before,
                });
            }
            self.names.push(name);
        }
        self.line.clear();
    }

    fn head_ended(&mut self, head: Head) {
        match head {
            Head::Interim => self.go_to(Place::StatusLine),
            Head::Final => {
                let lost = std::mem::take(&mut self.lost);
                self.end_with(lost);
            }
        }
    }

    /// The head is over, or none. Its response has this and nothing of another one's.
    fn end_with(&mut self, lost: Lost) {
        self.go_to(Place::Behind);
        let has_lost = lost != Lost::default();
        if has_lost || self.has_lost {
            self.has_lost = has_lost;
            let of_last_head = self.of_last_head.lock();
            *of_last_head.unwrap_or_else(PoisonError::into_inner) = has_lost.then_some(lost);
        }
    }

    /// Nothing is kept there of the place before.
    fn go_to(&mut self, place: Place) {
        self.place = place;
        self.line.clear();
        self.names.clear();
        self.lost = Lost::default();
        if place == Place::Behind {
            // A connection may be idle for long.
            self.line = Vec::new();
            self.names = Vec::new();
        }
    }
}

/// Whether a request of HTTP/1.x begins there · RFC 9112, section 3
fn begins_with_request_line(bytes: &[u8]) -> bool {
    // A long body comes here again with each part of it that the connection takes.
    let bytes = bytes.get(..REQUEST_LINE_BYTES).unwrap_or(bytes);
    let line = memchr::memchr(b'\r', bytes).and_then(|end| bytes.get(..end));
    let method_and_target = line.and_then(|line| line.strip_suffix(b" HTTP/1.1"));
    method_and_target.is_some_and(|words| memchr::memchr_iter(b' ', words).count() == 1)
}

/// Whether a whole final head comes first, and nothing of it is lost, as with most. Then none of it need be looked at line
/// by line, which costs three times as much.
fn begins_with_plain_head(bytes: &[u8]) -> bool {
    // An empty line of bare line feeds may have come before: what is plain is a head and a part of its body then.
    let end = memchr::memmem::find(bytes, b"\r\n\r\n");
    let Some(head) = end.and_then(|end| bytes.get(..end)) else {
        return false;
    };
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    head.starts_with(VERSION)
        && !is_interim(head)
        // Without an early end, so that many bytes are looked at at once.
        && head.iter().fold(true, |are_plain, byte| are_plain & is_plain(*byte))
}

fn is_empty_line(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// Whether a line that begins so is a status line of HTTP/1.x, or an empty line before one.
fn may_be_status_line(beginning: &[u8]) -> bool {
    beginning == b"\r" || beginning.iter().zip(VERSION).all(|(byte, own)| byte == own)
}

const VERSION: &[u8] = b"HTTP/1.";

/// Whether it is the line of a head that another one follows, as for each 1xx but 101.
fn is_interim(line: &[u8]) -> bool {
    let status = line.split(|byte| *byte == b' ').nth(1);
    status.is_some_and(|status| status.starts_with(b"1") && !status.starts_with(b"101"))
}

/// The text of a status line · RFC 9112, section 4
fn status_text(line: &[u8]) -> Option<Bytes> {
    if line.is_ascii() {
        return None;
    }
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = line.splitn(3, |byte| *byte == b' ').nth(2)?;
    Some(Bytes::copy_from_slice(text))
}

/// A control byte that the Standard allows in a value. With any other hyper refuses the whole response.
fn is_lost_with_its_header(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, 0 | b'\t' | b'\r' | b'\n')
}

/// A header's name, and all behind the colon. A line without one is no header, as is one with anything but a token before
/// it.
fn name_and_value(lines: &[u8]) -> Option<(HeaderName, &[u8])> {
    let colon = memchr::memchr(b':', lines)?;
    let name = HeaderName::from_bytes(lines.get(..colon)?).ok()?;
    Some((name, lines.get(colon + 1..)?))
}

/// A value, its folded lines joined by a space · RFC 9112, section 5.2
fn unfolded(value: &[u8]) -> Option<HeaderValue> {
    let lines: Vec<&[u8]> = value.split(|byte| *byte == b'\n').map(trimmed).collect();
    HeaderValue::normalize(lines.join(&b' ')).ok()
}

fn trimmed(line: &[u8]) -> &[u8] {
    let is_visible = |byte: &u8| !matches!(byte, b'\t' | b'\r' | b' ');
    let start = line.iter().position(is_visible).unwrap_or(line.len());
    let end = line
        .iter()
        .rposition(is_visible)
        .map_or(start, |last| last + 1);
    line.get(start..end).unwrap_or_default()
}

#[cfg(test)]
// Named, since the package of the laws includes this file too.
#[path = "head_reader/tests.rs"]
mod tests;
