//! Which key makes room: the least recently used to within a round of the clock's hand.

use lru::LruCache;
use vetch_core::fetching::cors_preflight_cache::{
    CacheKey, PreflightAnswer, PreflightCache, PreflightCacheConfig, Question,
};
use vetch_core::infrastructure::methods::Method;
use vetch_core::infrastructure::requests::{CredentialsMode, Request, UrlList};
use vetch_core::time::Timestamp;

use crate::rows::RequestRow;

const URLS: usize = 2_000;

/// Keys of which a few are asked for often and most seldom, in the same order in every run.
fn trace() -> impl Iterator<Item = usize> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let part = usize::try_from(state >> 44).unwrap();
        // The fourth power of a number below one, times the URLs.
        (0..3).fold((part * URLS) >> 20, |number, _| (number * part) >> 20)
    })
}

struct Asking {
    cache: PreflightCache,
    request: Request,
    now: Timestamp,
}

impl Asking {
    fn new(capacity: usize) -> Self {
        let config = PreflightCacheConfig::default().with_capacity(capacity);
        Self {
            cache: PreflightCache::new(config),
            request: RequestRow::default().request(),
            now: Timestamp::default(),
        }
    }

    /// Whether it is a hit; if not, it is stored.
    fn ask(&mut self, number: usize) -> bool {
        let url = format!("https://api.example/{number}");
        self.request.url_list = UrlList::new(url.parse().unwrap());
        let key: CacheKey = self.cache.key(&self.request);
        let question = Question {
            method_needed: Some(&Method::PUT),
            unsafe_names: &[],
            credentials_mode: CredentialsMode::SameOrigin,
        };
        if self.cache.answers(&key, &question, self.now).is_hit() {
            return true;
        }
        let answer = PreflightAnswer {
            methods: &[Method::PUT],
            header_names: &[],
            max_age: 600,
        };
        self.cache.store(&key, &self.request, &answer, self.now);
        false
    }
}

#[test]
fn it_hits_nearly_as_often_as_the_exact_order_of_use() {
    for capacity in [50, 200, 800] {
        let mut asking = Asking::new(capacity);
        let mut exact = LruCache::new(capacity.try_into().unwrap());
        let (mut hits, mut exact_hits) = (0, 0);
        for number in trace().take(20_000) {
            hits += usize::from(asking.ask(number));
            exact_hits += usize::from(exact.put(number, ()).is_some());
        }
        assert!(exact_hits > 5_000, "{exact_hits}");
        // Of a hundred hits of the exact order it may miss two.
        assert!(
            hits * 100 >= exact_hits * 98,
            "{capacity}: {hits} of {exact_hits}"
        );
    }
}

#[test]
fn a_key_used_in_each_round_of_the_hand_stays_through_any_number_of_others() {
    let mut asking = Asking::new(100);
    asking.ask(0);
    for number in 1..5_000 {
        asking.ask(number);
        if number % 50 == 0 {
            assert!(asking.ask(0), "after {number} others");
        }
    }
}

#[test]
fn what_is_never_used_again_goes_in_the_order_it_came() {
    let mut asking = Asking::new(100);
    for number in 0..1_000 {
        assert!(!asking.ask(number));
    }
    for number in (900..1_000).rev() {
        assert!(asking.ask(number), "{number}");
    }
}
