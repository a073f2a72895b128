//! `Headers` objects: the engine's own class, by handle.

use std::rc::Rc;

use rquickjs::{Ctx, Function, Object};
use serde_json::json;
use vetch::vetch_core::fetch_api::headers_class::{Fate, Guard, Headers, InvalidHeader, parse};
use vetch::{HeaderList, HeaderName};

use super::host::{Inner, OrNull};

pub(super) fn add<'js>(
    ctx: &Ctx<'js>,
    functions: &Object<'js>,
    inner: &Rc<Inner>,
) -> rquickjs::Result<()> {
    functions.set(
        "headerName",
        Function::new(ctx.clone(), |name: String| check(&name, ""))?,
    )?;
    functions.set(
        "headerCheck",
        Function::new(ctx.clone(), |name: String, value: String| {
            check(&name, &value)
        })?,
    )?;
    let host = Rc::clone(inner);
    let new = move |guard: String| host.insert(Headers::new(guard_of(&guard)));
    functions.set("headersNew", Function::new(ctx.clone(), new)?)?;
    let host = Rc::clone(inner);
    let of_list = move |guard: String, list: String| host.insert(filled(guard_of(&guard), &list));
    functions.set("headersOfList", Function::new(ctx.clone(), of_list)?)?;
    let host = Rc::clone(inner);
    let append = move |handle: usize, name: String, value: String| {
        host.change(handle, |headers| headers.append(&name, &value))
    };
    functions.set("headersAppend", Function::new(ctx.clone(), append)?)?;
    let host = Rc::clone(inner);
    let set = move |handle: usize, name: String, value: String| {
        host.change(handle, |headers| headers.set(&name, &value))
    };
    functions.set("headersSet", Function::new(ctx.clone(), set)?)?;
    let host = Rc::clone(inner);
    let delete =
        move |handle: usize, name: String| host.change(handle, |headers| headers.delete(&name));
    functions.set("headersDelete", Function::new(ctx.clone(), delete)?)?;
    let host = Rc::clone(inner);
    let get = move |handle: usize, name: String| {
        let list = host.list(handle);
        OrNull(
            list.get(name.as_str())
                .map(|value| value.isomorphic_decode().into_owned()),
        )
    };
    functions.set("headersGet", Function::new(ctx.clone(), get)?)?;
    let host = Rc::clone(inner);
    let list = move |handle: usize| pairs(&host.list(handle));
    functions.set("headersList", Function::new(ctx.clone(), list)?)?;
    let host = Rc::clone(inner);
    let sorted = move |handle: usize| pairs(&host.list(handle).sort_and_combine());
    functions.set("headersSorted", Function::new(ctx.clone(), sorted)?)
}

impl Inner {
    fn insert(&self, headers: Headers) -> usize {
        let mut all = self.headers.borrow_mut();
        all.push(headers);
        all.len() - 1
    }

    /// What is thrown, or `null`.
    fn change(
        &self,
        handle: usize,
        change: impl FnOnce(&mut Headers) -> Result<Fate, InvalidHeader>,
    ) -> OrNull {
        let mut all = self.headers.borrow_mut();
        let changed = all.get_mut(handle).map(change);
        OrNull(
            changed
                .and_then(Result::err)
                .map(|invalid| invalid.to_string()),
        )
    }

    fn list(&self, handle: usize) -> HeaderList {
        let all = self.headers.borrow();
        all.get(handle)
            .map(|headers| headers.list().clone())
            .unwrap_or_default()
    }
}

/// What is thrown, or `null`.
fn check(name: &str, value: &str) -> OrNull {
    OrNull(parse(name, value).err().map(|invalid| invalid.to_string()))
}

fn guard_of(name: &str) -> Guard {
    match name {
        "immutable" => Guard::Immutable,
        "request" => Guard::Request,
        "request-no-cors" => Guard::RequestNoCors,
        "response" => Guard::Response,
        _ => Guard::None,
    }
}

/// A list that is there already, under a guard that did not see it come.
fn filled(guard: Guard, list: &str) -> Headers {
    let pairs: Vec<(String, String)> = serde_json::from_str(list).unwrap_or_default();
    Headers::of_list(
        guard,
        pairs
            .iter()
            .filter_map(|(name, value)| parse(name, value).ok())
            .collect(),
    )
}

pub(super) fn pairs(list: &HeaderList) -> String {
    let pairs: Vec<(&str, _)> = list
        .iter()
        .map(|(name, value)| (HeaderName::as_str(name), value.isomorphic_decode()))
        .collect();
    json!(pairs).to_string()
}
