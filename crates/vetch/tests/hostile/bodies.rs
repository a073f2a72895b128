//! Attacks with an answer's body: its length, and what it decodes to.

use std::sync::Arc;

use async_compression::tokio::bufread::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use vetch::Limits;

use crate::server::{OPEN, Server, assert_why, build, get, page, refused, why};
use crate::stack;

/// The codings of [`bomb`].
pub(crate) const CODINGS: [&str; 6] =
    ["gzip", "deflate", "raw deflate", "br", "zstd", "gzip, gzip"];

/// What so many MiB of zeros are in that coding; two codings are one around the other.
pub(crate) async fn bomb(coding: &str, mebibytes: u64) -> Vec<u8> {
    let zeros = tokio::io::repeat(0).take(mebibytes << 20);
    let zeros = tokio::io::BufReader::with_capacity(64 << 10, zeros);
    match coding {
        "gzip" => read(GzipEncoder::new(zeros)).await,
        "deflate" => read(ZlibEncoder::new(zeros)).await,
        "raw deflate" => read(DeflateEncoder::new(zeros)).await,
        "br" => {
            read(BrotliEncoder::with_quality(
                zeros,
                async_compression::Level::Fastest,
            ))
            .await
        }
        "zstd" => read(ZstdEncoder::new(zeros)).await,
        _ => read(GzipEncoder::new(&*read(GzipEncoder::new(zeros)).await)).await,
    }
}

pub(crate) async fn read(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.expect("coded");
    bytes
}

/// The answer with that body in that coding.
pub(crate) fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    let coding = coding.trim_start_matches("raw ");
    let head = format!(
        "{OPEN}content-encoding: {coding}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn limited(bytes: u64) -> vetch::UserAgent {
    build(stack::builder().limits(Limits::default().with_body_bytes(bytes)))
}

#[tokio::test]
async fn decompression_bombs() {
    for coding in CODINGS {
        let bomb = bomb(coding, 4).await;
        assert!(bomb.len() < 64 << 10, "{coding}: {}", bomb.len());
        let server = Server::answering(coded(coding, &bomb)).await;
        let ua = limited(1 << 20);
        let mut response = page(&ua)
            .fetch(server.url("/"))
            .send()
            .await
            .expect("a head");
        let mut taken = 0;
        let came = loop {
            match response.body().chunk().await {
                Ok(chunk) => taken += chunk.expect("the limit comes first").len(),
                Err(error) => break why(&error),
            }
        };
        assert_why(&came, ("body-too-long", "more than 1048576 bytes"));
        assert!(taken <= 1 << 20, "{coding}: {taken}");
    }
}

#[tokio::test]
async fn endless_body() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send(format!("{OPEN}\r\n")).await?;
        connection.flood(vec![b'a'; 16 << 10]).await
    })
    .await;
    let came = refused(&limited(1 << 20), server.url("/")).await;
    assert_why(&came, ("body-too-long", "more than 1048576 bytes"));
    server.all_gone().await;
}

#[tokio::test]
async fn endless_body_that_nobody_reads() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        // Not granted.
        connection.send("HTTP/1.1 200 OK\r\n\r\n").await?;
        connection.flood(vec![b'a'; 16 << 10]).await
    })
    .await;
    let came = refused(&limited(u64::MAX), server.url("/")).await;
    assert_why(
        &came,
        ("missing-allow-origin-header", "Access-Control-Allow-Origin"),
    );
    server.all_gone().await;
}

#[tokio::test]
async fn slow_body_that_nobody_reads() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsecr")
            .await?;
        connection.until_gone().await
    })
    .await;
    let came = refused(&limited(u64::MAX), server.url("/")).await;
    assert_why(
        &came,
        ("missing-allow-origin-header", "Access-Control-Allow-Origin"),
    );
    // After a second, the connection is given up.
    server.all_gone().await;
}

#[tokio::test]
async fn body_that_is_dropped_unread() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send(format!("{OPEN}\r\n")).await?;
        connection.flood(vec![b'a'; 16 << 10]).await
    })
    .await;
    let ua = limited(u64::MAX);
    let mut response = page(&ua)
        .fetch(server.url("/"))
        .send()
        .await
        .expect("a head");
    response.body().chunk().await.expect("a chunk");
    drop(response);
    server.all_gone().await;
}

