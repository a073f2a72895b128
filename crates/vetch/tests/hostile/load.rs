//! Ten thousand fetches in flight at once, through one user agent, on two threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::server::{OPEN, build, page};
use crate::stack;

const FETCHES: usize = 10_000;

/// Each end of a connection is a file descriptor of its process.
const DESCRIPTORS: usize = FETCHES + 200;

/// As many as it waits for, and all of them: nobody is answered before everybody has asked.
async fn answer_all_at_once(listener: TcpListener) {
    let (waiting, go) = (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)));
    while let Ok((stream, _)) = listener.accept().await {
        let (waiting, go) = (Arc::clone(&waiting), Arc::clone(&go));
        tokio::spawn(async move {
            // A client that has gone is missed by nobody.
            let _ = answer(stream, &waiting, &go).await;
        });
    }
}

async fn answer(
    mut stream: TcpStream,
    waiting: &AtomicUsize,
    go: &Semaphore,
) -> std::io::Result<()> {
    let mut request = [0; 4096];
    loop {
        let length = stream.read(&mut request).await?;
        let head = String::from_utf8_lossy(&request[..length]);
        let Some(target) = head.split(' ').nth(1).map(str::to_owned) else {
            return Ok(());
        };
        if waiting.fetch_add(1, Ordering::SeqCst) + 1 == FETCHES {
            go.add_permits(FETCHES);
        }
        if let Ok(permit) = go.acquire().await {
            permit.forget();
        }
        let length = target.len();
        let answer = format!("{OPEN}content-length: {length}\r\n\r\n{target}");
        stream.write_all(answer.as_bytes()).await?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test below, in a process of its own"]
async fn server_in_its_own_process() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("\naddress {}", listener.local_addr().expect("an address"));
    answer_all_at_once(listener).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test below, in a process of its own"]
async fn client_in_its_own_process() {
    let address = std::env::var("VETCH_TEST_ADDRESS").expect("set by the test");
    let minutes = Duration::from_mins(5);
    let ua = build(stack::builder().timeout(minutes).connect_timeout(minutes));
    let page = page(&ua);
    let before = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    let fetches: Vec<_> = (0..FETCHES)
        .map(|n| {
            let fetch = page.fetch(format!("http://{address}/{n}"));
            tokio::spawn(async move {
                let mut response = fetch.send().await.map_err(|error| error.to_string())?;
                response.text().await.map_err(|error| error.to_string())
            })
        })
        .collect();
    for (n, fetch) in fetches.into_iter().enumerate() {
        // Each its own answer.
        assert_eq!(fetch.await.expect("no panic"), Ok(format!("/{n}")));
    }
    ua.clear_connections();
    let alive = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    crate::server::eventually("no task stays", || alive() <= before).await;
    println!("\nanswered {FETCHES}");
}

/// This test's own program in another role, with as many file descriptors as the system grants.
fn in_role(role: &str) -> Command {
    let (_, module) = module_path!().split_once("::").expect("a test's module");
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -Sn \"$(ulimit -Hn)\" && exec \"$@\"", "sh"]);
    command.arg(std::env::current_exe().expect("this test"));
    command.args([
        "--exact",
        &format!("{module}::{role}"),
        "--ignored",
        "--nocapture",
    ]);
    command.kill_on_drop(true);
    command
}

async fn descriptors() -> usize {
    let output = Command::new("sh")
        .args(["-c", "ulimit -Hn"])
        .output()
        .await
        .expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().unwrap_or(usize::MAX)
}

#[cfg(unix)]
#[tokio::test]
async fn ten_thousand_fetches_in_flight() {
    let granted = descriptors().await;
    assert!(
        granted >= DESCRIPTORS,
        "this system grants {granted} file descriptors, and {DESCRIPTORS} are needed: raise the hard limit"
    );
    let mut server = in_role("server_in_its_own_process");
    let mut server = server
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a server");
    let lines = BufReader::new(server.stdout.take().expect("its output"));
    let mut lines = lines.lines();
    let address = loop {
        let line = lines
            .next_line()
            .await
            .expect("its output")
            .expect("an address");
        if let Some(address) = line.strip_prefix("address ") {
            break address.to_owned();
        }
    };
    let mut client = in_role("client_in_its_own_process");
    let client = client.env("VETCH_TEST_ADDRESS", address).output();
    let output = tokio::time::timeout(Duration::from_mins(5), client).await;
    let output = output.expect("within five minutes").expect("a client");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("answered 10000"), "{output:?}");
    server.kill().await.expect("ended");
}
