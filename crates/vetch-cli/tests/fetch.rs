//! `vetch fetch`: the story, the body, the answer object and the exit status.

mod support;

use serde_json::Value;
use support::server::Server;
use support::{code, run, stderr, stdout};

/// Fetch from the server as `http://api.example`, and give the exit status with the story.
fn tell(server: &Server, arguments: &[&str]) -> (i32, String) {
    let resolve = server.resolve("api.example");
    let mut all = vec!["fetch", "--resolve", &resolve];
    all.extend(arguments);
    let output = run(&all);
    assert_eq!(stderr(&output), "");
    (code(&output), stdout(&output))
}

/// A header that is another in each run is left out, wherever it is named.
fn steady(story: &str) -> String {
    let lines = story.lines().filter(|line| !line.contains("Date: "));
    lines.collect::<Vec<_>>().join("\n").replace(", Date", "")
}

const PAGE: &str = "https://app.example/start";

#[test]
fn the_story_of_a_simple_request() {
    let (code, story) = tell(
        &Server::start(),
        &["http://api.example/headers", "--page", PAGE],
    );
    insta::assert_snapshot!("simple", steady(&story));
    assert_eq!(code, 0);
}

#[test]
fn the_story_of_a_preflighted_request() {
    let flags = [
        "http://api.example/echo",
        "--page",
        PAGE,
        "-X",
        "PUT",
        "-H",
        "X-Token: 1",
        "-d",
        "{}",
    ];
    let (code, story) = tell(&Server::start(), &flags);
    insta::assert_snapshot!("preflighted", steady(&story));
    assert_eq!(code, 0);
}

#[test]
fn the_story_of_a_refused_preflight() {
    let flags = [
        "http://api.example/stingy",
        "--page",
        PAGE,
        "-X",
        "DELETE",
        "-H",
        "X-A: 1",
        "-H",
        "X-B: 2",
    ];
    let (code, story) = tell(&Server::start(), &flags);
    insta::assert_snapshot!("refused_preflight", steady(&story));
    assert_eq!(code, 1);
}

#[test]
fn the_story_of_two_failures_whose_order_the_browsers_do_not_agree_on() {
    let flags = ["http://api.example/teapot", "--page", PAGE, "-X", "PUT"];
    let (code, story) = tell(&Server::start(), &flags);
    insta::assert_snapshot!("two_failures", steady(&story));
    assert_eq!(code, 1);
}

#[test]
fn the_story_of_a_request_with_credentials() {
    let flags = [
        "http://api.example/private",
        "--page",
        "http://app.api.example/",
        "--credentials",
        "include",
        "-b",
        "sid=secret",
    ];
    let server = Server::start();
    let (code, story) = tell(&server, &flags);
    insta::assert_snapshot!("credentials", steady(&story));
    assert_eq!(code, 0);
    assert!(!story.contains("secret"));
    assert_eq!(server.seen(), ["GET /private!"]);
    let (_, story) = tell(&server, &[&flags[..], &["-v"]].concat());
    assert!(story.contains("Cookie: sid=secret"), "{story}");
    assert!(story.contains("User-Agent: vetch/"), "{story}");
}

#[test]
fn the_story_of_an_opaque_response() {
    let flags = [
        "http://api.example/headers",
        "--page",
        PAGE,
        "--mode",
        "no-cors",
        "-H",
        "X-Token: 1",
    ];
    let (code, story) = tell(&Server::start(), &flags);
    insta::assert_snapshot!("opaque", steady(&story));
    assert_eq!(code, 0);
}

#[test]
fn the_story_of_a_redirected_request() {
    let server = Server::start();
    let (code, story) = tell(&server, &["http://api.example/moved", "--page", PAGE]);
    insta::assert_snapshot!("redirected", steady(&story));
    assert_eq!(code, 0);
    let flags = [
        "http://api.example/moved",
        "--page",
        PAGE,
        "-X",
        "PUT",
        "--profile",
        "w3c-2014",
    ];
    assert_eq!(tell(&server, &flags).0, 1);
}

#[test]
fn the_story_of_an_xhr() {
    let flags = [
        "http://api.example/private",
        "--origin",
        "null",
        "--xhr",
        "--upload-listeners",
        "--with-credentials",
    ];
    let (code, story) = tell(&Server::start(), &flags);
    insta::assert_snapshot!("xhr", steady(&story));
    assert_eq!(code, 0);
}

