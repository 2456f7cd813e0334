//! Setting up without questions: the flags answer, and what they do not say stays as it is.
//! Invariant: what was not tried well is not written, unless the flags say so.

use super::{
    SetupError,
    answers::Answers,
    ask::{Asker, pick},
    flow::{self, Before, Look, Plan},
    machine::Machine,
    server,
};
use crate::cli::SetupArgs;

/// The answers of the flags, tried.
pub(super) fn settle(
    asker: &mut Asker<'_>,
    args: &SetupArgs,
    machine: &dyn Machine,
    before: &Before<'_>,
    new: bool,
) -> Result<Plan, SetupError> {
    let language = asker.language;
    let mut answers = Answers::of(before.config);
    let mut missing = before.given.missing(new, &answers);
    if !args.yes && !args.dry_run {
        missing.push("--yes");
    }
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(SetupError::Usage(
            pick(
                language,
                &format!("di sini tidak ada terminal untuk bertanya; flag yang belum ada: {missing}"),
                &format!("there is no terminal to ask on; missing flags: {missing}"),
            )
            .to_owned(),
        ));
    }
    before.given.apply(&mut answers);
    if answers.url.is_none() {
        // A token is of no use to nobody.
        answers.token = before.given.token.clone().unwrap_or_default();
    }
    if before.test {
        tried(asker, machine, before, &answers)?;
    }
    let copies = playlists(asker, before, &answers);
    Ok(Plan { answers, copies })
}

fn tried(
    asker: &mut Asker<'_>,
    machine: &dyn Machine,
    before: &Before<'_>,
    answers: &Answers,
) -> Result<(), SetupError> {
    let language = asker.language;
    let all_the_same = pick(
        language,
        "Tidak ada yang ditulis; --no-test menulisnya juga.",
        "Nothing was written; --no-test writes it all the same.",
    );
    if let Some(trial) = flow::trial(before.config, answers) {
        match machine.meet(&trial) {
            Ok(hall) => {
                let met = server::met(&hall, language);
                asker.note(&met);
            }
            Err(trouble) => {
                let cure = server::cure(&trouble, &trial, machine.now(), language);
                return Err(SetupError::Failed(format!("{cure}\n{all_the_same}")));
            }
        }
    }
    let outputs = machine.outputs();
    for screen in &answers.screens {
        let Some(name) = &screen.output else { continue };
        if !outputs.iter().any(|o| o.connected && o.name == *name) {
            let there: Vec<&str> = outputs.iter().filter(|o| o.connected).map(|o| o.name.as_str()).collect();
            let there = if there.is_empty() { "-".to_owned() } else { there.join(", ") };
            asker.tell(
                &format!("! {name} tidak tercolok sekarang; yang tercolok: {there}"),
                &format!("! {name} is not plugged in now; plugged in: {there}"),
            );
        }
    }
    if answers.volume > 0.0 {
        let config = flow::as_answered(before.config, answers);
        if let Err(why) = machine.sound(&config) {
            if before.given.device.is_some() {
                return Err(SetupError::Failed(format!(
                    "--sound-device {}: {why}\n{all_the_same}",
                    answers.device
                )));
            }
            let (id, en) = (format!("! Tidak ada suara: {why}"), format!("! No sound: {why}"));
            asker.tell(&id, &en);
        }
    }
    Ok(())
}

/// What is to be copied; a playlist's problems are told.
fn playlists(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    answers: &Answers,
) -> Vec<(std::path::PathBuf, std::path::PathBuf)> {
    let mut copies: Vec<(std::path::PathBuf, std::path::PathBuf)> = Vec::new();
    for screen in &answers.screens {
        let Some(folder) = &screen.playlist else { continue };
        let known = before.config.screens.iter().any(|s| s.playlist.as_ref() == Some(folder));
        match flow::look(folder, asker.language) {
            Look::Read(_, problems) => {
                for problem in problems.iter().take(5) {
                    asker.note(&format!("! {problem}"));
                }
            }
            // A folder that the config had before may be away for the moment.
            Look::Empty if known || copies.iter().any(|(_, to)| to == folder) => {}
            Look::Empty => copies.extend(flow::sample(screen).map(|from| (from, folder.clone()))),
        }
    }
    copies
}
