//! The referee: a real Chromium opens the same pages, and tells what its harness reports.

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};

use crate::places::Places;
use crate::trouble::Trouble;
use crate::verdict::Report;

const COMMAND: &str = "chromium";

/// No traffic of its own, no questions, and certificates that nobody has to know.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-popup-blocking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--ignore-certificate-errors",
    "--lang=en-US",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate",
];

const CONTROL: &str = include_str!("chromium/control.html");

/// A page may take a minute by itself; a browser that says nothing for longer is stuck.
const PATIENCE: Duration = Duration::from_secs(150);

/// A page to open.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Wanted {
    pub(crate) path: String,
    pub(crate) url: String,
}

/// What a page's harness reported; nothing where it did not.
#[derive(Debug, Deserialize)]
struct Reported {
    path: String,
    report: Option<Report>,
}

/// The browser while it runs.
struct Running {
    child: Child,
    profile: PathBuf,
}

impl Running {
    /// Ends the browser and takes its profile away, which its helpers may go on writing to for a moment.
    async fn close(mut self) {
        // Already gone is as good.
        let _gone = self.child.kill().await;
        for _ in 0..20 {
            if fs::remove_dir_all(&self.profile).is_ok() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone is as good, and a throw-away profile that stays does no harm.
        let _gone = self.child.start_kill();
        let _left = fs::remove_dir_all(&self.profile);
    }
}

/// What the control page talks to.
struct Control {
    wanted: Mutex<Vec<Wanted>>,
    reports: UnboundedSender<Reported>,
}

/// What it calls its version.
pub(crate) async fn version() -> Result<String, Trouble> {
    let output = Command::new(COMMAND)
        .arg("--version")
        .output()
        .await
        .map_err(|error| missing(&error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    number
        .map(str::to_owned)
        .ok_or_else(|| Trouble::Browser(format!("`{COMMAND} --version` names no version: {text}")))
}

/// Opens the pages one after the other, in one fresh profile.
pub(crate) async fn run(mut pages: Vec<Wanted>) -> Result<BTreeMap<String, Report>, Trouble> {
    let count = pages.len();
    pages.reverse();
    let (reports, receiver) = unbounded_channel();
    let control = Arc::new(Control {
        wanted: Mutex::new(pages),
        reports,
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(Trouble::io("the control server"))?;
    let address = listener
        .local_addr()
        .map_err(Trouble::io("the control server"))?;
    let server = tokio::spawn(serve(listener, control));
    let running = open(&format!("http://{address}/"))?;
    let collected = collect(receiver, count).await;
    running.close().await;
    server.abort();
    collected
}

async fn collect(
    mut receiver: UnboundedReceiver<Reported>,
    count: usize,
) -> Result<BTreeMap<String, Report>, Trouble> {
    let mut reports = BTreeMap::new();
    for done in 0..count {
        let next = timeout(PATIENCE, receiver.recv()).await;
        let Ok(Some(Reported { path, report })) = next else {
            return Err(Trouble::Browser(format!(
                "{COMMAND} stopped answering after {done} of {count} pages"
            )));
        };
        if let Some(report) = report {
            reports.insert(path, report);
        }
    }
    Ok(reports)
}

fn open(url: &str) -> Result<Running, Trouble> {
    let profile = std::env::temp_dir().join(format!("vetch-wpt-chromium-{}", std::process::id()));
    // Of a run that was ended hard.
    let _left = fs::remove_dir_all(&profile);
    fs::create_dir_all(&profile).map_err(Trouble::io(profile.display().to_string()))?;
    let child = Command::new(COMMAND)
        .args(SWITCHES)
        .arg(resolver_rules())
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url)
        .env("HOME", &profile)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| missing(&error))?;
    Ok(Running { child, profile })
}

/// The hosts of the tests' server, and no other, as in vetch.
fn resolver_rules() -> String {
    let hosts = Places::hosts().into_iter();
    let known: Vec<String> = hosts
        .map(|host| format!("MAP {host} 127.0.0.1, MAP {host}. 127.0.0.1"))
        .collect();
    let known = known.join(", ");
    format!("--host-resolver-rules={known}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
}

fn missing(error: &std::io::Error) -> Trouble {
    Trouble::Browser(format!(
        "`{COMMAND}` cannot be started ({error}): apt-get install chromium"
    ))
}

async fn serve(listener: TcpListener, control: Arc<Control>) {
    while let Ok((stream, _)) = listener.accept().await {
        let control = Arc::clone(&control);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &control));
            // A connection that breaks is the browser's to open anew.
            let _broken = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    control: &Control,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await?.to_bytes();
    let (content_type, text) = match path.as_str() {
        "/" => ("text/html", CONTROL.to_owned()),
        "/next" => {
            let next = control
                .wanted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            ("application/json", serde_json::json!(next).to_string())
        }
        "/report" => {
            if let Ok(reported) = serde_json::from_slice(&body) {
                // Nobody listens any more when the run is over.
                let _over = control.reports.send(reported);
            }
            ("application/json", "null".to_owned())
        }
        _ => ("text/plain", String::new()),
    };
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(
        "content-type",
        hyper::header::HeaderValue::from_static(content_type),
    );
    Ok(response)
}
