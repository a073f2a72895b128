//! Content codings, and the ways of reading a body.

use async_compression::tokio::bufread::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use vetch::Limits;

use crate::server::{Server, answer, open, page};
use crate::stack;

const TEXT: &[u8] = b"the same text, the same text, the same text, and then the end";

async fn read(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.expect("coded");
    bytes
}

async fn coded(coding: &str, bytes: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" | "x-gzip" | "GZIP" => read(GzipEncoder::new(bytes)).await,
        "deflate" => read(ZlibEncoder::new(bytes)).await,
        "raw deflate" => read(DeflateEncoder::new(bytes)).await,
        "br" => read(BrotliEncoder::new(bytes)).await,
        "zstd" => read(ZstdEncoder::new(bytes)).await,
        _ => bytes.to_vec(),
    }
}

async fn get(headers: &[(&'static str, &'static str)], body: Vec<u8>) -> vetch::Response {
    let headers = headers.to_vec();
    let server = Server::start(move |_| open(&headers, &body)).await;
    let ua = stack::builder()
        .limits(Limits::default().with_body_bytes(1 << 20))
        .build();
    let fetch = page(&ua.expect("a user agent")).fetch(server.url("/"));
    fetch.send().await.expect("a response")
}

#[tokio::test]
async fn each_coding_is_undone_and_the_headers_stay() {
    for coding in [
        "gzip",
        "x-gzip",
        "GZIP",
        "deflate",
        "raw deflate",
        "br",
        "zstd",
        "unknown",
    ] {
        let header = if coding == "raw deflate" {
            "deflate"
        } else {
            coding
        };
        let body = coded(coding, TEXT).await;
        let length = body.len();
        let mut response = get(&[("content-encoding", header)], body).await;
        assert_eq!(response.bytes().await.expect(coding), TEXT, "{coding}");
        let headers = &response.unfiltered().header_list;
        assert_eq!(*headers.get("content-encoding").expect("kept"), header);
        assert_eq!(
            *headers.get("content-length").expect("kept"),
            length.to_string().as_str()
        );
    }
}

#[tokio::test]
async fn a_list_of_codings_is_undone_from_its_end() {
    let body = coded("gzip", &coded("br", TEXT).await).await;
    let mut response = get(
        &[("content-encoding", "br"), ("content-encoding", "gzip")],
        body,
    )
    .await;
    assert_eq!(response.bytes().await.expect("decoded"), TEXT);
    let body = coded("deflate", &coded("raw deflate", TEXT).await).await;
    let mut response = get(&[("content-encoding", "deflate, deflate")], body).await;
    assert_eq!(response.bytes().await.expect("decoded"), TEXT);
}

#[tokio::test]
async fn a_list_with_an_unknown_coding_is_left_alone() {
    let body = coded("gzip", TEXT).await;
    let mut response = get(&[("content-encoding", "secret, gzip")], body.clone()).await;
    assert_eq!(response.bytes().await.expect("as it came"), body);
}

#[tokio::test]
async fn a_bomb_meets_the_limit() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let bomb = coded(coding, &vec![0; 4 << 20]).await;
        assert!(bomb.len() < 10_000, "{coding}");
        let mut response = get(&[("content-encoding", coding)], bomb).await;
        let mut taken = 0;
        let error = loop {
            match response.body().chunk().await {
                Ok(chunk) => taken += chunk.expect("the limit comes first").len(),
                Err(error) => break error,
            }
        };
        assert_eq!(error.code(), "body-too-long", "{coding}");
        assert!(taken <= 1 << 20, "{coding}");
        assert_eq!(response.body().chunk().await.expect("over"), None);
    }
}

#[tokio::test]
async fn a_broken_or_cut_coding_is_an_error() {
    let mut cut = coded("gzip", TEXT).await;
    cut.truncate(cut.len() / 2);
    for body in [cut, b"not gzip at all".to_vec()] {
        let mut response = get(&[("content-encoding", "gzip")], body).await;
        let error = response.text().await.expect_err("broken");
        assert_eq!(error.code(), "content-decoding-failed");
    }
}

#[tokio::test]
async fn a_body_without_a_byte_is_empty_in_every_coding() {
    for coding in ["gzip", "deflate", "br", "zstd", "br, gzip"] {
        let mut response = get(&[("content-encoding", coding)], Vec::new()).await;
        assert_eq!(response.text().await.expect(coding), "");
    }
}

