//! `vetch session` as the page's stand-in: one JSON object a line, one answer a line.
//! In: the steps of a plan. Out: outcomes in the words of a recording.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::Trouble;
use crate::certificates::Certificates;
use crate::places::Places;
use crate::roles::Role;
use crate::scenario::{Body, Frame, RequestDescription, Scenario};

/// A step that takes longer has hung; a browser's page waits as long.
const STEP_LIMIT: Duration = Duration::from_secs(10);

/// A running engine.
#[derive(Debug)]
pub struct Session {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    authority: PathBuf,
    last_id: u64,
}

impl Drop for Session {
    fn drop(&mut self) {
        // A left-over certificate of a throw-away authority does no harm.
        let _left = std::fs::remove_file(&self.authority);
    }
}

impl Session {
    /// Starts `vetch session` with that profile; `program` is the command, or `None` for the workspace's own.
    pub fn start(
        program: Option<&Path>,
        profile: &str,
        world: (&Places, &Certificates),
    ) -> Result<Self, Trouble> {
        let (places, certificates) = world;
        // A port is taken once: sessions of one process do not share the file.
        let own = places.host(Role::SAME).replace(':', "-");
        let authority =
            std::env::temp_dir().join(format!("vetch-authority-{}-{own}.pem", std::process::id()));
        std::fs::write(&authority, &certificates.authority_pem)
            .map_err(Trouble::io(authority.display().to_string()))?;
        let mut command = engine(program);
        command
            .args(["session", "--profile", profile, "--cacert"])
            .arg(&authority);
        for role in Role::all() {
            let host = places.host(role);
            command.arg("--resolve").arg(format!("{host}:127.0.0.1"));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Trouble::io("`vetch session`"))?;
        let ended = || Trouble::Browser("`vetch session` has no input or output".into());
        let input = child.stdin.take().ok_or_else(ended)?;
        let output = child.stdout.take().ok_or_else(ended)?;
        Ok(Self {
            _child: child,
            input,
            output: BufReader::new(output).lines(),
            authority,
            last_id: 0,
        })
    }

    /// Forgets what one scenario could leave to the next.
    pub async fn forget(&mut self) -> Result<(), Trouble> {
        let what = ["preflight-cache", "cookies", "http-cache", "hsts", "auth"];
        self.ask(json!({ "op": "clear", "what": what }))
            .await
            .map(drop)
    }

    /// A cookie that a top-level visit left.
    pub async fn plant(&mut self, url: &str, value: &str) -> Result<(), Trouble> {
        self.ask(json!({ "op": "set-cookie", "url": url, "value": value }))
            .await
            .map(drop)
    }

    /// Lets time pass.
    pub async fn advance(&mut self, ms: u64) -> Result<(), Trouble> {
        self.ask(json!({ "op": "advance", "ms": ms }))
            .await
            .map(drop)
    }

    /// One request and its outcome.
    pub async fn fetch(&mut self, request: Value, patience: Patience) -> Result<Value, Trouble> {
        let answer = timeout(
            patience.limit,
            self.ask(json!({ "op": "fetch", "request": request })),
        )
        .await;
        answer.map_or_else(|_| Ok(patience.end), |answer| answer.map(outcome))
    }

    async fn ask(&mut self, mut question: Value) -> Result<Value, Trouble> {
        self.last_id += 1;
        question["id"] = self.last_id.into();
        let line = format!("{question}\n");
        let lost = Trouble::io("`vetch session`");
        self.input.write_all(line.as_bytes()).await.map_err(lost)?;
        loop {
            let line = self
                .output
                .next_line()
                .await
                .map_err(Trouble::io("`vetch session`"))?;
            let line = line.ok_or_else(|| Trouble::Browser("`vetch session` ended".into()))?;
            let answer: Value = serde_json::from_str(&line).unwrap_or_default();
            // The late answer to a step that was given up is passed over.
            if answer["id"] == self.last_id {
                return Ok(answer);
            }
        }
    }
}

/// How long the page waits for an outcome, and what it gets when none comes.
#[derive(Debug)]
pub struct Patience {
    limit: Duration,
    end: Value,
}

impl Patience {
    /// As the step says: a script that gives up gets an error, and so does an XMLHttpRequest whose `timeout` is over.
    pub fn of(request: &RequestDescription) -> Self {
        let given_up = [
            (request.abort_after_ms, "aborted"),
            (request.timeout_ms, "timed-out"),
        ];
        let said = given_up
            .into_iter()
            .filter_map(|(after, code)| Some((after?, code)));
        said.min().map_or_else(Self::whole, |(after, code)| Self {
            limit: Duration::from_millis(after),
            end: json!({ "error": code }),
        })
    }

