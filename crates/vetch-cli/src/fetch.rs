//! `vetch fetch`: one fetch, and its story.
//! In: flags. Out: the story, the body or the answer object; the exit status says what became of it.

use std::fs::File;
use std::io::{Error, Stdout, Write};
use std::path::Path;

use bytes::Bytes;
use vetch::{Response, UserAgent};
use vetch_core::Profile;

use crate::arguments::FetchArguments;
use crate::ending::{Ending, Refusal};
use crate::engine::{self, Performed};
use crate::explain::refuse;
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
    let (Some(profile), Some(wish), Some(ua), true) = (profile, wish, ua, mistakes.is_empty())
    else {
        return Err(refuse(mistakes, json));
    };
    let fetch = Fetch {
        arguments: &arguments,
        profile,
        wish: &wish,
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
            mistakes.add("--cookie", invalid.to_string());
        }
    }
}

struct Fetch<'a> {
    arguments: &'a FetchArguments,
    profile: Profile,
    wish: &'a Wish,
}

impl Fetch<'_> {
    async fn run(&self, ua: &UserAgent) -> Result<Ending, Refusal> {
        if self.arguments.common.json {
            return self.answer(ua).await;
        }
        let performed = match engine::send(ua, self.wish).await {
            Ok(mut response) => {
                let body = self.pass_on(&mut response).await?;
                engine::performed(&response, body)
            }
            Err(error) => engine::failed(error)?,
        };
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
        Ok(ending(&performed))
    }

    /// `--json`: the session's answer object.
    async fn answer(&self, ua: &UserAgent) -> Result<Ending, Refusal> {
        let performed = engine::perform(ua, self.wish).await?;
        let body = performed.verdict.as_ref().ok();
        if let (Some(path), Some(body)) = (
            &self.arguments.output,
            body.and_then(|seen| seen.body.as_ref()),
        ) {
            std::fs::write(path, &body.bytes).map_err(|error| cannot_write(path, &error))?;
        }
        let ending = ending(&performed);
        output::json(&Answer {
            id: None,
            content: Content::from(performed),
        })?;
        Ok(ending)
    }

    fn body_on_stdout(&self) -> bool {
        self.arguments.body || (self.arguments.include && self.arguments.output.is_none())
    }

    /// Read the body, and write it where it is wanted, piece by piece as it comes.
    async fn pass_on(
        &self,
        response: &mut Response,
    ) -> Result<Result<Option<(Bytes, u64)>, vetch_core::NetworkError>, Refusal> {
        let mut sink = self.sink()?;
        if self.arguments.include {
            sink.write(&head(response));
        }
        let body = engine::read(response, |chunk| sink.write(chunk)).await;
        self.finish(sink)?;
        Ok(body.map(|length| length.map(|length| (Bytes::new(), length))))
    }

    fn sink(&self) -> Result<Sink, Refusal> {
        let file = match &self.arguments.output {
            Some(path) => Some(Target::new(
                File::create(path).map_err(|error| cannot_write(path, &error))?,
            )),
            None => None,
        };
        let stdout = self
            .body_on_stdout()
            .then(|| Target::new(std::io::stdout()));
        Ok(Sink { file, stdout })
    }

    fn finish(&self, sink: Sink) -> Result<(), Refusal> {
        if let (Some(path), Some(file)) = (&self.arguments.output, sink.file) {
            file.finish().map_err(|error| cannot_write(path, &error))?;
        }
        match sink.stdout {
            Some(stdout) => output::stdout_written(stdout.finish()),
            None => Ok(()),
        }
    }
}

/// Where a body goes.
struct Sink {
    file: Option<Target<File>>,
    stdout: Option<Target<Stdout>>,
}

impl Sink {
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

    fn finish(mut self) -> Result<(), Error> {
        self.outcome.and_then(|()| self.to.flush())
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

fn cannot_write(path: &Path, error: &Error) -> Refusal {
    let message = format!("the file {} cannot be written ({error})", path.display());
    Refusal::Usage(vec![crate::request_description::Mistake::new(
        "-o", message,
    )])
}
