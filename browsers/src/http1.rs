//! HTTP/1.1 as raw as a scenario needs it: requests kept as they came, answers sent as they were written.
//! In: bytes. Out: bytes. What a well-behaved library would tidy up (repeated names, odd spacing, any byte) stays.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// A request as it arrived; text is Latin-1, one code point a byte.
#[derive(Debug, Clone, Default)]
pub struct RawRequest {
    /// The method.
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// Names as written, in order.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it asks for permission only.
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.header("access-control-request-method").is_some()
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Longest line and largest body that are taken; both are far above what a scenario sends.
const LINE_LIMIT: u64 = 64 * 1024;
const BODY_LIMIT: u64 = 16 * 1024 * 1024;

/// The next request on a connection, or `None` at its end.
pub async fn read_request(
    stream: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<RawRequest>> {
    let Some(line) = read_line(stream).await? else {
        return Ok(None);
    };
    let mut words = line.split(' ');
    let mut request = RawRequest {
        method: words.next().unwrap_or_default().into(),
        target: words.next().unwrap_or_default().into(),
        ..RawRequest::default()
    };
    while let Some(line) = read_line(stream).await?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.trim_matches([' ', '\t']);
        request.headers.push((name.into(), value.into()));
    }
    request.body = read_body(stream, &request).await?;
    Ok(Some(request))
}

async fn read_body(
    stream: &mut (impl AsyncBufRead + Unpin),
    request: &RawRequest,
) -> io::Result<Vec<u8>> {
    if request.header("transfer-encoding").is_some() {
        return read_chunks(stream).await;
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok());
    read_exactly(stream, length.unwrap_or(0)).await
}

async fn read_chunks(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(stream).await?.unwrap_or_default();
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
        body.extend(read_exactly(stream, size).await?);
        read_line(stream).await?;
        if size == 0 {
            return Ok(body);
        }
    }
}

async fn read_exactly(
    stream: &mut (impl AsyncBufRead + Unpin),
    length: u64,
) -> io::Result<Vec<u8>> {
    if length > BODY_LIMIT {
        return Err(io::Error::other("the body is too large for a scenario"));
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body).await?;
    Ok(body)
}

/// One line without its end, or `None` at the end of the connection.
async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    stream.take(LINE_LIMIT).read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        return Ok(None);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(from_latin1(&line)))
}

/// The head of an answer. Values are written as told, one byte a code point; others than Latin-1 become `?`.
pub fn write_head(status: u16, reason: &str, headers: &[(String, String)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} ").into_bytes();
    head.extend(to_latin1(reason));
    for (name, value) in headers {
        head.extend(b"\r\n");
        head.extend(to_latin1(name));
        head.extend(b": ");
        head.extend(to_latin1(value));
    }
    head.extend(b"\r\n\r\n");
    head
}

/// Bytes as code points.
pub fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Code points as bytes.
pub fn to_latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c).unwrap_or(b'?'))
        .collect()
}

/// The usual reason phrase.
pub fn reason(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        416 => "Range Not Satisfiable",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_are_kept_as_they_came() {
        let bytes = b"PoSt /a?b HTTP/1.1\r\nX-A:  1 \r\nx-a:\xe9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
        let request = read_request(&mut &bytes[..])
            .await
            .expect("readable")
            .expect("one");
        assert_eq!((request.method.as_str(), request.path()), ("PoSt", "/a"));
        assert_eq!(request.headers[0], ("X-A".into(), "1".into()));
        assert_eq!(request.headers[1].1, "é");
        assert_eq!(request.body, b"hi");
        assert!(
            read_request(&mut &b""[..])
                .await
                .expect("readable")
                .is_none()
        );
    }

    #[test]
    fn answers_are_sent_as_written() {
        let head = write_head(299, "", &[("X".into(), "é,\t".into())]);
        assert_eq!(head, b"HTTP/1.1 299 \r\nX: \xe9,\t\r\n\r\n");
    }
}
