//! vetch in the browser's place: scenarios, one after the other, in one session over the scripted servers.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::family::Named;
use crate::recording::Record;
use crate::roles::Role;
use crate::session::{self, Bindings, Patience, Session};
use crate::stage::Stage;
use crate::{Trouble, certificates, servers};

/// Runs scenarios with that profile; `program` is the `vetch` to run, or `None` for the workspace's own.
pub async fn run(
    program: Option<&Path>,
    profile: &str,
    scenarios: Vec<Named>,
) -> Result<Vec<Record>, Trouble> {
    let certificates = certificates::make()?;
    let listeners = servers::listen().await?;
    let count = scenarios.len();
    let stage = Arc::new(Stage::new(listeners.places.clone(), scenarios));
    let _serving = listeners.serve(&stage, &certificates);
    let mut session = Session::start(program, profile, (stage.places(), &certificates))?;
    // Says which User-Agent is the engine's own.
    let control = stage.places().origin(Role::SAME) + "/control";
    session
        .fetch(
            json!({ "url": control, "origin": "null" }),
            Patience::whole(),
        )
        .await?;
    for run in 0..count {
        play(run, &stage, &mut session, Bindings::of(profile)).await?;
    }
    Ok(stage.records())
}

async fn play(
    run: usize,
    stage: &Stage,
    session: &mut Session,
    bindings: Bindings,
) -> Result<(), Trouble> {
    let (Some(plan), Some(scenario)) = (stage.begin(run), stage.scenario(run)) else {
        return Ok(());
    };
    session.forget().await?;
    for (url, cookie) in plan.plants.iter().zip(&scenario.cookies) {
        session.plant(url, &cookie.value).await?;
    }
    for step in &plan.steps {
        let request = session::request(
            scenario,
            &plan.page,
            &step.request,
            (stage.places(), bindings),
        );
        let patience = Patience::of(&step.request);
        let outcome = session.fetch(request, patience).await?;
        if step.wait > 0 {
            session.advance(step.wait).await?;
        }
        stage.outcome(run, outcome);
    }
    Ok(())
}
