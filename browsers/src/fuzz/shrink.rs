//! From a scenario that differs to the smallest one that differs in the same way.
//!
//! A run in a browser is dear and many scenarios abreast are cheap, so each level asks about every single edit of every
//! finding at once, and then about the helpful ones together.

use super::edits::{Edit, apply, edits};
use crate::Trouble;
use crate::scenario::Scenario;

/// More levels than these would not end in a sensible time; what is left is small enough to be read.
const LEVELS: usize = 8;

/// What to make smaller.
#[derive(Debug, Clone)]
pub struct Finding {
    /// As small as it is by now.
    pub scenario: Scenario,
    /// How it differs; a smaller one must differ so too.
    pub shape: String,
}

/// Makes each finding as small as it gets. `differs` says of every scenario whether it differs in that shape.
pub async fn shrink(
    mut findings: Vec<Finding>,
    differs: impl AsyncFn(Vec<Finding>) -> Result<Vec<bool>, Trouble>,
) -> Result<Vec<Finding>, Trouble> {
    let mut smallest = vec![false; findings.len()];
    for _ in 0..LEVELS {
        let singles = findings.iter().zip(&smallest).map(|(finding, smallest)| {
            let left = if *smallest {
                Vec::new()
            } else {
                edits(&finding.scenario)
            };
            left.into_iter().map(|edit| vec![edit]).collect()
        });
        let helpful = which_differ(&findings, singles.collect(), &differs).await?;
        smallest = helpful.iter().map(Vec::is_empty).collect();
        if smallest.iter().all(|smallest| *smallest) {
            break;
        }
        let together = helpful.iter().map(|edits| combinations(edits)).collect();
        let best = which_differ(&findings, together, &differs).await?;
        for (finding, (best, helpful)) in findings.iter_mut().zip(best.iter().zip(&helpful)) {
            let chosen = best.first().or(helpful.first());
            let smaller = chosen.and_then(|edits| apply(&finding.scenario, edits));
            if let Some(smaller) = smaller {
                finding.scenario = smaller;
            }
        }
    }
    Ok(findings)
}

/// Several helpful edits at once: all, and ever smaller parts of them. The first that holds takes most away.
fn combinations(helpful: &[Vec<Edit>]) -> Vec<Vec<Edit>> {
    let all: Vec<Edit> = helpful.concat();
    let mut combinations = Vec::new();
    let mut size = all.len();
    while size > 1 {
        combinations.extend(all.chunks(size).map(<[Edit]>::to_vec));
        size = size.div_ceil(2).min(size - 1);
    }
    combinations
}

/// Of each finding's lists of edits, those after which it still differs.
async fn which_differ(
    findings: &[Finding],
    lists: Vec<Vec<Vec<Edit>>>,
    differs: &impl AsyncFn(Vec<Finding>) -> Result<Vec<bool>, Trouble>,
) -> Result<Vec<Vec<Vec<Edit>>>, Trouble> {
    let mut origins = Vec::new();
    let mut candidates = Vec::new();
    for (at, (finding, lists)) in findings.iter().zip(lists).enumerate() {
        for edits in lists {
            if let Some(scenario) = apply(&finding.scenario, &edits) {
                let shape = finding.shape.clone();
                candidates.push(Finding { scenario, shape });
                origins.push((at, edits));
            }
        }
    }
    let mut held = vec![Vec::new(); findings.len()];
    if candidates.is_empty() {
        return Ok(held);
    }
    let verdicts = differs(candidates).await?;
    for ((at, edits), differs) in origins.into_iter().zip(verdicts) {
        if differs {
            held[at].push(edits);
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fuzz::generator::Generator;

    #[tokio::test]
    async fn only_what_matters_is_left() {
        let matters =
            |scenario: &Scenario| json!(scenario).to_string().contains("[\"Authorization\"");
        let findings: Vec<Finding> = Generator::new(3)
            .map(|named| named.scenario)
            .filter(matters)
            .take(5)
            .map(|scenario| Finding {
                scenario,
                shape: String::new(),
            })
            .collect();
        let judge = async |candidates: Vec<Finding>| {
            Ok(candidates
                .iter()
                .map(|candidate| matters(&candidate.scenario))
                .collect())
        };
        for finding in shrink(findings, judge).await.expect("no trouble") {
            assert_eq!(finding.scenario.steps.len(), 1);
            let request = json!(finding.scenario.steps[0].request);
            let members = request.as_object().expect("an object").len();
            let headers = finding.scenario.steps[0].request.headers.len();
            assert!(members <= 2 && headers <= 1, "{request}");
        }
    }
}