#[test]
fn the_network_fails() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = run(&[
        "fetch",
        &format!("http://{free}/"),
        "--origin",
        "https://app.example",
    ]);
    assert_eq!(code(&output), 3);
    let story = stdout(&output);
    assert!(
        story.contains("THE NETWORK FAILED: no connection"),
        "{story}"
    );
    assert!(
        story.contains("to mend it: check that the server runs"),
        "{story}"
    );
    let (code, story) = tell(
        &Server::start(),
        &[
            "http://api.example/slow",
            "--page",
            PAGE,
            "--timeout",
            "0.1",
        ],
    );
    assert_eq!(code, 3, "{story}");
}

#[test]
fn a_body_may_have_as_many_bytes_as_are_allowed() {
    let server = Server::start();
    let resolve = server.resolve("api.example");
    let fetch = |most: &str| {
        let url = "http://api.example/slow";
        let limit = ["--max-filesize", most, "--body"];
        run(&[
            &["fetch", url, "--page", PAGE, "--resolve", &resolve][..],
            &limit,
        ]
        .concat())
    };
    let output = fetch("4");
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "slow"));
    let output = fetch("3");
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    let said = stderr(&output);
    assert!(said.contains("more than 3 bytes"), "{said}");
    assert!(said.contains("--max-filesize"), "{said}");
}

#[test]
fn what_a_server_says_does_not_steer_the_terminal() {
    let (code, story) = tell(
        &Server::start(),
        &["http://api.example/escape", "--page", PAGE],
    );
    assert_eq!(code, 1);
    assert!(story.contains("\\u{9b}31m"), "{story}");
    assert!(
        !story
            .chars()
            .any(|character| character.is_control() && character != '\n')
    );
}

#[test]
fn colour_is_for_terminals_and_for_those_who_force_it() {
    let server = Server::start();
    let url = server.url("/headers");
    let colours = |name: &str, value: &str| {
        let output = support::vetch()
            .args(["fetch", &url, "--page", PAGE])
            .env(name, value)
            .output()
            .expect("the command starts");
        stdout(&output).contains('\u{1b}')
    };
    assert!(!colours("UNRELATED", "1"));
    assert!(colours("CLICOLOR_FORCE", "1"));
}

