//! The Standard's list of cache entries, plainly: what the cache must answer as.

use vetch_core::fetching::cors_preflight_cache::CacheAnswer;
use vetch_core::infrastructure::headers::HeaderName;
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::Request;

pub(crate) type Place = (String, Vec<u8>, String);

pub(crate) fn place_of(request: &Request) -> Place {
    (
        request.network_partition_key().as_str().to_owned(),
        request.byte_serialized_origin().as_bytes().to_vec(),
        request.current_url().to_string(),
    )
}

/// An answer that was stored, as it came.
pub(crate) struct LivePreflight {
    pub(crate) place: Place,
    pub(crate) include: bool,
    pub(crate) methods: Vec<Method>,
    pub(crate) names: Vec<HeaderName>,
    pub(crate) until: u64,
}

impl LivePreflight {
    /// Whether it was asked for a request that stands for this one.
    pub(crate) fn concerns(&self, place: &Place, include: bool, now: u64) -> bool {
        self.place == *place && now < self.until && (self.include || !include)
    }

    fn wildcard_counts(&self, include: bool) -> bool {
        !include && !self.include
    }

    pub(crate) fn allows_method(&self, method: &Method, include: bool) -> bool {
        let wildcard = self.wildcard_counts(include) && self.methods.iter().any(|m| m == "*");
        self.methods.contains(method) || wildcard
    }

    pub(crate) fn allows_name(&self, name: &HeaderName, include: bool) -> bool {
        let wildcard = self.wildcard_counts(include) && self.names.iter().any(|n| n == "*");
        self.names.contains(name) || (wildcard && name != "authorization")
    }
}

/// The Standard's list of cache entries, each with all its fields, with our labelled differences.
#[derive(Default)]
pub(crate) struct Model(pub(crate) Vec<ModelEntry>);

pub(crate) struct ModelEntry {
    pub(crate) place: Place,
    pub(crate) until: u64,
    pub(crate) include: bool,
    method: Option<Method>,
    name: Option<HeaderName>,
}

impl Model {
    fn has_match(&self, is_match: impl Fn(&ModelEntry) -> bool) -> bool {
        self.0.iter().any(is_match)
    }

    pub(crate) fn store(&mut self, answer: &LivePreflight) {
        let pairs = answer
            .methods
            .iter()
            .map(|method| (Some(method.clone()), None))
            .chain(answer.names.iter().map(|name| (None, Some(name.clone()))));
        for (method, name) in pairs {
            for entry in &mut self.0 {
                let same = entry.method == method && entry.name == name;
                let wildcard = !entry.include
                    && ((method.is_some() && entry.method.as_ref().is_some_and(|own| own == "*"))
                        || (name.as_ref().is_some_and(|name| name != "authorization")
                            && entry.name.as_ref().is_some_and(|own| own == "*")));
                let by_credentials = entry.include || !answer.include;
                if entry.place == answer.place && by_credentials && (same || wildcard) {
                    entry.until = entry.until.min(answer.until);
                }
            }
            let own = self.0.iter_mut().find(|entry| {
                entry.place == answer.place
                    && entry.include == answer.include
                    && entry.method == method
                    && entry.name == name
            });
            match own {
                Some(entry) => entry.until = answer.until,
                None => self.0.push(ModelEntry {
                    place: answer.place.clone(),
                    until: answer.until,
                    include: answer.include,
                    method,
                    name,
                }),
            }
        }
    }

    pub(crate) fn answers<'a>(
        &self,
        (place, include): (&Place, bool),
        (method, names): (Option<&'a Method>, &[HeaderName]),
        now: u64,
    ) -> CacheAnswer<'a> {
        let concerns = |entry: &ModelEntry| {
            entry.place == *place && now < entry.until && (entry.include || !include)
        };
        let method = method.filter(|method| {
            !self.has_match(|entry| {
                let Some(own) = &entry.method else {
                    return false;
                };
                concerns(entry) && (own == *method || (own == "*" && !entry.include))
            })
        });
        let missing = |name: &&HeaderName| {
            !self.has_match(|entry| {
                let Some(own) = &entry.name else { return false };
                let wildcard = own == "*" && !entry.include && *name != "authorization";
                concerns(entry) && (own == *name || wildcard)
            })
        };
        let header_names: Vec<_> = names.iter().filter(missing).cloned().collect();
        if method.is_none() && header_names.is_empty() {
            return CacheAnswer::Hit;
        }
        CacheAnswer::Miss {
            method,
            header_names: header_names.into(),
        }
    }
}
