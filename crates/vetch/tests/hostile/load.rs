//! Ten thousand fetches in flight at once, through one user agent, on two threads.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use vetch::UserAgent;

use crate::cancellation::{looked_at, numbers};
#[cfg(target_os = "linux")]
use crate::measure::peak;
use crate::server::{OPEN, build, eventually, get, target};
use crate::stack;

const FETCHES: usize = 10_000;

/// Each end of a connection is a file descriptor of its process.
const DESCRIPTORS: usize = FETCHES + 200;

/// What a fetch in flight, with its connection, may take of memory.
const MOST_BYTES: u64 = 64 << 10;

/// For all of it.
const MINUTES: Duration = Duration::from_mins(5);

/// Nobody is answered before so many have asked; then everybody is, with what they asked for.
async fn answer_all_at_once(listener: TcpListener, awaited: usize) {
    let (waiting, go) = (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)));
    while let Ok((stream, _)) = listener.accept().await {
        let (waiting, go) = (Arc::clone(&waiting), Arc::clone(&go));
        tokio::spawn(async move {
            let asked = || {
                if waiting.fetch_add(1, Ordering::SeqCst) + 1 == awaited {
                    go.add_permits(1);
                }
            };
            // A client that has gone is missed by nobody.
            let _ = answer(stream, asked, &go).await;
        });
    }
}

async fn answer(mut stream: TcpStream, asked: impl Fn(), go: &Semaphore) -> std::io::Result<()> {
    let mut request = [0; 4096];
    loop {
        let length = stream.read(&mut request).await?;
        if length == 0 {
            return Ok(());
        }
        asked();
        // Given back at once, so that the next may go too.
        drop(go.acquire().await);
        let head = String::from_utf8_lossy(&request[..length]);
        let body = target(&head);
        let length = body.len();
        let answer = format!("{OPEN}content-length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await?;
    }
}

#[cfg(not(target_os = "linux"))]
fn peak() -> u64 {
    0
}

fn told(name: &str) -> String {
    std::env::var(name).expect("set by the test")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests below, in a process of its own"]
async fn server_in_its_own_process() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("\naddress {}", listener.local_addr().expect("an address"));
    let awaited = told("VETCH_TEST_AWAITED").parse().expect("a number");
    answer_all_at_once(listener, awaited).await;
}

/// What is left to do at rest: tasks, and what is open.
fn at_rest() -> (usize, usize) {
    let open = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    (Handle::current().metrics().num_alive_tasks(), open)
}

/// No task and no socket is left that was not there before.
async fn assert_nothing_stays(ua: &UserAgent, (tasks, open): (usize, usize)) {
    ua.clear_connections();
    eventually("no task stays", || at_rest().0 <= tasks).await;
    eventually("no socket stays", || at_rest().1 <= open).await;
}

fn user_agent() -> UserAgent {
    build(stack::builder().timeout(MINUTES).connect_timeout(MINUTES))
}

/// A fetch of that number, which the answer must say.
async fn fetch(ua: UserAgent, n: usize) {
    let url = format!("http://{}/{n}", told("VETCH_TEST_ADDRESS"));
    assert_eq!(get(&ua, url).await, Ok(format!("/{n}")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by a test below, in a process of its own"]
async fn client_in_its_own_process() {
    let (ua, before, peak_before) = (user_agent(), at_rest(), peak());
    let fetches = (0..FETCHES).map(|n| tokio::spawn(fetch(ua.clone(), n)));
    for fetch in fetches.collect::<Vec<_>>() {
        fetch.await.expect("its own answer");
    }
    assert_nothing_stays(&ua, before).await;
    let taken = (peak() - peak_before) << 10;
    println!("\nbytes of each {}", taken / FETCHES as u64);
}

/// Of three fetches, one is dropped: at one of its first steps, or after a while.
fn is_dropped(n: usize) -> bool {
    n.is_multiple_of(3)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by a test below, in a process of its own"]
async fn dropping_client_in_its_own_process() {
    let (ua, before) = (user_agent(), at_rest());
    let mut numbers = numbers();
    let fetches = (0..FETCHES).map(|n| {
        let is_dropped_by_step = is_dropped(n) && n.is_multiple_of(2);
        let steps = if is_dropped_by_step {
            numbers.next().unwrap_or_default() % 4
        } else {
            usize::MAX
        };
        tokio::spawn(looked_at(steps, fetch(ua.clone(), n)))
    });
    let fetches: Vec<_> = fetches.collect();
    for n in (0..FETCHES).filter(|n| is_dropped(*n) && n % 2 == 1) {
        fetches[n].abort();
        if n % 4 == 1 {
            // A few after a few, while their neighbours connect, ask and are answered.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let (mut answered, mut dropped) = (0, [0, 0]);
    for (n, fetch) in fetches.into_iter().enumerate() {
        if has_ended(fetch).await {
            answered += 1;
        } else {
            assert!(is_dropped(n), "{n} has no answer");
            dropped[n % 2] += 1;
        }
    }
    assert!(
        dropped.iter().all(|some| *some > 100),
        "{dropped:?} dropped"
    );
    // What the dropped have left behind is nobody's answer.
    let again = (FETCHES..FETCHES + 1_000).map(|n| tokio::spawn(fetch(ua.clone(), n)));
    for fetch in again.collect::<Vec<_>>() {
        fetch.await.expect("its own answer");
    }
    assert_nothing_stays(&ua, before).await;
    println!("\nanswered {answered}, dropped {dropped:?}");
}

/// Whether it got to its end; if not, it was dropped.
async fn has_ended(fetch: JoinHandle<Option<()>>) -> bool {
    match fetch.await {
        Ok(ended) => ended.is_some(),
        Err(error) => {
            assert!(error.is_cancelled(), "{error}");
            false
        }
    }
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

/// What that client prints about a server that waits for so many.
async fn printed_by(client: &str, awaited: usize) -> String {
    let granted = descriptors().await;
    assert!(
        granted >= DESCRIPTORS,
        "this system grants {granted} file descriptors, and {DESCRIPTORS} are needed: raise the hard limit"
    );
    let mut server = in_role("server_in_its_own_process");
    let server = server.env("VETCH_TEST_AWAITED", awaited.to_string());
    let mut server = server.stdout(Stdio::piped()).spawn().expect("a server");
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
    let mut client = in_role(client);
    let client = client.env("VETCH_TEST_ADDRESS", address).output();
    let output = tokio::time::timeout(MINUTES, client).await;
    let output = output.expect("within five minutes").expect("a client");
    server.kill().await.expect("ended");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(unix)]
#[tokio::test]
async fn ten_thousand_fetches_in_flight() {
    let printed = printed_by("client_in_its_own_process", FETCHES).await;
    let told = printed
        .lines()
        .find_map(|line| line.strip_prefix("bytes of each "));
    let bytes: u64 = told.expect(&printed).parse().expect("a number");
    println!("{bytes} bytes of memory for each fetch in flight");
    assert!(bytes < MOST_BYTES, "{bytes} bytes for each");
}

#[cfg(unix)]
#[tokio::test]
async fn a_third_of_ten_thousand_dropped_in_flight() {
    // No more than surely ask.
    let printed = printed_by("dropping_client_in_its_own_process", FETCHES / 2).await;
    let told = printed.lines().find(|line| line.starts_with("answered "));
    println!("{}", told.expect(&printed));
}
