//! Requests as they come off a socket, and answers as they go onto it.

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// One request as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The server that it came to, as an origin.
    pub origin: String,
    /// The number of the connection, over all servers of a test.
    pub connection: usize,
    /// Request line and header lines with their line ends and the empty line; each byte is one code point.
    pub head: String,
    /// The body, without framing.
    pub body: Vec<u8>,
}

/// What a server does about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Send these bytes, and wait for the next request.
    Bytes(Vec<u8>),
    /// Send these bytes, and close the connection.
    Last(Vec<u8>),
    /// Break the connection.
    Nothing,
}

impl Seen {
    /// The method.
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// The target: path and query.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The URL that it asks for.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.target())
    }

    /// The header lines in order: names as they are written, and values.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.split("\r\n").skip(1);
        lines.filter_map(|line| line.split_once(": "))
    }

    /// The value of the first line with that name.
    pub fn header(&self, wanted: &str) -> Option<&str> {
        let mut lines = self.lines();
        lines.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    }

    /// The lines that CORS is about, byte for byte, in order: `Origin`, `Access-Control-*` and `Cookie`.
    pub fn cors(&self) -> String {
        let is_cors = |name: &str| {
            name == "Origin" || name == "Cookie" || name.starts_with("Access-Control-")
        };
        let lines = self.head.split_inclusive("\r\n").skip(1);
        let cors = lines.filter(|line| line.split_once(':').is_some_and(|(name, _)| is_cors(name)));
        cors.collect()
    }
}

/// A whole answer with its length: 200 and the like, header lines, body.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let lines = headers.iter();
    let lines: Vec<String> = lines
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let length = if status.starts_with("204") {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    let head = format!("HTTP/1.1 {status}\r\n{}{length}\r\n", lines.concat());
    Answer::Bytes((head + body).into_bytes())
}

/// The next request; nothing when the client closes the connection.
pub(crate) async fn read(
    connection: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
    (origin, number): (&str, usize),
) -> Option<Seen> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        read_more(connection, buffer).await?;
    };
    let mut seen = Seen {
        origin: origin.to_owned(),
        connection: number,
        head: buffer.drain(..end).map(char::from).collect(),
        body: Vec::new(),
    };
    assert_eq!(
        seen.header("transfer-encoding"),
        None,
        "chunks are not read here"
    );
    let length = seen.header("content-length").map(str::parse::<usize>);
    let length = length.map_or(0, |length| length.expect("a length"));
    while buffer.len() < length {
        read_more(connection, buffer).await?;
    }
    seen.body = buffer.drain(..length).collect();
    Some(seen)
}

async fn read_more(connection: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<()> {
    let read = connection.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}
