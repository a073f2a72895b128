//! Requests: checked by the engine's door, and sent.

use std::rc::Rc;

use rquickjs::{Ctx, Function, Object, TypedArray, Value};
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;
use vetch::vetch_core::fetch_api::request_class::construct;
use vetch::vetch_core::infrastructure::methods;

use super::description::{Description, attributes};
use super::exchange::{self, Running};
use super::host::{Inner, bytes_of};

pub(super) fn add<'js>(
    ctx: &Ctx<'js>,
    functions: &Object<'js>,
    inner: &Rc<Inner>,
) -> rquickjs::Result<()> {
    functions.set(
        "method",
        Function::new(ctx.clone(), |name: String| method(&name))?,
    )?;
    let host = Rc::clone(inner);
    let check = move |description: String| host.construct(&description);
    functions.set("requestConstruct", Function::new(ctx.clone(), check)?)?;
    let host = Rc::clone(inner);
    let start = move |description: String, body: String| host.start(&description, &body);
    functions.set("start", Function::new(ctx.clone(), start)?)?;
    let host = Rc::clone(inner);
    let pull = move |id: u32| {
        // A fetch that is over has nothing more.
        let _gone = host
            .running
            .borrow()
            .get(&id)
            .map(|running| running.pulls.send(()));
    };
    functions.set("pull", Function::new(ctx.clone(), pull)?)?;
    let host = Rc::clone(inner);
    let cancel = move |id: u32| drop(host.running.borrow_mut().remove(&id));
    functions.set("cancel", Function::new(ctx.clone(), cancel)?)?;
    let host = Rc::clone(inner);
    let chunk = move |id: u32, bytes: String| host.upload(id, Ok(bytes_of(&bytes).into()));
    functions.set("uploadChunk", Function::new(ctx.clone(), chunk)?)?;
    let host = Rc::clone(inner);
    let end = move |id: u32, complete: bool| {
        if !complete {
            host.upload(id, Err("the page's stream failed"));
        }
        if let Some(running) = host.running.borrow_mut().get_mut(&id) {
            running.upload = None;
        }
    };
    functions.set("uploadEnd", Function::new(ctx.clone(), end)?)?;
    let host = Rc::clone(inner);
    let blocking = move |ctx: Ctx<'js>, description: String, body: String| {
        let (answer, bytes) = host.blocking(&description, &body);
        let bytes = TypedArray::<u8>::new(ctx.clone(), bytes)?.into_value();
        let answer = rquickjs::String::from_str(ctx, &answer)?.into_value();
        Ok::<Vec<Value<'js>>, rquickjs::Error>(vec![answer, bytes])
    };
    functions.set("blockingXhr", Function::new(ctx.clone(), blocking)?)?;
    let host = Rc::clone(inner);
    functions.set(
        "cookies",
        Function::new(ctx.clone(), move || host.cookies())?,
    )?;
    let host = Rc::clone(inner);
    let set_cookie = move |cookie: String| {
        // A cookie that is refused leaves the page none the wiser.
        let url = host.page.environment().url.as_str();
        let _refused = host.page.user_agent().set_cookie(url, &cookie);
    };
    functions.set("setCookie", Function::new(ctx.clone(), set_cookie)?)
}

/// The normalised method, `invalid` or `forbidden`.
fn method(name: &str) -> String {
    match methods::parse(name.as_bytes()) {
        None => "invalid".to_owned(),
        Some(_) if methods::is_forbidden(name.as_bytes()) => "forbidden".to_owned(),
        Some(method) => methods::normalize(method).to_string(),
    }
}

fn described(description: &str) -> Description {
    // The glue wrote it.
    serde_json::from_str(description).unwrap_or_default()
}

impl Inner {
    fn construct(&self, description: &str) -> String {
        let description = described(description);
        let constructed = construct(
            &description.url,
            description.init(),
            self.page.environment(),
        );
        let answer = match &constructed {
            Ok(constructed) => json!({"request": attributes(constructed)}),
            Err(invalid) => json!({"invalid": invalid.to_string()}),
        };
        answer.to_string()
    }

    fn start(&self, description: &str, body: &str) -> u32 {
        let description = described(description);
        let (body, upload) = exchange::body(&description, bytes_of(body));
        let is_head = description.method.as_deref() == Some("HEAD");
        let id = self.started.get();
        self.started.set(id + 1);
        let (pulls, receiver) = unbounded_channel();
        let sending = exchange::send(self.page.clone(), description, body);
        let task = exchange::run(id, sending, is_head, receiver, self.events.clone());
        let task = self.runtime.spawn(task).abort_handle();
        self.running.borrow_mut().insert(
            id,
            Running {
                pulls,
                upload,
                task,
            },
        );
        id
    }

    fn upload(&self, id: u32, chunk: exchange::Uploaded) {
        let running = self.running.borrow();
        let upload = running.get(&id).and_then(|running| running.upload.as_ref());
        // A server that answered early reads no further.
        let _unread = upload.map(|upload| upload.send(chunk));
    }

    /// A synchronous `XMLHttpRequest`: the page waits, and with it its event loop.
    fn blocking(&self, description: &str, body: &str) -> (String, Vec<u8>) {
        let description = described(description);
        let body = description.body_of(bytes_of(body));
        let sending = exchange::send(self.page.clone(), description, body);
        let outcome = self.runtime.block_on(async {
            let mut response = sending.await.map_err(|error| error.to_string())?;
            let bytes = response.bytes().await.map_err(|error| error.to_string())?;
            Ok((exchange::head(&response, false), bytes.to_vec()))
        });
        match outcome {
            Ok((response, bytes)) => (json!({"response": response}).to_string(), bytes),
            Err(error) => {
                let error: String = error;
                (json!({"error": error}).to_string(), Vec::new())
            }
        }
    }

    fn cookies(&self) -> String {
        let cookies = self
            .page
            .user_agent()
            .cookies(self.page.environment().url.as_str());
        let pairs: Vec<String> = cookies
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}
