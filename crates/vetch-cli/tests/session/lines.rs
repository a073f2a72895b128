//! The protocol: ids, malformed and long lines, order, and the end.

use serde_json::{Value, json};

use crate::pipe::{Session, methods, page, with};
use crate::support::server::Server;

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
        let line = session.line();
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
fn a_member_that_an_op_has_not_is_told_with_the_one_that_is_meant() {
    let mut session = Session::start();
    let request = json!({"url": "https://api.example/", "origin": "https://app.example"});
    let rows = [
        (
            json!({"id": 1, "op": "fetch", "request": request, "profile": "firefox"}),
            "profile",
            "the op fetch has no member \"profile\"; use id, op, request",
        ),
        (
            json!({"id": 1, "op": "fetch", "reqest": request}),
            "reqest",
            "the op fetch has no member \"reqest\"; do you mean request?",
        ),
        (
            json!({"id": 1, "op": "set-cookie", "url": "https://a.example/", "value": "a=1", "extra": 1}),
            "extra",
            "the op set-cookie has no member \"extra\"; use id, op, url, value",
        ),
        (
            json!({"id": 1, "op": "cookies", "URL": "https://a.example/"}),
            "URL",
            "the op cookies has no member \"URL\"; do you mean url?",
        ),
        (
            json!({"id": 1, "op": "clear", "whatt": "cookies"}),
            "whatt",
            "the op clear has no member \"whatt\"; do you mean what?",
        ),
        (
            json!({"id": 1, "op": "advance", "ms": 1, "seconds": 1}),
            "seconds",
            "the op advance has no member \"seconds\"; use id, op, ms",
        ),
        (
            json!({"id": 1, "op": "stats", "all": true}),
            "all",
            "the op stats has no member \"all\"; use id, op",
        ),
        (
            json!({"id": 1, "opp": "fetch", "request": request}),
            "opp",
            "a line has no member \"opp\"; do you mean op?",
        ),
    ];
    for (line, field, message) in rows {
        let answer = session.ask(&line);
        let wanted = json!({"field": field, "message": message});
        assert_eq!(answer["invalid"], wanted, "{line}");
        assert_eq!(answer["id"], 1);
    }
    let answer = session.ask(&json!({"op": "clear", "what": "cookies", "a-1": 1, "b-2": 2}));
    assert_eq!(answer["invalid"]["others"][0]["field"], "b-2", "{answer}");
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
    let (code, stderr) = session.stop_reading();
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}
