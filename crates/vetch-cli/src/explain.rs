//! `vetch explain`: what a browser would do, without any network.
//! In: flags. Out: the forecast, on stdout.

mod forecast;
mod report;
mod required;

use crate::arguments::ExplainArguments;
use crate::ending::{Ending, Refusal};
use crate::output;
use crate::request_description::Mistakes;
use crate::{profiles, request_flags};

/// Run the verb.
pub(crate) fn run(arguments: ExplainArguments) -> Result<Ending, Refusal> {
    let json = arguments.common.json;
    let (description, mut mistakes) = request_flags::describe(arguments.request);
    let profile = mistakes.take(profiles::by_name(&arguments.common.profile));
    let wish = mistakes.take(description.check());
    let (Some(profile), Some(wish)) = (profile, wish.filter(|_| mistakes.is_empty())) else {
        return Err(refuse(mistakes, json));
    };
    let forecast = forecast::forecast(&wish, profile);
    if json {
        output::json(&report::object(&wish, profile, &forecast))?;
    } else {
        output::text(&report::text(&wish, profile, &forecast))?;
    }
    Ok(match forecast.error {
        Some(_) => Ending::Blocked,
        None => Ending::Well,
    })
}

/// With `--json`, stdout has the mistakes too.
pub(crate) fn refuse(mistakes: Mistakes, json: bool) -> Refusal {
    if json && let Err(unwritten) = output::invalid(mistakes.clone()) {
        return unwritten;
    }
    mistakes.into()
}
