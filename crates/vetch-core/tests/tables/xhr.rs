//! The table of what a script does with an `XMLHttpRequest` and the request, or the mistakes, that it gets.

use serde::Deserialize;
use vetch_core::Profile;
use vetch_core::fetch_api::xhr::{
    UploadListeners, WithCredentials, XhrBody, XhrInit, XhrText, send,
};

use crate::cases;
use crate::request_class::{JsonBody, client, describe, page};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    #[serde(default = "page")]
    client: String,
    url: String,
    method: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<JsonBody>,
    /// Whether the body is a string, a document or `URLSearchParams`.
    #[serde(default)]
    text: bool,
    #[serde(default)]
    with_credentials: bool,
    #[serde(default)]
    upload_listeners: bool,
    /// Whose rules hold; the Standard's unless it says so.
    profile: Option<String>,
}

impl Input {
    fn init(&self) -> XhrInit {
        XhrInit {
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: self.body.as_ref().map(|body| XhrBody {
                init: body.init(),
                text: if self.text {
                    XhrText::Text
                } else {
                    XhrText::Bytes
                },
            }),
            with_credentials: if self.with_credentials {
                WithCredentials::Yes
            } else {
                WithCredentials::No
            },
            upload_listeners: if self.upload_listeners {
                UploadListeners::Registered
            } else {
                UploadListeners::None
            },
            rules: self
                .profile
                .as_deref()
                .map_or_else(Default::default, |name| {
                    let profile = Profile::by_name(name).expect("a profile");
                    profile.request_headers
                }),
        }
    }
}

#[test]
fn xhr() {
    let table = include_str!("../../../../fixtures/cases/xhr.json");
    cases::check(table, |input: &Input| {
        describe(
            &input.url,
            send(&input.url, input.init(), &client(&input.client)),
        )
    });
}
