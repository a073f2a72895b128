//! `vetch session` over a pipe, as other programs drive it.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};
use support::server::Server;

struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn start() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[&str]) -> Self {
        let mut child = support::vetch()
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

    fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("stdin is open");
        input.write_all(bytes).expect("the session reads");
    }

    fn send(&mut self, line: &Value) {
        self.write(format!("{line}\n").as_bytes());
    }

    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .expect("the session writes");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?} is not JSON: {error}"))
    }

    fn ask(&mut self, line: &Value) -> Value {
        self.send(line);
        self.receive()
    }

    fn fetch(&mut self, request: &Value) -> Value {
        let answer = self.ask(&json!({"id": 1, "op": "fetch", "request": request}));
        assert_eq!(answer["id"], 1);
        answer
    }

    /// The member and the message of an invalid request.
    fn invalid(&mut self, request: &Value) -> (String, String) {
        let answer = self.fetch(request);
        let text = |name: &str| {
            answer["invalid"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        (text("field"), text("message"))
    }

    /// Close the input, and read what is still to come.
    fn finish(mut self) -> (Vec<Value>, i32, String) {
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

fn page(url: &str) -> Value {
    json!({"url": url, "origin": "https://app.example"})
}

fn with(mut request: Value, member: &str, value: Value) -> Value {
    request[member] = value;
    request
}

fn methods(answer: &Value) -> Vec<&str> {
    let exchanges = answer["exchanges"].as_array().expect("exchanges");
    exchanges
        .iter()
        .map(|exchange| exchange["method"].as_str().expect("a method"))
        .collect()
}

fn header<'a>(headers: &'a Value, name: &str) -> Option<&'a str> {
    headers
        .as_array()?
        .iter()
        .find_map(|pair| (pair[0] == name).then(|| pair[1].as_str())?)
}

#[test]
fn each_answer_carries_the_id_of_its_line_as_it_was_written() {
    let mut session = Session::start();
    for id in [
        "7",
        "\"seven\"",
        "{\"a\": [1.50]}",
        "null",
        "12345678901234567890123",
    ] {
        session.write(format!("{{\"id\":{id},\"op\":\"stats\"}}\n").as_bytes());
        let mut line = String::new();
        session.output.read_line(&mut line).unwrap();
        assert!(
            line.starts_with(&format!("{{\"id\":{id},\"ok\":true")),
            "{line}"
        );
    }
    let answer = session.ask(&json!({"op": "stats"}));
    assert_eq!(answer["id"], Value::Null);
    assert!(answer.as_object().unwrap().contains_key("id"));
}

#[test]
fn a_malformed_line_is_told_and_the_session_goes_on() {
    let mut session = Session::start();
    let lines: [(&[u8], &str, &str); 9] = [
        (b"not json", "line", "not JSON"),
        (b"", "line", "not JSON"),
        (b"{\"id\":1,", "line", "not JSON"),
        (b"[1,2]", "line", "not a JSON object"),
        (b"\"op\"", "line", "not a JSON object"),
        (
            b"{\"id\":1,\"op\":\"\xff\"}",
            "line",
            "not UTF-8, from byte 14",
        ),
        (b"{\"id\":9}", "op", "must be one of fetch, set-cookie"),
        (b"{\"id\":9,\"op\":5}", "op", "must be one of"),
        (b"{\"id\":9,\"op\":\"fetsh\"}", "op", "do you mean fetch?"),
    ];
    for (line, field, message) in lines {
        session.write(line);
        session.write(b"\n");
        let answer = session.receive();
        assert_eq!(answer["invalid"]["field"], field, "{answer}");
        assert!(
            answer["invalid"]["message"]
                .as_str()
                .unwrap()
                .contains(message),
            "{answer}"
        );
        let id = if field == "op" { json!(9) } else { Value::Null };
        assert_eq!(answer["id"], id, "{answer}");
    }
    assert_eq!(session.ask(&json!({"id": 10, "op": "stats"}))["ok"], true);
    assert_eq!(session.finish(), (Vec::new(), 0, String::new()));
}

#[test]
fn a_line_may_be_long_but_not_endless() {
    let mut session = Session::start();
    let mut line = vec![b'x'; 64 * 1024 * 1024 + 1];
    line.push(b'\n');
    session.write(&line);
    let answer = session.receive();
    assert_eq!(answer["invalid"]["field"], "line");
    assert_eq!(
        answer["invalid"]["message"],
        "the line has more than 67108864 bytes"
    );
    // A megabyte is nothing.
    let text = "y".repeat(1 << 20);
    let server = Server::start();
    let request = with(page(&server.url("/echo")), "body", json!({"text": text}));
    let answer = session.fetch(&with(request, "method", json!("POST")));
    assert_eq!(answer["response"]["body"]["text"], text);
}

#[test]
fn a_response_is_what_the_page_sees_and_the_exchanges_are_what_went_over_the_wire() {
    let server = Server::start();
    let mut session = Session::start();
    let request = with(
        page(&server.url("/headers#part")),
        "headers",
        json!([["X-Sent", "\u{e9}"]]),
    );
    let answer = session.fetch(&with(request, "mode", json!("cors")));
    // The server answers no preflight there.
    assert_eq!(
        answer["error"]["code"], "header-disallowed-by-preflight-response",
        "{answer}"
    );

    let answer = session.fetch(&page(&server.url("/headers#part")));
    let response = &answer["response"];
    assert_eq!(response["type"], "cors");
    assert_eq!(response["url"], server.url("/headers"));
    assert_eq!(response["redirected"], false);
    assert_eq!(response["status"], 200);
    assert_eq!(response["statusText"], "OK");
    assert_eq!(response["body"], json!({"base64": "/wA="}));
    let mut headers = response["headers"].as_array().unwrap().clone();
    headers.retain(|pair| pair[0] != "date");
    assert_eq!(
        headers,
        [
            json!(["access-control-allow-origin", "*"]),
            json!(["access-control-expose-headers", "*"]),
            json!(["content-length", "2"]),
            json!(["x-a", "caf\u{e9}"]),
            json!(["x-b", "2, 1"]),
        ]
    );
    let exchange = &answer["exchanges"][0];
    assert_eq!(exchange["kind"], "request");
    assert_eq!(exchange["method"], "GET");
    assert_eq!(exchange["url"], server.url("/headers"));
    assert_eq!(exchange["status"], 200);
    assert_eq!(
        header(&exchange["requestHeaders"], "origin"),
        Some("https://app.example")
    );
    // Lines of one name stay lines, in their order.
    let lines = exchange["responseHeaders"].as_array().unwrap().iter();
    let repeated: Vec<&Value> = lines
        .filter(|pair| pair[0] == "x-b")
        .map(|pair| &pair[1])
        .collect();
    assert_eq!(repeated, ["2", "1"]);
    assert_eq!(answer["remarks"], json!([]));
}

#[test]
fn header_values_are_bytes() {
    let server = Server::start();
    let mut session = Session::start();
    let request = with(
        page(&server.url("/echo")),
        "headers",
        json!([["Content-Type", "text/\u{e9}"]]),
    );
    let request = with(
        with(request, "method", json!("POST")),
        "body",
        json!({"base64": "aGk"}),
    );
    let answer = session.fetch(&request);
    assert_eq!(
        header(&answer["response"]["headers"], "x-content-type"),
        Some("text/\u{e9}"),
        "{answer}"
    );
    assert_eq!(answer["response"]["body"]["text"], "hi");
}

#[test]
fn the_preflight_cache_answers_until_it_is_cleared_or_time_goes_by() {
    let server = Server::start();
    let mut session = Session::start();
    let put = with(page(&server.url("/echo")), "method", json!("PUT"));
    assert_eq!(methods(&session.fetch(&put)), ["OPTIONS", "PUT"]);
    assert_eq!(methods(&session.fetch(&put)), ["PUT"]);
    let stats = session.ask(&json!({"id": 2, "op": "stats"}));
    let cache = &stats["preflightCache"];
    assert_eq!(
        (&cache["hits"], &cache["misses"], &cache["evictions"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(cache["entries"], cache["insertions"]);

    let clear = json!({"id": 3, "op": "clear", "what": "preflight-cache"});
    assert_eq!(session.ask(&clear), json!({"id": 3, "ok": true}));
    assert_eq!(methods(&session.fetch(&put)), ["OPTIONS", "PUT"]);
    let advance = json!({"id": 4, "op": "advance", "ms": 59_000});
    assert_eq!(session.ask(&advance), json!({"id": 4, "ok": true}));
    assert_eq!(methods(&session.fetch(&put)), ["PUT"]);
    session.ask(&json!({"id": 5, "op": "advance", "ms": 1_001}));
    assert_eq!(methods(&session.fetch(&put)), ["OPTIONS", "PUT"]);
    let other_site = with(put, "topLevelSite", json!("https://news.example"));
    assert_eq!(methods(&session.fetch(&other_site)), ["OPTIONS", "PUT"]);
    let stats = session.ask(&json!({"id": 6, "op": "stats"}));
    assert!(
        stats["preflightCache"]["entries"].as_u64() >= Some(2),
        "{stats}"
    );
}

#[test]
fn a_line_does_not_overtake_the_first_step_of_the_fetch_before_it() {
    let server = Server::start();
    let mut session = Session::start();
    let put = with(page(&server.url("/echo")), "method", json!("PUT"));
    session.fetch(&put);
    for overtaker in [
        json!({"id": "later", "op": "clear", "what": ["preflight-cache", "connections"]}),
        json!({"id": "later", "op": "advance", "ms": 61_000}),
    ] {
        let fetch = json!({"id": "fetch", "op": "fetch", "request": put});
        session.write(format!("{fetch}\n{overtaker}\n").as_bytes());
        let answers = [session.receive(), session.receive()];
        let fetched = answers
            .iter()
            .find(|answer| answer["id"] == "fetch")
            .unwrap();
        assert_eq!(methods(fetched), ["PUT"], "{overtaker}");
        assert_eq!(
            methods(&session.fetch(&put)),
            ["OPTIONS", "PUT"],
            "{overtaker}"
        );
    }
}

#[test]
fn answers_come_as_they_are_ready() {
    let server = Server::start();
    let mut session = Session::start();
    session.send(&json!({"id": "slow", "op": "fetch", "request": page(&server.url("/slow"))}));
    session.send(&json!({"id": "quick", "op": "fetch", "request": page(&server.url("/echo"))}));
    assert_eq!(session.receive()["id"], "quick");
    // The end of the input does not stop what runs.
    let (rest, code, stderr) = session.finish();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0]["id"], "slow");
    assert_eq!(rest[0]["response"]["body"]["text"], "slow");
    assert_eq!((code, stderr.as_str()), (0, ""));
}

#[test]
fn a_reader_that_goes_away_ends_the_session_quietly() {
    let mut session = Session::start();
    session.ask(&json!({"id": 1, "op": "stats"}));
    let Session {
        mut child,
        input,
        output,
    } = session;
    drop(output);
    let mut input = input.unwrap();
    // The first may fill the pipe's buffer or fail; nothing is said either way.
    let _ = input.write_all(b"{\"id\":2,\"op\":\"stats\"}\n");
    let status = child.wait().expect("it ends although stdin is open");
    assert_eq!(status.code(), Some(0));
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut stderr).unwrap();
    assert_eq!(stderr, "");
}

#[test]
fn bodies_and_the_types_that_they_imply() {
    let server = Server::start();
    let mut session = Session::start();
    let post = with(page(&server.url("/echo")), "method", json!("POST"));
    let cases = [
        (json!({"text": "h\u{e9}"}), None, "text/plain;charset=UTF-8"),
        (json!({"text": "h\u{e9}"}), Some(Value::Null), "none"),
        (
            json!({"text": "h\u{e9}"}),
            Some(json!("application/x-www-form-urlencoded;charset=UTF-8")),
            "application/x-www-form-urlencoded;charset=UTF-8",
        ),
        (json!({"base64": "aMOp"}), None, "none"),
        (
            json!({"base64": "aMOp"}),
            Some(json!("image/png")),
            "image/png",
        ),
    ];
    for (body, body_type, expected) in cases {
        let mut request = with(post.clone(), "body", body);
        if let Some(body_type) = body_type {
            request["bodyType"] = body_type;
        }
        let answer = session.fetch(&request);
        assert_eq!(
            header(&answer["response"]["headers"], "x-content-type"),
            Some(expected),
            "{request}"
        );
        assert_eq!(answer["response"]["body"]["text"], "h\u{e9}");
    }
    let request = with(post, "body", json!({"text": "a"}));
    let request = with(request, "headers", json!([["content-type", "text/html"]]));
    let answer = session.fetch(&with(request, "bodyType", json!("image/png")));
    assert_eq!(
        header(&answer["response"]["headers"], "x-content-type"),
        Some("text/html")
    );
    let head = with(page(&server.url("/echo")), "method", json!("HEAD"));
    assert_eq!(session.fetch(&head)["response"]["body"], Value::Null);
}

#[test]
fn a_stream_asks_first_and_does_not_go_over_http_1() {
    let server = Server::start();
    let mut session = Session::start();
    let post = with(page(&server.url("/echo")), "method", json!("POST"));
    let stream = with(post, "body", json!({"stream": ["aA==", "aQ"]}));
    assert_eq!(session.invalid(&stream).0, "duplex");
    let answer = session.fetch(&with(stream, "duplex", json!("half")));
    assert_eq!(answer["error"]["code"], "stream-needs-http2");
    assert_eq!(answer["error"]["kind"], "transport");
    assert_eq!(answer["exchanges"][0]["method"], "OPTIONS");
}

#[test]
fn an_opaque_response_shows_nothing() {
    let server = Server::start();
    let mut session = Session::start();
    let answer = session.fetch(&with(page(&server.url("/echo")), "mode", json!("no-cors")));
    assert_eq!(
        answer["response"],
        json!({
            "type": "opaque", "url": "", "redirected": false, "status": 0, "statusText": "",
            "headers": [], "body": null,
        })
    );
    assert_eq!(methods(&answer), ["GET"]);
}

#[test]
fn a_redirect_is_followed_and_a_manual_one_is_opaque() {
    let server = Server::start();
    let mut session = Session::start();
    let moved = page(&server.url("/moved"));
    let answer = session.fetch(&moved);
    assert_eq!(answer["response"]["url"], server.url("/echo"));
    assert_eq!(answer["response"]["redirected"], true);
    assert_eq!(methods(&answer), ["GET", "GET"]);
    let answer = session.fetch(&with(moved, "redirect", json!("manual")));
    assert_eq!(answer["response"]["type"], "opaqueredirect");
    assert_eq!(answer["response"]["status"], 0);
}

#[test]
fn an_error_says_who_refused_and_why() {
    let server = Server::start();
    let mut session = Session::start();
    let answer = session.fetch(&page(&server.url("/")));
    assert_eq!(
        answer["error"],
        json!({
            "code": "missing-allow-origin-header",
            "cdp": "MissingAllowOriginHeader",
            "message": "no Access-Control-Allow-Origin came; \"https://app.example\" is wanted",
            "hint": "send Access-Control-Allow-Origin: https://app.example in the answer",
            "kind": "blocked",
        })
    );
    assert_eq!(answer["exchanges"][0]["status"], 200);

    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let answer = session.fetch(&page(&format!("http://{free}/")));
    assert_eq!(answer["error"]["kind"], "transport");
    assert_eq!(answer["error"]["cdp"], Value::Null);
    assert_eq!(answer["exchanges"][0]["status"], Value::Null);
    assert_eq!(answer["exchanges"][0]["responseHeaders"], Value::Null);
}

#[test]
fn cookies_are_set_sent_read_and_cleared() {
    let server = Server::start();
    let mut session = Session::start();
    let url = server.url("/private");
    let set = json!({"id": 2, "op": "set-cookie", "url": url, "value": "a=1; Path=/"});
    assert_eq!(session.ask(&set), json!({"id": 2, "ok": true}));
    // The page is of the same site, so that SameSite does not matter.
    let request = json!({"url": url, "origin": "http://127.0.0.1:1"});
    session.fetch(&request);
    assert_eq!(server.seen(), ["GET /private"]);
    session.fetch(&with(request, "credentials", json!("include")));
    assert_eq!(server.seen(), ["GET /private!"]);
    let read = json!({"id": 3, "op": "cookies", "url": url});
    let mut cookies = session.ask(&read)["cookies"].as_array().unwrap().clone();
    cookies.sort_by_key(ToString::to_string);
    assert_eq!(
        cookies,
        [
            json!({"name": "a", "value": "1"}),
            json!({"name": "seen", "value": "1"})
        ]
    );
    session
        .ask(&json!({"id": 4, "op": "clear", "what": ["cookies", "http-cache", "hsts", "auth"]}));
    assert_eq!(
        session.ask(&read),
        json!({"id": 3, "ok": true, "cookies": []})
    );
}

#[test]
fn an_op_with_wrong_members_says_which() {
    let mut session = Session::start();
    let cases = [
        (json!({"op": "fetch"}), "request"),
        (json!({"op": "fetch", "request": []}), "request"),
        (json!({"op": "fetch", "request": null}), "request"),
        (json!({"op": "set-cookie", "value": "a=1"}), "url"),
        (
            json!({"op": "set-cookie", "url": "nope", "value": "a=1"}),
            "url",
        ),
        (
            json!({"op": "set-cookie", "url": "https://a.example/"}),
            "value",
        ),
        (
            json!({"op": "set-cookie", "url": "https://a.example/", "value": "a=1; Domain=other.example"}),
            "value",
        ),
        (json!({"op": "cookies", "url": 5}), "url"),
        (json!({"op": "clear"}), "what"),
        (json!({"op": "clear", "what": "everything"}), "what"),
        (json!({"op": "clear", "what": ["cookies", 5]}), "what"),
        (json!({"op": "advance"}), "ms"),
        (json!({"op": "advance", "ms": -1}), "ms"),
        (json!({"op": "advance", "ms": "1"}), "ms"),
    ];
    for (line, field) in cases {
        let answer = session.ask(&line);
        assert_eq!(answer["invalid"]["field"], field, "{line}");
    }
}

#[test]
fn xhr_has_its_own_members() {
    let server = Server::start();
    let mut session = Session::start();
    let xhr = with(page(&server.url("/echo")), "initiator", json!("xhr"));
    assert_eq!(methods(&session.fetch(&xhr)), ["GET"]);
    let listening = with(xhr.clone(), "uploadListeners", json!(true));
    assert_eq!(methods(&session.fetch(&listening)), ["OPTIONS", "GET"]);
    let post = with(
        with(xhr.clone(), "method", json!("post")),
        "body",
        json!({"text": "a"}),
    );
    let post = with(
        post,
        "headers",
        json!([["Content-Type", "text/plain;charset=latin1"]]),
    );
    let answer = session.fetch(&post);
    assert_eq!(
        header(&answer["response"]["headers"], "x-content-type"),
        Some("text/plain;charset=UTF-8")
    );
    let with_credentials = with(xhr.clone(), "withCredentials", json!(true));
    assert_eq!(
        session.fetch(&with_credentials)["error"]["code"],
        "wildcard-origin-not-allowed"
    );
    // A body with GET is ignored, as send() does.
    assert_eq!(
        methods(&session.fetch(&with(xhr.clone(), "body", json!({"text": "a"})))),
        ["GET"]
    );
    assert_eq!(
        methods(&session.fetch(&with(xhr.clone(), "mode", json!("cors")))),
        ["GET"]
    );
    let (field, message) = session.invalid(&with(xhr, "credentials", json!("include")));
    assert_eq!(field, "credentials");
    assert!(message.contains("withCredentials"), "{message}");
}

#[test]
fn an_invalid_request_names_its_member() {
    let mut session = Session::start();
    let request = page("https://api.example/");
    let cases = [
        ("url", json!("https://user@api.example/"), "user name"),
        ("url", json!("http://["), "not a URL"),
        ("url", json!(5), "must be a string, not a number"),
        (
            "origin",
            json!("https://app.example/path"),
            "write \"https://app.example\"",
        ),
        ("origin", json!("app.example"), "is not valid"),
        ("clientUrl", json!("start"), "not a URL"),
        ("topLevelSite", json!("news.example"), "is not valid"),
        ("method", json!("TRACE"), "forbidden"),
        ("method", json!("G ET"), "not a method"),
        ("headers", json!([["a b", "c"]]), "not a header name"),
        ("headers", json!([["a", "b\nc"]]), "0x0a"),
        ("headers", json!([["a", "\u{100}"]]), "not a byte"),
        ("headers", json!([["a"]]), "[name, value]"),
        ("headers", json!({"a": "b"}), "a list of [name, value]"),
        ("body", json!({"text": "a"}), "GET or HEAD"),
        ("body", json!("a"), "must be null"),
        ("body", json!({"base64": "*"}), "not base64"),
        ("body", json!({"bytes": "*"}), "must be null"),
        ("bodyType", json!(1), "must be a string"),
        ("mode", json!("navigate"), "a script can only use"),
        ("mode", json!("corz"), "use same-origin, cors or no-cors"),
        (
            "credentials",
            json!("yes"),
            "use omit, same-origin or include",
        ),
        ("cache", json!("only-if-cached"), "same-origin"),
        ("cache", json!("never"), "use default, no-store"),
        ("redirect", json!("fallow"), "use follow, error or manual"),
        ("referrer", json!("http://["), "not a URL"),
        ("referrerPolicy", json!("none"), "no-referrer"),
        ("keepalive", json!("yes"), "true or false"),
        ("duplex", json!("full"), "half"),
        ("destination", json!("img"), "image"),
        (
            "initiator",
            json!("image"),
            "image is not supported yet; use fetch or xhr",
        ),
        (
            "initiator",
            json!("ping"),
            "ping is not supported yet; use fetch or xhr",
        ),
        ("initiator", json!("ajax"), "is not known; use fetch or xhr"),
        ("crossorigin", json!("anonymous"), "only elements"),
        ("uploadListeners", json!(true), "use the initiator xhr"),
        ("withCredentials", json!(true), "credentials mode include"),
    ];
    for (member, value, expected) in cases {
        let (field, message) = session.invalid(&with(request.clone(), member, value));
        assert_eq!(field, member, "{message}");
        assert!(message.contains(expected), "{member}: {message}");
    }
    assert_eq!(
        session.invalid(&json!({"url": "https://api.example/"})).0,
        "origin"
    );
    assert_eq!(session.invalid(&json!({"origin": "null"})).0, "url");
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_the_members() {
    let mut session = Session::start();
    let answer = session.fetch(&json!({
        "mehod": "PUT", "mode": "corz", "cache": "only-if-cached", "method": "TRACE", "url": "http://[",
        "origin": "https://app.example",
    }));
    let invalid = &answer["invalid"];
    assert_eq!(invalid["field"], "url");
    let others: Vec<_> = invalid["others"]
        .as_array()
        .unwrap()
        .iter()
        .map(|other| &other["field"])
        .collect();
    // That only-if-cached needs another mode follows from the mode, which is told.
    assert_eq!(others, ["method", "mode", "mehod"]);
    assert_eq!(
        invalid["others"][2]["message"],
        "a request has no member \"mehod\"; do you mean method?"
    );
    // One mistake has no others.
    let answer = session.fetch(&with(
        page("https://api.example/"),
        "method",
        json!("TRACE"),
    ));
    assert_eq!(answer["invalid"].as_object().unwrap().len(), 2);
}

#[test]
fn members_that_are_null_or_say_the_default_change_nothing() {
    let server = Server::start();
    let mut session = Session::start();
    let mut request = json!({
        "topLevelSite": null, "method": null, "headers": null, "body": null, "bodyType": null, "mode": null,
        "credentials": null, "cache": null, "redirect": null, "referrer": null, "referrerPolicy": "", "integrity": "",
        "keepalive": false, "duplex": null, "destination": "", "initiator": "fetch", "crossorigin": null,
        "uploadListeners": false, "withCredentials": false, "clientUrl": "https://app.example/start",
    });
    request["url"] = json!(server.url("/echo"));
    let answer = session.fetch(&request);
    assert_eq!(answer["response"]["status"], 200, "{answer}");
    let sent = &answer["exchanges"][0]["requestHeaders"];
    assert_eq!(header(sent, "origin"), Some("https://app.example"));
    assert_eq!(header(sent, "referer"), Some("https://app.example/"));
}

#[test]
fn the_flags_of_the_network_and_the_profile_hold_for_a_session() {
    let server = Server::start();
    let resolve = server.resolve("api.example");
    let mut session = Session::with(&["--resolve", &resolve, "--profile", "w3c-2014", "--json"]);
    let put = with(page("http://api.example/echo"), "method", json!("PUT"));
    // A wildcard was a name like any other then.
    assert_eq!(
        session.fetch(&put)["error"]["code"],
        "method-disallowed-by-preflight-response"
    );
    let mut session = Session::with(&["--resolve", &resolve, "--timeout", "0.1"]);
    let answer = session.fetch(&page("http://api.example/slow"));
    assert_eq!(answer["error"]["code"], "timed-out", "{answer}");
}
