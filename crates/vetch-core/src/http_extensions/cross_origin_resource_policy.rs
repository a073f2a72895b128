//! `Cross-Origin-Resource-Policy` header · fetch.spec.whatwg.org/#cross-origin-resource-policy-header
//! In: who asks, under which embedder policy, and the response. Out: allowed, or which policy forbids it.
//! Differs: no reports are queued, and nested navigations are not asked about.

use url::Url;

use crate::infrastructure::environments::EmbedderPolicy;
use crate::infrastructure::origins::Origin;
use crate::infrastructure::responses::InternalResponse;

/// Cross-origin resource policy check, of a response that will be opaque to the page.
///
/// fetch.spec.whatwg.org/#cross-origin-resource-policy-check
pub fn check(
    origin: &Origin,
    embedder_policy: EmbedderPolicy,
    response: &InternalResponse,
) -> Result<(), CrossOriginResourcePolicyBlock> {
    // 1. NOT DONE: the variant for navigation, which HTML's navigate asks for and fetch never does.
    // 3. By the response's own header alone.
    internal_check(origin, EmbedderPolicy::UnsafeNone, response)?;
    // 4. NOT DONE: a report-only embedder policy changes no verdict, and there is no reporting endpoint.
    // 5. With the embedder policy's default for a response that says nothing.
    // 6. NOT DONE: the violation report, for want of a reporting endpoint; the verdict carries its data.
    // 7. Blocked.
    internal_check(origin, embedder_policy, response)
}

/// Why a response may not be embedded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrossOriginResourcePolicyBlock {
    /// The policy is `same-origin`.
    #[error(
        "the response is for {wanted} alone (Cross-Origin-Resource-Policy: same-origin), and {got} wants to embed it"
    )]
    NotSameOrigin {
        /// The response's origin, serialised: the only one that may embed it.
        wanted: String,
        /// Who asked.
        got: Origin,
    },
    /// The policy is `same-site`; an insecure page is not same site with a secure response.
    #[error(
        "the response is for the site of {wanted} alone (Cross-Origin-Resource-Policy: same-site), and {got} wants to embed it"
    )]
    NotSameSite {
        /// The response's origin, serialised: who may embed it is same site with it.
        wanted: String,
        /// Who asked.
        got: Origin,
    },
    /// The response names no policy, and the embedder policy makes that `same-origin`.
    #[error("the response has no valid Cross-Origin-Resource-Policy, so the page's {} lets only {wanted} embed it, and {got} wants to", embedder_policy_text(*embedder_policy))]
    NotSameOriginByEmbedderPolicy {
        /// The response's origin, serialised: the only one that may embed it.
        wanted: String,
        /// Who asked.
        got: Origin,
        /// The embedder policy that asks for an opt-in.
        embedder_policy: EmbedderPolicy,
    },
}

/// Cross-origin resource policy internal check, not for navigation.
///
/// fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
fn internal_check(
    origin: &Origin,
    embedder_policy: EmbedderPolicy,
    response: &InternalResponse,
) -> Result<(), CrossOriginResourcePolicyBlock> {
    let url = response.url_list.current();
    // 2. Several lines are joined, and so match no policy.
    let value = response.header_list.get("cross-origin-resource-policy");
    // 3. The exact bytes of a policy, or none.
    let policy = value
        .as_deref()
        .and_then(|value| Policy::parse(value.as_bytes()));
    let is_same_origin = || origin.is_same_origin_with_url(url);
    // 4. and 5. What the policy, or the embedder policy in its place, asks.
    match policy {
        Some(Policy::CrossOrigin) => Ok(()),
        Some(Policy::SameOrigin) if is_same_origin() => Ok(()),
        Some(Policy::SameOrigin) => Err(CrossOriginResourcePolicyBlock::NotSameOrigin {
            wanted: origin_text(url),
            got: origin.clone(),
        }),
        Some(Policy::SameSite) if is_same_site(origin, url) => Ok(()),
        Some(Policy::SameSite) => Err(CrossOriginResourcePolicyBlock::NotSameSite {
            wanted: origin_text(url),
            got: origin.clone(),
        }),
        None => {
            let is_defaulted = match embedder_policy {
                EmbedderPolicy::UnsafeNone => false,
                EmbedderPolicy::Credentialless => response.request_includes_credentials,
                EmbedderPolicy::RequireCorp => true,
            };
            if !is_defaulted || is_same_origin() {
                return Ok(());
            }
            Err(
                CrossOriginResourcePolicyBlock::NotSameOriginByEmbedderPolicy {
                    wanted: origin_text(url),
                    got: origin.clone(),
                    embedder_policy,
                },
            )
        }
    }
}

#[derive(Clone, Copy)]
enum Policy {
    SameOrigin,
    SameSite,
    CrossOrigin,
}

