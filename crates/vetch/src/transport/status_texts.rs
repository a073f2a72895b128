//! Status texts beyond ASCII, of which hyper keeps none: they are read as the bytes of a connection go by.
//!
//! hyper has its status text from `httparse`, which makes it empty where it has such a byte. So the connection looks at
//! each status line itself, and what it found comes along with the response, by `Connected::extra`.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use vetch_core::Status;

/// A connection that remembers the last status text that hyper would lose.
pub(super) struct ReadsStatusTexts {
    stream: TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>,
    /// Nothing over HTTP/2, which has no status texts.
    reader: Option<Reader>,
}

/// The status text of the last response of a connection, where it has a byte beyond ASCII.
///
/// A connection of HTTP/1.x has one exchange at a time, so the last response is the one that this came with.
#[derive(Debug, Clone, Default)]
pub(super) struct StatusText(Arc<Mutex<Option<StatusLine>>>);

/// A status line with a text beyond ASCII · RFC 9112, section 4.
#[derive(Debug, Clone, PartialEq, Eq)]
struct StatusLine {
    status: Status,
    text: Bytes,
}

impl StatusText {
    /// The text that came with that status, empty if none did.
    pub(super) fn of(&self, status: Status) -> Bytes {
        let line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = line.as_ref().filter(|line| line.status == status);
        line.map(|line| line.text.clone()).unwrap_or_default()
    }

    fn set(&self, line: Option<StatusLine>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = line;
    }
}

/// Reads the status lines among the bytes that come.
#[derive(Debug, Default)]
struct Reader {
    place: Place,
    found: StatusText,
    /// Whether `found` has one, so that no lock is taken for responses without.
    has_found: bool,
}

/// Where in the bytes of a response the next ones are.
#[derive(Debug, Default)]
enum Place {
    /// In the status line, after these bytes of it.
    StatusLine(Vec<u8>),
    /// In the fields of a 1xx head, after which there is another status line.
    InterimFields { is_at_line_start: bool },
    /// Behind the status line of the final head, until there is another request.
    #[default]
    Behind,
}

/// As much as hyper takes of a whole head.
const LINE_BYTES: usize = super::failure::HTTP1_HEAD_BYTES;

impl ReadsStatusTexts {
    pub(super) fn new(stream: MaybeHttpsStream<TokioIo<TcpStream>>) -> Self {
        let is_http2 = stream.connected().is_negotiated_h2();
        Self {
            stream: TokioIo::new(stream),
            reader: (!is_http2).then(Reader::default),
        }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// A request, or a part of one, goes out.
    fn wrote(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.begin();
        }
    }
}

impl Connection for ReadsStatusTexts {
    /// Without what the streams below tell of addresses, which would be copied for each response.
    fn connected(&self) -> Connected {
        match &self.reader {
            Some(reader) => Connected::new().extra(reader.found.clone()),
            None => Connected::new().negotiated_h2(),
        }
    }
}