#[tokio::test]
async fn codings_without_end() {
    // More than five are not undone, and the page gets the bytes as they came.
    let codings = vec!["gzip"; 1_000].join(", ");
    let server = Server::answering(coded(&codings, b"\x1f\x8b")).await;
    let came = get(&limited(1 << 20), server.url("/")).await;
    assert_eq!(came.as_deref(), Ok("\u{1f}\u{fffd}"));
}

#[tokio::test]
async fn zstd_window_above_eight_mebibytes() {
    // A frame header that wants a window of 2 GiB, and a block of raw data.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0x00, 0x00, b'a'];
    let server = Server::answering(coded("zstd", &frame)).await;
    let came = refused(&limited(1 << 20), server.url("/")).await;
    assert_why(&came, ("content-decoding-failed", "zstd"));
}

#[tokio::test]
async fn br_window_above_sixteen_mebibytes() {
    // "Large window" of 2^30 bytes, which RFC 7932 does not have, and what follows is never looked at.
    let server = Server::answering(coded("br", &[0x11, 0x1e, 0, 0, 0, 0])).await;
    let came = refused(&limited(1 << 20), server.url("/")).await;
    assert_why(
        &came,
        ("content-decoding-failed", "window is larger than 16 MiB"),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codings_that_decode_to_nothing_without_end() {
    // A gzip member's file name; empty stored blocks; empty raw blocks.
    let gzip = [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255];
    // A skippable frame of no bytes.
    let attacks: [(&str, &[u8], &[u8]); 5] = [
        ("gzip", &gzip, &[b'a'; 4_096]),
        ("deflate", &[0x78, 0x9c], &[0, 0, 0, 0xff, 0xff]),
        ("deflate", &[], &[0, 0, 0, 0xff, 0xff]),
        ("zstd", &[0x28, 0xb5, 0x2f, 0xfd, 0, 0x50], &[0, 0, 0]),
        ("zstd", &[], &[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]),
    ];
    for (coding, start, again) in attacks {
        let (start, again) = (start.to_vec(), again.repeat(100));
        let server = Server::start(move |mut connection| {
            let (start, again) = (start.clone(), again.clone());
            async move {
                connection.request().await?;
                let head = format!("{OPEN}content-encoding: {coding}\r\n\r\n");
                connection.send(head).await?;
                connection.send(start).await?;
                connection.flood(again).await
            }
        })
        .await;
        let came = refused(&limited(1 << 20), server.url("/")).await;
        assert_why(&came, ("content-decoding-failed", coding));
        server.all_gone().await;
    }
}

#[tokio::test]
async fn garbage_in_each_coding() {
    let garbage: Arc<[u8]> = (0..=255_u8).rev().cycle().take(4_096).collect();
    for coding in ["gzip", "deflate", "br", "zstd", "br, gzip"] {
        let server = Server::answering(coded(coding, &garbage)).await;
        let came = refused(&limited(1 << 20), server.url("/")).await;
        assert_why(&came, ("content-decoding-failed", coding));
    }
}

#[tokio::test]
async fn each_coding_cut_at_each_byte() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let whole: &[u8] = b"the same text, the same text, and then the end";
        let coded_text = match coding {
            "gzip" => read(GzipEncoder::new(whole)).await,
            "deflate" => read(ZlibEncoder::new(whole)).await,
            "br" => read(BrotliEncoder::new(whole)).await,
            _ => read(ZstdEncoder::new(whole)).await,
        };
        let length = coded_text.len();
        let server = Server::start(move |mut connection| {
            let coded_text = coded_text.clone();
            async move {
                for bytes in 1..length {
                    connection.request().await?;
                    connection.send(coded(coding, &coded_text[..bytes])).await?;
                }
                Ok(())
            }
        })
        .await;
        let ua = limited(1 << 20);
        for bytes in 1..length {
            let came = refused(&ua, server.url("/")).await;
            assert_eq!(
                came.0, "content-decoding-failed",
                "{coding} {bytes}: {}",
                came.1
            );
        }
    }
}
