//! One listener per role, on loopback, on ports that the system picks.
//! In: connections. Out: requests to [`control`] or to the scenario's script on the [`Stage`].

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use crate::Trouble;
use crate::certificates::Certificates;
use crate::control;
use crate::http1::{RawRequest, read_request};
use crate::places::{Places, split_base};
use crate::roles::{Role, Security};
use crate::script;
use crate::stage::Stage;

/// Listeners that do not answer yet.
#[derive(Debug)]
pub struct Listeners {
    /// Where they listen.
    pub places: Places,
    listeners: Vec<(Role, TcpListener)>,
}

/// Takes a port for every role.
pub async fn listen() -> Result<Listeners, Trouble> {
    let mut places = Places::default();
    let mut listeners = Vec::new();
    for role in Role::all() {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(Trouble::io("a listener on 127.0.0.1"))?;
        let address = listener
            .local_addr()
            .map_err(Trouble::io("a listener on 127.0.0.1"))?;
        places.insert(role, address.port());
        listeners.push((role, listener));
    }
    Ok(Listeners { places, listeners })
}

/// Listeners that answer.
#[derive(Debug)]
#[must_use = "dropped, it takes no more connections"]
pub struct Serving(#[expect(dead_code, reason = "held, not read")] JoinSet<()>);

impl Listeners {
    /// Answers from now on, until what is returned is dropped.
    pub fn serve(self, stage: &Arc<Stage>, certificates: &Certificates) -> Serving {
        let acceptor = TlsAcceptor::from(Arc::clone(&certificates.server));
        let mut serving = JoinSet::new();
        for (role, listener) in self.listeners {
            serving.spawn(accept(role, listener, Arc::clone(stage), acceptor.clone()));
        }
        Serving(serving)
    }
}

async fn accept(role: Role, listener: TcpListener, stage: Arc<Stage>, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let (stage, acceptor) = (Arc::clone(&stage), acceptor.clone());
        tokio::spawn(async move {
            // A browser may drop a connection at any time; what it asked before is written down.
            let _dropped = connection(role, stream, &stage, acceptor).await;
        });
    }
}

async fn connection(
    role: Role,
    stream: TcpStream,
    stage: &Stage,
    acceptor: TlsAcceptor,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    match role.security {
        // TLS spoken to a plain port (an upgraded image, say) is refused at once instead of read as a request.
        Security::Plain if speaks_tls(&stream).await? => Ok(()),
        Security::Plain => requests(role, stream, stage).await,
        Security::Tls => requests(role, acceptor.accept(stream).await?, stage).await,
    }
}

async fn requests(
    role: Role,
    stream: impl AsyncRead + AsyncWrite + Unpin,
    stage: &Stage,
) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    while let Some(request) = read_request(&mut stream).await? {
        let Some((bytes, delay)) = reply(role, &request, stage) else {
            break;
        };
        sleep(delay).await;
        stream.write_all(&bytes).await?;
        stream.flush().await?;
        if says_close(&bytes) {
            break;
        }
    }
    stream.shutdown().await
}

async fn speaks_tls(stream: &TcpStream) -> std::io::Result<bool> {
    let mut first = [0];
    let read = stream.peek(&mut first).await?;
    Ok(read == 1 && first[0] == HANDSHAKE)
}

/// What to send and after how long, or `None` to hang up.
fn reply(role: Role, request: &RawRequest, stage: &Stage) -> Option<(Vec<u8>, Duration)> {
    let at_once = |bytes| Some((bytes, Duration::ZERO));
    if request.path().starts_with("/control") {
        return at_once(control::control(stage, role, request));
    }
    let Some((run, path)) = split_base(&request.target) else {
        return at_once(control::not_found());
    };
    let Some(scenario) = stage.scenario(run) else {
        return at_once(control::not_found());
    };
    let fill = (stage.places(), run);
    if path == "/page" && role == scenario.page {
        return at_once(control::frame(scenario, |text| fill.0.fill(run, text)));
    }
    if let Some(query) = path.strip_prefix("/plant?") {
        return at_once(control::plant(scenario, query));
    }
    match stage.arrive(role, run, request, path) {
        None => at_once(control::not_found()),
        Some(answer) if answer.hang_up => None,
        Some(answer) => {
            let delay = Duration::from_millis(answer.delay_ms.unwrap_or_default());
            Some((script::bytes(&answer, request, fill), delay))
        }
    }
}

/// Whether an answer was scripted to be the connection's last.
fn says_close(answer: &[u8]) -> bool {
    let head = answer
        .split(|byte| *byte == b'\n')
        .take_while(|line| line.len() > 1);
    head.into_iter()
        .any(|line| line.eq_ignore_ascii_case(b"connection: close\r"))
}

/// The first byte of a TLS record that opens a connection.
const HANDSHAKE: u8 = 0x16;
