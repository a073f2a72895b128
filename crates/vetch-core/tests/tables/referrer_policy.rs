//! The tables of `Referrer-Policy` values, and of what each policy tells whom.

use serde::Deserialize;
use url::Url;
use vetch_core::Profile;
use vetch_core::infrastructure::environments::{Environment, Global, ReferrerPolicy, ReferrerUrl};
use vetch_core::infrastructure::origins::Origin;
use vetch_core::infrastructure::requests::{Referrer, Request};
use vetch_core::neighbours::referrer_policy::{
    ReferrerPart, determine_referrer, parse_from_header, set_on_redirect, strip_for_use_as_referrer,
};

use crate::cases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    client_url: String,
    client_origin: Option<String>,
    global: String,
    referrer: String,
    policy: Option<String>,
    target: String,
}

impl Input {
    fn client(&self) -> Environment {
        let url: Url = self.client_url.parse().expect("a URL");
        let mut client = match &self.client_origin {
            Some(origin) => {
                Environment::with_origin(url, Origin::parse(origin).expect("an origin"))
            }
            None => Environment::of_page(url),
        };
        client.global = match self.global.as_str() {
            "window" => Global::Window,
            "worker" => Global::Worker,
            other => panic!("{other} is no global object"),
        };
        client
    }

    fn request(&self) -> Request {
        let mut request = cases::request(self.client(), std::slice::from_ref(&self.target));
        request.referrer = match self.referrer.as_str() {
            "client" => Referrer::Client,
            "no-referrer" => Referrer::NoReferrer,
            url => Referrer::Url(ReferrerUrl::new(url.parse().expect("a URL"))),
        };
        let policy = self.policy.as_deref();
        request.referrer_policy = policy.map(|name| ReferrerPolicy::parse(name).expect("a policy"));
        request
    }
}

#[test]
fn determine_referrer_cases() {
    let table = include_str!("../../../../fixtures/cases/referrer_policy.json");
    cases::check(table, |input: &Input| {
        determine_referrer(&input.request(), &Profile::SPEC)
            .map(|referrer| referrer.url().to_string())
    });
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeaderInput {
    referrer_policy: Vec<String>,
}

#[test]
fn parse_from_header_cases() {
    let table = include_str!("../../../../fixtures/cases/referrer_policy_header.json");
    cases::check(table, |input: &HeaderInput| {
        let headers = cases::lines(&[("referrer-policy", &input.referrer_policy)]);
        parse_from_header(&headers).map(|found| {
            let mut all = ReferrerPolicy::ALL.into_iter();
            let known = all.find(|(_, policy)| *policy == found);
            known.expect("every policy has a name").0.to_owned()
        })
    });
}

#[test]
fn a_redirect_sets_its_policy_or_leaves_the_request_its_own() {
    let client = Environment::of_origin("https://a.example").expect("an origin");
    let mut request = cases::request(client, &["https://b.example/".to_owned()]);
    set_on_redirect(&mut request, &cases::lines(&[]));
    assert_eq!(request.referrer_policy, None);
    for (value, expected) in [
        ("no-referrer", ReferrerPolicy::NoReferrer),
        ("future-policy", ReferrerPolicy::NoReferrer),
        ("origin", ReferrerPolicy::Origin),
    ] {
        let headers = cases::lines(&[("referrer-policy", &[value.to_owned()])]);
        set_on_redirect(&mut request, &headers);
        assert_eq!(request.referrer_policy, Some(expected), "{value}");
    }
}

#[test]
fn what_is_stripped_for_use_as_a_referrer() {
    let rows = [
        ("https://a.example/x?q#f", Some("https://a.example/x?q")),
        ("https://me@a.example/x", Some("https://a.example/x")),
        ("https://:secret@a.example/x", Some("https://a.example/x")),
        ("https://me:secret@a.example/x", Some("https://a.example/x")),
        ("app:page#f", Some("app:page")),
        ("about:blank", None),
        ("data:,x", None),
        ("blob:https://a.example/1", None),
    ];
    for (url, expected) in rows {
        let parsed = url.parse().expect("a URL");
        let stripped = strip_for_use_as_referrer(&parsed, ReferrerPart::Whole);
        assert_eq!(stripped.as_ref().map(Url::as_str), expected, "{url}");
    }
}
