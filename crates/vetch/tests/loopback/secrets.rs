//! Cookies, `Authorization` and user names of URLs: never in `Debug` output, errors, logs or traces, unless asked for.

use std::fmt::{Debug, Write as _};
use std::process::Command;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span;
use vetch::vetch_core::fetch_api::xhr::XhrInit;
use vetch::vetch_core::trace::Record;
use vetch::{Credentials, Environment, FetchError, RequestInit, Response, UserAgent};

use crate::server::{Seen, Server, answer};
use crate::stack;

/// In every secret of this test and nowhere else.
const SECRET: &str = "s3cret";

/// Logger and maximum level are the process's, and `tracing` remembers of each place whether anybody listens, for all
/// threads alike; so other tests must not run beside this one.
#[test]
fn they_are_shown_to_nobody_who_did_not_ask() {
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "secrets::in_its_own_process", "--ignored"])
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{failed}");
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn in_its_own_process() {
    let said = Said::default();
    let logger = LOGGER.get_or_init(Said::default);
    log::set_logger(logger).expect("no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    let listening = tracing::subscriber::set_default(said.clone());
    let server = Server::start(telling_secrets).await;
    let mut shown = String::new();
    let mut show = |what: &dyn Debug| writeln!(shown, "{what:?}\n{what:#?}").expect("a string");

    let ua = stack::builder()
        .record(Record::Everything)
        .build()
        .expect("a user agent");
    let page = with_user(Some(&server.address().to_string()))
        .parse()
        .expect("a URL");
    let page = ua.page_in(Environment::of_page(page));
    show(&ua.set_cookie(&server.url("/"), "id=s3cret-cookie; Domain=other.example"));
    show(&ua.set_cookie(&server.url("/"), "more=s3cret-cookie"));
    show(&ua.set_cookie("http://me:s3cret-password@[/", "a=s3cret-cookie"));
    for path in [
        "/cookie",
        "/bad-cookie",
        "/home",
        "/away",
        "/broken",
        "/both",
    ] {
        let fetch = page
            .fetch(server.url(path))
            .header("Authorization", "Bearer s3cret-token")
            .header("X-Trace", "for-debugging")
            .credentials(Credentials::Include);
        show(&fetch);
        let result = fetch.send().await;
        asked(&result, &ua, &server.url(path));
        tell(&result, &mut show);
    }
    let xhr = page.xhr("GET", with_user(Some(&server.address().to_string())));
    let xhr = xhr.header("Authorization", "Bearer s3cret-token");
    show(&xhr);
    tell(&xhr.send().await, &mut show);
    tell(
        &page
            .fetch("http://me:s3cret-password@x.example/")
            .send()
            .await,
        &mut show,
    );
    let headers = vec![("Authorization".to_owned(), "s3cret-token".to_owned())];
    show(&RequestInit {
        headers: headers.clone(),
        ..RequestInit::default()
    });
    show(&XhrInit {
        headers,
        ..XhrInit::default()
    });
    show(&(&ua, &page));
    drop(listening);

    let lines = |text: &str| {
        let lines = text.lines().filter(|line| line.contains(SECRET));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&shown), [""; 0], "in Debug output");
    assert_eq!(lines(&said.text()), [""; 0], "in traces");
    assert_eq!(lines(&logger.text()), [""; 0], "in logs");
    // All three were listened to.
    assert!(shown.contains("authorization: (hidden)") && shown.contains("cookie: (hidden)"));
    assert!(shown.contains("http://(hidden)@127.0.0.1"), "{shown}");
    assert!(shown.contains("(http://(hidden)@x.example/1, http://(hidden)@x.example/2)"));
    // Other headers are what somebody debugs.
    assert!(shown.contains("x-trace: for-debugging"), "{shown}");
    assert!(said.text().contains("answered") && said.text().contains("cookie not stored"));
    // Each exchange has its span.
    let said = said.text();
    for field in [
        "kind = \"request\"",
        "method = \"GET\"",
        "host = \"127.0.0.1\"",
        "path = \"/cookie\"",
    ] {
        assert!(said.contains(field), "{field} is not in {said}");
    }
    log::debug!("the logger");
    assert!(logger.text().contains("the logger"));
}

fn telling_secrets(seen: &Seen) -> Vec<u8> {
    match seen.target() {
        "/cookie" => answer("200 OK", &[("set-cookie", "id=s3cret-cookie")], "ok"),
        "/home" => answer(
            "302 Found",
            &[("location", &with_user(seen.header("host")))],
            "",
        ),
        "/away" => answer(
            "302 Found",
            &[("location", "ftp://me:s3cret-password@x.example/")],
            "",
        ),
        "/broken" => answer(
            "302 Found",
            &[("location", "http://me:s3cret-password@[/")],
            "",
        ),
        "/both" => answer(
            "302 Found",
            &[
                ("location", "http://me:s3cret-password@x.example/1"),
                ("location", "http://me:s3cret-password@x.example/2"),
            ],
            "",
        ),
        "/bad-cookie" => answer(
            "200 OK",
            &[("set-cookie", "id=s3cret-cookie; Domain=com")],
            "ok",
        ),
        _ => answer("200 OK", &[], "ok"),
    }
}

/// Who asks for an exchange's headers, or for a cookie, gets them.
fn asked(result: &Result<Response, FetchError>, ua: &UserAgent, url: &str) {
    let exchanges = match result {
        Ok(response) => response.exchanges(),
        Err(error) => error.exchanges(),
    };
    let headers = &exchanges.first().expect("an exchange").request_headers;
    assert_eq!(
        *headers.get("authorization").expect("it was sent"),
        "Bearer s3cret-token"
    );
    assert!(
        headers
            .get("cookie")
            .expect("it was sent")
            .to_string()
            .contains("s3cret-cookie")
    );
    assert!(
        ua.cookies(url)
            .iter()
            .any(|(_, value)| value == "s3cret-cookie")
    );
}

fn tell(result: &Result<Response, FetchError>, show: &mut impl FnMut(&dyn Debug)) {
    show(result);
    match result {
        Ok(response) => show(&(
            response.decisions(),
            response.remarks(),
            response.exchanges(),
        )),
        Err(error) => {
            show(&(error.to_string(), error.decisions(), error.exchanges()));
            show(
                &error
                    .network_error()
                    .map(|error| (error.hint(), error.url().to_string())),
            );
        }
    }
}

fn with_user(host: Option<&str>) -> String {
    format!(
        "http://s3cret-me:s3cret-password@{}/end",
        host.unwrap_or_default()
    )
}

static LOGGER: std::sync::OnceLock<Said> = std::sync::OnceLock::new();

/// Everything that is said to it, as text.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<String>>);

impl Said {
    fn text(&self) -> String {
        self.0.lock().expect("a lock").clone()
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = self.0.lock().expect("a lock");
        writeln!(text, "{field} = {value:?}").expect("a string");
    }
}

impl tracing::Subscriber for Said {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl log::Log for Said {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut text = self.0.lock().expect("a lock");
        writeln!(text, "{} {}", record.target(), record.args()).expect("a string");
    }

    fn flush(&self) {}
}
