//! A session at the other end of a pipe, and how to read its answers.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

pub(crate) struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(flags: &[&str]) -> Self {
        let mut child = crate::support::vetch()
            .arg("session")
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let output = BufReader::new(child.stdout.take().expect("stdout"));
        Self {
            input: child.stdin.take(),
            child,
            output,
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("stdin is open");
        input.write_all(bytes).expect("the session reads");
    }

    pub(crate) fn send(&mut self, line: &Value) {
        self.write(format!("{line}\n").as_bytes());
    }

    /// The next line as it was written.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .expect("the session writes");
        line
    }

    pub(crate) fn receive(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?} is not JSON: {error}"))
    }

    pub(crate) fn ask(&mut self, line: &Value) -> Value {
        self.send(line);
        self.receive()
    }

    pub(crate) fn fetch(&mut self, request: &Value) -> Value {
        let answer = self.ask(&json!({"id": 1, "op": "fetch", "request": request}));
        assert_eq!(answer["id"], 1);
        answer
    }

    /// The member and the message of an invalid request.
    pub(crate) fn invalid(&mut self, request: &Value) -> (String, String) {
        let answer = self.fetch(request);
        let text = |name: &str| {
            answer["invalid"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        (text("field"), text("message"))
    }

    /// Go away as a reader while the input stays open and one more question is in it; how the session ended.
    pub(crate) fn stop_reading(self) -> (Option<i32>, String) {
        let Self {
            mut child,
            input,
            output,
        } = self;
        drop(output);
        let mut input = input.expect("stdin is open");
        // The first may fill the pipe's buffer or fail; nothing is said either way.
        let _ = input.write_all(b"{\"id\":2,\"op\":\"stats\"}\n");
        let status = child.wait().expect("it ends although stdin is open");
        let mut stderr = String::new();
        let mut said = child.stderr.take().expect("stderr");
        said.read_to_string(&mut stderr).expect("UTF-8");
        (status.code(), stderr)
    }

    /// Close the input, and read what is still to come.
    pub(crate) fn finish(mut self) -> (Vec<Value>, i32, String) {
        drop(self.input.take());
        let rest = (&mut self.output)
            .lines()
            .map(|line| serde_json::from_str(&line.expect("UTF-8")).expect("JSON"))
            .collect();
        let output = self.child.wait_with_output().expect("the session ends");
        let code = output.status.code().expect("it ends by itself");
        (rest, code, String::from_utf8(output.stderr).expect("UTF-8"))
    }
}

pub(crate) fn page(url: &str) -> Value {
    json!({"url": url, "origin": "https://app.example"})
}

pub(crate) fn with(mut request: Value, member: &str, value: Value) -> Value {
    request[member] = value;
    request
}

pub(crate) fn methods(answer: &Value) -> Vec<&str> {
    let exchanges = answer["exchanges"].as_array().expect("exchanges");
    exchanges
        .iter()
        .map(|exchange| exchange["method"].as_str().expect("a method"))
        .collect()
}

pub(crate) fn header<'a>(headers: &'a Value, name: &str) -> Option<&'a str> {
    headers
        .as_array()?
        .iter()
        .find_map(|pair| (pair[0] == name).then(|| pair[1].as_str())?)
}
