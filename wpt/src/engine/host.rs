//! What the glue may ask of the engine. Texts and numbers go in and out; bytes go in as a text of one code point each.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use rquickjs::{Ctx, Function, IntoJs, Object, Value};
use tokio::runtime::Handle;
use vetch::Page;
use vetch::vetch_core::fetch_api::headers_class::Headers;

use super::event_loop::{Event, Timers};
use super::exchange::Running;
use super::{Console, World};
use crate::verdict::Report;

/// Shared by the functions of one page; cheap to clone.
#[derive(Clone)]
pub(super) struct Host(Rc<Inner>);

pub(super) struct Inner {
    pub(super) page: Page,
    pub(super) runtime: Handle,
    pub(super) events: Sender<Event>,
    /// `Headers` objects by handle; they live as long as the page.
    pub(super) headers: RefCell<Vec<Headers>>,
    pub(super) running: RefCell<BTreeMap<u32, Running>>,
    /// How many fetches were started.
    pub(super) started: Cell<u32>,
    console: Console,
    timers: RefCell<Timers>,
    limits: RefCell<Vec<String>>,
    report: RefCell<Option<Report>>,
}

impl Host {
    pub(super) fn new(world: &World, page: Page) -> (Self, Receiver<Event>) {
        let (events, receiver) = channel();
        let inner = Inner {
            page,
            runtime: world.runtime.clone(),
            events,
            headers: RefCell::default(),
            running: RefCell::default(),
            started: Cell::default(),
            console: world.console,
            timers: RefCell::default(),
            limits: RefCell::default(),
            report: RefCell::default(),
        };
        (Self(Rc::new(inner)), receiver)
    }

    pub(super) fn timers(&self) -> RefMut<'_, Timers> {
        self.0.timers.borrow_mut()
    }

    pub(super) fn has_report(&self) -> bool {
        self.0.report.borrow().is_some()
    }

    pub(super) fn take_report(&self) -> Option<Report> {
        self.0.report.borrow_mut().take()
    }

    /// What the page asked for that is not here, in order.
    pub(super) fn take_limits(&self) -> Vec<String> {
        self.0.limits.take()
    }

    /// The object that the glue gets.
    pub(super) fn functions<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let functions = Object::new(ctx.clone())?;
        self.own_functions(ctx, &functions)?;
        super::texts::add(ctx, &functions)?;
        super::headers::add(ctx, &functions, &self.0)?;
        super::requests::add(ctx, &functions, &self.0)?;
        Ok(functions)
    }

    fn own_functions<'js>(&self, ctx: &Ctx<'js>, functions: &Object<'js>) -> rquickjs::Result<()> {
        let start = Instant::now();
        let now = move || start.elapsed().as_secs_f64() * 1000.0;
        functions.set("now", Function::new(ctx.clone(), now)?)?;
        let inner = Rc::clone(&self.0);
        let log = move |text: String| {
            if inner.console == Console::Stderr {
                eprintln!("console: {text}");
            }
        };
        functions.set("log", Function::new(ctx.clone(), log)?)?;
        let inner = Rc::clone(&self.0);
        let set_timer =
            move |id: u32, milliseconds: f64| inner.timers.borrow_mut().set(id, milliseconds);
        functions.set("setTimer", Function::new(ctx.clone(), set_timer)?)?;
        let inner = Rc::clone(&self.0);
        let limit = move |what: String| {
            let mut limits = inner.limits.borrow_mut();
            if !limits.contains(&what) {
                limits.push(what);
            }
        };
        functions.set("limit", Function::new(ctx.clone(), limit)?)?;
        let inner = Rc::clone(&self.0);
        let report = move |json: String| {
            *inner.report.borrow_mut() = serde_json::from_str(&json).ok();
        };
        functions.set("report", Function::new(ctx.clone(), report)?)
    }
}

/// The bytes of a text of one code point each.
pub(super) fn bytes_of(text: &str) -> Vec<u8> {
    // The glue makes such texts of bytes alone.
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'))
        .collect()
}

/// A text, or `null` where `Option` would be `undefined`.
pub(super) struct OrNull(pub(super) Option<String>);

impl<'js> IntoJs<'js> for OrNull {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        match self.0 {
            Some(text) => text.into_js(ctx),
            None => Ok(Value::new_null(ctx.clone())),
        }
    }
}
