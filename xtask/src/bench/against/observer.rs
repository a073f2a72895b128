//! Where a client says how far it is: the page's own server. It waits for the answer, so that nothing moves while one looks.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::running::Running;
use crate::Failure;

/// Serves until the process ends.
#[derive(Debug)]
pub(super) struct Observer {
    pub(super) origin: String,
    marks: Receiver<Mark>,
}

/// A client that has come so far, and waits.
#[derive(Debug)]
pub(super) struct Mark {
    /// The path without its slash, and a query after `failed`.
    name: String,
    pub(super) at: Instant,
    connection: TcpStream,
}

impl Mark {
    pub(super) fn release(self) {
        // A client that is gone is missed soon enough.
        let _gone = answer(self.connection, "");
    }
}

impl Observer {
    /// Serves the page that is made for its origin.
    pub(super) fn start(page: impl FnOnce(&str) -> String) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::finding(format!("no port for the page: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let origin = format!("http://{}", listener.local_addr().map_err(failed)?);
        let page: Arc<str> = page(&origin).into();
        let (tell, marks) = channel();
        std::thread::spawn(move || {
            // A browser opens connections ahead of need, so that none may keep the others waiting.
            for connection in listener.incoming().flatten() {
                let (page, tell) = (Arc::clone(&page), tell.clone());
                std::thread::spawn(move || serve(connection, &page, &tell));
            }
        });
        Ok(Self { origin, marks })
    }

    /// The next mark, which must be that one, from a process that lives.
    pub(super) fn wait(&self, name: &str, running: &mut Running) -> Result<Mark, Failure> {
        let start = Instant::now();
        while start.elapsed() < LIMIT {
            match self.marks.recv_timeout(Duration::from_millis(100)) {
                Ok(mark) if mark.name == name => return Ok(mark),
                Ok(mark) => {
                    let (who, said) = (&running.name, mark.name);
                    let problem = format!("{who} said `{said}`, not `{name}`");
                    return Err(Failure::finding(problem));
                }
                Err(RecvTimeoutError::Timeout) => running.check_alive()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let (who, limit) = (&running.name, LIMIT.as_secs());
        let problem = format!("{who} did not come to `{name}` within {limit} s");
        Err(Failure::finding(problem))
    }
}

/// For a client's way to its next mark.
const LIMIT: Duration = Duration::from_mins(1);

fn serve(connection: TcpStream, page: &str, tell: &Sender<Mark>) {
    let Ok(Some(path)) = path_asked(&connection) else {
        return;
    };
    let at = Instant::now();
    let name = path.trim_start_matches('/');
    match name {
        "" => {
            // A client that is gone is missed soon enough.
            let _gone = answer(connection, page);
        }
        // What a browser asks for by itself.
        "favicon.ico" => {}
        _ => {
            let name = name.to_owned();
            // Nobody listens any more when all is over.
            let _over = tell.send(Mark {
                name,
                at,
                connection,
            });
        }
    }
}

/// Of the one request of a connection, which has no body; nothing when there is none.
fn path_asked(connection: &TcpStream) -> io::Result<Option<String>> {
    connection.set_read_timeout(Some(LIMIT))?;
    let mut lines = BufReader::new(connection.take(64 * 1024)).lines();
    let first = lines.next().transpose()?;
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let path = first.as_deref().and_then(|line| line.split(' ').nth(1));
    Ok(path.map(str::to_owned))
}

fn answer(mut connection: TcpStream, page: &str) -> io::Result<()> {
    let length = page.len();
    write!(
        connection,
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{page}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_and_the_marks_are_told_apart() {
        let observer = Observer::start(|origin| format!("page of {origin}")).unwrap();
        let address = observer.origin.trim_start_matches("http://");
        let ask = |path: &str| {
            let mut connection = TcpStream::connect(address).unwrap();
            write!(connection, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
            connection
        };
        let text = |mut connection: TcpStream| {
            let mut text = String::new();
            connection.read_to_string(&mut text).unwrap();
            text
        };
        assert!(text(ask("/")).ends_with(&format!("\r\n\r\npage of {}", observer.origin)));
        // Nothing is asked on this one, and nobody waits for it.
        let _idle = TcpStream::connect(address).unwrap();
        let waiting = ask("/first");
        let mark = observer.marks.recv_timeout(LIMIT).unwrap();
        assert_eq!(mark.name, "first");
        mark.release();
        assert!(text(waiting).starts_with("HTTP/1.1 200 "));
        let _failed = ask("/failed?TypeError");
        let mark = observer.marks.recv_timeout(LIMIT).unwrap();
        assert_eq!(mark.name, "failed?TypeError");
    }
}
