//! A request as a profile shows it to its preflight and to the preflight cache.
//! In: a request. Out: the same; a changed copy where the profile shows something else.

use std::ops::Deref;

use crate::infrastructure::requests::Request;

/// The request as it is, or a changed copy of it.
///
/// It does what a `Cow` does and stays small: a fetch makes it for each of its steps, and hardly ever changes it.
#[derive(Debug)]
pub struct ShownRequest<'a> {
    request: &'a Request,
    changed: Option<Box<Request>>,
}

impl<'a> ShownRequest<'a> {
    /// As it is.
    pub fn new(request: &'a Request) -> Self {
        Self {
            request,
            changed: None,
        }
    }

    /// The copy, to be changed.
    pub fn to_mut(&mut self) -> &mut Request {
        let copy = || Box::new(self.request.clone());
        self.changed.get_or_insert_with(copy)
    }
}

impl Deref for ShownRequest<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        self.changed.as_deref().unwrap_or(self.request)
    }
}
