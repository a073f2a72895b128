//! How a short header value is kept. No part of a Standard.

use bytes::Bytes;

/// A few bytes, kept where they stand, so that neither the value nor a clone of it takes memory elsewhere. Most values
/// that a script gives are short.
#[derive(Clone, Copy)]
pub(super) struct Short {
    bytes: [u8; MOST_BYTES],
    length: u8,
}

/// As many as leave a value no larger than `http`'s own: 31, or 15 where pointers have 32 bits.
const MOST_BYTES: usize = size_of::<Bytes>() - 1;

impl Short {
    /// Those bytes, unless they are too many.
    pub(super) fn new(value: &[u8]) -> Option<Self> {
        let mut bytes = [0; MOST_BYTES];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        let length = u8::try_from(value.len()).ok()?;
        Some(Self { bytes, length })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// A value in memory of its own, unless a byte is none of a value.
    pub(super) fn to_http(self) -> Option<http::HeaderValue> {
        http::HeaderValue::from_bytes(self.as_bytes()).ok()
    }
}
