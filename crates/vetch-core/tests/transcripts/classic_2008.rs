//! Three exchanges as guides to CORS have told them since 2008, against what the engine sends today: each line that
//! differs is named with the change of a standard behind it, and no name stands for a line that does not differ.

use std::collections::BTreeSet;

use vetch_transcripts::replay::replay;
use vetch_transcripts::transcript::{Message, Request, Transcript, messages};

/// A line that differs: in which request, counted from 1; the header; its value then; its value now.
type Difference = (usize, String, Option<String>, Option<String>);

/// Since when and why lines differ.
struct Change {
    why: &'static str,
    header: &'static str,
    then: Option<&'static str>,
    now: Option<&'static str>,
    /// In which requests: simple GET 1; preflighted POST 1 and 2; GET with credentials 1.
    at: &'static [(Exchange, usize)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exchange {
    SimpleGet,
    PreflightedPost,
    CredentialedGet,
}

use Exchange::{CredentialedGet, PreflightedPost, SimpleGet};

const EVERYWHERE: &[(Exchange, usize)] = &[
    (SimpleGet, 1),
    (PreflightedPost, 1),
    (PreflightedPost, 2),
    (CredentialedGet, 1),
];

const CHANGES: &[Change] = &[
    Change {
        why: "the product names itself; browsers of 2008 did no less",
        header: "user-agent",
        then: Some(
            "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10.5; en-US; rv:1.9.1b3pre) Gecko/20081130 Minefield/3.1b3pre",
        ),
        now: Some("vetch"),
        at: EVERYWHERE,
    },
    Change {
        why: "the connection is the client's, below the machine: \"modify the header list per HTTP\"",
        header: "connection",
        then: Some("keep-alive"),
        now: None,
        at: EVERYWHERE,
    },
    Change {
        why: "the user agent's choice of codings: brotli (RFC 7932, 2016) and zstd (RFC 8878, 2021) have come",
        header: "accept-encoding",
        then: Some("gzip,deflate"),
        now: Some("gzip, deflate, br, zstd"),
        at: EVERYWHERE,
    },
    Change {
        why: "whatwg/fetch 69eda57 (2015-11-11): Accept-Charset must not be sent, a waste of bytes",
        header: "accept-charset",
        then: Some("ISO-8859-1,utf-8;q=0.7,*;q=0.7"),
        now: None,
        at: EVERYWHERE,
    },
    Change {
        why: "whatwg/fetch d095fdc (2015-05-04): Accept is a page's own or */*, and navigations alone ask for documents",
        header: "accept",
        then: Some(ACCEPT_2008),
        now: Some("*/*"),
        at: &[(SimpleGet, 1), (PreflightedPost, 2), (CredentialedGet, 1)],
    },
    Change {
        why: "whatwg/fetch 412723b (2019-09-27): a preflight has Accept: */*",
        header: "accept",
        then: Some(ACCEPT_2008),
        now: Some("*/*"),
        at: &[(PreflightedPost, 1)],
    },
    Change {
        why: "the user agent's choice of language: the tags of BCP 47 with their region in upper case",
        header: "accept-language",
        then: Some("en-us,en;q=0.5"),
        now: Some("en-US,en;q=0.9"),
        at: &[(SimpleGet, 1), (PreflightedPost, 2), (CredentialedGet, 1)],
    },
    Change {
        why: "whatwg/fetch d095fdc (2015-05-04): Accept-Language is set in fetch, which a preflight does not go through",
        header: "accept-language",
        then: Some("en-us,en;q=0.5"),
        now: None,
        at: &[(PreflightedPost, 1)],
    },
    Change {
        why: "w3c/webappsec-referrer-policy d0582f3 (2020-11-21): strict-origin-when-cross-origin is the default",
        header: "referer",
        then: Some("http://foo.example/examples/access-control/simpleXSInvocation.html"),
        now: Some("http://foo.example/"),
        at: &[(SimpleGet, 1)],
    },
    Change {
        why: "w3c/webappsec-referrer-policy d0582f3 (2020-11-21): strict-origin-when-cross-origin is the default",
        header: "referer",
        then: Some("http://foo.example/examples/preflightInvocation.html"),
        now: Some("http://foo.example/"),
        at: &[(PreflightedPost, 2)],
    },
    Change {
        why: "w3c/webappsec-referrer-policy d0582f3 (2020-11-21): strict-origin-when-cross-origin is the default",
        header: "referer",
        then: Some("http://foo.example/examples/credential.html"),
        now: Some("http://foo.example/"),
        at: &[(CredentialedGet, 1)],
    },
    Change {
        why: "whatwg/fetch 3a8f494 (2014-09-10): a preflight's referrer is the request's",
        header: "referer",
        then: None,
        now: Some("http://foo.example/"),
        at: &[(PreflightedPost, 1)],
    },
    Change {
        why: "sorted and in lower case by the CORS drafts after 2008, joined without a space by whatwg/fetch d9307bd (2017-03-10)",
        header: "access-control-request-headers",
        then: Some("X-PINGOTHER, Content-Type"),
        now: Some("content-type,x-pingother"),
        at: &[(PreflightedPost, 1)],
    },
    Change {
        why: "the guide's page sets application/xml, for which its wire has text/xml; and whatwg/xhr edc6f8f (2018-04-16): a charset is corrected where there is one, and not added",
        header: "content-type",
        then: Some("text/xml; charset=UTF-8"),
        now: Some("application/xml"),
        at: &[(PreflightedPost, 2)],
    },
    Change {
        why: "whatwg/fetch 606ef84 (2014-10-10): the cache modes no-store and reload pass by caches, a POST by itself does not",
        header: "pragma",
        then: Some("no-cache"),
        now: None,
        at: &[(PreflightedPost, 2)],
    },
    Change {
        why: "whatwg/fetch 606ef84 (2014-10-10): the cache modes no-store and reload pass by caches, a POST by itself does not",
        header: "cache-control",
        then: Some("no-cache"),
        now: None,
        at: &[(PreflightedPost, 2)],
    },
];

