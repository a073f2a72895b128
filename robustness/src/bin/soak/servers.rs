//! Servers of HTTP/1.1 that answer as they should half of the time, and in any other way the other half.

use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How many of them there are.
const SERVERS: u64 = 4;

/// A request that is longer is not looked at any further.
const LONGEST_HEAD: usize = 64 << 10;

/// How the body of each answer begins: whose it is.
pub(crate) fn beginning(id: &str) -> String {
    format!("{id}\n")
}

/// Start them; their origins.
pub(crate) async fn start(seed: u64) -> Vec<String> {
    let mut origins = Vec::new();
    for number in 0..SERVERS {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        origins.push(format!("http://{address}"));
        let mut rng = Rng::with_seed(seed.wrapping_mul(31).wrapping_add(number));
        tokio::spawn(async move {
            loop {
                // No more files for a moment is no reason to stop.
                if let Ok((connection, _)) = listener.accept().await {
                    tokio::spawn(serve(connection, rng.fork()));
                }
            }
        });
    }
    origins
}

/// Requests of one connection, until one of the two has enough.
async fn serve(mut connection: TcpStream, mut rng: Rng) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut connection, &mut buffer).await {
        if answer(&mut connection, &mut rng, &request).await.is_none() {
            return;
        }
    }
}

/// The next request's head; its body is read and dropped.
async fn read(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<String> {
    let end = loop {
        let end = buffer.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            break end + 4;
        }
        if buffer.len() > LONGEST_HEAD || connection.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = line(&head, "content-length").and_then(|length| length.parse().ok());
    let length: usize = length.unwrap_or_default();
    while buffer.len() < length {
        if connection.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    buffer.drain(..length);
    Some(head)
}

fn line<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find_map(|(candidate, value)| candidate.eq_ignore_ascii_case(name).then_some(value))
}

/// Answer somehow; nothing when the connection is over.
async fn answer(connection: &mut TcpStream, rng: &mut Rng, request: &str) -> Option<()> {
    let permission = permission(|name| line(request, name), rng);
    let lines: Vec<String> = permission
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let open = &lines.concat();
    let id = beginning(line(request, "accept").unwrap_or_default());
    let whole = |head: &str, body: &str| {
        format!(
            "HTTP/1.1 {head}\r\n{open}content-length: {}\r\n\r\n{id}{body}",
            id.len() + body.len()
        )
    };
    let text = match rng.u8(..32) {
        0 => return None,
        1 => return last(connection, "HTTP/1.1 200 OK\r\ncontent-le").await,
        2 => {
            let text = format!("HTTP/1.1 200 OK\r\n{open}content-length: 1000\r\n\r\n{id}");
            return last(connection, &text).await;
        }
        3 => return last(connection, "hello, I am no HTTP\r\n\r\n").await,
        4 => format!("HTTP/1.1 200 OK\r\n{open}{}\r\n", "a: b\r\n".repeat(300)),
        5 => format!(
            "HTTP/1.1 200 OK\r\n{open}a: {}\r\n\r\n",
            "b".repeat(300_000)
        ),
        6 => format!("HTTP/1.1 200 OK\r\n{open}transfer-encoding: chunked\r\n\r\nzz\r\n"),
        7 => format!(
            "HTTP/1.1 200 OK\r\n{open}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nxxxx"
        ),
        8 => format!(
            "{}{}",
            "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50),
            whole("200 OK", "ok")
        ),
        9 => return drip(connection, "HTTP/1.1 200 OK\r\na: b\r\nc: d\r\n").await,
        10 => return endless(connection, open, &id).await,
        11 => return silence(connection).await,
        12 | 13 => {
            let target = rng.u8(..60);
            return send(
                connection,
                &whole(&format!("302 Found\r\nlocation: /{target}"), ""),
            )
            .await;
        }
        14 => whole("307 Temporary Redirect\r\nlocation: /7", ""),
        15 => whole(&format!("200 OK\r\nset-cookie: c{}=1", rng.u16(..)), "ok"),
        16 => whole("200 OK", &"x".repeat(rng.usize(..200_000))),
        17 => whole("421 Misdirected Request", ""),
        18 => whole("204 No Content", ""),
        19 => return last(connection, &whole("200 OK\r\nconnection: close", "ok")).await,
        20 => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        _ => whole("200 OK\r\naccess-control-max-age: 60", "ok"),
    };
    send(connection, &text).await
}

/// The headers that allow what is asked, mostly; `line` tells the request's.
pub(crate) fn permission<'a>(
    line: impl Fn(&str) -> Option<&'a str>,
    rng: &mut Rng,
) -> Vec<(String, String)> {
    let mut headers = vec![(
        "access-control-allow-credentials".to_owned(),
        "true".to_owned(),
    )];
    let mut echo = |answer: &str, question: &str| {
        let name = format!("access-control-allow-{answer}");
        headers.extend(line(question).map(|value| (name, value.to_owned())));
    };
    if rng.u8(..8) > 0 {
        echo("origin", "origin");
    }
    echo("methods", "access-control-request-method");
    echo("headers", "access-control-request-headers");
    headers
}

async fn send(connection: &mut TcpStream, text: &str) -> Option<()> {
    connection.write_all(text.as_bytes()).await.ok()
}

async fn last(connection: &mut TcpStream, text: &str) -> Option<()> {
    send(connection, text).await?;
    None
}

/// Byte by byte, and never to its end.
async fn drip(connection: &mut TcpStream, text: &str) -> Option<()> {
    for byte in text.bytes() {
        connection.write_all(&[byte]).await.ok()?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    silence(connection).await
}

/// A body without end, as fast as it is taken.
async fn endless(connection: &mut TcpStream, open: &str, id: &str) -> Option<()> {
    let head = format!("HTTP/1.1 200 OK\r\n{open}transfer-encoding: chunked\r\n\r\n");
    let first = format!("{head}{:x}\r\n{id}\r\n", id.len());
    send(connection, &first).await?;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    loop {
        send(connection, &chunk).await?;
    }
}

/// Nothing, until the client has enough.
async fn silence(connection: &mut TcpStream) -> Option<()> {
    let mut left = [0; 64];
    while connection.read(&mut left).await.ok()? > 0 {}
    None
}
