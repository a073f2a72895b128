//! `vetch fetch`: one fetch, and its story.
//! In: flags. Out: the story, the body or the answer object; the exit status says what became of it.

use std::io::{Error, Stdout, Write};
use std::path::Path;

use bytes::Bytes;
use vetch::{Response, UserAgent};
use vetch_core::{NetworkError, Profile};

use crate::arguments::FetchArguments;
use crate::ending::{Ending, Refusal};
use crate::engine::{self, Performed};
use crate::explain::refuse;
use crate::output_file::OutputFile;
use crate::request_description::{Mistakes, Wish};
use crate::session::answers::{Answer, Content};
use crate::story::{Account, Detail, tell};
use crate::{network, output, profiles, request_flags};

/// Run the verb.
pub(crate) fn run(mut arguments: FetchArguments) -> Result<Ending, Refusal> {
    let json = arguments.common.json;
    let output_mistakes = dash_is_stdout(&mut arguments);
    let request = std::mem::take(&mut arguments.request);
    let (description, mut mistakes) = request_flags::describe(request);
    mistakes.take(output_mistakes);
    let profile = mistakes.take(profiles::by_name(&arguments.common.profile));
    let wish = mistakes.take(description.check());
    let ua = mistakes.take(network::user_agent(
        &arguments.network,
        profile.unwrap_or_default(),
    ));
    if let (Some(ua), Some(wish)) = (&ua, &wish) {
        set_cookies(ua, wish, &arguments.cookies, &mut mistakes);
    }
    let output = arguments.output.as_deref().map(OutputFile::open);
    let output = output.and_then(|output| mistakes.take(output));
    let (Some(profile), Some(wish), Some(ua), true) = (profile, wish, ua, mistakes.is_empty())
    else {
        return Err(refuse(mistakes, json));
    };
    let fetch = Fetch {
        arguments: &arguments,
        profile,
        wish: &wish,
        output,
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::System(format!("the fetch cannot start ({error})")))?
        .block_on(fetch.run(&ua))
}

/// `-o -` is `--body`, as curl has it.
fn dash_is_stdout(arguments: &mut FetchArguments) -> Result<(), Mistakes> {
    if arguments.output.as_deref() != Some(Path::new("-")) {
        return Ok(());
    }
    if arguments.common.json {
        let message = "- is stdout, which --json needs for its object; name a file";
        return Err(Mistakes::one("-o", message));
    }
    arguments.output = None;
    arguments.body = true;
    Ok(())
}

fn set_cookies(ua: &UserAgent, wish: &Wish, cookies: &[String], mistakes: &mut Mistakes) {
    let url = wish.constructed.request.current_url().as_str();
    for cookie in cookies {
        if let Err(invalid) = ua.set_cookie(url, cookie) {
            // A value may be a secret.
            let message = match cookie.split_once('=') {
                Some((name, _)) => format!("{name:?}: {invalid}"),
                None => invalid.to_string(),
            };
            mistakes.add("--cookie", message);
        }
    }
}

struct Fetch<'a> {
    arguments: &'a FetchArguments,
    profile: Profile,
    wish: &'a Wish,
    output: Option<OutputFile>,
}

impl Fetch<'_> {
    async fn run(mut self, ua: &UserAgent) -> Result<Ending, Refusal> {
        if self.arguments.common.json {
            return self.answer(ua).await;
        }
        // What became of the fetch is told before what became of its body.
        let (performed, written) = match engine::send(ua, self.wish).await {
            Ok(mut response) => {
                let mut sink = self.sink();
                let body = self.pass_on(&mut response, &mut sink).await;
                (engine::performed(&response, body), sink.finish())
            }
            Err(error) => (engine::failed(error)?, Ok(())),
        };
        let performed = performed.compared(ua, self.wish);
        let detail = if self.arguments.verbose {
            Detail::Everything
        } else {
            Detail::WhatMatters
        };
        let account = Account {
            wish: self.wish,
            profile: self.profile,
            performed: &performed,
        };
        let story = tell(&account, detail);
        if self.body_on_stdout() {
            output::aside(&story);
        } else {
            output::text(&story)?;
        }
        written?;
        Ok(ending(&performed))
    }

    /// `--json`: the session's answer object.
    async fn answer(&mut self, ua: &UserAgent) -> Result<Ending, Refusal> {
        let performed = engine::perform(ua, self.wish).await?;
        let mut sink = self.sink();
        if let Ok(seen) = &performed.verdict {
            sink.begin();
            if let Some(body) = &seen.body {
                sink.write(&body.bytes);
            }
        }
        let written = sink.finish();
        let ending = ending(&performed);
        output::json(&Answer {
            id: None,
            content: Content::from(performed),
        })?;
        written?;
        Ok(ending)
    }

    fn body_on_stdout(&self) -> bool {
        self.arguments.body || (self.arguments.include && self.arguments.output.is_none())
    }

    /// Read the body, and write it where it is wanted, piece by piece as it comes.
    async fn pass_on(
        &self,
        response: &mut Response,
        sink: &mut Sink,
    ) -> Result<Option<(Bytes, u64)>, NetworkError> {
        sink.begin();
        if self.arguments.include {
            sink.write(&head(response));
        }
        let length = engine::read(response, |chunk| sink.write(chunk)).await?;
        Ok(length.map(|length| (Bytes::new(), length)))
    }

    fn sink(&mut self) -> Sink {
        let stdout = self.body_on_stdout() && !self.arguments.common.json;
        Sink {
            file: self.output.take().map(Target::new),
            stdout: stdout.then(|| Target::new(std::io::stdout())),
        }
    }
}

/// Where a body goes.
struct Sink {
    file: Option<Target<OutputFile>>,
    stdout: Option<Target<Stdout>>,
}

impl Sink {
    /// There is a response, and its body comes.
    fn begin(&mut self) {
        if let Some(file) = &mut self.file {
            file.outcome = file.to.begin();
        }
    }

    fn finish(self) -> Result<(), Refusal> {
        if let Some(mut file) = self.file {
            let finished = file.finish();
            finished.map_err(|error| file.to.refusal(&error))?;
        }
        match self.stdout {
            Some(mut stdout) => output::stdout_written(stdout.finish()),
            None => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(file) = &mut self.file {
            file.write(bytes);
        }
        if let Some(stdout) = &mut self.stdout {
            stdout.write(bytes);
        }
    }
}

/// One place that a body goes to; after its first failure it takes no more.
struct Target<W> {
    to: W,
    outcome: Result<(), Error>,
}

impl<W: Write> Target<W> {
    const fn new(to: W) -> Self {
        Self {
            to,
            outcome: Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.outcome.is_ok() {
            self.outcome = self.to.write_all(bytes);
        }
    }

    /// What became of all that was written.
    fn finish(&mut self) -> Result<(), Error> {
        std::mem::replace(&mut self.outcome, Ok(())).and_then(|()| self.to.flush())
    }
}

/// Status line and visible headers, as `curl -i` writes them: byte for byte.
fn head(response: &Response) -> Vec<u8> {
    let status = format!("HTTP {} {}", response.status(), response.status_text());
    let mut head = status.trim_end().as_bytes().to_vec();
    head.extend_from_slice(b"\r\n");
    for (name, value) in response.headers().iter() {
        let parts = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
        head.extend(parts.into_iter().flatten());
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn ending(performed: &Performed) -> Ending {
    match &performed.verdict {
        Ok(_) => Ending::Well,
        Err(error) => error.kind().into(),
    }
}
