//! Content codings: what was coded comes back, however it is cut, and any other bytes come to an end within the limit.

mod coding;
mod wire;

use arbitrary::Unstructured;
use vetch::transport::WireBody;
use vetch::{Limits, Reason, TransportFailure};

use super::wait;
use coding::coded;
use wire::Pieces;

/// The bytes are choices, and then what is coded, or what pretends to be.
pub fn hold(bytes: &[u8]) {
    let mut choices = Unstructured::new(bytes);
    wait(async {
        if let Ok(answer) = Answer::chosen(&mut choices).await {
            let whole = answer.read(&[]).await;
            let cut = answer.read(&answer.cuts).await;
            answer.check(&whole);
            answer.check(&cut);
            answer.compare(&whole, &cut);
        }
    });
}

/// An answer with codings.
struct Answer {
    /// The lines of `Content-Encoding`.
    lines: Vec<String>,
    /// The codings that are undone.
    undone: Vec<&'static str>,
    body: Vec<u8>,
    becomes: Becomes,
    limit: u64,
    /// How many bytes come at once, one after the other, and again from the first.
    cuts: Vec<u8>,
    /// Whether the connection breaks behind the body.
    breaks: bool,
}

/// What the body is once its codings are undone.
#[derive(Debug, Clone)]
enum Becomes {
    /// That.
    Bytes(Vec<u8>),
    /// It ends too early; where an inner coding had all of its bytes before, that is nonetheless read.
    NothingOr(Option<Vec<u8>>),
    /// Whatever the decoders make of it.
    Anything,
}

/// What was read.
struct Outcome {
    bytes: Vec<u8>,
    failure: Option<TransportFailure>,
}

impl Answer {
    async fn chosen(choices: &mut Unstructured<'_>) -> arbitrary::Result<Self> {
        let names = names(choices)?;
        let lines = if choices.ratio(1, 2)? {
            names.iter().map(ToString::to_string).collect()
        } else {
            vec![names.join(", ")]
        };
        let limit = match choices.choose_index(4)? {
            0 => u64::from(choices.arbitrary::<u16>()?),
            _ => 1 << 20,
        };
        let cuts = (0..choices.choose_index(5)?).map(|_| choices.arbitrary());
        let cuts = cuts.collect::<arbitrary::Result<_>>()?;
        let breaks = !choices.ratio(7, 8)?;
        let (body, becomes) = body(&names, choices).await?;
        Ok(Self {
            lines,
            undone: undone(&names),
            body,
            becomes,
            limit,
            cuts,
            breaks,
        })
    }

    /// Fetch it and read it to its end, its body cut so.
    async fn read(&self, cuts: &[u8]) -> Outcome {
        let body = WireBody::new(Pieces::of(&self.body, cuts, self.breaks));
        let limits = Limits::default().with_body_bytes(self.limit);
        let mut response = wire::fetched(&self.lines, body, limits).await;
        let mut outcome = Outcome {
            bytes: Vec::new(),
            failure: None,
        };
        loop {
            match response.body().chunk().await {
                Ok(Some(chunk)) => {
                    assert!(!chunk.is_empty());
                    outcome.bytes.extend(chunk);
                }
                Ok(None) => break,
                Err(error) => match error.reason() {
                    Reason::Transport(failure) => outcome.failure = Some(failure.clone()),
                    other => panic!("a body failed with {other}"),
                },
            }
        }
        outcome
    }

    fn check(&self, outcome: &Outcome) {
        let length = outcome.bytes.len() as u64;
        assert!(length <= self.limit, "{length} above {}", self.limit);
        match &outcome.failure {
            None => {}
            Some(TransportFailure::BodyTooLong { limit }) => assert_eq!(*limit, self.limit),
            Some(TransportFailure::Decode { .. }) => assert!(!self.undone.is_empty()),
            Some(failure) => assert!(self.breaks && *failure == wire::broken()),
        }
        match &self.becomes {
            Becomes::Anything => {}
            Becomes::Bytes(bytes) => self.check_bytes(bytes, outcome),
            Becomes::NothingOr(inner) => {
                let is_inner = inner.as_deref() == Some(&*outcome.bytes);
                assert!(outcome.failure.is_some() || is_inner, "it ends too early");
            }
        }
    }