    /// Until it must have hung.
    pub fn whole() -> Self {
        Self {
            limit: STEP_LIMIT,
            end: json!({ "timeout": true }),
        }
    }
}

fn engine(program: Option<&Path>) -> Command {
    if let Some(path) = program {
        return Command::new(path);
    }
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--package", "vetch-cli", "--"]);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    command
}

/// A session's answer in the words of a recording.
fn outcome(mut answer: Value) -> Value {
    let timing = answer.get("timingAllowPassed").cloned();
    if let Some(response) = answer.get_mut("response") {
        if let Some(timing) = timing {
            response["timingAllowPassed"] = timing;
        }
        if response.get("body").is_none_or(Value::is_null) {
            response["body"] = json!({ "text": "" });
        }
        return json!({ "response": response });
    }
    if let Some(error) = answer.get("error") {
        return json!({ "error": error["code"], "message": error["message"] });
    }
    if let Some(invalid) = answer.get("invalid") {
        return json!({ "invalid": invalid["field"], "message": invalid["message"] });
    }
    json!({ "broken": answer })
}

/// A step's request with what the page adds: who asks, and what the browser's own bindings make of the members.
pub fn request(
    scenario: &Scenario,
    page: &str,
    request: &RequestDescription,
    (places, bindings): (&Places, Bindings),
) -> Value {
    let mut value = json!(request);
    // Of no consequence to the request: they come too late for it, or only look at what came.
    if let Some(members) = value.as_object_mut() {
        for name in ["lateUploadListeners", "abortAfterMs", "timeoutMs"] {
            members.remove(name);
        }
    }
    if bindings.duplex == Duplex::Unknown {
        value
            .as_object_mut()
            .map(|members| members.remove("duplex"));
    }
    if let (Some(Body::Stream(_)), Streams::Text) = (&request.body, bindings.streams) {
        value["body"] = json!({ "text": "[object ReadableStream]" });
    }
    value["origin"] = match scenario.frame {
        None => places.origin(scenario.page).into(),
        Some(_) => "null".into(),
    };
    if scenario.frame != Some(Frame::Data) {
        value["clientUrl"] = page.into();
    }
    value["clientHeaders"] = json!(scenario.page_headers);
    let top = places.origin(scenario.top.unwrap_or(scenario.page));
    value["topLevelSite"] = top.into();
    match &request.body {
        Some(Body::Repeat(character, times)) => {
            value["body"] = json!({ "text": character.to_string().repeat(*times) });
        }
        Some(Body::Form(parts)) => {
            value["body"] = json!({ "text": multipart(parts) });
            value["bodyType"] = format!("multipart/form-data; boundary={BOUNDARY}").into();
        }
        _ => {}
    }
    if let Some(Some(blob_type)) = &request.body_type {
        value["bodyType"] = blob_type_of(blob_type).into();
    }
    value
}

/// What a browser's JavaScript bindings know, before any fetch.
#[derive(Debug, Clone, Copy)]
pub struct Bindings {
    /// What a `ReadableStream` as body is.
    pub streams: Streams,
    /// Whether `RequestInit` has the member `duplex`; bindings pass over members that they do not have.
    pub duplex: Duplex,
}

/// What a `ReadableStream` as body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streams {
    /// A body.
    Stream,
    /// An object like any other, and so text.
    Text,
}

/// Whether `RequestInit` has the member `duplex`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplex {
    /// It has.
    Known,
    /// It has not.
    Unknown,
}

impl Bindings {
    /// Those of the Standard's IDL.
    pub const STANDARD: Self = Self {
        streams: Streams::Stream,
        duplex: Duplex::Known,
    };

    /// A browser's, as recorded, by the profile that stands for it.
    pub fn of(profile: &str) -> Self {
        match profile {
            "firefox" => Self {
                streams: Streams::Text,
                duplex: Duplex::Unknown,
            },
            "webkit" => Self {
                streams: Streams::Stream,
                duplex: Duplex::Unknown,
            },
            _ => Self::STANDARD,
        }
    }
}

/// What `new Blob` makes of a type; that of `URLSearchParams` stays as it is.
fn blob_type_of(written: &str) -> String {
    if written == "application/x-www-form-urlencoded;charset=UTF-8" {
        return written.into();
    }
    if written.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return written.to_ascii_lowercase();
    }
    String::new()
}

const BOUNDARY: &str = "----vetch-form-boundary";

/// As browsers write it: CR, LF and quotes in a name are escaped.
fn multipart(parts: &[(String, String)]) -> String {
    let part = |(name, value): &(String, String)| {
        let name = name.replace('\n', "%0D%0A").replace('"', "%22");
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let parts: String = parts.iter().map(part).collect();
    format!("{parts}--{BOUNDARY}--\r\n")
}
