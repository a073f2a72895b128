//! What the API throws before any fetch: every mistake of one request, each with its field.
//! In: nothing; this is data. Out: problems for a person or a program.

/// The mistakes of one request; never none.
///
/// ```
/// use vetch_core::Environment;
/// use vetch_core::fetch_api::request_class::{RequestInit, construct};
/// let page = Environment::of_origin("https://app.example").unwrap().into();
/// let init = RequestInit { method: Some("TRACE".to_owned()), ..RequestInit::default() };
/// let invalid = construct("http://user@api.example/", init, &page).unwrap_err();
/// let fields: Vec<_> = invalid.problems().iter().map(|problem| problem.field).collect();
/// assert_eq!(fields, ["url", "method"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest(Vec<Problem>);

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The member of the request that is wrong: `url`, `method`, `headers`, …
    pub field: &'static str,
    /// One sentence that names the input and the fix.
    pub message: String,
}

impl Problem {
    /// A mistake in that member.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

impl InvalidRequest {
    /// The mistakes, or nothing when there is none.
    pub fn of(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// The mistakes in the order in which the API looks.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl From<Problem> for InvalidRequest {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl std::fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, problem) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", problem.field, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidRequest {}
