//! Methods and header names that most preflight answers are made of.
//! In: nothing; this is data. Out: the tokens that a packed entry spells with one bit.
//!
//! Nothing but memory depends on what stands here: any other token is spelt out. The numbers live no longer than the
//! process, so the order may change.

use super::entries::Token::{self, HeaderName, Method};

/// As many as there are bits for in a grant, and none longer than its two ends ([`Ends`]).
pub(super) const COMMON_TOKENS: [Token<'static>; 48] = [
    Method(b"*"),
    Method(b"DELETE"),
    Method(b"GET"),
    Method(b"HEAD"),
    Method(b"OPTIONS"),
    Method(b"PATCH"),
    Method(b"POST"),
    Method(b"PUT"),
    HeaderName(b"*"),
    HeaderName(b"accept"),
    HeaderName(b"accept-encoding"),
    HeaderName(b"accept-language"),
    HeaderName(b"authorization"),
    HeaderName(b"baggage"),
    HeaderName(b"cache-control"),
    HeaderName(b"content-encoding"),
    HeaderName(b"content-language"),
    HeaderName(b"content-length"),
    HeaderName(b"content-range"),
    HeaderName(b"content-type"),
    HeaderName(b"cookie"),
    HeaderName(b"dnt"),
    HeaderName(b"idempotency-key"),
    HeaderName(b"if-match"),
    HeaderName(b"if-none-match"),
    HeaderName(b"keep-alive"),
    HeaderName(b"last-event-id"),
    HeaderName(b"origin"),
    HeaderName(b"pragma"),
    HeaderName(b"range"),
    HeaderName(b"referer"),
    HeaderName(b"sentry-trace"),
    HeaderName(b"traceparent"),
    HeaderName(b"tracestate"),
    HeaderName(b"user-agent"),
    HeaderName(b"x-access-token"),
    HeaderName(b"x-amz-date"),
    HeaderName(b"x-amz-user-agent"),
    HeaderName(b"x-api-key"),
    HeaderName(b"x-auth-token"),
    HeaderName(b"x-correlation-id"),
    HeaderName(b"x-csrf-token"),
    HeaderName(b"x-csrftoken"),
    HeaderName(b"x-grpc-web"),
    HeaderName(b"x-request-id"),
    HeaderName(b"x-requested-with"),
    HeaderName(b"x-user-agent"),
    HeaderName(b"x-xsrf-token"),
];

/// The number of a token, if it is a common one. It is asked for each part of each question: hence no search, and no
/// comparison byte by byte.
#[inline]
pub(super) fn number_of(token: Token<'_>) -> Option<u8> {
    let ends = Ends::of(token);
    let cell = CELLS.get(ends.cell())?;
    (cell.ends == ends).then_some(cell.number)
}

/// The first and the last eight bytes of a token, or four, or what there is: all of it, if it is no longer than sixteen.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
    length: usize,
    is_header_name: bool,
}

/// A common token, or none.
#[derive(Clone, Copy)]
struct Cell {
    ends: Ends,
    number: u8,
}

const LONGEST: usize = 16;

/// Each common token in a cell of its own.
static CELLS: [Cell; 128] = {
    let no_token = Ends {
        first: 0,
        last: 0,
        length: usize::MAX,
        is_header_name: false,
    };
    let no_cell = Cell {
        ends: no_token,
        number: 0,
    };
    let mut cells = [no_cell; 128];
    let mut number = 0;
    while (number as usize) < COMMON_TOKENS.len() {
        let ends = Ends::of(COMMON_TOKENS[number as usize]);
        let cell = &mut cells[ends.cell()];
        assert!(ends.length <= LONGEST, "too long");
        assert!(cell.ends.length > LONGEST, "take another multiplier");
        *cell = Cell { ends, number };
        number += 1;
    }
    cells
};

/// Found by trying: it gives each of the common tokens a cell of its own.
const MULTIPLIER: u64 = 0x50B3_F21C_FB08_B10D;

impl Ends {
    #[inline]
    const fn of(token: Token<'_>) -> Self {
        let (is_header_name, text) = match token {
            Method(text) => (false, text),
            HeaderName(text) => (true, text),
        };
        let eight = (text.first_chunk(), text.last_chunk());
        let four = (text.first_chunk(), text.last_chunk());
        let (first, last) = match (eight, four, text) {
            ((Some(first), Some(last)), ..) => {
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            (_, (Some(first), Some(last)), _) => (
                u32::from_le_bytes(*first) as u64,
                u32::from_le_bytes(*last) as u64,
            ),
            (.., [first, middle, last]) => {
                (u16::from_le_bytes([*first, *middle]) as u64, *last as u64)
            }
            (.., [first, last]) => (*first as u64, *last as u64),
            (.., [only]) => (*only as u64, 0),
            _ => (0, 0),
        };
        Self {
            first,
            last,
            length: text.len(),
            is_header_name,
        }
    }

    /// The number of the cell that it would have.
    #[inline]
    const fn cell(self) -> usize {
        let bits = self
            .first
            .wrapping_add(self.last)
            .wrapping_add(self.is_header_name as u64);
        (bits.wrapping_mul(MULTIPLIER) >> 57) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_common_token_has_its_number_and_no_other_has_one() {
        for (number, token) in COMMON_TOKENS.iter().enumerate() {
            assert_eq!(number_of(*token).map(usize::from), Some(number));
        }
        for other in ["", "G", "put", "x-csrf-tokem", "content-typ"] {
            assert_eq!(number_of(Method(other.as_bytes())), None, "{other}");
            assert_eq!(number_of(HeaderName(other.as_bytes())), None, "{other}");
        }
    }
}
