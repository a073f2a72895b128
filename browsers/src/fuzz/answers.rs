//! What the servers answer.

use super::dice::Dice;
use super::generator::target;
use super::values::{
    ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGINS, EXPOSE_HEADERS, MAX_AGES,
    ODD_LOCATIONS, PREFLIGHT_STATUSES, REDIRECTS, REFERRER_POLICIES, STATUSES,
};
use crate::roles::Role;
use crate::scenario::{Answer, Answers, Body};

/// Answers to a request for that path, which one in four times leads elsewhere, at most three times over.
pub(super) fn chain(dice: &mut Dice, page: Role, path: &str) -> Answers {
    let mut answers = Answers::new();
    let mut path = path.to_owned();
    let mut chance = 25;
    while chance > 5 && dice.percent(chance) {
        let next = format!("{path}1");
        preflight_at(dice, &path, &mut answers);
        answers.insert(format!("* {path}"), vec![redirect(dice, page, &next)]);
        path = next;
        chance -= 7;
    }
    answers.append(&mut direct(dice, &path));
    answers
}

/// Answers to a request for that path.
pub(super) fn direct(dice: &mut Dice, path: &str) -> Answers {
    let mut answers = Answers::new();
    preflight_at(dice, path, &mut answers);
    answers.insert(format!("* {path}"), vec![actual(dice)]);
    answers
}

fn preflight_at(dice: &mut Dice, path: &str, answers: &mut Answers) {
    if dice.percent(80) {
        let mut list = vec![preflight(dice)];
        if dice.percent(15) {
            list.push(preflight(dice));
        }
        answers.insert(format!("PREFLIGHT {path}"), list);
    }
}

fn preflight(dice: &mut Dice) -> Answer {
    let mut answer = plain(dice.weighted(PREFLIGHT_STATUSES));
    if dice.percent(45) {
        answer.allow = true;
    } else {
        origin_and_credentials(dice, &mut answer);
        lines(
            &mut answer,
            "Access-Control-Allow-Methods",
            dice.weighted(ALLOW_METHODS),
        );
        lines(
            &mut answer,
            "Access-Control-Allow-Headers",
            dice.weighted(ALLOW_HEADERS),
        );
    }
    lines(
        &mut answer,
        "Access-Control-Max-Age",
        dice.weighted(MAX_AGES),
    );
    if (301..=308).contains(&answer.status) && answer.status != 304 {
        lines(&mut answer, "Location", &["{base}/elsewhere"]);
    }
    answer
}

fn actual(dice: &mut Dice) -> Answer {
    let mut answer = plain(dice.weighted(STATUSES));
    if dice.percent(45) {
        answer.allow = true;
    } else {
        origin_and_credentials(dice, &mut answer);
    }
    if dice.percent(40) {
        lines(
            &mut answer,
            "Access-Control-Expose-Headers",
            dice.weighted(EXPOSE_HEADERS),
        );
        more_headers(dice, &mut answer);
    }
    if dice.percent(60) {
        let content_type = dice.pick(&[
            "text/plain",
            "text/plain",
            "application/json",
            "text/html",
            "image/png",
        ]);
        lines(&mut answer, "Content-Type", &[content_type]);
    }
    if dice.percent(6) {
        lines(&mut answer, "X-Content-Type-Options", &["nosniff"]);
    }
    if dice.percent(8) {
        let policy = dice.pick(&[
            "same-origin",
            "same-site",
            "cross-origin",
            "Same-Origin",
            "x",
            "",
        ]);
        lines(&mut answer, "Cross-Origin-Resource-Policy", &[policy]);
    }
    if !matches!(answer.status, 204 | 304) {
        answer.body = dice.percent(85).then(|| Body::Text("ok".into()));
    }
    answer.hang_up = dice.percent(1);
    answer
}

/// For the list of exposed names to choose from.
fn more_headers(dice: &mut Dice, answer: &mut Answer) {
    lines(answer, "X-A", &["1"]);
    if dice.percent(50) {
        lines(answer, "x-b", &["2", "3"]);
    }
    if dice.percent(30) {
        lines(answer, "Authorization", &["secret"]);
    }
    if dice.percent(20) {
        lines(answer, "Set-Cookie2", &["b=2"]);
    }
    if dice.percent(20) {
        lines(answer, "Content-Language", &["en"]);
    }
    if dice.percent(10) {
        lines(answer, "X-B", &[""]);
    }
}

fn redirect(dice: &mut Dice, page: Role, path: &str) -> Answer {
    let mut answer = plain(dice.weighted(REDIRECTS));
    let role = target(dice, page);
    if dice.percent(92) {
        lines(&mut answer, "Location", &[&format!("{{{role}}}{path}")]);
    } else {
        let fill = |text: &str| {
            text.replace("{there}", &format!("{{{role}}}"))
                .replace("{host}", &format!("{{{role}.host}}"))
                .replace("{path}", path)
        };
        for line in dice.weighted(ODD_LOCATIONS) {
            lines(&mut answer, "Location", &[&fill(line)]);
        }
    }
    if dice.percent(65) {
        answer.allow = true;
    } else {
        origin_and_credentials(dice, &mut answer);
    }
    if dice.percent(6) {
        let policy = dice.pick(REFERRER_POLICIES);
        lines(&mut answer, "Referrer-Policy", &[policy]);
    }
    if dice.percent(3) {
        lines(
            &mut answer,
            "Cross-Origin-Resource-Policy",
            &["same-origin"],
        );
    }
    answer
}

fn origin_and_credentials(dice: &mut Dice, answer: &mut Answer) {
    lines(
        answer,
        "Access-Control-Allow-Origin",
        dice.weighted(ALLOW_ORIGINS),
    );
    lines(
        answer,
        "Access-Control-Allow-Credentials",
        dice.weighted(ALLOW_CREDENTIALS),
    );
}

/// An answer that no HTTP cache keeps.
fn plain(status: u16) -> Answer {
    Answer {
        status,
        status_text: None,
        headers: vec![("Cache-Control".into(), "no-store".into())],
        body: None,
        allow: false,
        hang_up: false,
        interim: Vec::new(),
        delay_ms: None,
    }
}

fn lines(answer: &mut Answer, name: &str, values: &[&str]) {
    let values = values.iter();
    answer
        .headers
        .extend(values.map(|value| (name.to_owned(), (*value).to_owned())));
}