#[tokio::test]
async fn head_and_null_body_statuses_have_no_body() {
    let server = Server::start(|seen| {
        let allow = [
            ("access-control-allow-origin", "*"),
            ("content-encoding", "gzip"),
        ];
        match seen.method() {
            "HEAD" => {
                let mut bytes = answer("200 OK", &allow, "12345");
                bytes.truncate(bytes.len() - 5);
                bytes
            }
            _ => b"HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\n\r\n".to_vec(),
        }
    })
    .await;
    let ua = stack::user_agent();
    for method in ["HEAD", "GET"] {
        let fetch = page(&ua).fetch(server.url("/")).method(method);
        let mut response = fetch.send().await.expect(method);
        assert_eq!(response.bytes().await.expect(method), "");
    }
}

#[tokio::test]
async fn text_leaves_the_byte_order_mark_out_and_replaces_what_is_not_utf_8() {
    let mut response = get(&[], b"\xef\xbb\xbfa\xffb".to_vec()).await;
    assert_eq!(response.text().await.expect("text"), "a\u{fffd}b");
    assert_eq!(response.text().await.expect("over"), "");
}

#[tokio::test]
async fn json_is_read_as_text_first() {
    let mut response = get(&[], b"\xef\xbb\xbf[1,2]".to_vec()).await;
    assert_eq!(response.json::<Vec<u8>>().await.expect("JSON"), [1, 2]);
    let mut response = get(&[], b"{".to_vec()).await;
    let error = response.json::<Vec<u8>>().await.expect_err("not JSON");
    assert!(matches!(error, vetch::JsonError::Json(_)));
}

#[tokio::test]
async fn integrity_is_checked_before_the_page_sees_a_byte() {
    let server = Server::start(|_| open(&[("content-encoding", "identity")], "hello")).await;
    let ua = stack::user_agent();
    let fetch = |hash: &str| page(&ua).fetch(server.url("/")).integrity(hash).send();
    let right = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let mut response = fetch(right).await.expect("it matches");
    assert_eq!(response.text().await.expect("a body"), "hello");
    let error = fetch("sha256-x").await.expect_err("it does not match");
    assert_eq!(
        error.network_error().expect("one").code(),
        "integrity-mismatch"
    );
    assert_eq!(error.exchanges().len(), 1);
}

#[tokio::test]
async fn an_opaque_response_shows_its_body_to_the_embedder_alone() {
    let server = Server::start(|_| answer("200 OK", &[], "pixels")).await;
    let ua = stack::user_agent();
    let fetch = page(&ua)
        .fetch(server.url("/#top"))
        .mode(vetch::Mode::NoCors);
    let mut response = fetch.send().await.expect("a response");
    assert_eq!(
        (response.kind(), response.status()),
        (vetch::ResponseType::Opaque, 0)
    );
    assert_eq!(
        (response.url(), response.headers().len()),
        (String::new(), 0)
    );
    assert_eq!(response.text().await.expect("nothing"), "");
    assert_eq!(response.unfiltered().status.as_u16(), 200);
    assert_eq!(
        response.unfiltered_body().text().await.expect("a body"),
        "pixels"
    );
}

#[tokio::test]
async fn a_data_url_needs_no_network() {
    let ua = stack::user_agent();
    let mut response = page(&ua)
        .fetch("data:,hello")
        .send()
        .await
        .expect("a response");
    assert_eq!(response.text().await.expect("a body"), "hello");
    assert!(response.exchanges().is_empty());
}

/// As Chromium's decoder has it: frames follow each other, some are to be skipped, and anything else is an error.
#[tokio::test]
async fn every_frame_of_zstd_is_read() {
    const HEADERS: &[(&str, &str)] = &[("content-encoding", "zstd")];
    let frame = coded("zstd", TEXT).await;
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'a', b'b', b'c'];
    let mut response = get(HEADERS, [&skipped, &*frame, &skipped, &*frame].concat()).await;
    assert_eq!(
        response.bytes().await.expect("a body"),
        [TEXT, TEXT].concat()
    );
    // A frame that wants a window of 2 GiB.
    let large = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0x00, 0x00, b'a'];
    for behind in [&b"garbage"[..], &large, &frame[..frame.len() - 1]] {
        let mut response = get(HEADERS, [&*frame, behind].concat()).await;
        let error = response.bytes().await.expect_err("no frame");
        assert_eq!(error.code(), "content-decoding-failed", "{behind:?}");
    }
}
