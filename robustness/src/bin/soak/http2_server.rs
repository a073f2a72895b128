//! A server of HTTP/2 over TLS that answers as it should half of the time, and in any other way the other half.

use std::future::poll_fn;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use h2::server::{Connection, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderMap, Request, Response, StatusCode};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use vetch_tests::ServerCertificate;

use crate::servers::{beginning, permission};

/// What breaks off when the client has gone.
type Attempt = Result<(), h2::Error>;

/// Start it; its origin.
pub(crate) async fn start(mut rng: Rng) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let certificate = ServerCertificate::self_signed("127.0.0.1", |_| {});
    let acceptor = TlsAcceptor::from(certificate.server_config("h2"));
    tokio::spawn(async move {
        loop {
            // No more files for a moment is no reason to stop.
            if let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, acceptor.clone(), rng.fork()));
            }
        }
    });
    format!("https://{address}")
}

/// Requests of one connection, until one of the two has enough.
async fn serve(connection: TcpStream, acceptor: TlsAcceptor, mut rng: Rng) -> io::Result<()> {
    let stream = acceptor.accept(connection).await?;
    let mut connection = h2::server::handshake(stream)
        .await
        .map_err(io::Error::other)?;
    while let Some(Ok((request, respond))) = connection.accept().await {
        let goes_on = misbehave(&mut connection, &mut rng).await;
        if !goes_on {
            break;
        }
        tokio::spawn(answer(request, respond, rng.fork()));
    }
    Ok(())
}

/// What concerns all streams of a connection; whether it goes on.
async fn misbehave(
    connection: &mut Connection<TlsStream<TcpStream>, Bytes>,
    rng: &mut Rng,
) -> bool {
    match rng.u16(..1024) {
        0..4 => return false,
        4..8 => connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM),
        8..12 => connection.graceful_shutdown(),
        // Nothing is read, nothing is written, no PING is answered.
        12 => {
            tokio::time::sleep(Duration::from_millis(rng.u64(..LONGEST_STALL))).await;
            return rng.bool();
        }
        _ => {}
    }
    true
}

/// In milliseconds: longer than a client waits for the answer to a PING.
const LONGEST_STALL: u64 = 25_000;

/// Answer somehow; the stream is reset when that ends early.
async fn answer(
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
    mut rng: Rng,
) -> Attempt {
    let (head, body) = request.into_parts();
    // A body that nobody reads keeps its part of the connection's window.
    if rng.u8(..8) > 0 {
        read(body).await?;
    }
    Answer {
        id: beginning(text(&head.headers, "accept").unwrap_or_default()),
        permission: permission(|name| text(&head.headers, name), &mut rng),
        respond,
        rng,
    }
    .send()
    .await
}

async fn read(mut body: RecvStream) -> Attempt {
    while let Some(chunk) = body.data().await {
        let length = chunk?.len();
        body.flow_control().release_capacity(length)?;
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

struct Answer {
    id: String,
    permission: Vec<(String, String)>,
    respond: SendResponse<Bytes>,
    rng: Rng,
}

impl Answer {
    async fn send(mut self) -> Attempt {
        match self.rng.u8(..32) {
            0 => Ok(()),
            1 => {
                self.respond.send_reset(Reason::INTERNAL_ERROR);
                Ok(())
            }
            2 => self.truncated(),
            3 => self.whole(200, &vec![("a", "b"); 300], ""),
            4 => self.whole(200, &[("a", &"b".repeat(300_000))], ""),
            5 => self.whole(200, &[("content-encoding", "gzip")], "xxxx"),
            6 => self.silence().await,
            7 => self.endless().await,
            8 => {
                for _ in 0..50 {
                    let hints = Response::builder().status(StatusCode::EARLY_HINTS);
                    self.respond
                        .send_informational(hints.body(()).expect("a head"))?;
                }
                self.whole(200, &[], "ok")
            }
            9 | 10 => {
                let target = format!("/{}", self.rng.u8(..60));
                self.whole(302, &[("location", &target)], "")
            }
            11 => self.whole(307, &[("location", "/7")], ""),
            12 => {
                let body = "x".repeat(self.rng.usize(..200_000));
                self.whole(200, &[], &body)
            }
            13 => self.whole(421, &[], ""),
            14 => self.whole(204, &[], ""),
            _ => self.whole(200, &[("access-control-max-age", "60")], "ok"),
        }
    }

    fn head(
        &mut self,
        status: u16,
        headers: &[(&str, &str)],
        ends: bool,
    ) -> Result<SendStream<Bytes>, h2::Error> {
        let mut head = Response::builder().status(status);
        for (name, value) in &self.permission {
            head = head.header(name, value);
        }
        for (name, value) in headers {
            head = head.header(*name, *value);
        }
        self.respond
            .send_response(head.body(()).expect("a head"), ends)
    }

    fn whole(mut self, status: u16, headers: &[(&str, &str)], body: &str) -> Attempt {
        let has_no_body = status == 204;
        let body = [&*self.id, body].concat();
        let mut stream = self.head(status, headers, has_no_body)?;
        if has_no_body {
            return Ok(());
        }
        stream.send_data(Bytes::from(body), true)
    }

    /// More is promised than comes before the reset.
    fn truncated(mut self) -> Attempt {
        let id = Bytes::from(self.id.clone());
        let mut stream = self.head(200, &[("content-length", "1000")], false)?;
        stream.send_data(id, false)?;
        stream.send_reset(Reason::CANCEL);
        Ok(())
    }

    /// No answer, until the client has enough.
    async fn silence(mut self) -> Attempt {
        poll_fn(|context| self.respond.poll_reset(context))
            .await
            .map(drop)
    }

    /// A body without end, as fast as it is taken.
    async fn endless(mut self) -> Attempt {
        let id = Bytes::from(self.id.clone());
        let mut stream = self.head(200, &[], false)?;
        stream.send_data(id, false)?;
        loop {
            stream.reserve_capacity(4096);
            match poll_fn(|context| stream.poll_capacity(context)).await {
                Some(capacity) => {
                    stream.send_data(Bytes::from(vec![b'x'; capacity?]), false)?;
                }
                None => return Ok(()),
            }
        }
    }
}
