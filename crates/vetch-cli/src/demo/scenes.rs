//! The scenes: what each fetch asks, and what must come of it.
//! In: nothing; this is data. Out: seven fetches in their order, for they share one preflight cache and one cookie store.

use crate::engine::Performed;
use crate::request_description::{BodyDescription, RequestDescription};

/// One fetch of the demo.
pub(super) struct Scene {
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) sentence: &'static str,
    pub(super) request: fn() -> RequestDescription,
    /// The methods that go over the wire.
    methods: &'static [&'static str],
    ending: Expected,
}

/// How a scene must end.
enum Expected {
    /// The page may read it.
    Readable,
    /// It is blocked, for that reason.
    Blocked(&'static str),
}

/// Where the cookie belongs that the credentialed scene sends.
pub(super) const SESSION_URL: &str = "http://api.demo.localhost/session";

/// All scenes.
pub(super) const SCENES: [Scene; 7] = [
    Scene {
        name: "simple",
        sentence: "A simple GET to another origin goes out at once; the answer decides who may read it.",
        request: || to("http://api.demo.localhost/public"),
        methods: &["GET"],
        ending: Expected::Readable,
    },
    Scene {
        name: "preflighted",
        sentence: "A PUT of JSON with a header of its own could not come from a form, so the browser asks first.",
        request: put,
        methods: &["OPTIONS", "PUT"],
        ending: Expected::Readable,
    },
    Scene {
        name: "cached",
        sentence: "The same PUT again: the preflight's answer is still good, so it goes out at once.",
        request: put,
        methods: &["PUT"],
        ending: Expected::Readable,
    },
    Scene {
        name: "credentialed",
        sentence: "With credentials the cookie goes along, and the answer must name the origin and allow credentials.",
        request: || with_credentials(SESSION_URL),
        methods: &["GET"],
        ending: Expected::Readable,
    },
    Scene {
        name: "wildcard with credentials",
        sentence: "Where credentials go along, * is not enough: the answer is there, and the page may not read it.",
        request: || with_credentials("http://api.demo.localhost/public"),
        methods: &["GET"],
        ending: Expected::Blocked("wildcard-origin-not-allowed"),
    },
    Scene {
        name: "redirected",
        sentence: "A redirect to a third origin is followed; from there on the Origin header says null.",
        request: || to("http://api.demo.localhost/moved"),
        methods: &["GET", "GET"],
        ending: Expected::Readable,
    },
    Scene {
        name: "refused",
        sentence: "A server that knows nothing of CORS answers as ever, and the page may not read it.",
        request: || to("http://api.demo.localhost/private"),
        methods: &["GET"],
        ending: Expected::Blocked("missing-allow-origin-header"),
    },
];

impl Scene {
    /// Whether what happened is what the scene says.
    pub(super) fn is_as_told(&self, performed: &Performed) -> bool {
        let methods = performed.exchanges.iter();
        let ending = match (&self.ending, &performed.verdict) {
            (Expected::Readable, Ok(seen)) => seen.status == 200,
            (Expected::Blocked(code), Err(error)) => error.code() == *code,
            _ => false,
        };
        ending
            && methods
                .map(|exchange| exchange.method.as_str())
                .eq(self.methods.iter().copied())
    }

    /// What must come of it.
    pub(super) fn expectation(&self) -> String {
        let methods = self.methods.join(" and ");
        match self.ending {
            Expected::Readable => format!("{methods} should go out, and the page should read it"),
            Expected::Blocked(code) => {
                format!("{methods} should go out, and {code} should block it")
            }
        }
    }
}

fn to(url: &str) -> RequestDescription {
    RequestDescription {
        url: Some(url.to_owned()),
        client_url: Some("http://app.demo.localhost/start".to_owned()),
        ..RequestDescription::default()
    }
}

fn with_credentials(url: &str) -> RequestDescription {
    RequestDescription {
        credentials: Some("include".to_owned()),
        ..to(url)
    }
}

fn put() -> RequestDescription {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    RequestDescription {
        method: Some("PUT".to_owned()),
        headers: vec![
            header("Content-Type", "application/json"),
            header("X-Token", "42"),
        ],
        body: Some(BodyDescription::Text("{\"done\":true}".to_owned())),
        ..to("http://api.demo.localhost/items/7")
    }
}
