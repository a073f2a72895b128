//! The command against servers that speak TLS: `--cacert`, `SSL_CERT_FILE`, `--insecure`, `--resolve`, and a session.
//!
//! Nobody trusts these servers unless told to, so the system's certificates stand for "not told".

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use support::{code, stderr, stdout};
use vetch_tests::{Answer, Internet, Seen, ServerCertificate, answer};

const API: &str = "https://api.example";
const OTHER: &str = "https://other.example";

/// Lets everyone PUT and read; `/moved` leads to the other host, `/closed` is for nobody.
fn open(seen: &Seen) -> Answer {
    let allow = ("access-control-allow-origin", "*");
    match (seen.method(), seen.target()) {
        ("OPTIONS", _) => {
            let methods = ("access-control-allow-methods", "PUT");
            answer(
                "204 No Content",
                &[allow, methods, ("access-control-max-age", "60")],
                "",
            )
        }
        (_, "/moved") => answer("302 Found", &[allow, ("location", OTHER)], ""),
        (_, "/closed") => answer("200 OK", &[], ""),
        _ => answer("200 OK", &[allow], "hello"),
    }
}

/// Servers, and a file with their authority's certificate.
struct Secure {
    internet: Internet,
    authority: PathBuf,
}

impl Secure {
    async fn start(test: &str) -> Self {
        let internet = Internet::start(&[API, OTHER], open).await;
        let pem = internet.authority().pem().to_owned();
        Self::of(internet, test, &pem)
    }

    fn of(internet: Internet, test: &str, pem: &str) -> Self {
        let authority = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.pem"));
        std::fs::write(&authority, pem).expect("written");
        Self {
            internet,
            authority,
        }
    }

    fn cacert(&self) -> String {
        format!("--cacert={}", self.authority.display())
    }

    /// `vetch fetch` of that path, by a page that has another origin.
    fn fetch(&self, path: &str, flags: &[&str]) -> Output {
        self.command("fetch")
            .args([
                &format!("{API}{path}"),
                "--origin",
                "https://app.example",
                "--json",
            ])
            .args(flags)
            .output()
            .expect("the command starts")
    }

    fn command(&self, verb: &str) -> std::process::Command {
        let mut command = support::vetch();
        command
            .args([verb, "--timeout", "10"])
            .args(self.internet.resolve_flags())
            .env_remove("SSL_CERT_DIR");
        command
    }
}

fn object(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cacert_is_trusted_for_every_hop() {
    let secure = Secure::start("cacert").await;
    let output = secure.fetch("/moved", &[&secure.cacert()]);
    let object = object(&output);
    assert_eq!(object["response"]["url"], format!("{OTHER}/"));
    assert_eq!(object["response"]["body"]["text"], "hello");
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
    let output = secure.fetch("/items", &[&secure.cacert(), "-X", "PUT"]);
    assert_eq!(code(&output), 0);
    assert_eq!(
        secure.internet.asked(),
        [
            "GET https://api.example/moved",
            "GET https://other.example/",
            "OPTIONS https://api.example/items",
            "PUT https://api.example/items",
        ]
    );
    assert_eq!(
        secure.internet.seen()[2].cors(),
        "Access-Control-Request-Method: PUT\r\nOrigin: https://app.example\r\n"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ssl_cert_file_is_trusted_as_well() {
    let secure = Secure::start("ssl_cert_file").await;
    let output = secure
        .command("fetch")
        .args([API, "--origin", "https://app.example", "--body"])
        .env("SSL_CERT_FILE", &secure.authority)
        .output()
        .expect("the command starts");
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "hello"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_signed_by_its_own_key_is_trusted_as_curl_trusts_it() {
    let mut certificate = Some(ServerCertificate::self_signed("api.example", |_| {}));
    let pem = certificate.as_ref().expect("one").pem().to_owned();
    let certificates = |_: &str| certificate.take().expect("one server");
    let internet = Internet::with_certificates(&[API], certificates, open).await;
    let secure = Secure::of(internet, "self_signed", &pem);
    assert_eq!(code(&secure.fetch("/", &[])), 3);
    assert_eq!(code(&secure.fetch("/", &[&secure.cacert()])), 0);
    let mut command = secure.command("fetch");
    let output = command
        .args([API, "--origin", "https://app.example"])
        .env("SSL_CERT_FILE", &secure.authority)
        .output();
    assert_eq!(code(&output.expect("the command starts")), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_authority_is_a_failure_of_the_network_unless_it_does_not_matter() {
    let secure = Secure::start("unknown").await;
    let output = secure.fetch("/", &[]);
    let error = &object(&output)["error"];
    assert_eq!(
        (&error["code"], &error["kind"]),
        (&json!("tls-failed"), &json!("transport"))
    );
    assert_eq!(code(&output), 3);
    assert_eq!(secure.internet.asked(), [""; 0]);
    assert_eq!(code(&secure.fetch("/", &["--insecure"])), 0);
    assert_eq!(secure.internet.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_rules_block_exits_with_1_over_tls_too() {
    let secure = Secure::start("blocked").await;
    let output = secure.fetch("/closed", &[&secure.cacert()]);
    assert_eq!(
        object(&output)["error"]["code"],
        "missing-allow-origin-header"
    );
    assert_eq!(code(&output), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_keeps_its_answers_until_time_goes_by() {
    let secure = Secure::start("session").await;
    let mut child = secure
        .command("session")
        .arg(secure.cacert())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut input = child.stdin.take().expect("stdin");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let put = json!({"id": 1, "op": "fetch", "request": {
        "url": format!("{API}/items"), "origin": "https://app.example", "method": "PUT",
    }});
    for (line, exchanges) in [
        (put.clone(), Some(2)),
        (put.clone(), Some(1)),
        (json!({"id": 1, "op": "advance", "ms": 61_000}), None),
        (put, Some(2)),
    ] {
        writeln!(input, "{line}").expect("the session reads");
        let answer = lines.next().expect("an answer").expect("UTF-8");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(
            answer["exchanges"].as_array().map(Vec::len),
            exchanges,
            "{answer}"
        );
    }
    drop(input);
    let output = child.wait_with_output().expect("the session ends");
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
}
