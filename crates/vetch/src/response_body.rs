//! Response bodies: decoded, bounded, and read once.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use url::Url;
use vetch_core::NetworkError;

/// A response's body, its content codings undone.
#[derive(Debug)]
pub struct ResponseBody {
    url: Url,
}

/// The body is not the JSON that was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The body could not be read.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The body is not JSON, or not of that shape.
    #[error("the body is not the JSON that was asked for: {0}")]
    Json(#[from] serde_json::Error),
}

impl ResponseBody {
    pub(crate) fn null(url: Url) -> Self {
        Self { url }
    }

    /// The next piece, or nothing at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetworkError> {
        let _ = &self.url;
        todo!()
    }

    /// The rest of the body.
    pub async fn bytes(&mut self) -> Result<Bytes, NetworkError> {
        todo!()
    }

    /// The rest of the body as text.
    pub async fn text(&mut self) -> Result<String, NetworkError> {
        todo!()
    }

    /// The rest of the body, read as JSON.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, JsonError> {
        todo!()
    }
}
