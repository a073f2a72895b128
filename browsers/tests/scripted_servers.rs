//! The servers and the stage with a hand-written client: no browser, no engine.

use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vetch_browsers::certificates;
use vetch_browsers::family::Named;
use vetch_browsers::roles::Role;
use vetch_browsers::servers::{self, Serving};
use vetch_browsers::stage::Stage;

async fn stage(scenario: serde_json::Value) -> (Arc<Stage>, Serving) {
    let scenario = serde_json::from_value(scenario).expect("a scenario");
    let name = String::from("test/one");
    let listeners = servers::listen().await.expect("free ports");
    let stage = Arc::new(Stage::new(
        listeners.places.clone(),
        vec![Named { name, scenario }],
    ));
    let serving = listeners.serve(&stage, &certificates::make().expect("certificates"));
    (stage, serving)
}

/// Sends a request and reads until the server closes.
async fn send(stage: &Stage, role: Role, request: &str) -> String {
    let host = stage.places().host(role);
    let port = host.rsplit(':').next().expect("a port");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}"))
        .await
        .expect("a listener");
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream.shutdown().await.expect("half closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

#[tokio::test]
async fn a_scripted_answer_is_sent_as_told_and_the_request_is_recorded_by_role() {
    let (stage, _serving) = stage(json!({
        "name": "one",
        "steps": [{
            "request": { "url": "{cross}/a" },
            "answers": { "GET /a": [{ "status": 299, "statusText": "Odd", "headers": [["x-B", "{same.origin}"], ["X-b", ""]] }] },
        }],
    }))
    .await;
    let cross: Role = "cross".parse().expect("a role");
    let plan = stage.begin(0).expect("a plan");
    let path = plan.steps[0]
        .request
        .url
        .replace(&stage.places().origin(cross), "");
    let origin = stage.places().origin(Role::SAME);

    let answer = send(
        &stage,
        cross,
        &format!("GET {path} HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\n\r\n"),
    )
    .await;
    assert_eq!(
        answer,
        format!("HTTP/1.1 299 Odd\r\nx-B: {origin}\r\nX-b: \r\nContent-Length: 0\r\n\r\n")
    );

    stage.outcome(
        0,
        json!({ "response": { "url": plan.steps[0].request.url } }),
    );
    let records = json!(stage.records());
    assert_eq!(
        records,
        json!([{
            "scenario": "test/one",
            "steps": [{
                "outcome": { "response": { "url": "{cross}/a" } },
                "wire": [{ "method": "GET", "url": "{cross}/a", "headers": [["origin", "{same.origin}"]] }],
            }],
        }])
    );
}

#[tokio::test]
async fn a_retry_after_a_hang_up_is_recorded_once() {
    let (stage, _serving) = stage(json!({
        "name": "one",
        "answers": { "GET /a": [{ "hangUp": true }] },
        "steps": [{ "request": { "url": "{same}/a" } }],
    }))
    .await;
    stage.begin(0).expect("a plan");
    for _ in 0..3 {
        let answer = send(&stage, Role::SAME, "GET /s/00000/a HTTP/1.1\r\n\r\n").await;
        assert_eq!(answer, "");
    }
    stage.outcome(0, json!({ "error": "TypeError" }));
    assert_eq!(stage.records()[0].steps[0].wire.len(), 1);
}

#[tokio::test]
async fn what_nobody_scripted_is_friendly() {
    let (stage, _serving) =
        stage(json!({ "name": "one", "steps": [{ "request": { "url": "{same}/a" } }] })).await;
    stage.begin(0).expect("a plan");
    let preflight = "OPTIONS /s/00000/a HTTP/1.1\r\nOrigin: http://o\r\nAccess-Control-Request-Method: PUT\r\n\r\n";
    let answer = send(&stage, Role::SAME, preflight).await;
    assert!(
        answer.starts_with("HTTP/1.1 204 No Content\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("\r\nAccess-Control-Allow-Origin: http://o\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("\r\nAccess-Control-Allow-Methods: PUT\r\n"),
        "{answer}"
    );
    let answer = send(&stage, Role::SAME, "GET /s/00000/a HTTP/1.1\r\n\r\n").await;
    assert!(answer.ends_with("\r\n\r\nok"), "{answer}");
}
