//! A session without a network.
//! In: the bytes of its input. Out: the lines that it answers.
//! Differs: a fetch is checked and not made, so it has no answer when nothing is wrong with it.

use std::io::{BufReader, Read};

use vetch::UserAgent;

use super::answers::{Answer, Content};
use super::lines::{self, LINE_LIMIT, Line};
use super::operations::{self, Operation};
use super::perform;

/// A session that does all that needs no network. Its state stays from input to input, as a session's does.
#[derive(Debug)]
pub struct OfflineSession {
    ua: UserAgent,
}

impl OfflineSession {
    /// A session of that user agent, which is never asked for a connection.
    pub fn new(ua: UserAgent) -> Self {
        Self { ua }
    }

    /// What is answered to each line, in order; nothing for a fetch that could be made.
    pub fn answers(&self, input: impl Read) -> Vec<Option<String>> {
        // A small buffer, so that lines come in parts, as they do from a pipe.
        let mut input = BufReader::with_capacity(16, input);
        std::iter::from_fn(|| lines::next(&mut input, LINE_LIMIT))
            .map(|line| self.answer(&line))
            .collect()
    }

    fn answer(&self, line: &Line) -> Option<String> {
        let (id, operation) = operations::parse(line);
        let content = match operation {
            Err(mistakes) => Content::from(mistakes.sorted()),
            Ok(Operation::Fetch(_)) => return None,
            Ok(operation) => perform(&self.ua, operation, 0),
        };
        let answer = Answer {
            id: Some(id),
            content,
        };
        Some(answer.to_line())
    }
}
