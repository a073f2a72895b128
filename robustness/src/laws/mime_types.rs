//! Values of `Content-Type`: they are read as the steps say.

use vetch_core::infrastructure::mime_types::{essence, extract_a_mime_type, extract_an_essence};
use vetch_core::{HeaderList, HeaderName};

use super::values;
use crate::steps::mime_types::{MimeType, extract, parse};

/// Each line is a value.
pub fn hold(bytes: &[u8]) {
    let values = values(bytes);
    for value in &values {
        let by_the_steps = parse(&value.isomorphic_decode());
        let by_the_steps = by_the_steps.map(|found| format!("{}/{}", found.r#type, found.subtype));
        let short = essence(value.as_bytes()).map(|found| found.to_string());
        assert_eq!(short, by_the_steps, "of {value:?}");
    }
    let name = HeaderName::from_static("content-type");
    let list: HeaderList = values
        .into_iter()
        .map(|value| (name.clone(), value))
        .collect();
    let Some(value) = list.get(&name) else {
        return;
    };
    let value = value.as_bytes();
    let whole = extract_a_mime_type(&list);
    let by_the_steps = extract(value);
    let pair = whole.as_ref().map(|found| (&*found.type_, &*found.subtype));
    assert_eq!(pair, by_the_steps.as_ref().map(MimeType::essence));
    let short = extract_an_essence(value).map(|found| found.to_string());
    assert_eq!(
        short,
        pair.map(|(type_, subtype)| format!("{type_}/{subtype}"))
    );
    // What the core's parser does otherwise, it says: control bytes behind a quoted parameter make it fail there.
    if !value
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        let parameters = whole.map(|found| found.parameters);
        assert_eq!(parameters, by_the_steps.map(|found| found.parameters));
    }
}
