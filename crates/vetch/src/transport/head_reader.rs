//! What hyper loses of the heads of HTTP/1.x responses: read again, as the bytes of a connection go by.
//!
//! hyper has its heads from `httparse`, which makes a status text empty where it has a byte beyond ASCII, and, as it is
//! told to pass over what is no header, passes over a header with a control byte in its value. By the Standard and in
//! every browser that is one, and where it repeats another it decides what the page may see.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use vetch_core::{HeaderName, HeaderValue};

/// What hyper loses of one head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// A status text with a byte beyond ASCII.
    pub(super) status_text: Option<Bytes>,
    /// Headers with a control byte in the value, in order.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// What hyper loses of the heads of a connection.
///
/// hyper-util clones it for a response while the connection is still that response's alone, so a clone remembers what
/// was lost of the last head before.
#[derive(Debug, Default)]
pub(super) struct LostParts {
    of_last_head: Arc<Mutex<Option<Lost>>>,
    when_cloned: Option<Lost>,
}

impl LostParts {
    /// What was lost before this was cloned.
    pub(super) fn into_lost(self) -> Option<Lost> {
        self.when_cloned
    }
}

impl Clone for LostParts {
    fn clone(&self) -> Self {
        let last = self.of_last_head.lock();
        Self {
            when_cloned: last.unwrap_or_else(PoisonError::into_inner).clone(),
            of_last_head: Arc::clone(&self.of_last_head),
        }
    }
}

/// Reads the heads among the bytes that come.
#[derive(Debug, Default)]
pub(super) struct HeadReader {
    place: Place,
    /// What has come of the status line, or of a header with the lines that it is folded into.
    line: Vec<u8>,
    lost: Lost,
    of_last_head: Arc<Mutex<Option<Lost>>>,
    /// Whether something was lost of the last head, so that the lock is taken for no other.
    has_lost: bool,
}

/// Where in the bytes of a response the next ones are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    /// In the status line.
    StatusLine,
    /// Behind the status line of a head, before the empty line.
    Headers(Head),
    /// Behind the final head, until there is another request.
    #[default]
    Behind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Of a 1xx status but 101: there is another one to come.
    Interim,
    Final,
}

/// As much as hyper takes of a whole head.
const LINE_BYTES: usize = super::failure::HTTP1_HEAD_BYTES;

impl HeadReader {
    /// What is lost, kept up to date.
    pub(super) fn lost_parts(&self) -> LostParts {
        LostParts {
            of_last_head: Arc::clone(&self.of_last_head),
            when_cloned: None,
        }
    }

    /// Something was sent, so that the next bytes may be those of another response.
    ///
    /// NOTE: where a request's body still goes out while the response comes, they are not. A head that is being read is
    /// read on, and a line of a body counts for nothing unless it looks like a status line.
    pub(super) fn begin(&mut self) {
        if self.place == Place::Behind {
            self.go_to(Place::StatusLine);
        }
    }

    /// These bytes came.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        if self.place == Place::StatusLine && self.line.is_empty() && begins_with_plain_head(bytes)
        {
            return self.final_head_ended(Lost::default());
        }
        while !bytes.is_empty() && self.place != Place::Behind {
            let (part, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => bytes.split_at(end + 1),
                None => (bytes, &[][..]),
            };
            bytes = rest;
            self.read_of_line(part);
        }
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
        match self.place {
            Place::StatusLine if part.ends_with(b"\n") => self.status_line_ended(),
            Place::StatusLine if !may_be_status_line(&self.line) => self.go_to(Place::Behind),
            Place::Headers(head) if is_empty_line(&self.line) => self.head_ended(head),
            Place::StatusLine | Place::Headers(_) if self.line.len() > LINE_BYTES => {
                self.go_to(Place::Behind);
            }
            Place::StatusLine | Place::Headers(_) | Place::Behind => {}
        }
    }

    fn status_line_ended(&mut self) {
        // httparse passes over empty lines before it.
        if is_empty_line(&self.line) {
            return self.line.clear();
        }
        if !may_be_status_line(&self.line) {
            return self.go_to(Place::Behind);
        }
        self.lost = Lost {
            status_text: status_text(&self.line).filter(|text| !text.is_ascii()),
            headers: Vec::new(),
        };
        let head = if is_interim(&self.line) {
            Head::Interim
        } else {
            Head::Final
        };
        self.go_to(Place::Headers(head));
    }

    fn header_ended(&mut self) {
        if self.line.iter().copied().any(is_lost_with_its_header) {
            self.lost.headers.extend(header(&self.line));
        }
        self.line.clear();
    }

    fn head_ended(&mut self, head: Head) {
        let lost = std::mem::take(&mut self.lost);
        match head {
            Head::Interim => self.go_to(Place::StatusLine),
            Head::Final => self.final_head_ended(lost),
        }
    }

    fn final_head_ended(&mut self, lost: Lost) {
        self.go_to(Place::Behind);
        let has_lost = lost != Lost::default();
        if has_lost || self.has_lost {
            self.has_lost = has_lost;
            let of_last_head = self.of_last_head.lock();
            *of_last_head.unwrap_or_else(PoisonError::into_inner) = has_lost.then_some(lost);
        }
    }

    fn go_to(&mut self, place: Place) {
        self.place = place;
        self.line.clear();
    }
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
    may_be_status_line(head)
        && !is_interim(head)
        // Without an early end, so that many bytes are looked at at once.
        && head.iter().fold(true, |are_plain, byte| are_plain & is_plain(*byte))
}

fn is_empty_line(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// Whether a line that begins so is a status line of HTTP/1.x, or an empty line before one.
fn may_be_status_line(beginning: &[u8]) -> bool {
    const VERSION: &[u8] = b"HTTP/1.";
    beginning == b"\r" || beginning.iter().zip(VERSION).all(|(byte, own)| byte == own)
}

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

/// A header, its folded lines joined by a space · RFC 9112, section 5.2. A line without a colon is none, as is one with
/// anything but a token before it.
fn header(lines: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = lines.iter().position(|byte| *byte == b':')?;
    let (name, value) = (lines.get(..colon)?, lines.get(colon + 1..)?);
    let lines: Vec<&[u8]> = value.split(|byte| *byte == b'\n').map(trimmed).collect();
    let value = HeaderValue::normalize(lines.join(&b' ')).ok()?;
    Some((HeaderName::from_bytes(name).ok()?, value))
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
mod tests;
