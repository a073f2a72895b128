//! How many cookies each site has, so that none floods the store.

use std::collections::{HashMap, VecDeque};

use cookie_store::{Cookie, CookieStore};

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

impl Place {
    pub(super) fn of(cookie: &Cookie<'_>) -> Self {
        Self {
            domain: String::from(&cookie.domain),
            path: String::from(&cookie.path),
            name: cookie.name().to_owned(),
        }
    }

    /// Whether nothing is there that has not expired.
    pub(super) fn is_empty_in(&self, cookies: &CookieStore) -> bool {
        !cookies.contains(&self.domain, &self.path, &self.name)
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
    /// of the site that has most; the oldest of those that are worth nothing any more, else the oldest.
    pub(super) fn add(
        &mut self,
        place: Place,
        is_worthless: impl Fn(&Place) -> bool,
    ) -> Option<Place> {
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
        let goes = crowded.iter().position(is_worthless).unwrap_or(0);
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

    fn none(_: &Place) -> bool {
        false
    }

    #[test]
    fn a_site_that_has_too_many_loses_its_oldest() {
        let mut shares = Shares::default();
        for name in 0..PER_SITE {
            assert_eq!(shares.add(place("a.app.example", name), none), None);
        }
        assert_eq!(shares.add(place("other.example", 0), none), None);
        let goes = shares.add(place("b.app.example", 0), none);
        assert_eq!(goes, Some(place("a.app.example", 0)));
    }

    #[test]
    fn what_is_worth_nothing_goes_first() {
        let mut shares = Shares::default();
        for name in 0..PER_SITE {
            shares.add(place("app.example", name), none);
        }
        let goes = shares.add(place("app.example", PER_SITE), |place| place.name == "7");
        assert_eq!(goes, Some(place("app.example", 7)));
    }

    #[test]
    fn when_all_have_too_many_the_site_with_most_loses_one() {
        let mut shares = Shares::default();
        shares.add(place("small.example", 0), none);
        let mut gone = Vec::new();
        for site in 0..=TOGETHER / 100 {
            for name in 0..100 {
                let domain = format!("flood{site}.example");
                gone.extend(shares.add(place(&domain, name), none));
            }
        }
        assert_eq!(shares.together, TOGETHER);
        assert_eq!(gone.len(), 101);
        assert!(gone.iter().all(|place| place.domain != "small.example"));
    }

    #[test]
    fn one_that_is_gone_counts_no_more() {
        let mut shares = Shares::default();
        shares.add(place("app.example", 0), none);
        shares.remove(&place("app.example", 0));
        shares.remove(&place("app.example", 1));
        assert_eq!((shares.together, shares.sites.len()), (0, 0));
    }
}
