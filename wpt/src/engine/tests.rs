//! Pages of our own, with a harness of a few lines, so that the glue is tested without a checkout.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use vetch::Profile;

use super::{Console, World};
use crate::certificates;
use crate::places::Places;
use crate::verdict::{Status, Verdict};

/// What testharness.js is to the glue: `setup`, a completion callback, and a test that is a promise.
const HARNESS: &str = "
    var complete, tests = [], running = [];
    function setup() {}
    function add_completion_callback(callback) { complete = callback; }
    function promise_test(run, name) {
        running.push(Promise.resolve().then(run).then(
            () => tests.push({ name, status: 0 }),
            (error) => tests.push({ name, status: 1, message: String(error) })));
    }
    function equal(actual, expected) {
        if (actual !== expected) throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
    }
    addEventListener('load', async () => { await Promise.all(running); complete(tests, { status: 0 }); });
";

/// The test's page, the harness, and `/echo`, which answers with what it was asked.
async fn answer(
    request: Request<Incoming>,
    script: Arc<str>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await;
    let body = body.map(http_body_util::Collected::to_bytes);
    let header = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let text = match parts.uri.path() {
        "/page" => format!(
            "<title>A page</title><script src=/harness.js></script>\
             <script src=/resources/testharnessreport.js></script><script>{script}</script>"
        ),
        "/harness.js" => HARNESS.to_owned(),
        "/echo" => format!(
            "{} {} {}",
            parts.method,
            header("content-type").unwrap_or("-"),
            String::from_utf8_lossy(&body.unwrap_or_default())
        ),
        _ => String::new(),
    };
    let response = Response::builder()
        .header("content-type", "text/plain;charset=utf-8")
        .header("x-cookie", header("cookie").unwrap_or("-"));
    Ok(response.body(Full::from(text)).expect("a response"))
}

async fn verdict(script: &str) -> Verdict {
    let script: Arc<str> = script.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let script = Arc::clone(&script);
            let service = service_fn(move |request| answer(request, Arc::clone(&script)));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    let world = World {
        places: Places {
            http: [1, 2],
            https: [3, 4],
        },
        certificates: Arc::new(certificates::make().expect("certificates")),
        profile: Profile::SPEC,
        runtime: Handle::current(),
        console: Console::Silent,
    };
    let url = format!("http://{address}/page").parse().expect("a URL");
    let run = tokio::task::spawn_blocking(move || world.run(url));
    run.await.expect("no panic").expect("a verdict")
}

/// Every test of the script passes, and there are that many.
async fn passes(script: &str, count: usize) {
    let Verdict::Ran(ran) = verdict(script).await else {
        panic!("the page says nothing");
    };
    let failed: Vec<_> = ran
        .subtests
        .iter()
        .filter(|subtest| subtest.status != Status::Pass)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(ran.subtests.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_goes_to_the_server_and_back() {
    let script = r"
        promise_test(async () => {
            const response = await fetch('/echo', { method: 'post', body: 'text' });
            equal(response.type, 'basic');
            equal(await response.text(), 'POST text/plain;charset=UTF-8 text');
        }, 'a body implies its type');
        promise_test(async () => {
            const request = new Request('/echo', { method: 'PUT', body: new URLSearchParams({ a: 'b' }) });
            const response = await fetch(request);
            equal(request.bodyUsed, true);
            equal(await response.text(), 'PUT application/x-www-form-urlencoded;charset=UTF-8 a=b');
        }, 'a Request is used up');
        promise_test(async () => {
            document.cookie = 'a=b';
            equal((await fetch('/echo')).headers.get('X-Cookie'), 'a=b');
        }, 'cookies of the document go along');
        promise_test(async () => {
            const controller = new AbortController();
            const fetched = fetch('/echo', { signal: controller.signal });
            controller.abort();
            const error = await fetched.then(() => null, (error) => error);
            equal(error.name, 'AbortError');
        }, 'a signal aborts');
        promise_test(async () => {
            for (const init of [{ method: 'TRACE' }, { body: 'a' }, { mode: 'navigate' }, { headers: [['a b', '']] }]) {
                const error = await fetch('/echo', init).then(() => null, (error) => error);
                equal(error instanceof TypeError, true);
            }
        }, 'what the engine refuses is a TypeError');
    ";
    passes(script, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_xhr_has_its_states_and_events() {
    let script = r"
        promise_test(() => new Promise((resolve, reject) => {
            const xhr = new XMLHttpRequest();
            const seen = [];
            xhr.onreadystatechange = () => seen.push(xhr.readyState);
            xhr.upload.onloadend = () => seen.push('uploaded');
            xhr.onloadend = () => {
                try {
                    equal(seen.join(), '1,uploaded,2,3,4');
                    equal(xhr.response, 'POST text/plain;charset=UTF-8 text');
                    equal(xhr.getResponseHeader('Content-Type'), 'text/plain;charset=utf-8');
                    resolve();
                } catch (error) { reject(error); }
            };
            xhr.open('POST', '/echo');
            xhr.send('text');
        }), 'asynchronous');
        promise_test(async () => {
            const xhr = new XMLHttpRequest();
            xhr.open('GET', '/echo', false);
            xhr.send();
            equal(xhr.responseText, 'GET - ');
        }, 'synchronous');
        promise_test(async () => {
            let error = null;
            try { new XMLHttpRequest().open('TRACK', '/echo'); } catch (thrown) { error = thrown; }
            equal(error.name, 'SecurityError');
        }, 'a forbidden method');
    ";
    passes(script, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_behave_without_a_network() {
    let script = r"
        promise_test(async () => {
            const headers = new Headers({ b: '1', A: ' 2 ' });
            headers.append('b', '3');
            equal([...headers].join(';'), 'a,2;b,1, 3');
        }, 'Headers are sorted and combined');
        promise_test(async () => {
            const form = new FormData();
            form.append('name', 'a\nb');
            form.append('file', new Blob(['bytes'], { type: 'x/y' }), 'n.txt');
            const back = await new Response(form).formData();
            equal(back.get('name'), 'a\r\nb');
            equal(await back.get('file').text(), 'bytes');
        }, 'FormData there and back');
        promise_test(async () => {
            const [one, two] = new Response('text').body.tee();
            equal(await new Response(one).text() + await new Response(two).text(), 'texttext');
        }, 'a stream has two branches');
        promise_test(async () => {
            const url = new URL('?a=b', 'https://user@host.example:8443/path#hash');
            url.searchParams.append('c', 'd e');
            equal(url.href, 'https://user@host.example:8443/path?a=b&c=d+e');
        }, 'URL and its query');
        promise_test(async () => equal(atob(btoa('\x00\xff a')), '\x00\xff a'), 'base64 there and back');
        promise_test(async () => {
            equal(new TextDecoder('windows-1252').decode(new Uint8Array([0x80])), '\u20ac');
        }, 'labels of encodings');
    ";
    passes(script, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_harness_lacks_is_told() {
    let script = "promise_test(async () => document.createElement('iframe'), 'a frame');";
    let expected = Verdict::Skipped {
        reason: "needs document.createElement('iframe')".into(),
    };
    assert_eq!(verdict(script).await, expected);
}