#[test]
fn the_body_goes_where_it_is_wanted() {
    let server = Server::start();
    let post = [
        "fetch",
        &server.url("/echo"),
        "--page",
        PAGE,
        "-d",
        "one",
        "-d",
        "two",
    ];
    let output = run(&[&post[..], &["--body"]].concat());
    assert_eq!(stdout(&output), "one&two");
    assert!(stderr(&output).contains("the page may read the response"));

    let output = run(&[&post[..], &["-i"]].concat());
    let written = stdout(&output);
    let (head, body) = written.split_once("\r\n\r\n").expect("head and body");
    assert_eq!(body, "one&two");
    assert!(head.starts_with("HTTP 200 OK\r\n"), "{head}");
    assert!(
        head.contains("x-content-type: text/plain;charset=UTF-8"),
        "{head}"
    );
    assert!(!head.contains("access-control-allow-origin"), "{head}");

    let file = std::env::temp_dir().join(format!("vetch-body-{}", std::process::id()));
    let path = file.to_str().expect("UTF-8");
    let output = run(&[&post[..], &["-o", path]].concat());
    assert_eq!(std::fs::read(&file).expect("the body"), b"one&two");
    assert!(stdout(&output).contains("body: 7 bytes"));
    // It is also a file that -d reads.
    let from = format!("@{path}");
    let output = run(&[
        "fetch",
        &server.url("/echo"),
        "--page",
        PAGE,
        "--body",
        "-d",
        &from,
    ]);
    assert_eq!(stdout(&output), "one&two");
    let output = run(&[
        "fetch",
        &server.url("/echo"),
        "--page",
        PAGE,
        "--body",
        "--data-raw",
        &from,
    ]);
    assert_eq!(stdout(&output), from);
    std::fs::remove_file(&file).expect("it is there");

    // As curl has it, - is stdout; an object and a body do not both fit there.
    let output = run(&[&post[..], &["-o", "-"]].concat());
    assert_eq!(stdout(&output), "one&two");
    let output = run(&[&post[..], &["-o", "-", "--json"]].concat());
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).contains(r#""invalid":{"field":"-o""#));

    // Of what the page may not read, nothing is written.
    let output = run(&["fetch", &server.url("/"), "--page", PAGE, "--body"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (1, ""));
    assert!(stderr(&output).contains("BLOCKED: "));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let server = Server::start();
    let fetch = |flag: &str, full: bool| {
        let mut command = support::vetch();
        command.args(["fetch", &server.url("/echo"), "--page", PAGE, flag]);
        command.args(["-X", "POST", "-d", "x"]);
        if full {
            let device = std::fs::File::options().write(true).open("/dev/full");
            command.stdout(device.expect("it is there"));
        } else {
            // A pipe that nobody reads: no failure.
            let (reader, writer) = std::io::pipe().expect("a pipe");
            drop(reader);
            command.stdout(writer);
        }
        let output = command
            .stderr(std::process::Stdio::piped())
            .output()
            .expect("it starts");
        (code(&output), stderr(&output))
    };
    for flag in ["-v", "--json", "--body"] {
        let (code, said) = fetch(flag, true);
        assert_eq!(code, 3, "{flag}: {said}");
        assert!(said.contains("vetch: stdout cannot be written"), "{said}");
        let (code, said) = fetch(flag, false);
        assert_eq!(code, 0, "{flag}: {said}");
        assert!(!said.contains("cannot be written"), "{said}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_sent() {
    let server = Server::start();
    let url = server.url("/echo");
    let post = ["fetch", &url, "--page", PAGE, "-X", "POST", "-d", "x"];
    for wrong in ["/nowhere/at/all", "/"] {
        let output = run(&[&post[..], &["-o", wrong]].concat());
        assert_eq!(code(&output), 2);
        let told = format!("vetch: -o: the file {wrong} cannot be written (");
        assert!(stderr(&output).starts_with(&told), "{}", stderr(&output));
        let output = run(&[&post[..], &["-o", wrong, "--json"]].concat());
        assert_eq!(code(&output), 2);
        assert!(stdout(&output).contains(r#""invalid":{"field":"-o""#));
    }
    assert_eq!(server.seen(), [""; 0]);
}

#[test]
fn a_file_keeps_what_it_has_until_there_is_a_response() {
    let server = Server::start();
    let file = std::env::temp_dir().join(format!("vetch-kept-{}", std::process::id()));
    let path = file.to_str().expect("UTF-8");
    let fetch = |from: &str, flags: &[&str]| {
        let url = server.url(from);
        code(&run(
            &[&["fetch", &url, "--page", PAGE, "-o", path], flags].concat()
        ))
    };
    for flags in [&[][..], &["--json"]] {
        assert_eq!(fetch("/", flags), 1, "it is blocked");
        assert!(!file.exists(), "{flags:?}");
        std::fs::write(&file, "what was there").expect("it is written");
        assert_eq!(fetch("/", flags), 1);
        assert_eq!(std::fs::read(&file).expect("it is kept"), b"what was there");
        assert_eq!(fetch("/slow", flags), 0);
        assert_eq!(std::fs::read(&file).expect("it is there"), b"slow");
        std::fs::remove_file(&file).expect("it is there");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_body_that_cannot_be_written_is_told_after_the_story() {
    let server = Server::start();
    let url = server.url("/slow");
    let fetch = ["fetch", &url, "--page", PAGE, "-o", "/dev/full"];
    for (flag, told) in [
        ("-v", "the page may read the response"),
        ("--json", r#""status":200"#),
    ] {
        let output = run(&[&fetch[..], &[flag]].concat());
        assert_eq!(code(&output), 3, "{flag}");
        assert!(stdout(&output).contains(told), "{}", stdout(&output));
        let said = stderr(&output);
        assert!(
            said.starts_with("vetch: the file /dev/full cannot be written ("),
            "{said}"
        );
    }
}

#[test]
fn json_is_the_answer_of_a_session_without_its_id() {
    let server = Server::start();
    let answer = |arguments: &[&str]| {
        let output = run(&[&["fetch", "--json", "--page", PAGE], arguments].concat());
        let answer: Value = serde_json::from_str(&stdout(&output)).expect("one object");
        assert!(answer.get("id").is_none());
        (code(&output), answer)
    };
    let (code, seen) = answer(&[&server.url("/headers")]);
    assert_eq!(code, 0);
    let members: Vec<&String> = seen.as_object().unwrap().keys().collect();
    assert_eq!(members, ["exchanges", "remarks", "response"]);
    assert_eq!(seen["response"]["body"]["base64"], "/wA=");
    let (code, blocked) = answer(&[&server.url("/")]);
    assert_eq!(code, 1);
    assert_eq!(blocked["error"]["kind"], "blocked");
    let (code, invalid) = answer(&[&server.url("/"), "-X", "TRACE"]);
    assert_eq!(code, 2);
    assert_eq!(invalid["invalid"]["field"], "method");
}
