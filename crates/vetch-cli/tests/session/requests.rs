//! The members of a request, and what is said of a wrong one.

use serde_json::{Value, json};

use crate::pipe::{Session, header, methods, page, with};
use crate::support::server::Server;

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
    // As a script's string becomes UTF-8, half a pair is replaced; an id comes back as it was written.
    let url = server.url("/echo");
    let text = r"\ud83d \ud83d\ude00";
    let request =
        format!(r#"{{"url":"{url}","origin":"null","method":"POST","body":{{"text":"{text}"}}}}"#);
    let line = format!("{{\"id\":\"\\ud800\",\"op\":\"fetch\",\"request\":{request}}}\n");
    session.write(line.as_bytes());
    let answer = session.line();
    assert!(
        answer.starts_with(r#"{"id":"\ud800","response""#),
        "{answer}"
    );
    assert!(
        answer.contains("\"text\":\"\u{fffd} \u{1f600}\""),
        "{answer}"
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
        (
            "origin",
            json!("app.example"),
            "do you mean https://app.example?",
        ),
        ("clientUrl", json!("start"), "not a URL"),
        (
            "topLevelSite",
            json!("news.example"),
            "do you mean https://news.example?",
        ),
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
        ("bodyType", json!("a\nb"), "is no type"),
        ("bodyType", json!("\u{100}"), "is no type"),
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