const ACCEPT_2008: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../../fixtures/exchanges/", $name, ".http"))
    };
}

#[test]
fn the_simple_get_differs_only_as_named() {
    compare(
        SimpleGet,
        file!("classic-2008/simple-get"),
        file!("simple-get"),
    );
}

#[test]
fn the_preflighted_post_differs_only_as_named() {
    let then = file!("classic-2008/preflighted-post");
    compare(PreflightedPost, then, file!("preflighted-post"));
}

#[test]
fn the_get_with_credentials_differs_only_as_named() {
    let then = file!("classic-2008/credentialed-get");
    compare(CredentialedGet, then, file!("credentialed-get"));
}

fn compare(exchange: Exchange, then: &[u8], now: &[u8]) {
    let now = Transcript::parse(now).expect("a transcript");
    // The transcript of today is what the machine sends.
    replay(&now, |_, _| {}).expect("a transcript of the machine");
    let then = messages(then).expect("messages");
    let found = differences(&then, &now.messages);
    let named = named(exchange);
    let missing = |all: &[Difference], some: &[Difference]| -> Vec<Difference> {
        let is_missing = |difference: &&Difference| !some.contains(difference);
        all.iter().filter(is_missing).cloned().collect()
    };
    assert_eq!(missing(&found, &named), [], "differences without a name");
    assert_eq!(missing(&named, &found), [], "names without a difference");
    assert_eq!(found.len(), named.len(), "a difference has two names");
}

fn named(exchange: Exchange) -> Vec<Difference> {
    let mut named = Vec::new();
    for change in CHANGES {
        assert!(!change.why.is_empty() && !change.at.is_empty());
        let requests = change.at.iter().filter(|(place, _)| *place == exchange);
        named.extend(requests.map(|(_, request)| {
            (
                *request,
                change.header.to_owned(),
                change.then.map(str::to_owned),
                change.now.map(str::to_owned),
            )
        }));
    }
    named
}

/// Every line in which the requests differ. Their number, methods and targets must not.
fn differences(then: &[Message], now: &[Message]) -> Vec<Difference> {
    let (then, now) = (requests(then), requests(now));
    assert_eq!(then.len(), now.len());
    let mut differences = Vec::new();
    for (number, (then, now)) in then.into_iter().zip(now).enumerate() {
        assert_eq!((&then.method, &then.target), (&now.method, &now.target));
        assert_eq!(then.body, now.body);
        let names: BTreeSet<&String> = then
            .lines
            .iter()
            .chain(&now.lines)
            .map(|line| &line.0)
            .collect();
        for name in names {
            let of = |request: &Request| request.get(name).expect("one line").map(str::to_owned);
            let values = (of(then), of(now));
            if values.0 != values.1 {
                differences.push((number + 1, name.clone(), values.0, values.1));
            }
        }
    }
    differences
}

fn requests(messages: &[Message]) -> Vec<&Request> {
    let requests = messages.iter().filter_map(|message| match message {
        Message::Request(request) => Some(request),
        Message::Response(_) => None,
    });
    requests.collect()
}
