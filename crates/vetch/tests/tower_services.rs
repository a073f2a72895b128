//! Services mounted at origins: a page fetches from them as from a network, and reads what a browser would let it read.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, options, put};
use tokio_util::io::ReaderStream;
use vetch::transport::TowerTransport;
use vetch::{Body, Credentials, FetchBuilder, NetworkError, Page, UserAgent};

/// Requests as the service saw them: method, target and `Host`.
type Log = Arc<Mutex<Vec<String>>>;

fn page(internet: TowerTransport) -> Page {
    let ua = UserAgent::builder().transport(internet).build();
    let ua = ua.expect("a user agent");
    ua.page("https://app.example/").expect("a page")
}

async fn refused(fetch: FetchBuilder) -> NetworkError {
    let error = fetch.send().await.expect_err("refused");
    error.network_error().expect("a network error").clone()
}

fn logged(router: Router, log: &Log) -> Router {
    let log = Arc::clone(log);
    router.layer(axum::middleware::map_request(move |request: Request| {
        let host = request.headers()["host"].to_str().expect("text");
        let seen = format!("{} {} {host}", request.method(), request.uri());
        log.lock().expect("no panic").push(seen);
        std::future::ready(request)
    }))
}

fn mounted(origin: &str, router: Router) -> TowerTransport {
    TowerTransport::new()
        .mount(origin, router)
        .expect("an origin")
}

#[tokio::test]
async fn a_router_is_asked_first_and_answers() {
    let allow = [
        ("access-control-allow-origin", "https://app.example"),
        ("access-control-allow-methods", "PUT"),
    ];
    let router = Router::new().route(
        "/items/{id}",
        put(async move |body: String| (allow, format!("got {body}")))
            .options(async move || (StatusCode::NO_CONTENT, allow)),
    );
    let log = Log::default();
    let page = page(mounted("https://api.example:8443", logged(router, &log)));
    let url = "https://api.example:8443/items/7?page=1#part";
    let put = page.fetch(url).method("PUT").body("text");
    let mut response = put.send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "got text");
    assert_eq!(
        *log.lock().expect("no panic"),
        [
            "OPTIONS /items/7?page=1 api.example:8443",
            "PUT /items/7?page=1 api.example:8443",
        ]
    );
}

#[tokio::test]
async fn what_the_router_does_not_allow_is_refused() {
    let page = page(mounted(
        "https://api.example",
        Router::new().route("/", options(async || "").get(async || "secret")),
    ));
    let error = refused(page.fetch("https://api.example/")).await;
    assert_eq!(error.code(), "missing-allow-origin-header");
}

#[tokio::test]
async fn a_redirect_leads_from_one_service_to_another() {
    let moved = Router::new().route("/", get(async || Redirect::temporary("https://b.example/")));
    let moved = moved.layer(axum::middleware::map_response(async |response| {
        ([("access-control-allow-origin", "*")], response).into_response()
    }));
    let seen = async |headers: HeaderMap| {
        let origin = headers["origin"].to_str().expect("text").to_owned();
        ([("access-control-allow-origin", "*")], origin)
    };
    let internet = mounted("https://a.example", moved)
        .mount("https://b.example", Router::new().route("/", get(seen)))
        .expect("an origin");
    let mut response = page(internet)
        .fetch("https://a.example/")
        .send()
        .await
        .expect("a response");
    assert_eq!(response.url(), "https://b.example/");
    assert_eq!(response.text().await.expect("a body"), "null");
}

#[tokio::test]
async fn cookies_are_kept_between_services_of_one_origin() {
    let allow = [
        ("access-control-allow-origin", "https://app.example"),
        ("access-control-allow-credentials", "true"),
        ("set-cookie", "a=1"),
    ];
    let echo = async move |headers: HeaderMap| {
        let cookie = headers
            .get("cookie")
            .map(|value| value.to_str().expect("text"));
        (allow, cookie.unwrap_or("none").to_owned())
    };
    let page = page(mounted(
        "https://api.example",
        Router::new().route("/", get(echo)),
    ));
    for seen in ["none", "a=1"] {
        let fetch = page.fetch("https://api.example/");
        let fetch = fetch.credentials(Credentials::Include);
        let mut response = fetch.send().await.expect("a response");
        assert_eq!(response.text().await.expect("a body"), seen);
    }
}

#[tokio::test]
async fn a_stream_is_read_by_the_service() {
    let allow = [("access-control-allow-origin", "*")];
    let router = Router::new().route(
        "/",
        axum::routing::post(async move |version: Version, body: String| {
            assert_eq!(version, Version::HTTP_2);
            (allow, body)
        })
        .options(async move || (allow, "")),
    );
    let chunks = ReaderStream::with_capacity(&b"one two three"[..], 4);
    let fetch = page(mounted("https://api.example", router))
        .fetch("https://api.example/")
        .method("POST")
        .body(Body::stream(chunks))
        .duplex_half();
    let mut response = fetch.send().await.expect("a response");
    assert_eq!(response.text().await.expect("a body"), "one two three");
}

#[tokio::test]
async fn an_origin_without_a_service_has_no_host() {
    let page = page(mounted("https://api.example", Router::new()));
    let error = refused(page.fetch("https://api.example:444/")).await;
    assert_eq!(error.code(), "name-not-resolved");
    assert_eq!(
        error.to_string(),
        "the name does not resolve: no service is mounted at https://api.example:444 (mounted: https://api.example)"
    );
}

#[tokio::test]
async fn a_service_that_fails_is_a_server_that_hangs_up() {
    let failing = tower::service_fn(async |_| Err::<axum::response::Response, _>("out of order"));
    let internet = TowerTransport::new().mount("https://api.example", failing);
    let page = page(internet.expect("an origin"));
    let error = refused(page.fetch("https://api.example/")).await;
    assert_eq!(error.code(), "connection-closed");
    assert_eq!(
        error.to_string(),
        "the connection ended before the answer did: out of order"
    );
}

#[tokio::test]
async fn an_informational_status_is_no_answer() {
    let hints = Router::new().route("/", get(async || StatusCode::EARLY_HINTS));
    let page = page(mounted("https://app.example", hints));
    let error = refused(page.fetch("https://app.example/")).await;
    assert_eq!(error.code(), "malformed-response");
}

#[test]
fn what_is_no_origin_cannot_be_mounted_at() {
    let mount = |origin: &str| {
        let refused = TowerTransport::new().mount(origin, Router::new());
        refused.expect_err("no origin").to_string()
    };
    assert_eq!(
        mount("https://api.example/v1"),
        "mount: origin \"https://api.example/v1\" has a path; an origin is only scheme, host and port: write \"https://api.example\""
    );
    assert_eq!(mount("null"), "mount: nothing can be mounted at null");
}