impl AsyncRead for ReadsStatusTexts {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.as_mut().stream().poll_read(context, buffer))?;
        if let Some(reader) = &mut self.reader {
            reader.read(buffer.filled().get(before..).unwrap_or_default());
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ReadsStatusTexts {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wrote();
        self.stream().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wrote();
        self.stream().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}

impl Reader {
    /// Something was sent, so that the next bytes may be those of another response.
    ///
    /// NOTE: where a request's body still goes out while the response comes, they are not. A head that is being read is
    /// read on, and a line of a body counts for nothing unless it looks like a status line.
    fn begin(&mut self) {
        if matches!(self.place, Place::Behind) {
            self.place = Place::StatusLine(Vec::new());
        }
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !matches!(self.place, Place::Behind) {
            let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => bytes.split_at(end + 1),
                None => (bytes, &[][..]),
            };
            bytes = rest;
            self.read_of_line(line);
        }
    }

    /// Read a line, or what has come of it.
    fn read_of_line(&mut self, part: &[u8]) {
        let is_ended = part.ends_with(b"\n");
        match &mut self.place {
            Place::Behind => {}
            Place::InterimFields { is_at_line_start } => {
                if *is_at_line_start && matches!(part, b"\n" | b"\r\n") {
                    self.place = Place::StatusLine(Vec::new());
                } else {
                    // A line's end may come in two parts.
                    *is_at_line_start = is_ended || (*is_at_line_start && part == b"\r");
                }
            }
            Place::StatusLine(before) if before.is_empty() && is_ended => self.judge(part),
            Place::StatusLine(before) => {
                before.extend_from_slice(part);
                if is_ended {
                    let line = std::mem::take(before);
                    self.judge(&line);
                } else if before.len() > LINE_BYTES || !may_be_status_line(before) {
                    self.place = Place::Behind;
                }
            }
        }
    }

    /// A whole status line, with its end.
    fn judge(&mut self, line: &[u8]) {
        // httparse passes over empty lines before it.
        if matches!(line, b"\n" | b"\r\n") {
            self.place = Place::StatusLine(Vec::new());
            return;
        }
        if !may_be_status_line(line) {
            self.place = Place::Behind;
            return;
        }
        self.place = if is_interim(line) {
            Place::InterimFields {
                is_at_line_start: true,
            }
        } else {
            Place::Behind
        };
        let found = if line.is_ascii() {
            None
        } else {
            StatusLine::parse(line)
        };
        if found.is_some() || self.has_found {
            self.has_found = found.is_some();
            self.found.set(found);
        }
    }
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

impl StatusLine {
    /// Version, status, text; a line that is none is hyper's to refuse.
    fn parse(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n")?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut parts = line.splitn(3, |byte| *byte == b' ').skip(1);
        let status = std::str::from_utf8(parts.next()?).ok()?;
        let status = Status::new(status.parse().ok()?)?;
        let text = Bytes::copy_from_slice(parts.next()?);
        Some(Self { status, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found of a response of status 200, however its bytes are cut.
    fn found(response: &[u8]) -> Bytes {
        let read = |cut: usize| {
            let mut reader = Reader::default();
            reader.begin();
            let (first, second) = response.split_at(cut);
            reader.read(first);
            reader.read(second);
            reader.found.of(Status::OK)
        };
        let whole = read(0);
        for cut in 1..response.len() {
            assert_eq!(read(cut), whole, "cut at {cut}");
        }
        whole
    }

    #[test]
    fn a_text_beyond_ascii_is_found_and_no_other() {
        let cases: [(&str, &[u8], &[u8]); 11] = [
            ("Latin-1", b"HTTP/1.1 200 caf\xe9\r\n\r\n", b"caf\xe9"),
            ("a bare line feed", b"HTTP/1.0 200 \xff\n\n", b"\xff"),
            (
                "white space stays",
                b"HTTP/1.1 200  \xe9 \r\n\r\n",
                b" \xe9 ",
            ),
            (
                "an empty line before it",
                b"\r\nHTTP/1.1 200 \xe9\r\n\r\n",
                b"\xe9",
            ),
            (
                "after 1xx heads, whatever they have",
                b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \xe8\r\nlink: \xe7\r\n\r\nHTTP/1.1 200 \xe9\r\n\r\n",
                b"\xe9",
            ),
            (
                "not that of a 1xx head",
                b"HTTP/1.1 103 \xe8\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                b"",
            ),
            ("ASCII", b"HTTP/1.1 200 cafe\r\n\r\n", b""),
            ("another status", b"HTTP/1.1 201 \xe9\r\n\r\n", b""),
            ("no status at all", b"HTTP/1.1 \xe9 \xe9\r\n\r\n", b""),
            ("only the version", b"HTTP/1.1\xe9\r\n\r\n", b""),
            (
                "a body",
                b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 \xe9\r\n",
                b"",
            ),
        ];
        for (name, response, expected) in cases {
            assert_eq!(found(response), expected, "{name}");
        }
    }

    #[test]
    fn a_response_has_no_text_of_the_one_before() {
        let mut reader = Reader::default();
        reader.begin();
        reader.read(b"HTTP/1.1 200 \xe9\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(reader.found.of(Status::OK), &b"\xe9"[..]);
        reader.begin();
        reader.read(b"HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n");
        assert_eq!(reader.found.of(Status::OK), &b""[..]);
    }

    #[test]
    fn a_body_that_goes_out_meanwhile_changes_nothing() {
        let mut reader = Reader::default();
        let answer =
            b"HTTP/1.1 103 \r\nx: 200 \xe8\r\n\r\nHTTP/1.1 200 \xe9\r\n\r\nx 200 \xff\nrest";
        for byte in answer {
            reader.begin();
            reader.read(&[*byte]);
        }
        assert_eq!(reader.found.of(Status::OK), &b"\xe9"[..]);
        reader.begin();
        reader.read(b"HTTP/1.1 200 \xea\r\n\r\n");
        assert_eq!(reader.found.of(Status::OK), &b"\xea"[..]);
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut reader = Reader::default();
        reader.begin();
        reader.read(b"HTTP/1.1 200 ");
        for _ in 0..=LINE_BYTES / 1_000 {
            reader.read(&[0xe9; 1_000]);
        }
        assert!(matches!(reader.place, Place::Behind));
    }
}
