//! The format of `fixtures/exchanges/*.http`, read with httparse.

/// A preface and messages.
#[derive(Debug)]
pub(crate) struct Transcript {
    preface: Vec<(String, String)>,
    pub(crate) messages: Vec<Message>,
}

/// A request or a response.
#[derive(Debug)]
pub(crate) enum Message {
    Request(Request),
    Response(Response),
}

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Names in lower case, values as text in which each byte is one code point.
    pub(crate) lines: Vec<(String, String)>,
    pub(crate) body: Payload,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) lines: Vec<(String, String)>,
    /// The head as it stands, with the empty line at its end.
    #[allow(dead_code, reason = "only sockets want the bytes")]
    pub(crate) head: Vec<u8>,
    #[allow(dead_code, reason = "the machine never sees a response's body")]
    pub(crate) body: Payload,
}

/// What follows a head.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Nothing.
    None,
    /// These bytes.
    Bytes(Vec<u8>),
    /// A line in brackets: some bytes that do not matter.
    Marked,
}

impl Transcript {
    /// A transcript with its preface.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut room = [httparse::EMPTY_HEADER; 64];
        let preface = httparse::parse_headers(bytes, &mut room).expect("a preface");
        let httparse::Status::Complete((length, preface)) = preface else {
            panic!("the preface does not end");
        };
        Self {
            preface: preface.iter().map(line).collect(),
            messages: messages(&bytes[length..]),
        }
    }

    /// A line of the preface.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// A repeated line of the preface.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = move |line: &&(String, String)| line.0.eq_ignore_ascii_case(name);
        self.preface
            .iter()
            .filter(wanted)
            .map(|(_, value)| value.as_str())
    }
}

impl Request {
    /// The value of a line that comes once.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.lines.iter().filter(|line| line.0 == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} comes twice");
        value
    }
}

/// Messages without a preface.
pub(crate) fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    loop {
        bytes = skip_empty_lines(bytes);
        if bytes.is_empty() {
            return messages;
        }
        let (message, rest) = message(bytes);
        messages.push(message);
        bytes = rest;
    }
}

fn message(bytes: &[u8]) -> (Message, &[u8]) {
    let mut room = [httparse::EMPTY_HEADER; 64];
    if bytes.starts_with(b"HTTP/") {
        let mut response = httparse::Response::new(&mut room);
        let length = complete(response.parse(bytes));
        let lines: Vec<_> = response.headers.iter().map(line).collect();
        let (body, rest) = body(&bytes[length..], &lines);
        let response = Response {
            status: response.code.expect("a status"),
            reason: response.reason.unwrap_or_default().to_owned(),
            lines,
            head: bytes[..length].to_vec(),
            body,
        };
        (Message::Response(response), rest)
    } else {
        let mut request = httparse::Request::new(&mut room);
        let length = complete(request.parse(bytes));
        let lines: Vec<_> = request.headers.iter().map(line).collect();
        let (body, rest) = body(&bytes[length..], &lines);
        let request = Request {
            method: request.method.expect("a method").to_owned(),
            target: request.path.expect("a target").to_owned(),
            lines,
            body,
        };
        (Message::Request(request), rest)
    }
}

fn complete(parsed: httparse::Result<usize>) -> usize {
    match parsed.expect("a head") {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => panic!("a head does not end"),
    }
}

/// A body, and what comes after it.
fn body<'a>(bytes: &'a [u8], lines: &[(String, String)]) -> (Payload, &'a [u8]) {
    let marked = skip_empty_lines(bytes);
    if marked.starts_with(b"[") {
        let end = marked.iter().position(|byte| *byte == b']');
        let rest = &marked[end.expect("a bracket that closes") + 1..];
        return (Payload::Marked, rest);
    }
    let length = lines.iter().find(|line| line.0 == "content-length");
    match length.map(|(_, length)| length.parse().expect("a length")) {
        Some(length) => {
            let (body, rest) = bytes.split_at_checked(length).expect("a whole body");
            (Payload::Bytes(body.to_vec()), rest)
        }
        None => (Payload::None, bytes),
    }
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
