//! A page in the embedded JavaScript engine: its document and scripts are loaded, and an event loop runs until the
//! harness reports.

mod description;
mod event_loop;
mod exchange;
mod headers;
mod host;
mod loading;
mod requests;
#[cfg(test)]
mod tests;
mod texts;

use std::sync::Arc;
use std::time::Duration;

use rquickjs::{Context, Ctx, Function, Object, Runtime, Value};
use tokio::runtime::Handle;
use url::Url;
use vetch::{Profile, UserAgent};

use crate::certificates::Certificates;
use crate::places::Places;
use crate::trouble::Trouble;
use crate::verdict::Verdict;
use event_loop::EventLoop;
use host::Host;
use loading::Loaded;

/// What all pages share.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) places: Places,
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) profile: Profile,
    /// Where fetches run.
    pub(crate) runtime: Handle,
    /// Whether what pages print is printed.
    pub(crate) console: Console,
}

/// What pages print with `console`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Console {
    Silent,
    Stderr,
}

/// QuickJS's recursive tests and deep promise chains need room.
const STACK: usize = 64 << 20;

/// More than the harness's own longest time-out.
const PATIENCE: Duration = Duration::from_secs(75);

impl World {
    /// A fresh profile, as a test run's browser has one.
    fn user_agent(&self) -> Result<UserAgent, Trouble> {
        let builder = UserAgent::builder()
            .profile(self.profile)
            .root_certificate_pem(self.certificates.authority.as_bytes());
        Ok(self.places.resolve(builder).build()?)
    }

    /// Runs one page to its end, on a thread of its own.
    pub(crate) fn run(self, url: Url) -> Result<Verdict, Trouble> {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || self.run_here(url))
            .map_err(Trouble::io("a thread"))?
            .join()
            .unwrap_or_else(|_| {
                Ok(Verdict::Skipped {
                    reason: "the harness itself failed".into(),
                })
            })
    }

    fn run_here(&self, url: Url) -> Result<Verdict, Trouble> {
        let user_agent = self.user_agent()?;
        let loaded = match self.runtime.block_on(loading::load(&user_agent, url)) {
            Ok(loaded) => loaded,
            Err(reason) => return Ok(Verdict::Skipped { reason }),
        };
        let (host, events) = Host::new(self, loaded.page.clone());
        let outcome = Runtime::new().and_then(|runtime| {
            runtime.set_max_stack_size(STACK / 2);
            let context = Context::full(&runtime)?;
            context
                .with(|ctx| run_scripts(&ctx, &host, &loaded, EventLoop::new(host.clone(), events)))
        });
        let limits = host.take_limits();
        Ok(match (outcome, host.take_report()) {
            (_, Some(report)) => report.verdict(limits),
            (Err(error), None) => Verdict::Skipped {
                reason: format!("the JavaScript engine: {error}"),
            },
            (Ok(()), None) => Verdict::Skipped {
                reason: limits.first().map_or_else(
                    || "no report before the time was over".to_owned(),
                    |limit| format!("needs {limit}"),
                ),
            },
        })
    }
}

/// The glue, in the order in which it builds on itself.
const GLUE: [(&str, &str); 16] = [
    ("webidl.js", include_str!("glue/webidl.js")),
    ("events.js", include_str!("glue/events.js")),
    ("abort.js", include_str!("glue/abort.js")),
    ("encoding.js", include_str!("glue/encoding.js")),
    ("url.js", include_str!("glue/url.js")),
    ("streams.js", include_str!("glue/streams.js")),
    ("blob.js", include_str!("glue/blob.js")),
    ("form_data.js", include_str!("glue/form_data.js")),
    ("headers.js", include_str!("glue/headers.js")),
    ("body.js", include_str!("glue/body.js")),
    ("request.js", include_str!("glue/request.js")),
    ("response.js", include_str!("glue/response.js")),
    ("fetch.js", include_str!("glue/fetch.js")),
    ("xhr.js", include_str!("glue/xhr.js")),
    ("window.js", include_str!("glue/window.js")),
    ("report.js", include_str!("glue/report.js")),
];

fn run_scripts(
    ctx: &Ctx<'_>,
    host: &Host,
    loaded: &Loaded,
    mut event_loop: EventLoop,
) -> rquickjs::Result<()> {
    let web = Object::new(ctx.clone())?;
    web.set("page", ctx.json_parse(loaded.description())?)?;
    let functions = host.functions(ctx)?;
    for (name, source) in GLUE {
        let part: Function<'_> = event_loop::evaluate(ctx, name, source)?;
        part.call::<_, ()>((functions.clone(), web.clone()))?;
    }
    for script in &loaded.scripts {
        let ran = if script.is_report {
            web.get::<_, Function<'_>>("attachToHarness")?.call(())
        } else {
            event_loop::evaluate::<Value<'_>>(ctx, &script.name, &script.text).map(|_| ())
        };
        event_loop::settle(ctx, &web, ran)?;
        event_loop::run_microtasks(ctx);
    }
    let loaded = web.get::<_, Function<'_>>("loaded")?.call(());
    event_loop::settle(ctx, &web, loaded)?;
    event_loop.run(ctx, &web, PATIENCE)
}
