//! `vetch demo`: the classic exchanges, against servers that it starts itself.
//! In: flags. Out: a story for each, and whether each went as told.

mod scenes;
mod servers;

use serde::Serialize;
use vetch::UserAgent;
use vetch_core::Profile;

use crate::arguments::DemoArguments;
use crate::ending::{Ending, Refusal};
use crate::engine::{self, Performed};
use crate::request_description::Wish;
use crate::session::answers::Content;
use crate::story::paper::{BAD, BOLD, GOOD, PLAIN, Paper};
use crate::story::{Account, Detail, tell};
use crate::{output, profiles};
use scenes::Scene;

/// `vetch demo --json`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    as_told: bool,
    scenes: Vec<SceneObject>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SceneObject {
    name: &'static str,
    sentence: &'static str,
    as_told: bool,
    #[serde(flatten)]
    answer: Content,
}

/// Run the verb.
pub(crate) fn run(arguments: &DemoArguments) -> Result<Ending, Refusal> {
    let profile = profiles::by_name(&arguments.common.profile)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::System(format!("the demo cannot start ({error})")))?
        .block_on(play(arguments, profile))
}

async fn play(arguments: &DemoArguments, profile: Profile) -> Result<Ending, Refusal> {
    let builder = UserAgent::builder().profile(profile);
    let builder = servers::start(builder).await.map_err(|error| {
        Refusal::System(format!(
            "the demo's servers cannot listen on 127.0.0.1 ({error})"
        ))
    })?;
    let ua = builder
        .build()
        .map_err(|error| Refusal::System(error.to_string()))?;
    ua.set_cookie(scenes::SESSION_URL, "sid=1f2e3d; Path=/")
        .map_err(|error| Refusal::System(error.to_string()))?;
    let mut report = Report {
        as_told: true,
        scenes: Vec::new(),
    };
    let count = scenes::SCENES.len();
    for (position, scene) in scenes::SCENES.iter().enumerate() {
        let wish = (scene.request)().check()?;
        let performed = engine::perform(&ua, &wish).await?;
        let as_told = scene.is_as_told(&performed);
        report.as_told &= as_told;
        if !arguments.common.json {
            let number = format!("{} of {count}", position + 1);
            output::text(&tell_scene(
                &number,
                scene,
                (&wish, &performed),
                (profile, arguments),
            ))?;
        }
        report.scenes.push(SceneObject {
            name: scene.name,
            sentence: scene.sentence,
            as_told,
            answer: performed.into(),
        });
    }
    if arguments.common.json {
        output::json(&report)?;
    } else {
        output::text(&summary(&report))?;
    }
    Ok(if report.as_told {
        Ending::Well
    } else {
        Ending::Blocked
    })
}

fn tell_scene(
    number: &str,
    scene: &Scene,
    (wish, performed): (&Wish, &Performed),
    (profile, arguments): (Profile, &DemoArguments),
) -> String {
    let mut paper = Paper::default();
    let heading = format!("=== {number}: {} ===", scene.name);
    paper.line(0, &[(BOLD, &heading)]);
    paper.line(0, &[(PLAIN, scene.sentence)]);
    paper.gap();
    let detail = if arguments.verbose {
        Detail::Everything
    } else {
        Detail::WhatMatters
    };
    let account = Account {
        wish,
        profile,
        performed,
    };
    let mut text = paper.into_text();
    text.push_str(&tell(&account, detail));
    if !scene.is_as_told(performed) {
        let mut paper = Paper::default();
        let told = format!("NOT AS TOLD: {}", scene.expectation());
        paper.line(0, &[(BAD, &told)]);
        text.push_str(&paper.into_text());
    }
    text.push('\n');
    text
}

fn summary(report: &Report) -> String {
    let mut paper = Paper::default();
    let well = report.scenes.iter().filter(|scene| scene.as_told).count();
    let words = format!("{well} of {} exchanges went as told.", report.scenes.len());
    let style = if report.as_told { GOOD } else { BAD };
    paper.line(0, &[(style, &words)]);
    paper.into_text()
}
