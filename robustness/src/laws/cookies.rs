//! `Set-Cookie`: a cookie goes where a line's server may send it and nowhere else, as it was set, and not too many go.

mod places;
mod server;
mod set_cookie;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use vetch::{Credentials, HeaderValue, Record, UserAgent};

use super::wait;
use places::{PLACES, Place};
use server::Server;
use set_cookie::SetCookie;

/// Each line begins with a letter that tells where the rest comes from as a value of `Set-Cookie`, a capital one, once, for
/// two hundred of them that differ in their names; or with a digit, for time that goes by.
pub fn hold(bytes: &[u8]) {
    wait(async {
        let mut browser = Browser::new();
        for line in bytes.split(|byte| *byte == b'\n').take(MOST_LINES) {
            browser.take(line).await;
        }
        browser.check_sent().await;
        browser.user_agent.clear_cookies();
        for place in PLACES.iter() {
            assert_eq!(browser.user_agent.cookies(place.text), []);
        }
    });
}

/// So that no bytes take long.
const MOST_LINES: usize = 20;

/// As many as a site keeps, with something over.
const FLOOD: usize = 200;

/// A flood of longer lines would be longer than a head may be.
const FLOODING_BYTES: usize = 100;

const PER_SITE: usize = 180;

const NAME_AND_VALUE_BYTES: usize = 4_096;

/// A user agent, and what it was told.
struct Browser {
    user_agent: UserAgent,
    server: Server,
    /// Every cookie that a server set, whether or not it was kept.
    told: BTreeMap<Vec<u8>, Vec<Told>>,
    /// How many lines servers sent.
    lines: usize,
    /// How far the clock was moved.
    ahead: Duration,
    start: Instant,
}

/// Names and values, and how many cookies have them.
type Counts = BTreeMap<(String, String), isize>;

/// A cookie that a server set.
struct Told {
    place: &'static Place,
    cookie: SetCookie,
    /// How far the clock was moved then.
    ahead: Duration,
}

impl Browser {
    fn new() -> Self {
        let server = Server::default();
        let user_agent = UserAgent::builder()
            .transport(server.clone())
            .timeout(None)
            .record(Record::Nothing)
            .preflight_cache(1)
            .build();
        Self {
            user_agent: user_agent.expect("a user agent"),
            server,
            told: BTreeMap::new(),
            lines: 0,
            ahead: Duration::ZERO,
            start: Instant::now(),
        }
    }

    async fn take(&mut self, line: &[u8]) {
        match line {
            [digit @ b'0'..=b'9', ..] => {
                let time = Duration::from_secs(10_u64.pow(u32::from(digit - b'0')));
                self.user_agent.advance(time);
                self.ahead += time;
            }
            [letter @ b'A'..=b'Z', rest @ ..]
                if rest.len() <= FLOODING_BYTES && self.lines < FLOOD =>
            {
                let number = |number: usize| [format!("c{number}").as_bytes(), rest].concat();
                let lines: Vec<_> = (0..FLOOD).map(number).collect();
                self.receive(Place::of(*letter), &lines).await;
            }
            [letter, rest @ ..] => self.receive(Place::of(*letter), &[rest.to_vec()]).await,
            [] => {}
        }
    }

    /// That place answers with those lines.
    async fn receive(&mut self, place: &'static Place, lines: &[Vec<u8>]) {
        let values = lines.iter().map(HeaderValue::normalize);
        let values: Vec<HeaderValue> = values.filter_map(Result::ok).collect();
        let cookies = values
            .iter()
            .map(|value| SetCookie::parse(value.as_bytes()));
        for cookie in cookies.flatten() {
            let told = self.told.entry(cookie.shown()).or_default();
            told.push(Told {
                place,
                cookie,
                ahead: self.ahead,
            });
        }
        let last = values.last().map(|value| value.as_bytes().to_vec());
        self.lines += values.len();
        let secure = (!place.is_trustworthy).then(|| self.secure_cookies(place));
        self.server.sets(values);
        self.fetch(place, Credentials::Include).await;
        match secure {
            Some(before) => self.check_kept(place, &before),
            // Nothing had to go yet.
            None if self.lines <= PER_SITE => {
                if let Some(pair) = last.as_deref().and_then(set_cookie::plain_pair) {
                    let kept = self.user_agent.cookies(place.text);
                    assert!(kept.contains(&pair), "{pair:?} is not among {kept:?}");
                }
            }
            None => {}
        }
    }

    /// Plain HTTP takes no secure cookies away.
    fn check_kept(&self, place: &Place, before: &Counts) {
        let after = self.secure_cookies(place);
        let is_kept = |(cookie, count): (_, &isize)| after.get(cookie) >= Some(count);
        // Or they have expired by the system's clock.
        let took_long = self.start.elapsed() > Duration::from_millis(500);
        assert!(
            took_long || before.iter().all(is_kept),
            "{before:?} before, {after:?} after"
        );
    }

    /// Fetch something there as that place's own page, and see which cookies go along.
    async fn fetch(&self, place: &Place, credentials: Credentials) -> Option<HeaderValue> {
        let page = self.user_agent.page(place.text).expect("a page");
        let fetch = page.fetch(place.text).credentials(credentials);
        fetch.send().await.expect("the page's own");
        self.server.was_sent()
    }

    /// The cookies of the place's site that only a secure connection gets, and how often each.
    fn secure_cookies(&self, place: &Place) -> Counts {
        let mut cookies = Counts::new();
        let of_site = PLACES.iter().filter(|other| other.site == place.site);
        for path in of_site.filter_map(|other| other.text.strip_prefix("https")) {
            for cookie in self.user_agent.cookies(&format!("https{path}")) {
                *cookies.entry(cookie).or_default() += 1;
            }
            for cookie in self.user_agent.cookies(&format!("http{path}")) {
                *cookies.entry(cookie).or_default() -= 1;
            }
        }
        cookies.retain(|_, count| *count > 0);
        cookies
    }

    /// What goes to each place.
    async fn check_sent(&self) {
        let mut of_sites: BTreeMap<&str, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for place in PLACES.iter() {
            let Some(sent) = self.fetch(place, Credentials::Include).await else {
                assert_eq!(self.user_agent.cookies(place.text), []);
                continue;
            };
            assert_eq!(self.fetch(place, Credentials::Omit).await, None);
            let pairs = pairs(sent.as_bytes());
            assert!(pairs.len() <= PER_SITE);
            for pair in &pairs {
                assert!(pair.len() <= NAME_AND_VALUE_BYTES + "=".len());
                assert!(
                    !pair
                        .iter()
                        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
                );
                let told = self.told.get(pair).map(Vec::as_slice).unwrap_or_default();
                assert!(
                    told.iter().any(|told| self.may_go(told, place)),
                    "{:?} goes to {}",
                    pair.escape_ascii().to_string(),
                    place.text
                );
            }
            of_sites.entry(place.site).or_default().extend(pairs);
        }
        assert!(of_sites.values().all(|pairs| pairs.len() <= PER_SITE));
    }

    fn may_go(&self, told: &Told, to: &Place) -> bool {
        let age = self.ahead.saturating_sub(told.ahead);
        told.place.site == to.site
            && told.cookie.may_go(told.place, to)
            && told.cookie.max_age().is_none_or(|limit| age < limit)
    }
}

/// The pairs of `Cookie`.
fn pairs(sent: &[u8]) -> Vec<Vec<u8>> {
    let pairs = sent.split(|byte| *byte == b';');
    let pairs = pairs.map(|pair| pair.strip_prefix(b" ").unwrap_or(pair).to_vec());
    pairs.collect()
}
