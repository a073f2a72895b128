//! What decompression bombs cost in memory.
#![cfg(target_os = "linux")]

use async_compression::Level;
use async_compression::brotli::EncoderParams;
use async_compression::tokio::bufread::{BrotliEncoder, ZstdEncoder};
use async_compression::zstd::CParameter;

use crate::bodies::{CODINGS, bomb, coded, read};
use crate::measure::{Fetches, MOST_KIBIBYTES, assert_bounded};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_decompression_bombs() {
    for coding in CODINGS {
        let server = Server::answering(coded(coding, &bomb(coding, 64).await)).await;
        let fetches = Fetches::of(server.url("/"));
        assert_bounded(coding, fetches, "67108864", MOST_KIBIBYTES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_of_the_largest_windows() {
    for (coding, layers, most) in [
        ("zstd", 1, 16 << 10),
        ("br", 1, MOST_KIBIBYTES),
        ("zstd", 5, 64 << 10),
        ("br", 5, 128 << 10),
    ] {
        let mut body = vec![0; 24 << 20];
        for _ in 1..layers {
            body = stored(coding, &body);
        }
        let body = compressed(coding, &body).await;
        assert!(body.len() < 64 << 10, "{coding}: {}", body.len());
        let codings = vec![coding; layers].join(", ");
        let server = Server::answering(coded(&codings, &body)).await;
        let fetches = Fetches::of(server.url("/"));
        assert_bounded(&codings, fetches, "25165824", most).await;
    }
}

/// The bytes in the largest window that their coding may have.
async fn compressed(coding: &str, bytes: &[u8]) -> Vec<u8> {
    if coding == "br" {
        let parameters = EncoderParams::default().window_size(24);
        let parameters = parameters.quality(Level::Fastest);
        read(BrotliEncoder::with_params(bytes, parameters)).await
    } else {
        let window = [CParameter::window_log(23)];
        read(ZstdEncoder::with_quality_and_params(
            bytes,
            Level::Default,
            &window,
        ))
        .await
    }
}

/// The same window around bytes as they are: what is as long as they were fills the next layer's window too.
fn stored(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut coded = Vec::new();
    if coding == "br" {
        // RFC 7932 sections 9.1 and 9.2: the window in four bits, before the first meta-block; then of each ISLAST,
        // MNIBBLES, MLEN - 1 and ISUNCOMPRESSED, up to a whole byte; ISLAST and ISLASTEMPTY.
        let mut window = (0b1111, 4);
        for block in bytes.chunks(BLOCK) {
            let (bits, count) = std::mem::take(&mut window);
            let length = u32::try_from(block.len() - 1).expect("a block's length");
            let head: u32 = bits | (length << 3 | 1 << 19) << count;
            coded.extend(&head.to_le_bytes()[..3]);
            coded.extend(block);
        }
        coded.push(0b11);
    } else {
        // RFC 8878 sections 3.1.1.1 and 3.1.1.2: the magic number, no descriptor's flag, the window; then raw blocks of
        // that size, and an empty last one.
        coded.extend([0x28, 0xb5, 0x2f, 0xfd, 0, 13 << 3]);
        for block in bytes.chunks(BLOCK) {
            let size = u32::try_from(block.len()).expect("a block's size");
            coded.extend(&(size << 3).to_le_bytes()[..3]);
            coded.extend(block);
        }
        coded.extend([1, 0, 0]);
    }
    coded
}

/// What four nibbles can tell.
const BLOCK: usize = 1 << 16;
