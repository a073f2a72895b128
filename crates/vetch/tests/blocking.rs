//! Fetching without a runtime, from a thread that has none and from one that has.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use vetch::blocking::wait;
use vetch::{Page, UserAgent};

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 5\r\n\r\nhello";

fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for connection in listener.incoming() {
            let connection = connection.expect("a connection");
            thread::spawn(move || answer(connection));
        }
    });
    address
}

fn answer(mut connection: TcpStream) {
    let mut seen = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = connection.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..count]);
        if seen.ends_with(b"\r\n\r\n") {
            seen.clear();
            connection.write_all(ANSWER).expect("an open connection");
        }
    }
}

fn page() -> Page {
    let page = UserAgent::new().page("http://app.example/");
    page.expect("a page")
}

fn fetch(page: &Page, server: SocketAddr) -> String {
    let mut response = wait(page.fetch(format!("http://{server}/")).send()).expect("a response");
    wait(response.text()).expect("a body")
}

#[test]
fn one_wait_follows_another() {
    let (page, server) = (page(), serve());
    assert_eq!(fetch(&page, server), "hello");
    assert_eq!(fetch(&page, server), "hello");
}

#[test]
fn threads_wait_beside_each_other() {
    let page = page();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (page, server) = (page.clone(), serve());
            thread::spawn(move || fetch(&page, server))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), "hello");
    }
}

#[tokio::test]
async fn inside_a_runtime_it_blocks_as_often_as_it_is_asked() {
    let (page, server) = (page(), serve());
    // One turn of tokio's is over after 128 of its steps.
    for _ in 0..300 {
        assert_eq!(fetch(&page, server), "hello");
    }
}