impl Policy {
    fn parse(value: &[u8]) -> Option<Self> {
        match value {
            b"same-origin" => Some(Self::SameOrigin),
            b"same-site" => Some(Self::SameSite),
            b"cross-origin" => Some(Self::CrossOrigin),
            _ => None,
        }
    }
}

/// Same site apart from the scheme, but a secure response is only for a secure page.
fn is_same_site(origin: &Origin, url: &Url) -> bool {
    origin.is_schemelessly_same_site_with_url(url)
        && (origin.scheme() == Some("https") || url.scheme() != "https")
}

fn origin_text(url: &Url) -> String {
    Origin::of(url).map_or_else(|| "null".to_owned(), |origin| origin.to_string())
}

fn embedder_policy_text(policy: EmbedderPolicy) -> &'static str {
    match policy {
        EmbedderPolicy::UnsafeNone => "embedder policy",
        EmbedderPolicy::Credentialless => "Cross-Origin-Embedder-Policy: credentialless",
        EmbedderPolicy::RequireCorp => "Cross-Origin-Embedder-Policy: require-corp",
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde::Deserialize;

    use super::*;
    use crate::infrastructure::header_values::HeaderValue;
    use crate::infrastructure::headers::{HeaderList, HeaderName};
    use crate::infrastructure::requests::{RedirectTaint, UrlList};
    use crate::infrastructure::responses::ResponseBody;
    use crate::infrastructure::statuses::Status;

    // The table is read here and not beside its peers, because only the machine makes an `InternalResponse`.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Case {
        name: String,
        origin: String,
        url_list: Vec<String>,
        cross_origin_resource_policy: Vec<String>,
        embedder_policy: String,
        request_includes_credentials: bool,
        expected: Option<String>,
    }

    impl Case {
        fn response(&self) -> InternalResponse {
            let parse = |url: &String| url.parse().expect("a URL");
            let mut urls = self.url_list.iter().map(parse);
            let mut url_list = UrlList::new(urls.next().expect("a URL"));
            urls.for_each(|url| url_list.append(url));
            let line = |value: &String| {
                let value = HeaderValue::from_byte_string(value).expect("a header value");
                let name = HeaderName::from_static("cross-origin-resource-policy");
                (name, value)
            };
            InternalResponse {
                url_list,
                status: Status::OK,
                status_message: Bytes::new(),
                header_list: self
                    .cross_origin_resource_policy
                    .iter()
                    .map(line)
                    .collect::<HeaderList>()
                    .into(),
                body: ResponseBody::Network,
                range_requested: false,
                request_includes_credentials: self.request_includes_credentials,
                timing_allow_passed: false,
                redirect_taint: RedirectTaint::SameOrigin,
            }
        }

        fn actual(&self) -> Option<&'static str> {
            let origin = Origin::parse(&self.origin).expect("an origin");
            let policies = [
                ("unsafe-none", EmbedderPolicy::UnsafeNone),
                ("credentialless", EmbedderPolicy::Credentialless),
                ("require-corp", EmbedderPolicy::RequireCorp),
            ];
            let named = policies
                .into_iter()
                .find(|(name, _)| *name == self.embedder_policy);
            let (_, embedder_policy) = named.expect("an embedder policy");
            let block = check(&origin, embedder_policy, &self.response()).err()?;
            Some(match block {
                CrossOriginResourcePolicyBlock::NotSameOrigin { .. } => "not-same-origin",
                CrossOriginResourcePolicyBlock::NotSameSite { .. } => "not-same-site",
                CrossOriginResourcePolicyBlock::NotSameOriginByEmbedderPolicy { .. } => {
                    "not-same-origin-by-embedder-policy"
                }
            })
        }
    }

    #[test]
    fn cross_origin_resource_policy() {
        let table = include_str!("../../../../fixtures/cases/cross_origin_resource_policy.json");
        let cases: Vec<Case> = serde_json::from_str(table).expect("a table of cases");
        let failing: Vec<_> = cases
            .iter()
            .filter(|case| case.actual() != case.expected.as_deref())
            .map(|case| (&case.name, case.actual()))
            .collect();
        assert!(failing.is_empty(), "{failing:#?}");
    }

    #[test]
    fn a_block_says_who_is_let_in_and_who_asked() {
        let origin = Origin::parse("https://a.example").expect("an origin");
        let case = Case {
            name: String::new(),
            origin: origin.to_string(),
            url_list: vec!["https://b.example/i.png".to_owned()],
            cross_origin_resource_policy: Vec::new(),
            embedder_policy: "require-corp".to_owned(),
            request_includes_credentials: false,
            expected: None,
        };
        let block = check(&origin, EmbedderPolicy::RequireCorp, &case.response());
        assert_eq!(
            block.expect_err("is blocked").to_string(),
            "the response has no valid Cross-Origin-Resource-Policy, so the page's Cross-Origin-Embedder-Policy: require-corp lets only https://b.example embed it, and https://a.example wants to"
        );
    }
}
