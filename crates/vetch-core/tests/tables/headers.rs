//! The table of what each operation makes of a header list.

use serde::Deserialize;
use serde_json::{Value, json};
use vetch_core::infrastructure::headers::{
    Extracted, HeaderList, convert_header_names_to_a_sorted_lowercase_set,
};

use crate::cases::{self, header, pairs};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    headers: Vec<(String, String)>,
    /// The operation; what it is given.
    #[serde(rename = "do")]
    operation: Operation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Contains(String),
    Get(String),
    GetDecodeAndSplit(String),
    ExtractTokenList(String),
    ExtractSingle(String),
    Append(String, String),
    /// The name, the value and how many lines of that name stand before.
    Insert(String, String, usize),
    AppendIfAbsent(String, String),
    Delete(String),
    Set(String, String),
    Combine(String, String),
    SortAndCombine,
    SortedLowercaseSet,
}

impl Operation {
    fn run(&self, list: &HeaderList) -> Value {
        match self {
            Self::Contains(name) => json!(list.contains(name.as_str())),
            Self::Get(name) => json!(list.get(name.as_str()).map(|value| value.to_string())),
            Self::GetDecodeAndSplit(name) => json!(list.get_decode_and_split(name.as_str())),
            Self::ExtractTokenList(name) => {
                extracted(list.extract_token_list(name.as_str()), |all| {
                    json!(
                        all.into_iter()
                            .map(|item| std::str::from_utf8(item).expect("a token"))
                            .collect::<Vec<_>>()
                    )
                })
            }
            Self::ExtractSingle(name) => extracted(list.extract_single(name.as_str()), |value| {
                json!(value.to_string())
            }),
            Self::SortAndCombine => json!(pairs(&list.sort_and_combine())),
            Self::SortedLowercaseSet => {
                let names = list.iter().map(|(name, _)| name);
                let set = convert_header_names_to_a_sorted_lowercase_set(names);
                json!(set.iter().map(ToString::to_string).collect::<Vec<_>>())
            }
            _ => json!(pairs(&self.change(list.clone()))),
        }
    }

    fn change(&self, mut list: HeaderList) -> HeaderList {
        match self {
            Self::Append(name, value) => {
                let (name, value) = header(name, value);
                list.append(name, value);
            }
            Self::Insert(name, value, before) => {
                let (name, value) = header(name, value);
                list.insert(name, value, *before);
            }
            Self::AppendIfAbsent(name, value) => {
                let (name, value) = header(name, value);
                list.append_if_absent(name, value);
            }
            Self::Set(name, value) => {
                let (name, value) = header(name, value);
                list.set(name, value);
            }
            Self::Combine(name, value) => {
                let (name, value) = header(name, value);
                list.combine(name, &value);
            }
            Self::Delete(name) => list.delete(name.as_str()),
            _ => unreachable!("it changes nothing"),
        }
        list
    }
}

/// Absent is null, a failure names the line, and values are what they are.
fn extracted<T>(found: Option<Extracted<T>>, values: impl FnOnce(T) -> Value) -> Value {
    match found {
        None => Value::Null,
        Some(Extracted::Failure(line)) => json!({"failure": line.to_string()}),
        Some(Extracted::Values(found)) => values(found),
    }
}

#[test]
fn headers() {
    let table = include_str!("../../../../fixtures/cases/headers.json");
    cases::check(table, |input: &Input| {
        input.operation.run(&cases::header_list(&input.headers))
    });
}