    /// How it is cut changes nothing.
    fn compare(&self, whole: &Outcome, cut: &Outcome) {
        let (shorter, longer) = if cut.bytes.len() < whole.bytes.len() {
            (cut, whole)
        } else {
            (whole, cut)
        };
        assert!(longer.bytes.starts_with(&shorter.bytes));
        let (is_over, is_longer_over) = (shorter.failure.is_none(), longer.failure.is_none());
        assert!(!is_over || shorter.bytes.len() == longer.bytes.len());
        assert!(
            is_over == is_longer_over || self.may_go_unseen(),
            "{:?}: {:?}, {:?}",
            self.lines,
            shorter.failure,
            longer.failure
        );
    }

    /// Whether something may be wrong that is met or not, as the body is cut.
    fn may_go_unseen(&self) -> bool {
        // Behind the last byte that an inner coding needs.
        let is_outer = self.undone.len() > 1;
        // In the length that a frame tells of itself: libzstd holds a whole frame to it, but not one that comes in pieces
        // and ends with an empty block.
        let is_length = self.undone.contains(&"zstd") && matches!(self.becomes, Becomes::Anything);
        is_outer || is_length
    }

    /// That, or the beginning of it where it is too long or the connection breaks.
    fn check_bytes(&self, bytes: &[u8], outcome: &Outcome) {
        assert!(bytes.starts_with(&outcome.bytes));
        let fits = bytes.len() as u64 <= self.limit;
        match &outcome.failure {
            None => assert!(fits && outcome.bytes == bytes),
            Some(TransportFailure::BodyTooLong { .. }) => assert!(!fits),
            Some(failure) => assert_eq!(*failure, wire::broken()),
        }
    }
}

/// Names of codings in the order in which they are applied.
fn names(choices: &mut Unstructured<'_>) -> arbitrary::Result<Vec<&'static str>> {
    let count = choices.choose_index(7)?;
    let names = (0..count).map(|_| choices.choose(NAMES).copied());
    names.collect()
}

/// A body with those codings, and what is to come out.
async fn body(
    names: &[&'static str],
    choices: &mut Unstructured<'_>,
) -> arbitrary::Result<(Vec<u8>, Becomes)> {
    let kind = choices.choose_index(8)?;
    let repeated = if choices.ratio(7, 8)? { 1 } else { 40 };
    let place = usize::from(choices.arbitrary::<u16>()?);
    let rest = choices.bytes(choices.len())?;
    let content = rest.repeat(repeated);
    let undone = undone(names);
    if kind == 0 || undone.is_empty() {
        let becomes = if undone.is_empty() || content.is_empty() {
            Becomes::Bytes(content.clone())
        } else {
            Becomes::Anything
        };
        return Ok((content, becomes));
    }
    let mut coded = coded(&undone, &content, place).await;
    Ok(match kind {
        1 if coded.len() > 1 => {
            coded.truncate(1 + place % (coded.len() - 1));
            let inner = (undone.len() > 1).then_some(content);
            (coded, Becomes::NothingOr(inner))
        }
        2 => {
            let place = place % coded.len();
            coded[place] ^= 1 << (rest.len() % 8);
            (coded, Becomes::Anything)
        }
        3 => (
            [&*coded, &rest[..place.min(rest.len())]].concat(),
            Becomes::Anything,
        ),
        _ => (coded, Becomes::Bytes(content)),
    })
}

/// Those codings that are undone: none where one is not known, or there are too many.
fn undone(names: &[&'static str]) -> Vec<&'static str> {
    if names.len() > 5 || names.iter().any(|name| UNKNOWN.contains(name)) {
        return Vec::new();
    }
    let names = names.iter().filter(|name| **name != "identity");
    names.copied().collect()
}

const NAMES: &[&str] = &[
    "gzip", "deflate", "br", "zstd", "x-gzip", "GZIP", "identity", "compress", "a b",
];

const UNKNOWN: &[&str] = &["compress", "a b"];
