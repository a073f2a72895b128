//! The machine around CORS-preflight fetch · fetch.spec.whatwg.org/#cors-preflight-fetch
//! In: a request that needs a preflight, later the answer. Out: the next step.
//! Differs: nothing; the sections that it calls say where they do.

use super::cors_preflight_cache::{CacheAnswer, CacheKey, PreflightAnswer};
use super::cors_preflight_fetch::{self, Granted};
use super::http_network_fetch::IncomingResponse;
use super::profile_choices::{Memory, ShownRequest};
use super::{Fetch, Step, http_network_or_cache_fetch, profile_choices};
use crate::agent_state::AgentState;
use crate::infrastructure::header_safelists::cors_unsafe_request_header_names;
use crate::infrastructure::requests::Request;
use crate::network_error::{ExchangeKind, Reason};
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::trace::Decision;

impl Fetch {
    /// HTTP fetch with makeCORSPreflight: the cache answers, or a preflight goes out.
    pub(super) fn ask_first(mut self: Box<Self>, agent: &AgentState, now: Timestamp) -> Step {
        self.asked_first = true;
        self.memory.asks(&agent.profile);
        let cache = &agent.preflight_cache;
        let request = asking(&self.memory, &self.request, &agent.profile);
        self.unsafe_names =
            cors_unsafe_request_header_names(&request.header_list, &agent.profile.request_headers);
        self.cache_key = None;
        if !cache.may_answer(&request, self.memory.stored_keys()) {
            return self.send_preflight(agent);
        }
        let question = profile_choices::question(&request, &self.unsafe_names, cache);
        let key = *self.cache_key.insert(cache.key(&request));
        match cache.answers(&key, &question, now) {
            CacheAnswer::Hit => {
                self.trace.decide(|| Decision::PreflightCacheHit);
                self.send(agent)
            }
            CacheAnswer::Miss {
                method,
                header_names,
            } => {
                self.trace.decide(|| Decision::PreflightCacheMiss {
                    method: method.is_some(),
                    header_names: header_names.into_owned(),
                });
                self.send_preflight(agent)
            }
        }
    }

    pub(super) fn send_preflight(self: Box<Self>, agent: &AgentState) -> Step {
        let request = asking(&self.memory, &self.request, &agent.profile);
        let names = &self.unsafe_names;
        let preflight = cors_preflight_fetch::preflight_request(&request, names, agent);
        self.send_preflight_request(preflight, agent)
    }

    /// The preflight's answer came: judge it, fill the cache, go on with the request.
    pub(super) fn preflight_answered(
        mut self: Box<Self>,
        head: &IncomingResponse,
        agent: &AgentState,
        now: Timestamp,
    ) -> Step {
        let request = asking(&self.memory, &self.request, &agent.profile);
        let names = &self.unsafe_names;
        let granted = match cors_preflight_fetch::judge(&request, names, head, &agent.profile) {
            Ok(granted) => granted,
            Err(reasons) => return self.denied(reasons, head, agent, now),
        };
        self.trace.remark(|remarks| {
            remarks.extend(cors_preflight_fetch::remarks(
                &request,
                head,
                &agent.profile,
            ));
        });
        self.trace.decide(|| Decision::PreflightPassed {
            methods: granted.methods.iter().map(ToString::to_string).collect(),
            header_names: granted
                .header_names
                .iter()
                .map(ToString::to_string)
                .collect(),
            max_age: granted.max_age,
        });
        let asked = (&*request, self.cache_key);
        keep(granted, asked, &mut self.memory, agent, now);
        self.send(agent)
    }

    /// The preflight's answer does not grant the request. A profile may keep what it does allow, and then clears nothing.
    fn denied(
        mut self: Box<Self>,
        reasons: Vec<Reason>,
        head: &IncomingResponse,
        agent: &AgentState,
        now: Timestamp,
    ) -> Step {
        if !agent.preflight_cache.keeps_denied() {
            return self.refuse(reasons, ExchangeKind::Preflight, agent);
        }
        let request = asking(&self.memory, &self.request, &agent.profile);
        let Some(allowed) = cors_preflight_fetch::allowed(&request, head, &agent.profile) else {
            return self.refuse(reasons, ExchangeKind::Preflight, agent);
        };
        let asked = (&*request, self.cache_key);
        keep(allowed, asked, &mut self.memory, agent, now);
        self.end(reasons, ExchangeKind::Preflight)
    }
}

/// Keeps what a preflight's answer allows, for the request that asked, under its key if that was made before.
fn keep(
    mut granted: Granted,
    (request, key): (&Request, Option<CacheKey>),
    memory: &mut Memory,
    agent: &AgentState,
    now: Timestamp,
) {
    let cache = &agent.preflight_cache;
    for method in cache.always_allowed() {
        if !granted.methods.contains(&method) {
            granted.methods.push(method);
        }
    }
    let answer = PreflightAnswer {
        methods: &granted.methods,
        header_names: &granted.header_names,
        max_age: granted.max_age,
    };
    let key = key.unwrap_or_else(|| cache.key(request));
    cache.store(&key, request, &answer, now);
    if cache.keeps_for_one_fetch() {
        memory.stores(key);
    }
}

/// The request as the profile shows it to its preflight and to the cache, with the cache mode in force.
pub(super) fn asking<'a>(
    memory: &Memory,
    request: &'a Request,
    profile: &Profile,
) -> ShownRequest<'a> {
    let mut asking = memory.asking(request, profile);
    let cache_mode = http_network_or_cache_fetch::cache_mode(&asking, profile);
    if cache_mode != asking.cache_mode {
        asking.to_mut().cache_mode = cache_mode;
    }
    asking
}
