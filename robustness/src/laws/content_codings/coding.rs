//! Coding, for which vetch has no use.

use async_compression::Level;
use async_compression::tokio::bufread::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The content in those codings, one around the other. `choice` tells which of the two kinds of `deflate` it is.
pub(super) async fn coded(names: &[&str], content: &[u8], choice: usize) -> Vec<u8> {
    let mut coded = content.to_vec();
    for name in names {
        coded = in_coding(name, &coded, choice).await;
    }
    coded
}

async fn in_coding(name: &str, bytes: &[u8], choice: usize) -> Vec<u8> {
    let fast = Level::Fastest;
    match name {
        "deflate" if choice.is_multiple_of(2) => read(ZlibEncoder::with_quality(bytes, fast)).await,
        "deflate" => read(DeflateEncoder::with_quality(bytes, fast)).await,
        "br" => read(BrotliEncoder::with_quality(bytes, fast)).await,
        "zstd" => read(ZstdEncoder::with_quality(bytes, fast)).await,
        _ => read(GzipEncoder::with_quality(bytes, fast)).await,
    }
}

async fn read(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.expect("coded");
    bytes
}
