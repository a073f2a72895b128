//! What an answer to `fetch` tells.

use serde_json::{Value, json};

use crate::pipe::{Session, header, methods, page, with};
use crate::support::server::Server;

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
    // What mends the first check alone would not mend the fetch.
    let include = with(page(&server.url("/")), "credentials", json!("include"));
    assert_eq!(
        session.fetch(&include)["error"]["hint"],
        "send Access-Control-Allow-Origin: https://app.example in the answer; and \
         send Access-Control-Allow-Credentials: true in the answer, once and in lower case"
    );

    // Nothing went over the wire.
    assert_eq!(answer["exchanges"], json!([]));

    let hangs_up = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", hangs_up.local_addr().unwrap());
    let hanging_up = std::thread::spawn(move || {
        let (mut connection, _) = hangs_up.accept().unwrap();
        std::io::Read::read(&mut connection, &mut [0; 16]).unwrap()
    });
    let answer = session.fetch(&page(&url));
    assert!(hanging_up.join().unwrap() > 0);
    assert_eq!(answer["error"]["code"], "connection-closed");
    assert_eq!(answer["exchanges"][0]["url"], url);
    assert_eq!(answer["exchanges"][0]["status"], Value::Null);
    assert_eq!(answer["exchanges"][0]["responseHeaders"], Value::Null);
}

#[test]
fn what_other_profiles_would_have_done_is_told_where_it_differs() {
    let server = Server::start();
    let mut session = Session::start();
    let with_authorization = |path: &str| {
        let request = page(&server.url(path));
        with(request, "headers", json!([["Authorization", "a"]]))
    };
    let answer = session.fetch(&with_authorization("/echo"));
    assert_eq!(answer["error"]["kind"], "blocked", "{answer}");
    let profiles = answer["profiles"].as_array().unwrap();
    let names: Vec<&Value> = profiles.iter().map(|told| &told["profile"]).collect();
    assert_eq!(names, ["chromium", "firefox", "webkit"]);
    let chromium = profiles[0]["difference"].as_str().unwrap();
    assert!(chromium.starts_with("would go on with GET"), "{chromium}");
    // Where they agree nothing is said.
    let answer = session.fetch(&page(&server.url("/echo")));
    assert_eq!(answer.get("profiles"), None);
}

#[test]
fn timing_is_told_where_it_is_asked() {
    let server = Server::start();
    let mut session = Session::start();
    let asked = session.fetch(&with(page(&server.url("/")), "mode", json!("no-cors")));
    assert!(asked.get("timingAllowPassed").is_none(), "{asked}");
    let opaque = with(page(&server.url("/")), "mode", json!("no-cors"));
    let asked = session.fetch(&with(opaque, "timing", json!(true)));
    assert_eq!(asked["timingAllowPassed"], false, "{asked}");
}
