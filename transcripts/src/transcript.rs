//! The format of `fixtures/exchanges/*.http`, read with httparse.

use crate::fault::Fault;

/// A preface and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Names in lower case, values as text in which each byte is one code point.
    pub preface: Vec<(String, String)>,
    /// Requests and responses in the order in which they went over the wire.
    pub messages: Vec<Message>,
}

/// A request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A request.
    Request(Request),
    /// A response.
    Response(Response),
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, values as text in which each byte is one code point.
    pub lines: Vec<(String, String)>,
    /// What follows the head.
    pub body: Payload,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// Names in lower case, values as text in which each byte is one code point.
    pub lines: Vec<(String, String)>,
    /// The head as it stands, with the empty line at its end.
    pub head: Vec<u8>,
    /// What follows the head.
    pub body: Payload,
}

/// What follows a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    None,
    /// These bytes.
    Bytes(Vec<u8>),
    /// A line in brackets: some bytes that do not matter.
    Marked,
}

impl Transcript {
    /// A transcript with its preface.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut room = [httparse::EMPTY_HEADER; 64];
        let preface = httparse::parse_headers(bytes, &mut room).map_err(Fault::Head)?;
        let httparse::Status::Complete((length, preface)) = preface else {
            return Err(Fault::Unfinished("the preface"));
        };
        Ok(Self {
            preface: preface.iter().map(line).collect(),
            messages: messages(bytes.get(length..).unwrap_or_default())?,
        })
    }

    /// A line of the preface.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// A repeated line of the preface.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = move |line: &&(String, String)| line.0.eq_ignore_ascii_case(name);
        self.preface
            .iter()
            .filter(wanted)
            .map(|(_, value)| value.as_str())
    }
}

impl Request {
    /// The value of a line that may come once.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Fault> {
        let mut values = self.lines.iter().filter(|line| line.0 == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(value),
            Some(_) => Err(Fault::Repeated(name.to_owned())),
        }
    }
}

/// Messages without a preface.
pub fn messages(mut bytes: &[u8]) -> Result<Vec<Message>, Fault> {
    let mut messages = Vec::new();
    loop {
        bytes = skip_empty_lines(bytes);
        if bytes.is_empty() {
            return Ok(messages);
        }
        let (message, rest) = message(bytes)?;
        messages.push(message);
        bytes = rest;
    }
}

fn message(bytes: &[u8]) -> Result<(Message, &[u8]), Fault> {
    let mut room = [httparse::EMPTY_HEADER; 64];
    if bytes.starts_with(b"HTTP/") {
        let mut response = httparse::Response::new(&mut room);
        let (head, rest) = split(bytes, response.parse(bytes))?;
        let lines: Vec<_> = response.headers.iter().map(line).collect();
        let (body, rest) = body(rest, &lines)?;
        let response = Response {
            status: response.code.ok_or(Fault::Missing("a status"))?,
            reason: response.reason.unwrap_or_default().to_owned(),
            lines,
            head: head.to_vec(),
            body,
        };
        Ok((Message::Response(response), rest))
    } else {
        let mut request = httparse::Request::new(&mut room);
        let (_, rest) = split(bytes, request.parse(bytes))?;
        let lines: Vec<_> = request.headers.iter().map(line).collect();
        let (body, rest) = body(rest, &lines)?;
        let request = Request {
            method: request.method.ok_or(Fault::Missing("a method"))?.to_owned(),
            target: request.path.ok_or(Fault::Missing("a target"))?.to_owned(),
            lines,
            body,
        };
        Ok((Message::Request(request), rest))
    }
}

/// A head, and what comes after it.
fn split(bytes: &[u8], parsed: httparse::Result<usize>) -> Result<(&[u8], &[u8]), Fault> {
    let httparse::Status::Complete(length) = parsed.map_err(Fault::Head)? else {
        return Err(Fault::Unfinished("a head"));
    };
    let parts = bytes.split_at_checked(length);
    parts.ok_or(Fault::Unfinished("a head"))
}

/// A body, and what comes after it.
fn body<'a>(bytes: &'a [u8], lines: &[(String, String)]) -> Result<(Payload, &'a [u8]), Fault> {
    if let Some(marked) = skip_empty_lines(bytes).strip_prefix(b"[") {
        let mut parts = marked.splitn(2, |byte| *byte == b']').skip(1);
        let rest = parts.next().ok_or(Fault::Unfinished("a bracket"))?;
        return Ok((Payload::Marked, rest));
    }
    let Some((_, length)) = lines.iter().find(|line| line.0 == "content-length") else {
        return Ok((Payload::None, bytes));
    };
    let length = length
        .parse()
        .map_err(|_| Fault::malformed("a length", length))?;
    let (body, rest) = bytes
        .split_at_checked(length)
        .ok_or(Fault::Unfinished("a body"))?;
    Ok((Payload::Bytes(body.to_vec()), rest))
}

fn skip_empty_lines(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(b"\r\n") {
        bytes = rest;
    }
    bytes
}

fn line(header: &httparse::Header<'_>) -> (String, String) {
    let value = header.value.iter().copied().map(char::from).collect();
    (header.name.to_ascii_lowercase(), value)
}
