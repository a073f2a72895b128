//! What a session keeps between its lines: preflight cache, cookies, time, flags.

use serde_json::json;

use crate::pipe::{Session, methods, page, with};
use crate::support::server::Server;

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
