//! How many cookies each site has, so that none floods the store.

use std::collections::{HashMap, VecDeque};

use cookie_store::{Cookie, CookieStore};
use time::OffsetDateTime;

/// As many as Chromium keeps of one registrable domain.
const PER_SITE: usize = 180;

/// As many as Chromium keeps of all.
const TOGETHER: usize = 3_300;

/// Which cookies there are, by site and in the order in which they were created.
#[derive(Debug, Default)]
pub(super) struct Shares {
    sites: HashMap<String, VecDeque<Place>>,
    together: usize,
}

/// Where the store keeps a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    domain: String,
    path: String,
    name: String,
}

/// What goes first when there are too many · RFC 6265bis, section 5.7
///
/// One that is not Secure goes before one that is, so that nobody on the way of plain HTTP floods those away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    Nothing,
    Plain,
    Secure,
}

impl Worth {
    pub(super) fn of(cookie: Option<&Cookie<'_>>, now: &OffsetDateTime) -> Self {
        match cookie {
            Some(cookie) if cookie.expires_by(now) => Self::Nothing,
            Some(cookie) if cookie.secure() == Some(true) => Self::Secure,
            Some(_) => Self::Plain,
            None => Self::Nothing,
        }
    }
}

impl Place {
    pub(super) fn of(cookie: &Cookie<'_>) -> Self {
        Self {
            domain: String::from(&cookie.domain),
            path: String::from(&cookie.path),
            name: cookie.name().to_owned(),
        }
    }

    pub(super) fn find_in<'a>(&self, cookies: &'a CookieStore) -> Option<&'a Cookie<'static>> {
        cookies.get_any(&self.domain, &self.path, &self.name)
    }

    pub(super) fn clear_in(&self, cookies: &mut CookieStore) {
        cookies.remove(&self.domain, &self.path, &self.name);
    }

    /// The registrable domain, or the host where there is none.
    fn site(&self) -> &str {
        psl::domain_str(&self.domain).unwrap_or(&self.domain)
    }
}

impl Shares {
    /// Take note of a new cookie. One that then has to go is given back: of the same site when that has too many, else
    /// of the site that has most; the oldest of those that are worth least.
    pub(super) fn add(&mut self, place: Place, worth: impl Fn(&Place) -> Worth) -> Option<Place> {
        let of_site = self.sites.entry(place.site().to_owned()).or_default();
        of_site.push_back(place);
        self.together += 1;
        let crowded = if of_site.len() > PER_SITE {
            of_site
        } else if self.together > TOGETHER {
            self.sites.values_mut().max_by_key(|places| places.len())?
        } else {
            return None;
        };
        let (goes, _) = crowded
            .iter()
            .enumerate()
            .min_by_key(|(_, place)| worth(place))?;
        let goes = crowded.remove(goes)?;
        self.together -= 1;
        Some(goes)
    }

    /// Take note that a cookie is gone.
    pub(super) fn remove(&mut self, place: &Place) {
        let Some(of_site) = self.sites.get_mut(place.site()) else {
            return;
        };
        let before = of_site.len();
        of_site.retain(|other| other != place);
        self.together -= before - of_site.len();
        if of_site.is_empty() {
            self.sites.remove(place.site());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(domain: &str, name: usize) -> Place {
        Place {
            domain: domain.to_owned(),
            path: "/".to_owned(),
            name: name.to_string(),
        }
    }

    fn plain(_: &Place) -> Worth {
        Worth::Plain
    }

    #[test]
    fn a_site_that_has_too_many_loses_its_oldest() {
        let mut shares = Shares::default();
        for name in 0..PER_SITE {
            assert_eq!(shares.add(place("a.app.example", name), plain), None);
        }
        assert_eq!(shares.add(place("other.example", 0), plain), None);
        let goes = shares.add(place("b.app.example", 0), plain);
        assert_eq!(goes, Some(place("a.app.example", 0)));
    }

    #[test]
    fn what_is_worth_least_goes_first() {
        let mut shares = Shares::default();
        for name in 0..PER_SITE {
            shares.add(place("app.example", name), plain);
        }
        let worth = |place: &Place| match place.name.as_str() {
            "7" => Worth::Nothing,
            "0" | "1" => Worth::Secure,
            _ => Worth::Plain,
        };
        for (name, goes) in [(PER_SITE, 7), (PER_SITE + 1, 2), (PER_SITE + 2, 3)] {
            let gone = shares.add(place("app.example", name), worth);
            assert_eq!(gone, Some(place("app.example", goes)));
        }
    }

    #[test]
    fn when_all_have_too_many_the_site_with_most_loses_one() {
        let mut shares = Shares::default();
        shares.add(place("small.example", 0), plain);
        let mut gone = Vec::new();
        for site in 0..=TOGETHER / 100 {
            for name in 0..100 {
                let domain = format!("flood{site}.example");
                gone.extend(shares.add(place(&domain, name), plain));
            }
        }
        assert_eq!(shares.together, TOGETHER);
        assert_eq!(gone.len(), 101);
        assert!(gone.iter().all(|place| place.domain != "small.example"));
    }

    #[test]
    fn one_that_is_gone_counts_no_more() {
        let mut shares = Shares::default();
        shares.add(place("app.example", 0), plain);
        shares.remove(&place("app.example", 0));
        shares.remove(&place("app.example", 1));
        assert_eq!((shares.together, shares.sites.len()), (0, 0));
    }
}
